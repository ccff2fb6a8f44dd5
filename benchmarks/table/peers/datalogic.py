"""datalogic-py: JsonLogic compiled by Rust."""

import json
from typing import Any

import datalogic_py
from workload import Decide, Row

PACKAGES = ("datalogic-py",)


def build(table: list[Row]) -> Decide:
    logic: list[Any] = []
    for category, report, form in table:
        same: dict[str, Any] = {"==": [{"var": "category"}, category]}
        large = {"or": [{">=": [{"var": "capacity"}, report]}, {"var": "sensitive"}]}
        logic += [{"and": [same, large]}, "report"]
        logic += [{"and": [same, {">=": [{"var": "capacity"}, form]}]}, "form", same, "registration"]
    rule = datalogic_py.Engine().compile(json.dumps({"if": [*logic, "none"]}))
    decide: Decide = rule.evaluate
    return decide
