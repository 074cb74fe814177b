"""What is done to items, stock and plans: one module per business act."""
