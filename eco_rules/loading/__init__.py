"""Text of files → models, with every problem found and the place of every value kept."""
