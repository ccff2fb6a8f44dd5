"""The part of a stack that can matter once it is known what a case is about.

Most rules say in their scope which cases they are about (`catalogue_item: "36"`). When the fact that most
scopes test is known, the rules it rules out cannot hold, are not explained and ask for nothing: they are
left out before anything is evaluated, so a case costs what its own rules cost, however many there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from eco_rules.ir.atoms import evaluate_atom
from eco_rules.ir.facts import outcome_key
from eco_rules.ir.lower import RuleCode, Stack
from eco_rules.ir.nodes import (
    ATOM_KINDS,
    And,
    AtLeast,
    Atom,
    Below,
    Equals,
    Known,
    Node,
    Not,
    OneOf,
    Or,
    Program,
    Ref,
    slots_of,
    walk,
)
from eco_rules.ir.slots import SlotTable
from eco_rules.values.kinds import Value

_WORTH_IT = 4
"""Fewer rules than this with one test in common are not worth a stack of their own."""


class Guard:
    """The fact that tells most rules of a stack apart, and what each rule's scope wants of it."""

    def __init__(self, stack: Stack, slot: int, wanted: Sequence[tuple[Atom, ...]]) -> None:
        self.slot = slot
        self.key = stack.table.slots[slot].key
        self._stack = stack
        self._wanted = wanted
        self._by_value = _by_value(wanted)
        self._selection = Selection(stack)

    def kind(self, value: Value) -> Value:
        """What the case is about: the value; None for every value that no rule names, if rules name values only."""
        return value if self._by_value is None or value in self._by_value else None

    @property
    def names_values(self) -> bool:
        """Whether the scopes compare the fact for equality only: there are no more kinds than values named."""
        return self._by_value is not None

    def part(self, value: Value) -> Stack:
        """The stack of a case with this value."""
        return self._selection.of(self.left(value))

    def left(self, value: Value) -> list[RuleCode]:
        """The rules that are not ruled out when the fact has this value."""
        rules = self._stack.rules
        if self._by_value is not None and value is not None:
            numbers = [*self._by_value.get(value, ()), *self._by_value[None]]
            return [rules[number] for number in sorted(numbers)]
        values = {self.slot: value}
        return [
            rule
            for rule, atoms in zip(rules, self._wanted, strict=True)
            if all(evaluate_atom(atom, values) is not False for atom in atoms)  # type: ignore[arg-type]
        ]


def _by_value(wanted: Sequence[tuple[Atom, ...]]) -> dict[Value, list[int]] | None:
    """The rules (by number) that want each value, under None those that want none; None if some want other things."""
    found: dict[Value, list[int]] = {None: []}
    for number, atoms in enumerate(wanted):
        named = [_named(atom) for atom in atoms]
        if None in named:
            return None
        values = frozenset.intersection(*named) if named else (None,)  # type: ignore[arg-type]
        for value in values:
            found.setdefault(value, []).append(number)
    return found


def _named(atom: Atom) -> frozenset[str] | None:
    """The values of which an atom wants one; None if it is no comparison with plain values."""
    if isinstance(atom, OneOf):
        return atom.values
    return frozenset((atom.value,)) if isinstance(atom, Equals) and type(atom.value) is str else None


def guard_of(stack: Stack) -> Guard | None:
    """The guard of a stack; None when its rules have too little in common."""
    wanted = [tuple(_necessary(stack, Ref(rule.scope))) for rule in stack.rules]
    counted = Counter(slot for atoms in wanted for slot in {atom.slot for atom in atoms})
    if not counted:
        return None
    slot, count = counted.most_common(1)[0]
    if count < _WORTH_IT:
        return None
    return Guard(stack, slot, [tuple(atom for atom in atoms if atom.slot == slot) for atoms in wanted])


