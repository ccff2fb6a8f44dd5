"""What rows differ in: columns cut into kinds that no rule tells apart.

Limits cut a number into stretches, the members that rules name cut sets and lists, and two dates that are compared
are before or after each other.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import polars as pl

from eco_rules.backends.columnar import Bits, Coded, Constant, Numbers, coded, fits, is_number, pair
from eco_rules.batch.law import Law
from eco_rules.ir.atoms import evaluate_atom
from eco_rules.ir.lower import Stack
from eco_rules.ir.narrow import guard_of
from eco_rules.ir.nodes import ATOM_KINDS, Atom, Below, slots_of, walk
from eco_rules.values.kinds import Value, is_exact

Place: TypeAlias = tuple[int, int | Atom]
"""A slot of one of the laws, or one of its comparisons of two slots."""

Face: TypeAlias = tuple[tuple[object, ...], ...]
"""How a value looks to each place that reads it: whether it is exact, then the truths of the atoms about it."""

_MANY = 200
"""Limits that fit into a byte."""

_VALUES = 1 << 17
"""Values whose faces are remembered."""


class Reading:
    """What one law reads: fixed for all rows."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        guard = guard_of(stack)
        self.gate = guard.slot if guard else None
        self.roots = [*(rule.holds for rule in stack.rules), stack.complete, *(index for _, _, index in stack.unread)]
        atoms = dict.fromkeys(
            node
            for expression in stack.program.expressions
            for node in walk(expression)
            if isinstance(node, ATOM_KINDS)
        )
        self.pairs = [atom for atom in atoms if len(slots_of(atom)) == 2]
        self.alone: dict[int, list[Atom]] = {}
        for atom in atoms:
            if len(slots_of(atom)) == 1:
                self.alone.setdefault(atom.slot, []).append(atom)
        self.read = sorted({other for atom in atoms for slot in slots_of(atom) for other in self.inputs(slot)})
        self._rests: dict[frozenset[Atom], frozenset[int]] = {}
        self._faces: dict[tuple[int, Value], tuple[object, ...]] = {}

    def face(self, slot: int, value: Value) -> tuple[object, ...]:
        """How a value looks to one slot."""
        try:
            found = self._faces.get((slot, value))
        except TypeError:  # records are no keys
            return self._face(slot, value)
        if found is None:
            if len(self._faces) >= _VALUES:
                self._faces.clear()
            found = self._faces[slot, value] = self._face(slot, value)
        return found

    def _face(self, slot: int, value: Value) -> tuple[object, ...]:
        values = {slot: value}
        atoms = self.alone.get(slot, ())
        return (is_exact(value), *(evaluate_atom(atom, values) for atom in atoms))  # type: ignore[arg-type]

    def seen(self, at: int | Atom, relevant: frozenset[Atom]) -> list[int]:
        """The parts of a face that relevant atoms look at; for whether it is exact, those that rest on it too."""
        if not isinstance(at, int):
            return [0] if at in relevant else []
        parts = [index for index, atom in enumerate(self.alone.get(at, ()), 1) if atom in relevant]
        return [0, *parts] if at in self._resting(relevant) else parts

    def _resting(self, relevant: frozenset[Atom]) -> frozenset[int]:
        if relevant not in self._rests:
            self._rests[relevant] = frozenset(
                other for atom in relevant for slot in slots_of(atom) for other in self.inputs(slot)
            )
        return self._rests[relevant]

    def inputs(self, slot: int) -> Iterator[int]:
        """The slot and all it rests on."""
        yield slot
        for other in self.stack.table.slots[slot].inputs:
            yield from self.inputs(other)


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing rows differ in: each row's code, what the codes stand for, and how each looks to each of `places`."""

    places: tuple[Place, ...]
    codes: pl.Series
    values: tuple[object, ...]
    faces: Callable[[], Sequence[Face]]


