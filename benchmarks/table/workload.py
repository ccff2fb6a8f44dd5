"""The table everybody decides: K categories × 3 rows, first hit wins, shaped like the catalogue of projects.

Row one of a category wants a report (large, or in a sensitive area), row two a form (middling), row three a
registration (the rest).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, TypeAlias

Row: TypeAlias = tuple[str, float, float]
"""A category, and the capacities from which it wants a report and a form."""

Facts: TypeAlias = dict[str, Any]
Decide: TypeAlias = Callable[[Facts], object]

OUTCOMES = ("report", "form", "registration")


def table(rows: int) -> list[Row]:
    """A table of so many rows, the same on every machine."""
    at = random.Random(7)
    return [(f"cat{k}", float(at.randrange(500, 5000)), float(at.randrange(10, 400))) for k in range(rows // 3)]


def cases(rows: int, count: int) -> list[Facts]:
    """Cases of the table with every fact known."""
    at = random.Random(11)
    return [
        {
            "category": f"cat{at.randrange(rows // 3)}",
            "capacity": at.randrange(0, 60000) / 10,
            "sensitive": at.random() < 0.1,
        }
        for _ in range(count)
    ]


def plain(table: list[Row]) -> Decide:
    """The answer, by a dict and two comparisons: what Python itself costs."""
    limits = {category: (report, form) for category, report, form in table}

    def decide(facts: Facts) -> str:
        report, form = limits[facts["category"]]
        if facts["capacity"] >= report or facts["sensitive"]:
            return "report"
        return "form" if facts["capacity"] >= form else "registration"

    return decide