def _necessary(stack: Stack, node: Node) -> Iterator[Atom]:
    """Tests of one stated fact without which a node cannot hold."""
    if isinstance(node, Ref):
        yield from _necessary(stack, stack.program.expressions[node.index])
    elif isinstance(node, And):
        for item in node.items:
            yield from _necessary(stack, item)
    elif isinstance(node, ATOM_KINDS) and not isinstance(node, Below | Known):
        slot = stack.table.slots[node.slot]
        if slot.compute is None and slot.presumed is None:
            yield node


class Selection:
    """Stacks of some of the rules of a stack; each costs what is kept, not what is left out."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._always = _read_by_none(stack)
        self._names: dict[int, list[str]] = {}
        for name, (_, index) in stack.names.items():
            self._names.setdefault(index, []).append(name)

    def of(self, rules: Sequence[RuleCode]) -> Stack:
        """The stack with these rules only, and only what they need."""
        stack, old = self._stack, self._stack.program.expressions
        roots = {index for rule in rules for index in _indices(rule)}
        roots |= {side.index for side in stack.sides} | {stack.complete} | {index for _, _, index in stack.unread}
        kept = _reachable(old, roots)
        expressions = {index: position for position, index in enumerate(kept)}
        read = {slot for index in kept for slot in _read(old[index])}
        names = ((name, index) for index in kept for name in self._names.get(index, ()))
        return replace(
            stack,
            table=_slots(stack, read | self._always),
            asks=tuple(name for name in stack.asks if stack.table.find(outcome_key(name)) in read),
            program=Program(stack.program.slots, tuple(_moved_node(old[index], expressions) for index in kept)),
            rules=tuple(_moved(rule, expressions) for rule in rules),
            sides=tuple(replace(side, index=expressions[side.index]) for side in stack.sides),
            complete=expressions[stack.complete],
            unread=tuple((place, layer, expressions[index]) for place, layer, index in stack.unread),
            names={name: (stack.names[name][0], expressions[index]) for name, index in names},
        )


def _indices(rule: RuleCode) -> tuple[int, ...]:
    return (rule.scope, rule.when, rule.holds, *(barrier.index for barrier in rule.barriers))


def _moved(rule: RuleCode, expressions: dict[int, int]) -> RuleCode:
    barriers = tuple(replace(barrier, index=expressions[barrier.index]) for barrier in rule.barriers)
    scope, when, holds = (expressions[index] for index in (rule.scope, rule.when, rule.holds))
    return replace(rule, scope=scope, when=when, holds=holds, barriers=barriers)


def _moved_node(node: Node, expressions: dict[int, int]) -> Node:
    if isinstance(node, Ref):
        return Ref(expressions[node.index])
    if isinstance(node, Not):
        return Not(_moved_node(node.item, expressions))
    if isinstance(node, And | Or | AtLeast):
        return replace(node, items=tuple(_moved_node(item, expressions) for item in node.items))
    return node


def _reachable(expressions: Sequence[Node], roots: set[int]) -> list[int]:
    found, todo = set(roots), list(roots)
    while todo:
        for node in walk(expressions[todo.pop()]):
            if isinstance(node, Ref) and node.index not in found:
                found.add(node.index)
                todo.append(node.index)
    return sorted(found)


def _read(node: Node) -> Iterator[int]:
    for part in walk(node):
        if isinstance(part, ATOM_KINDS):
            yield from slots_of(part)


def _slots(stack: Stack, wanted: set[int]) -> SlotTable:
    """The table, filling only these slots and what they are derived from."""
    slots = stack.table.slots
    kept, todo = set(wanted), list(wanted)
    while todo:
        for other in slots[todo.pop()].inputs:
            if other not in kept:
                kept.add(other)
                todo.append(other)
    return stack.table.only(sorted(kept))


def _read_by_none(stack: Stack) -> frozenset[int]:
    """Slots that neither an expression nor another slot reads: dates of duties, shares of a fine."""
    read = {slot for node in stack.program.expressions for slot in _read(node)}
    inputs = {other for slot in stack.table.slots for other in slot.inputs}
    return frozenset(range(len(stack.table.slots))) - read - inputs
