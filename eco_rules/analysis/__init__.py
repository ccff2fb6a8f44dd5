"""What can be said about rules and decisions beyond deciding: faults, reasons, what would change, what differs."""
