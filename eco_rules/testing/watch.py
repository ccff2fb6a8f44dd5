"""Watching decisions: which points of the rulesets each evaluation exercised.

What a rule demands counts only in cases the rule is about, and a named condition only where such a rule (or an
exception to it) asks for it; a program evaluates everything, but that says nothing about the scenario.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from eco_rules.diagnostics import Problems
from eco_rules.ir.evaluate import truth_of
from eco_rules.ir.facts import outcome_key, outcome_question
from eco_rules.ir.lower import RuleCode, Stack, qualified
from eco_rules.ir.nodes import Below, Fixed, Node, Ref, Within, walk
from eco_rules.ir.scope import Scope, lower
from eco_rules.ir.vocabulary import FactKey
from eco_rules.loading.corpus import RulesetFile
from eco_rules.model.condition import Condition, Holds, OutcomeOf, Path, Test
from eco_rules.testing.points import Place, Root, exceptions, items, roots, thresholds
from eco_rules.truth import Truth
from eco_rules.values.kinds import Value

Key = tuple[str, Place]
"""A point of a file: the file's path, and the point's place in it."""

_BRANCH = {True: "true", False: "false", None: "unknown"}
_NEAR = 10
"""A number is just below a limit when it is at most a tenth of the limit away."""


@dataclass(frozen=True, slots=True)
class _Limit:
    """A threshold: the fact that is tested, and what it is compared with."""

    key: Key
    slot: int
    limit: Value
    other: int | None


@dataclass(frozen=True, slots=True)
class _Item:
    """One item of a condition; `asks` is the rule or condition it refers to."""

    key: Key
    node: Node
    asks: str | None
    limits: tuple[_Limit, ...]


@dataclass(slots=True)
class _Watched:
    """A stack made ready for watching: the items of each condition, by file and place; those of named ones, by name."""

    roots: dict[tuple[str, Path], tuple[_Item, ...]] = field(default_factory=dict)
    named: dict[str, tuple[_Item, ...]] = field(default_factory=dict)
    always: list[tuple[_Item, ...]] = field(default_factory=list)
    rules: list[_Rule] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule, its items, and the points of what may bar it, by the name and reason of the barrier."""

    code: RuleCode
    key: Key
    items: tuple[_Item, ...]
    barriers: tuple[tuple[Key, str, int], ...]


class Watch:
    """Collects what was seen of every point; give it to `Engine(observer=…)`."""

    def __init__(self) -> None:
        self.seen: defaultdict[Key, set[str]] = defaultdict(set)
        self._watched: dict[int, tuple[Stack, _Watched]] = {}

    def __call__(self, stack: Stack, values: Sequence[Value], truths: Sequence[Truth]) -> None:
        """Note what one evaluation exercised."""
        if id(stack) not in self._watched:
            self._watched[id(stack)] = (stack, _prepare(stack))  # kept with its stack, whose id stays its own
        watched = self._watched[id(stack)][1]
        visit = _Visit(self.seen, watched, values, truths)
        for group in watched.always:
            visit.items(group)
        for rule in watched.rules:
            if truths[rule.code.scope]:
                visit.rule(rule)


@dataclass(slots=True)
class _Visit:
    """One evaluation."""

    seen: defaultdict[Key, set[str]]
    watched: _Watched
    values: Sequence[Value]
    truths: Sequence[Truth]
    done: set[str] = field(default_factory=set)

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

    def items(self, group: Sequence[_Item]) -> None:
        """The items of one condition."""
        for item in group:
            self.seen[item.key].add(_BRANCH[truth_of(item.node, self.values, self.truths)])
            for limit in item.limits:
                side = _side(limit, self.values)
                if side is not None:
                    self.seen[limit.key].add(side)
            if item.asks is not None:
                self.named(item.asks)

    def named(self, name: str) -> None:
        """The items of a named condition, once."""
        if name not in self.done:
            self.done.add(name)
            self.items(self.watched.named.get(name, ()))


