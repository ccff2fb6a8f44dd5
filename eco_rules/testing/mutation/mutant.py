"""A mutant: one ruleset file with one small change, and where the change stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from eco_rules.loading.corpus import RulesetFile
from eco_rules.model.condition import Path
from eco_rules.model.ruleset import Ruleset
from eco_rules.testing.points import written
from eco_rules.words import Text

Operator: TypeAlias = Literal[
    "threshold",
    "boundary",
    "negation",
    "junction",
    "item",
    "member",
    "exception",
    "modality",
    "outcome",
    "period",
    "rule",
]

OPERATORS: dict[Operator, Text] = {
    "threshold": Text("界限移动一步", "a limit moved by one step"),
    "boundary": Text("以上以下是否含本数", "a limit included or not"),
    "negation": Text("条件取反", "a condition negated"),
    "junction": Text("全部与任一互换", "all and any swapped"),
    "item": Text("删去一项条件", "an item of a condition dropped"),
    "member": Text("删去一个取值", "a value of a list dropped"),
    "exception": Text("删去一个例外", "an exception dropped"),
    "modality": Text("应当与可以互换", "must and may swapped"),
    "outcome": Text("换成另一结论", "another outcome"),
    "period": Text("施行日期移动一天", "a date of effect moved by one day"),
    "rule": Text("删去规则", "the rule dropped"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a ruleset: what was done, where (a path of the file), of which rule, and what stands there now."""

    operator: Operator
    path: Path
    owner: str
    now: str
    ruleset: Ruleset


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of one file; `id` names it for good, as long as the file stays as it is."""

    id: str
    file: RulesetFile
    change: Change

    @property
    def mutated(self) -> RulesetFile:
        """The file with the change in it."""
        return RulesetFile(self.change.ruleset, self.file.spans, self.file.stamp)

    @property
    def line(self) -> int:
        """The line the change stands on."""
        return self.file.spans.key(self.change.path).line

    @property
    def was(self) -> str:
        """What stands there in the file."""
        return self.change.owner if self.change.operator == "rule" else written(self.file.spans, self.change.path)

    @property
    def rule(self) -> str:
        """Full name of the rule that was changed, or of the condition or duty."""
        return f"{self.file.ruleset.id}/{self.change.owner}"
