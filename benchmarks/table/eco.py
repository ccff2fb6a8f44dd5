"""eco_rules on the table: whole decisions, with and without everything that is written on demand."""

from __future__ import annotations

import tempfile
from pathlib import Path

from workload import Facts, Row

import rulesets
from eco_rules import Case, Engine, load_rulesets


def engine(table: list[Row]) -> Engine:
    """An engine for the table alone."""
    with tempfile.TemporaryDirectory() as folder:
        return Engine(load_rulesets(rulesets.write(table, Path(folder))))


def case(facts: Facts) -> Case:
    """A case of the table."""
    return Case(matter="table", jurisdiction="36", decision_date="2024-01-01", facts=facts)