def _side(limit: _Limit, values: Sequence[Value]) -> str | None:
    """On which side of a threshold a value lies; None where it is not exactly known, or far below."""
    value, bound = values[limit.slot], limit.limit if limit.other is None else values[limit.other]
    if isinstance(value, date) and isinstance(bound, date):
        if value == bound:
            return "at"
        return "above" if value > bound else "below" if bound - value <= timedelta(days=1) else None
    if isinstance(value, int | Decimal) and isinstance(bound, int | Decimal):
        if value == bound:
            return "at"
        below = Decimal(bound) - value
        near = below <= max(abs(Decimal(bound)) / _NEAR, 1 if isinstance(value, int) else 0)
        return "above" if below < 0 else "below" if near or not bound else None
    return None


def _prepare(stack: Stack) -> _Watched:
    watched = _Watched()
    for file in stack.files:
        for root in roots(file.ruleset):
            _root(stack, file, root, watched)
    for code in stack.rules:
        if code.file is not None:
            watched.rules.append(_rule(code, code.file, stack, watched))
    return watched


def _root(stack: Stack, file: RulesetFile, root: Root, watched: _Watched) -> None:
    """Make one condition ready, where it is part of the stack."""
    ruleset, section = file.ruleset, root.path[0]
    name = f"{ruleset.id}/{root.owner}"
    if section in ("rules", "conditions") and name not in stack.names:
        return  # not in force on that day
    found = tuple(_item(stack, file, root, path, part) for path, part in items(root.condition))
    watched.roots[(file.stamp.path, root.path)] = found
    if section == "conditions":
        watched.named[name] = found
    elif section != "rules" or root.path[-1] == "applies":
        watched.always.append(found)


def _item(stack: Stack, file: RulesetFile, root: Root, path: Path, part: Condition) -> _Item:
    place, source = (*root.path, *path), file.stamp.path
    scope = _scope(stack, file)
    node = lower(part, scope)
    asks = qualified(file.ruleset.id, part.name) if isinstance(part, Holds) else None
    limits = [atom for atom in walk(node) if isinstance(atom, Below)] if thresholds(part) else []
    tested = _tested(scope, part)
    return _Item(
        (source, ("item", place)),
        node,
        asks,
        tuple(_limit(atom, tested, (source, ("threshold", (*place, index)))) for index, atom in enumerate(limits)),
    )


def _tested(scope: Scope, part: Condition) -> int | None:
    """The slot of the fact a test is about."""
    key = scope.key(part.fact, part.arguments, part.path) if isinstance(part, Test) else None
    return None if key is None else scope.slot_of(key)


def _limit(atom: Below, tested: int | None, key: Key) -> _Limit:
    """A threshold seen from the fact that is tested, on whichever side of the comparison it stands."""
    if atom.other is not None and atom.other == tested:
        return _Limit(key, atom.other, None, atom.slot)
    return _Limit(key, atom.slot, atom.limit, atom.other)


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


def _scope(stack: Stack, file: RulesetFile) -> Scope:
    """What the conditions of a file refer to, in a stack where all of it has been lowered before."""

    def slot_of(key: FactKey) -> int:
        slot = stack.table.find(key)
        assert slot is not None  # the stack was lowered from the same conditions
        return slot

    def named(name: str, _path: Path) -> Node:
        found = stack.names.get(qualified(file.ruleset.id, name))
        return Fixed(value=False) if found is None else Ref(found[1])

    def outcome_of(condition: OutcomeOf) -> Node:
        question = outcome_question(condition.matter, condition.at)
        return Within(slot_of(outcome_key(question)), frozenset(condition.outcomes))

    return Scope(
        table=stack.table,
        slot_of=slot_of,
        parameters={name: item.value for name, item in file.ruleset.parameters.items()},
        named=named,
        outcome_of=outcome_of,
        problems=Problems(),
        where=file.spans.key,
    )
