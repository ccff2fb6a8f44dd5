"""Cases in, decisions out: applicable law, values, verdicts, resolution, explanation."""
