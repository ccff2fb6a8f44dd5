"""What can be said about rules without a case."""
