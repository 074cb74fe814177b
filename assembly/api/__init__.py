"""The REST interface of assembly."""
