"""What a program is: slots filled with values, and named expressions over them.

Expressions are ordered so that one only refers to earlier ones. Backends see nothing else: no YAML, no
dates or places, no priorities, no words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

Constant: TypeAlias = bool | int | Decimal | str | date


@dataclass(frozen=True, slots=True)
class Fixed:
    """A fixed truth value."""

    value: bool


@dataclass(frozen=True, slots=True)
class Equals:
    """The value in `slot` equals a constant (boolean, enum, text, number, date)."""

    slot: int
    value: Constant


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value in `slot` is one of several enum or text values."""

    slot: int
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Below:
    """Number or date: value < limit, or ≤ when `inclusive`; the limit is a constant or another slot."""

    slot: int
    limit: Constant | None
    other: int | None
    inclusive: bool


@dataclass(frozen=True, slots=True)
class Intersects:
    """The set in `slot` contains at least one of the values."""

    slot: int
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Includes:
    """The set in `slot` contains all of the values."""

    slot: int
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Within:
    """Whatever the alternatives in `slot` turn out to be, it is one of the values (another matter's outcome)."""

    slot: int
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Known:
    """True once the value in `slot` is known, unknown until then."""

    slot: int


Atom: TypeAlias = Equals | OneOf | Below | Intersects | Includes | Within | Known


@dataclass(frozen=True, slots=True)
class And:
    """All items hold."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Some item holds."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The item does not hold."""

    item: Node


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` items hold."""

    count: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Ref:
    """The value of an earlier expression of the program."""

    index: int


Node: TypeAlias = Fixed | Atom | And | Or | Not | AtLeast | Ref

ATOM_KINDS = (Equals, OneOf, Below, Intersects, Includes, Within, Known)
NODE_KINDS = (Fixed, *ATOM_KINDS, And, Or, Not, AtLeast, Ref)


@dataclass(frozen=True, slots=True)
class Program:
    """`slots` is how many values a case supplies; one truth value results for each expression."""

    slots: int
    expressions: tuple[Node, ...]


def children(node: Node) -> tuple[Node, ...]:
    """The direct parts of a node."""
    if isinstance(node, And | Or | AtLeast):
        return node.items
    if isinstance(node, Not):
        return (node.item,)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything inside it (references are not followed)."""
    yield node
    for child in children(node):
        yield from walk(child)


def slots_of(atom: Atom) -> tuple[int, ...]:
    """The slots an atom reads."""
    if isinstance(atom, Below) and atom.other is not None:
        return (atom.slot, atom.other)
    return (atom.slot,)


def conjunction(items: list[Node]) -> Node:
    """`And` of the items, without needless nesting."""
    kept = [item for item in items if item != Fixed(value=True)]
    if not kept:
        return Fixed(value=True)
    return kept[0] if len(kept) == 1 else And(tuple(kept))
