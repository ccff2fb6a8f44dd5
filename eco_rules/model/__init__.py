"""What a ruleset file may say."""
