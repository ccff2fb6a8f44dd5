"""Ways to evaluate a program: reference (tree walk), compiled (default), rete (durable_rules)."""
