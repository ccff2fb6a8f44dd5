"""zen-engine: a decision table of GoRules, first hit."""

import json

import zen
from workload import Decide, Facts, Row

PACKAGES = ("zen-engine",)


def build(table: list[Row]) -> Decide:
    rules = []
    for category, report, form in table:
        lines = ((f">= {report}", "", "report"), ("", "true", "report"), (f">= {form}", "", "form"))
        for capacity, sensitive, outcome in (*lines, ("", "", "registration")):
            rules.append(
                {
                    "_id": f"r{len(rules)}",
                    "category": json.dumps(category),
                    "capacity": capacity,
                    "sensitive": sensitive,
                    "outcome": json.dumps(outcome),
                }
            )
    inputs = [{"id": name, "name": name, "field": name} for name in ("category", "capacity", "sensitive")]
    outputs = [{"id": "outcome", "name": "outcome", "field": "outcome"}]
    content = {"hitPolicy": "first", "inputs": inputs, "outputs": outputs, "rules": rules}
    at = {"position": {"x": 0, "y": 0}}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", **at},
        {"id": "table", "type": "decisionTableNode", "name": "table", **at, "content": content},
        {"id": "out", "type": "outputNode", "name": "out", **at},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    options = {"trace": False}

    def decide(facts: Facts) -> object:
        return decision.evaluate(facts, options)["result"].get("outcome")

    return decide
