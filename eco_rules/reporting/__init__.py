"""Decisions and rules in words and formats."""
