"""What is watched of conditions: their items and thresholds, ready to be looked at in every evaluation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from eco_rules.diagnostics import Problems
from eco_rules.ir.derive import Filter, Filters
from eco_rules.ir.facts import outcome_key, outcome_question
from eco_rules.ir.lower import Stack, qualified
from eco_rules.ir.nodes import ATOM_KINDS, Below, Fixed, Node, Ref, Within, slots_of, walk
from eco_rules.ir.scope import Scope, lower
from eco_rules.ir.slots import Compute
from eco_rules.ir.vocabulary import FactKey
from eco_rules.loading.corpus import Corpus
from eco_rules.loading.yamldoc import SourceMap
from eco_rules.model.condition import Condition, Holds, OutcomeOf, Path, Test
from eco_rules.model.derivation import Aggregate
from eco_rules.testing.points import Kind, Place, conditions_of, items, thresholds
from eco_rules.values.kinds import Value

Key = tuple[str, Place]
"""A point of a file: the file's path, and the point's place in it."""

_NEAR = 10
"""A number is just below a limit when it is at most a tenth of the limit away."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a condition stands."""

    spans: SourceMap
    path: Path

    def key(self, kind: Kind, path: Path) -> Key:
        """A point of the condition."""
        return (self.spans.source.name, (kind, (*self.path, *path)))


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold: the fact that is tested, and what it is compared with."""

    key: Key
    slot: int
    limit: Value
    other: int | None

    def side(self, values: Sequence[Value]) -> str | None:
        """On which side of it a case lies."""
        return side_of(values[self.slot], self.limit if self.other is None else values[self.other])


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a condition; `asks` is the rule or condition it refers to, `reads` the derived facts behind it."""

    key: Key
    node: Node
    asks: str | None
    limits: tuple[Limit, ...]
    reads: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RecordItem:
    """One item of the condition that picks records, with the limits of a test."""

    key: Key
    keep: Filter
    field: str
    limits: tuple[tuple[Key, Compute], ...]


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a fact is derived: conditions looked at in order until one holds, or a condition each record is put to."""

    cases: tuple[tuple[Node, tuple[Item, ...]], ...] = ()
    records: int = 0
    picking: tuple[RecordItem, ...] = ()


class Maker:
    """Makes what is watched in one stack; `derivations` are its derived facts, by slot."""

    def __init__(self, stack: Stack, corpus: Corpus) -> None:
        self._stack = stack
        self._reach: dict[int, tuple[int, ...]] = {}
        self.derivations: dict[int, Derivation] = {}
        for index, slot in enumerate(stack.table.slots):  # inputs stand first
            if slot.compute is not None:
                self._derivation(index, slot.key, _origin(corpus, stack, slot.key.name))

    def items(self, home: Home, condition: Condition, ruleset: str, parameters: Mapping[str, Any]) -> tuple[Item, ...]:
        """The items of a condition."""
        scope = self._scope(home, ruleset, parameters)
        return tuple(self._item(home, path, part, ruleset, scope) for path, part in items(condition))

    def _item(self, home: Home, path: Path, part: Condition, ruleset: str, scope: Scope) -> Item:
        node = lower(part, scope)
        limits = [atom for atom in walk(node) if isinstance(atom, Below)] if thresholds(part) else []
        tested = _tested(scope, part)
        slots = [slot for atom in walk(node) if isinstance(atom, ATOM_KINDS) for slot in slots_of(atom)]
        return Item(
            home.key("item", path),
            node,
            qualified(ruleset, part.name) if isinstance(part, Holds) else None,
            tuple(_limit(atom, tested, home.key("threshold", (*path, index))) for index, atom in enumerate(limits)),
            tuple(dict.fromkeys(far for slot in slots for far in self.behind(slot))),
        )

    def behind(self, slot: int) -> tuple[int, ...]:
        """The derivations that hold conditions behind a slot, its own first."""
        if slot not in self._reach:
            further = [far for other in self._stack.table.slots[slot].inputs for far in self.behind(other)]
            own = [slot] if slot in self.derivations else []
            self._reach[slot] = tuple(dict.fromkeys([*own, *further]))
        return self._reach[slot]

    def _derivation(self, index: int, key: FactKey, origin: SourceMap) -> None:
        table = self._stack.table
        derive, conditions = table.vocabulary.spec(key).derive, conditions_of(table.vocabulary.spec(key))
        home = Home(origin, ("facts", key.name, "derive"))
        if isinstance(derive, Aggregate) and conditions:
            records = FactKey(derive.of)
            slot = table.find(records)
            assert slot is not None  # the stack was lowered from the same derivation
            filters = Filters(table.vocabulary.spec(records), self._scope(home, "", dict(key.arguments)))
            self.derivations[index] = Derivation(records=slot, picking=tuple(_picking(home, conditions[0], filters)))
        elif conditions:
            scope = self._scope(home, "", dict(key.arguments))
            cases = [(lower(item, scope), self.items(home, item, "", dict(key.arguments))) for item in conditions]
            self.derivations[index] = Derivation(cases=tuple(cases))

    def _scope(self, home: Home, ruleset: str, parameters: Mapping[str, Any]) -> Scope:
        return scope_of(self._stack, home.spans, ruleset, parameters)


def scope_of(stack: Stack, spans: SourceMap, ruleset: str, parameters: Mapping[str, Any]) -> Scope:
    """What conditions of a file refer to, in a stack where all of them have been lowered before.

    A fact no condition of the stack reads is a `LookupError`.
    """

    def slot_of(key: FactKey) -> int:
        slot = stack.table.find(key)
        if slot is None:
            raise LookupError(key)
        return slot

    def named(name: str, _path: Path) -> Node:
        found = stack.names.get(qualified(ruleset, name))
        return Fixed(value=False) if found is None else Ref(found[1])

    def outcome_of(condition: OutcomeOf) -> Node:
        question = outcome_question(condition.matter, condition.at)
        return Within(slot_of(outcome_key(question)), frozenset(condition.outcomes))

    return Scope(
        table=stack.table,
        slot_of=slot_of,
        parameters=parameters,
        named=named,
        outcome_of=outcome_of,
        problems=Problems(),
        where=spans.key,
    )


def _origin(corpus: Corpus, stack: Stack, name: str) -> SourceMap:
    """The file a fact of a stack's matter is defined in."""
    subjects = (corpus.subjects[subject] for subject in (stack.matter.subject, *stack.matter.includes))
    return next(subject.origins[name] for subject in subjects if name in subject.facts)


def side_of(value: object, bound: object) -> str | None:
    """On which side of a threshold a value lies; None where it is not exactly known, or far below."""
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


def _tested(scope: Scope, part: Condition) -> int | None:
    """The slot of the fact a test is about."""
    key = scope.key(part.fact, part.arguments, part.path) if isinstance(part, Test) else None
    return None if key is None else scope.slot_of(key)


def _limit(atom: Below, tested: int | None, key: Key) -> Limit:
    """A threshold seen from the fact that is tested, on whichever side of the comparison it stands."""
    if atom.other is not None and atom.other == tested:
        return Limit(key, atom.other, None, atom.slot)
    return Limit(key, atom.slot, atom.limit, atom.other)


def _picking(home: Home, condition: Condition, filters: Filters) -> Iterator[RecordItem]:
    for path, part in items(condition):
        test = part if isinstance(part, Test) else None
        limits = [
            (home.key("threshold", (*path, index)), operand)
            for index, operand in zip(thresholds(part), filters.operands(test) if test else (), strict=False)
        ]
        yield RecordItem(home.key("item", path), filters.build(part), test.fact if test else "", tuple(limits))
