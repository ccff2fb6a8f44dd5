"""Watching decisions: which points of the rulesets each evaluation exercised.

What a rule demands counts only in cases the rule is about, and a named condition only where such a rule (or an
exception to it) asks for it; a program evaluates everything, but that says nothing about the scenario. The conditions
inside a derived fact count where such an item, or the deadline of a duty, reads the fact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from eco_rules.ir.evaluate import truth_of
from eco_rules.ir.lower import RuleCode, Stack, qualified
from eco_rules.ir.vocabulary import FactKey
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.condition import Path
from eco_rules.model.ruleset import Due
from eco_rules.testing.points import Root, exceptions, roots
from eco_rules.testing.watched import Derivation, Home, Item, Key, Maker, side_of
from eco_rules.truth import Truth
from eco_rules.values.kinds import Value

_BRANCH = {True: "true", False: "false", None: "unknown"}


@dataclass(slots=True)
class _Watched:
    """A stack made ready for watching: the items of each condition, by file and place; those of named ones, by name.

    `deadlines` are the derived facts behind the deadline of a duty, with the expression that says when it is due.
    """

    roots: dict[tuple[str, Path], tuple[Item, ...]] = field(default_factory=dict)
    named: dict[str, tuple[Item, ...]] = field(default_factory=dict)
    always: list[tuple[Item, ...]] = field(default_factory=list)
    rules: list[_Rule] = field(default_factory=list)
    deadlines: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    derivations: dict[int, Derivation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule, its items, and the points of what may bar it, by the name and reason of the barrier."""

    code: RuleCode
    key: Key
    items: tuple[Item, ...]
    barriers: tuple[tuple[Key, str, int], ...]


