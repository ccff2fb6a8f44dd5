"""A decision but for what is the case's own: written by the first case of a gist, filled in for the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from eco_rules.decision.decision import Finding
from eco_rules.ir.vocabulary import describe
from eco_rules.values.kinds import Value, plain

if TYPE_CHECKING:
    from eco_rules.words import Lang


class Name(NamedTuple):
    """How a decision calls a fact, and what turns its values into words."""

    fact: str
    label: str
    values: Mapping[str, str]
    unit: str | None


class Quote(NamedTuple):
    """A finding but for the values of the facts it rests on; `facts` says in which slots."""

    fixed: dict[str, Any]
    facts: tuple[tuple[Name, int], ...]

    def finding(self, values: Sequence[Value], lang: Lang) -> Finding:
        """The finding of a case."""
        used: dict[str, Any] = {}
        said: dict[str, str] = {}
        for name, slot in self.facts:
            value = values[slot]
            used[name.fact] = plain(value)
            said[name.label] = describe(value, name.values, name.unit, lang)
        return Finding.holding({**self.fixed, "facts_used": used, "facts_said": said})


@dataclass(slots=True, eq=False)
class Draft:
    """The fields of a decision in their order, those of the case itself left open, and its findings."""

    fields: dict[str, Any]
    outcome: str | None
    quotes: tuple[Quote, ...]
