"""What can be learnt about rules and decisions beyond deciding: why, what if, what changed."""
