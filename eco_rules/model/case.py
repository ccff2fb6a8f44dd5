"""A case as it is given: raw facts, dates and place, with the place of each in its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case. Values are raw; `Engine.decide` types them and raises `CaseError` for what does not fit.

    Attributes:
        jurisdiction: GB/T 2260 code (2, 4, 6 or 12 digits) or the name of a place.
        decision_date: day of the decision; a date, or text such as `2024-04-10` or `2024-04`.
        act_date: day the act ended, or `{from, to}` for a continuing act; the law of `to` applies.
        matter: a matter id, several, or None for every matter of the subject.
        facts: fact id or label → value; absent or None is unknown.
        evidence: fact id → the document or words the fact rests on.
        spans: where the values stand in the file they were read from, and below which path.
        given: names of values that were given otherwise (on the command line), so that no place is shown for them.
    """

    jurisdiction: str
    decision_date: Any
    act_date: Any = None
    matter: str | tuple[str, ...] | list[str] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    id: str | None = None
    file_id: str | None = None
    subject: str | None = None
    note: str | None = None
    spans: Any = field(default=None, compare=False, repr=False)
    given: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
