"""Tests of the page plumbing."""
