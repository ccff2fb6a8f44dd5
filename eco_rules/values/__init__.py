"""Typed values at the border of the engine: numbers, dates, units, places, working days."""
