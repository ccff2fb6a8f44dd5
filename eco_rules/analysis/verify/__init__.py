"""Verify: what the rules of one matter, place and day come to over every possible case."""
