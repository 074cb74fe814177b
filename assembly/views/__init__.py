"""The pages of assembly."""
