"""eco_rules on the table: whole decisions, with and without what is written on demand, and the bare answer."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workload import OUTCOMES, Facts, Row, plain

import rulesets
from eco_rules import Case, Decision, Engine, load_rulesets
from eco_rules.engine.engine import BackendName


def engine(table: list[Row], backend: BackendName = "compiled") -> Engine:
    """An engine for the table alone."""
    with tempfile.TemporaryDirectory() as folder:
        return Engine(load_rulesets(rulesets.write(table, Path(folder))), backend)


def case(facts: Facts) -> Case:
    """A case of the table."""
    return Case(matter="table", jurisdiction="36", decision_date="2024-01-01", facts=facts)


def ways(ready: Engine) -> dict[str, Callable[[Facts], Any]]:
    """What is timed, each from a raw dict of facts."""

    def decide(facts: Facts) -> Decision:
        decision = ready.decide(case(facts))
        assert decision.missing or decision.findings[0].clauses
        return decision

    return {
        "decide": decide,
        "decide, whole as JSON": lambda facts: ready.decide(case(facts)).model_dump_json(),
        "outcome": lambda facts: ready.outcome(case(facts)),
    }


def check(ready: Engine, table: list[Row], complete: list[Facts], incomplete: list[Facts]) -> int:
    """How many cases were checked; every answer must be right, every missing fact named.

    Raises:
        AssertionError: one is not.
    """
    expected = plain(table)
    limits = {category: (report, form) for category, report, form in table}
    for facts in complete:
        decision, right = ready.decide(case(facts)), expected(facts)
        assert (decision.status, decision.outcome) == ("determined", right), (facts, decision)
        assert decision.findings[0].rule.endswith(f"/{facts['category']}-{right}"), (facts, decision)
        assert decision.findings[0].clauses[0].text == f"类别{facts['category']}", (facts, decision)
        assert ready.outcome(case(facts)) == ("determined", (right,)), facts
    for facts in incomplete:
        decision = ready.decide(case(facts))
        right = {expected({**facts, "capacity": at}) for at in (*limits[facts["category"]], 0.0)}
        assert {item.outcome for item in decision.possible} == right == set(OUTCOMES), (facts, decision)
        assert (decision.status, [item.fact for item in decision.missing]) == ("undetermined", ["capacity"]), facts
        assert ready.outcome(case(facts)) == ("undetermined", tuple(item.outcome for item in decision.possible)), facts
    return len(complete) + len(incomplete)
