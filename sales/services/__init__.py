"""What is done to sales documents: one module per business act."""
