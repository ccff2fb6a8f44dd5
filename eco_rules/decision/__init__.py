"""Decisions: what the engine answers."""
