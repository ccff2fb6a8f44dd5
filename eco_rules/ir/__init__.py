"""What rulesets mean: names resolved, types checked, exceptions ordered, one program a stack."""