class Watch:
    """Collects what was seen of every point; give it to `Engine(observer=…)`."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self.seen: defaultdict[Key, set[str]] = defaultdict(set)
        self._watched: dict[int, tuple[Stack, _Watched]] = {}

    def __call__(self, stack: Stack, values: Sequence[Value], truths: Sequence[Truth]) -> None:
        """Note what one evaluation exercised."""
        if id(stack) not in self._watched:
            self._watched[id(stack)] = (
                stack,
                _prepare(stack, self._corpus),
            )  # kept with its stack, whose id stays its own
        watched = self._watched[id(stack)][1]
        visit = _Visit(self.seen, watched, values, truths)
        for group in watched.always:
            visit.items(group)
        for rule in watched.rules:
            if truths[rule.code.scope]:
                visit.rule(rule)
        for when, slots in watched.deadlines:
            if truths[when]:
                visit.facts(slots)


@dataclass(slots=True)
class _Visit:
    """One evaluation."""

    seen: defaultdict[Key, set[str]]
    watched: _Watched
    values: Sequence[Value]
    truths: Sequence[Truth]
    done: set[str] = field(default_factory=set)
    derived: set[int] = field(default_factory=set)

    def rule(self, rule: _Rule) -> None:
        """A rule whose scope holds."""
        when, holds = self.truths[rule.code.when], self.truths[rule.code.holds]
        seen = self.seen[rule.key]
        seen |= {side for side, here in (("held", holds is True), ("failed", when is False)) if here}
        seen |= {"unknown"} if holds is None else set()
        self.items(rule.items)
        for key, name, index in rule.barriers:
            self.named(name)
            if when and self.truths[index]:
                self.seen[key].add("barred")

    def items(self, group: Sequence[Item]) -> None:
        """The items of one condition."""
        for item in group:
            self.seen[item.key].add(_BRANCH[truth_of(item.node, self.values, self.truths)])
            for limit in item.limits:
                self.beside(limit.key, limit.side(self.values))
            if item.asks is not None:
                self.named(item.asks)
            self.facts(item.reads)

    def beside(self, key: Key, side: str | None) -> None:
        """A value on some side of a threshold, or on none."""
        if side is not None:
            self.seen[key].add(side)

    def named(self, name: str) -> None:
        """The items of a named condition, once."""
        if name not in self.done:
            self.done.add(name)
            self.items(self.watched.named.get(name, ()))

    def facts(self, slots: Sequence[int]) -> None:
        """The conditions inside derived facts, once each."""
        for slot in slots:
            if slot not in self.derived:
                self.derived.add(slot)
                self.derivation(self.watched.derivations[slot])

    def derivation(self, derivation: Derivation) -> None:
        """The conditions inside one fact; of cases only those the derivation comes to."""
        for node, group in derivation.cases:
            self.items(group)
            if truth_of(node, self.values, self.truths):
                return
        if derivation.picking:
            self.records(derivation)

    def records(self, derivation: Derivation) -> None:
        """The condition records are picked by, put to each of them."""
        records = self.values[derivation.records]
        for item in derivation.picking:
            seen = self.seen[item.key]
            for record in records if isinstance(records, tuple) else ():
                seen.add(_BRANCH[item.keep(record, self.values)])
                for key, limit in item.limits:
                    self.beside(key, side_of(record.fields[item.field], limit(self.values)))
            if records is None:
                seen.add("unknown")


def _prepare(stack: Stack, corpus: Corpus) -> _Watched:
    maker = Maker(stack, corpus)
    watched = _Watched(derivations=maker.derivations)
    for file in stack.files:
        for root in roots(file.ruleset):
            _root(stack, file, root, watched, maker)
    for code in stack.rules:
        if code.file is not None:
            watched.rules.append(_rule(code, code.file, stack, watched))
    for side in stack.sides:
        due: Due | None = getattr(side.item, "due", None)
        slot = stack.table.find(FactKey(due.fact or due.after or "")) if due is not None else None
        if slot is not None and maker.behind(slot):
            watched.deadlines.append((side.index, maker.behind(slot)))
    return watched


def _root(stack: Stack, file: RulesetFile, root: Root, watched: _Watched, maker: Maker) -> None:
    """Make one condition ready, where it is part of the stack."""
    ruleset, section = file.ruleset, root.path[0]
    name = f"{ruleset.id}/{root.owner}"
    if section in ("rules", "conditions") and name not in stack.names:
        return  # not in force on that day
    parameters = {key: item.value for key, item in ruleset.parameters.items()}
    found = maker.items(Home(file.spans, root.path), root.condition, ruleset.id, parameters)
    watched.roots[(file.stamp.path, root.path)] = found
    if section == "conditions":
        watched.named[name] = found
    elif section != "rules" or root.path[-1] == "applies":
        watched.always.append(found)


def _rule(code: RuleCode, file: RulesetFile, stack: Stack, watched: _Watched) -> _Rule:
    source, ident = file.stamp.path, code.id.rpartition("/")[2]
    position = next(index for index, rule in enumerate(file.ruleset.rules) if rule.id == ident)
    found = watched.roots.get((source, ("rules", position, "when")), ())
    barriers = tuple(
        (key, barrier.name, barrier.index) for barrier in code.barriers for key in _named_by(barrier.name, code, stack)
    )
    return _Rule(code, (source, ("rule", ("rules", position))), found, barriers)


def _named_by(barrier: str, code: RuleCode, stack: Stack) -> list[Key]:
    """The exceptions that set a barrier before a rule: its own, its file's, or the attacker's."""
    found: list[Key] = []
    for file in stack.files:
        ruleset, source = file.ruleset, file.stamp.path
        for position, rule in enumerate(ruleset.rules):
            full = f"{ruleset.id}/{rule.id}"
            for path, name in exceptions(position, rule):
                target = qualified(ruleset.id, name)
                own = full == code.id and path[2] == "unless" and target == barrier
                attack = target == code.id and path[2] != "unless" and full == barrier
                found += [(source, ("exception", path))] if own or attack else []
        if code.file is file:
            found += [
                (source, ("exception", ("unless", index)))
                for index, name in enumerate(ruleset.unless)
                if qualified(ruleset.id, name) == barrier
            ]
    return found
