"""What of a decision counts as its result when two decisions are compared."""

from __future__ import annotations

from typing import NamedTuple

from eco_rules.decision.decision import Decision


class Result(NamedTuple):
    """Status, outcome and modality; of an undetermined decision also what is still possible."""

    status: str
    outcome: str | None
    modality: str | None
    possible: tuple[tuple[str, str | None], ...]


def result_of(decision: Decision) -> Result:
    """The result of a decision."""
    possible = tuple((item.outcome, item.modality) for item in decision.possible)
    return Result(decision.status, decision.outcome, decision.modality, possible)
