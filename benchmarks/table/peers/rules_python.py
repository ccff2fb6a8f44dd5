"""rule-engine: expressions in Python, tried one after another."""

import rule_engine
from workload import Decide, Facts, Row

PACKAGES = ("rule-engine",)


def build(table: list[Row]) -> Decide:
    rules = []
    for category, report, form in table:
        same = f'category == "{category}"'
        rules.append((rule_engine.Rule(f"{same} and (capacity >= {report} or sensitive)"), "report"))
        rules.append((rule_engine.Rule(f"{same} and capacity >= {form}"), "form"))
        rules.append((rule_engine.Rule(same), "registration"))

    def decide(facts: Facts) -> object:
        return next((outcome for rule, outcome in rules if rule.matches(facts)), None)

    return decide
