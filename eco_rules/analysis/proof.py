"""Proofs that rules written otherwise decide the same; without the solver nothing is proven, and nothing is claimed.

Named conditions of the ruleset itself are looked into. Those of other rulesets are not: these may be in force at other
times and in other places. They only count as the same where name and meaning are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from eco_rules.analysis.difference import Affected
from eco_rules.analysis.meaning import Reader
from eco_rules.engine.engine import Engine
from eco_rules.ir.lower import RuleCode
from eco_rules.ir.nodes import And, Node, Not, Ref
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.case import Case
from eco_rules.words import Text

if TYPE_CHECKING:
    from eco_rules.analysis.verify.rewording import Rewording


class Proof:
    """What can be proven about a ruleset in two readings; nothing without a corpus whose facts both share."""

    def __init__(self, corpus: Corpus | None, ruleset: str, left: Reader, right: Reader) -> None:
        self._corpus = corpus
        self._ruleset = ruleset
        self._readers = left, right

    @cached_property
    def _rewording(self) -> Rewording | None:
        if self._corpus is None:
            return None
        try:
            from eco_rules.analysis.verify.rewording import Rewording
        except ModuleNotFoundError as error:  # the solver is an extra
            if error.name != "z3":
                raise
            return None
        one, other = (reader.stack for reader in self._readers)
        closed = [self._closed(side) for side in (0, 1)]
        return Rewording(self._corpus, (one, other), closed, max(file.ruleset.effective.start for file in other.files))

    def _closed(self, side: int) -> dict[int, str]:
        """Rules, and conditions of other rulesets, by expression; what changed has a name of its own on each side."""
        names = self._readers[side].stack.names
        rules = self._readers[side].rules
        return {
            index: name if self._unchanged(name) else f"{name} {side}"
            for name, (_, index) in names.items()
            if name in rules or name.rpartition("/")[0] != self._ruleset
        }

    def _unchanged(self, name: str) -> bool:
        forms = [
            reader.form(Ref(reader.stack.names[name][1]), whole=True)
            for reader in self._readers
            if name in reader.stack.names
        ]
        if len(forms) < 2:
            return False
        home = name.rpartition("/")[0]
        if forms[0] == forms[1] or home == self._ruleset or name in self._readers[0].rules:
            return forms[0] == forms[1]
        conditions = [[Ref(reader.stack.names[name][1])] for reader in self._readers]
        return Proof(self._corpus, home, *self._readers).same(*conditions)

    def same(self, one: Sequence[Node], other: Sequence[Node]) -> bool:
        """Proven that some of one side hold exactly where some of the other side do."""
        return self._rewording is not None and self._rewording.same(one, other)

    def reworded(self, name: str) -> bool:
        """Proven that a rule of both sides means the same."""
        one, other = (reader.rules[name] for reader in self._readers)
        barriers = [{(item.name, item.reason): item.index for item in rule.barriers} for rule in (one, other)]
        if _bearing(one) != _bearing(other) or barriers[0].keys() != barriers[1].keys():
            return False
        pairs = [(one.when, other.when), *((index, barriers[1][key]) for key, index in barriers[0].items())]
        return all(self.same([Ref(first)], [Ref(second)]) for first, second in pairs)

    def regrouped(self, before: RulesetFile, after: RulesetFile, names: set[str]) -> bool:
        """Proven that these rules of two versions of a ruleset, each of which may have others, lead to the same results.

        Of rules with one result and standing it does not matter to resolution which of them holds.
        """
        frames = [(item.effective, item.complete, item.governs) for item in (before.ruleset, after.ruleset)]
        if frames[0] != frames[1]:
            return False
        sides = [[rule for rule in reader.rules.values() if rule.id in names] for reader in self._readers]
        if any(_stands_alone(rule) for rules in sides for rule in rules) or self._named_as_special(names):
            return False
        kinds = dict.fromkeys(_bearing(rule) for rules in sides for rule in rules)
        return all(
            self.same(*([_holds(rule) for rule in rules if _bearing(rule) == kind] for rules in sides))
            for kind in kinds
        )

    def _named_as_special(self, names: set[str]) -> bool:
        rules = (rule for reader in self._readers for rule in reader.rules.values())
        return any(names.intersection(rule.special_to) for rule in rules)


def everywhere(one: Engine, other: Engine, rule: Affected) -> Case | Text | bool:
    """Whether two versions decide the same wherever and whenever a rule is in force: true where that is proven.

    A case where they do not; why it is open, where neither could be found; false without the solver.
    """
    try:
        from eco_rules.analysis.verify.equivalence import Differs, Same, compare_everywhere
    except ModuleNotFoundError as error:
        if error.name != "z3":
            raise
        return False
    verdict = compare_everywhere(one, other, rule.file, _period(one, other, rule))
    if isinstance(verdict, Same):
        return True
    return verdict.case if isinstance(verdict, Differs) else verdict.reason


def _period(one: Engine, other: Engine, rule: Affected) -> tuple[date, date]:
    """From the first day of a rule's ruleset to the last; without one, to a day after which no law changes."""
    periods = [side[0].ruleset.effective for side in (rule.before, rule.after) if side is not None]
    first, ends = min(period.start for period in periods), [period.end for period in periods]
    if None not in ends:
        return first, max(end for end in ends if end is not None)
    matter, place = one.rulesets.matters[rule.file.ruleset.matter], rule.file.ruleset.jurisdiction
    days = {first, *(day for engine in (one, other) for day in engine.changes(matter, place))}
    turns = {turn for engine in (one, other) for turn in engine.prepared(matter, place, max(days)).turns}
    return first, max(days | turns)


def _bearing(rule: RuleCode) -> tuple[object, ...]:
    """What resolution and decisions know of a rule but its name and conditions."""
    return rule.effect, rule.sanction, rule.standing, frozenset(rule.special_to), frozenset(rule.authority)


def _holds(rule: RuleCode) -> Node:
    return And((Ref(rule.when), *(Not(Ref(barrier.index)) for barrier in rule.barriers)))


def _stands_alone(rule: RuleCode) -> bool:
    """Whether more depends on a rule than the result it leads to, or whether it is in force at times of its own."""
    own = (
        next((item for item in rule.file.ruleset.rules if rule.id.endswith(f"/{item.id}")), None) if rule.file else None
    )
    attacked = any(barrier.reason != "unless" for barrier in rule.barriers)
    return attacked or rule.effect is None or bool(rule.special_to) or own is None or own.effective is not None
