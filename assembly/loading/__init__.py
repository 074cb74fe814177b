"""Filling an empty database: the demo company, and catalogues from CSV files."""
