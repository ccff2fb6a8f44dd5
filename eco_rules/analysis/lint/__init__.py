"""Lint: what a corpus that loads may still get wrong."""
