"""The pages of inventory, by kind of record."""
