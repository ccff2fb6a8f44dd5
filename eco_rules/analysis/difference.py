"""What comparing two versions finds: parts that differ, and rules that may decide otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from eco_rules.loading.corpus import RulesetFile
from eco_rules.model.ruleset import Rule

What = Literal[
    "ruleset", "rule", "condition", "parameter", "obligations", "materials", "warnings", "matter", "fact",
    "instrument", "clause", "level",
]  # fmt: skip
How = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Detail:
    """One aspect before and after; None on the side that has none. `aspect` is a field, or what a test is about."""

    aspect: str
    before: str | None
    after: str | None
    words_only: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that is there on one side only, or says something else on the other."""

    what: What
    how: How
    name: str
    title: str
    details: tuple[Detail, ...] = ()

    @property
    def words_only(self) -> bool:
        """Whether no decision can depend on it."""
        return self.how == "changed" and all(detail.words_only for detail in self.details)


@dataclass(frozen=True, slots=True)
class Affected:
    """A rule that means something else, is in force at other times, or is there on one side only."""

    name: str
    before: tuple[RulesetFile, Rule] | None
    after: tuple[RulesetFile, Rule] | None

    @property
    def file(self) -> RulesetFile:
        """The ruleset it stands in, on a side that has it."""
        side = self.after or self.before
        assert side is not None  # it is there on one side at least
        return side[0]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences, the rules whose decisions they may change, and the matters whose own frame changed."""

    differences: tuple[Difference, ...]
    affected: tuple[Affected, ...]
    matters: tuple[str, ...]
