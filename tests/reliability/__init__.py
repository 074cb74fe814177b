"""What the house survives."""