def shape(readings: Sequence[Reading], laws: Sequence[Law]) -> Hashable:
    """What patterns take for fixed: the constants as rules see them, and which columns go together."""
    together: dict[int, int] = {}
    found: list[Hashable] = []
    for reading, law in zip(readings, laws, strict=True):
        for slot in reading.read:
            column = law.columns[slot]
            if isinstance(column, Constant):
                found.append(reading.face(slot, column.only))
            else:
                own = column.numbers if isinstance(column, Numbers) else column.codes
                found.append((type(column), together.setdefault(id(own), len(together))))
        for atom in reading.pairs:
            columns = [law.columns[slot] for slot in slots_of(atom)]
            if all(isinstance(column, Constant) for column in columns):
                values = {slot: column.value(0) for slot, column in zip(slots_of(atom), columns, strict=True)}
                found.append(evaluate_atom(atom, values))  # type: ignore[arg-type]
    return tuple(found)


def axes(readings: Sequence[Reading], laws: Sequence[Law], gate: Coded | None) -> list[Axis]:
    """What the rows differ in, but for what follows from the gate alone."""
    shared: dict[int, list[tuple[int, int]]] = {}
    for number, (reading, law) in enumerate(zip(readings, laws, strict=True)):
        for slot in reading.read:
            column = law.columns[slot]
            if isinstance(column, Numbers):
                shared.setdefault(id(column.numbers), []).append((number, slot))
            elif isinstance(column, Coded) and (gate is None or column.codes is not gate.codes):
                shared.setdefault(id(column.codes), []).append((number, slot))
    found = [_axis(readings, laws, places) for places in shared.values()]
    for number, (reading, law) in enumerate(zip(readings, laws, strict=True)):
        for atom in reading.pairs:
            if not all(isinstance(law.columns[slot], Constant) for slot in slots_of(atom)):
                rails = pair(atom, law.columns, law.height)
                codes = _byte(rails.must, law.height) + _byte(rails.may, law.height)
                found.append(Axis(((number, atom),), codes, (), _truths))
    return found


def _truths() -> Sequence[Face]:
    return [((False,),), ((None,),), ((True,),)]


def _byte(bits: Bits, height: int) -> pl.Series:
    return pl.repeat(int(bits), height, dtype=pl.UInt8, eager=True) if isinstance(bits, bool) else bits.cast(pl.UInt8)


def _axis(readings: Sequence[Reading], laws: Sequence[Law], places: Sequence[tuple[int, int]]) -> Axis:
    columns = [laws[number].columns[slot] for number, slot in places]
    first = columns[0]
    if isinstance(first, Numbers):
        stretches = _stretches(readings, places, first)
        if stretches is not None:
            return stretches
        columns = [coded(first)] * len(places)
    listed = tuple(tuple(column.values) for column in columns if isinstance(column, Coded))

    def faces() -> Sequence[Face]:
        return [
            tuple(readings[number].face(slot, value) for (number, slot), value in zip(places, values, strict=True))
            for values in zip(*listed, strict=True)
        ]

    return Axis(tuple(places), columns[0].codes, listed, faces)  # type: ignore[union-attr]


def _stretches(readings: Sequence[Reading], places: Sequence[tuple[int, int]], column: Numbers) -> Axis | None:
    """Numbers cut at the limits they are compared with; None where they are compared otherwise."""
    atoms: list[Any] = [atom for number, slot in places for atom in readings[number].alone.get(slot, ())]
    if not all(isinstance(atom, Below) and is_number(atom.limit) and fits(atom.limit) for atom in atoms):
        return None
    cuts = sorted({_cut(atom) for atom in atoms})
    if len(cuts) > _MANY:
        return None
    codes = _byte(column.unknown, len(column.numbers)) * (len(cuts) + 1)
    for limit, inclusive in cuts:
        codes = codes + _byte(column.numbers <= limit if inclusive else column.numbers < limit, len(codes))

    def look(number: int, slot: int, passed: int | None) -> tuple[object, ...]:
        """The truths of those who passed so many of the limits; None: unknown."""
        alone: Sequence[Any] = readings[number].alone.get(slot, ())
        if passed is None:
            return (False, *(None for _ in alone))
        return (True, *(cuts.index(_cut(atom)) >= len(cuts) - passed for atom in alone))

    def faces() -> Sequence[Face]:
        return [tuple(look(*place, passed) for place in places) for passed in (*range(len(cuts) + 1), None)]

    return Axis(tuple(places), codes, (), faces)


def _cut(atom: Below) -> tuple[float, bool]:
    return float(atom.limit), atom.inclusive  # type: ignore[arg-type]
