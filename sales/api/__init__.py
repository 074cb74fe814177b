"""The REST interface of sales."""
