"""`python -m eco_rules` is `eco-rules`."""

from eco_rules.cli import main

main()
