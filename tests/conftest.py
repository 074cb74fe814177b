"""Fixtures that every test may use: the database of each worker, and the invariants after each test."""

from __future__ import annotations
