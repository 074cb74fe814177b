"""What the assembly department takes along on paper. No cost stands on any of it."""
