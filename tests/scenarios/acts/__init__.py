"""What people do in the house, as the rules of one Hypothesis state machine: a file for each kind of work."""
