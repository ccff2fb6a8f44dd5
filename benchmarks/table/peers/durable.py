"""durable_rules: Rete, through its own host. Hangs while loading more than 512 different first conditions."""

from collections.abc import Callable
from typing import Any

from durable.lang import assert_fact, delete_state, get_host
from workload import Decide, Facts, Row

PACKAGES = ("durable_rules",)
TOO_LARGE = 512 * 3


def build(table: list[Row]) -> Decide:
    hits: list[str] = []

    def hit(outcome: str) -> Callable[[Any], None]:
        def run(_context: Any) -> None:
            hits.append(outcome)

        return run

    rules: dict[str, Any] = {}
    for category, report, form in table:
        calm: list[dict[str, Any]] = [{"sensitive": False}]
        wanted: dict[str, list[dict[str, Any]]] = {
            "report": [{"$or": [{"$gte": {"capacity": report}}, {"sensitive": True}]}],
            "form": [{"$lt": {"capacity": report}}, {"$gte": {"capacity": form}}, *calm],
            "registration": [{"$lt": {"capacity": form}}, *calm],
        }
        for outcome, tests in wanted.items():
            condition = {"m": {"$and": [{"category": category}, *tests]}}
            rules[f"{category}-{outcome}"] = {"all": [condition], "run": hit(outcome)}
    get_host().set_rulesets({"table": rules})
    number = 0

    def decide(facts: Facts) -> object:
        nonlocal number
        number += 1
        hits.clear()
        assert_fact("table", {**facts, "sid": f"s{number}"})
        delete_state("table", f"s{number}")
        return hits[0] if hits else None

    return decide
