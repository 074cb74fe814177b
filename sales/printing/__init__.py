"""What goes to the customer on paper. No cost stands on any of it, and no price on a delivery note."""
