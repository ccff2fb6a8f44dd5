"""The handbook: every matter, rule, clause and fact as pages that are read, linked and printed."""
