"""What is done to assembly documents: one module per business act."""
