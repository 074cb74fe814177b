"""What comes in and what goes out, by kind of record."""
