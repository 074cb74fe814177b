"""The views, by kind of record."""
