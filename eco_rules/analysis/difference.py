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
    proven: bool = False
    """Whether it is the same written otherwise, as a proof has shown."""


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

    @property
    def reworded(self) -> bool:
        """Whether it is written otherwise and proven to mean the same."""
        return self.words_only and any(detail.proven for detail in self.details)


@dataclass(frozen=True, slots=True)
class Affected:
    """A rule that means something else, is in force at other times, or is there on one side only.

    `regrouped`: it is proven that, together with others of its ruleset, it decides as those of the other side do.
    """

    name: str
    before: tuple[RulesetFile, Rule] | None
    after: tuple[RulesetFile, Rule] | None
    regrouped: bool = False

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

    @property
    def same_frame(self) -> bool:
        """Whether what rules stand on is the same: facts, matters, levels, instruments and their clauses."""
        frame = ("fact", "matter", "level", "instrument", "clause")
        return all(item.words_only for item in self.differences if item.what in frame)
