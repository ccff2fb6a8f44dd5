"""What verification finds, about one stack and altogether."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from eco_rules.analysis.verify.witness import Answer
from eco_rules.model.case import Case
from eco_rules.model.ruleset import Accepted
from eco_rules.words import Text

Kind = Literal["unreachable", "shadowed", "redundant", "conflict", "gap", "premature", "stuck", "overlap"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found about rules: proven, shown by a case, or not decided (`reason`).

    `rules` of an overlap are those that prevail, then those that stand back; `note` says why.
    """

    kind: Kind
    rules: tuple[str, ...]
    case: Case | None = None
    reason: Text | None = None
    note: Text | None = None

    @property
    def answer(self) -> Literal["proven", "witness", "undecided"]:
        """How it is known."""
        return "undecided" if self.reason else "witness" if self.case else "proven"


def answered(kind: Kind, rules: tuple[str, ...], answer: Answer, note: Text | None = None) -> Finding:
    """The finding of a question that was not answered with `there is none`."""
    return Finding(kind, rules, answer.case, answer.reason, note)


@dataclass(frozen=True, slots=True)
class Verified:
    """What was asked about one stack, and what was found; overlaps are no fault and stand apart."""

    matter: str
    place: str
    day: date
    rules: int
    questions: int
    findings: tuple[Finding, ...]
    overlaps: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Every stack that was examined, the findings nobody has explained, and explanations that found nothing."""

    verified: tuple[Verified, ...]
    open: tuple[tuple[Verified, Finding], ...]
    stale: tuple[Accepted, ...]
