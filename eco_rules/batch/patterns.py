"""Rows about which everything that can still matter is the same have one pattern, and one answer.

What a case is about leaves few facts that matter, and rules tell few kinds of each apart. A row's pattern is a number
made of these kinds. What the engine says of one row of a pattern is kept, so that rows of patterns that were met
before are looked up and not evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TypeAlias

import polars as pl

from eco_rules.backends.columnar import Coded, Constant
from eco_rules.batch.axes import Axis, Face, Place, Reading, axes
from eco_rules.batch.law import Law
from eco_rules.batch.relevance import Masks, Relevance
from eco_rules.ir.atoms import evaluate_atom
from eco_rules.ir.nodes import Atom, slots_of
from eco_rules.values.kinds import Value

ALONE = 2**32 - 1
"""Stands for an answer that no other row may take over."""

_WIDEST = 1 << 20
"""Patterns of one kind of case up to which they are numbered."""

_ROOM = 1 << 22
"""Patterns numbered in all."""

_TOGETHER = 1 << 12
"""Combinations of kinds that are looked up in one step."""


_KINDS = 1 << 10
"""Kinds of one axis; where there are more, patterns are not worth while."""

_TABLES = 4096
"""Lists of values whose kinds are remembered, and values of such a list."""

Profile: TypeAlias = tuple[frozenset[Atom], ...]
"""The atoms of each law that can matter to a kind of case."""


@dataclass(frozen=True, slots=True)
class _Step:
    """Some axes whose kinds are looked up together."""

    axes: Sequence[int]
    sizes: Sequence[int]
    table: pl.Series


class Patterns:
    """The patterns of rows under one set of laws, and the place of the answer of each in a list."""

    def __init__(self, readings: Sequence[Reading], laws: Sequence[Law]) -> None:
        """Make ready for rows in which the same columns are constant as in these."""
        self._readings = readings
        self._fixed = [
            {slot: column.only for slot in reading.read if isinstance(column := law.columns[slot], Constant)}
            for reading, law in zip(readings, laws, strict=True)
        ]
        self._gates: dict[Value, int] = {}
        self._kinds: list[dict[Face, int]] = []
        self._places: list[tuple[Place, ...]] = []
        self._tables: dict[tuple[int, tuple[object, ...]], list[int]] = {}
        self._steps: list[_Step] = []
        self._bases: list[int | None] = []
        self._counts: list[list[int]] = []
        self._profiles = self._base = pl.Series(dtype=pl.UInt32)
        self.answers = pl.Series(dtype=pl.UInt32)

    def number(self, laws: Sequence[Law], height: int) -> pl.Series:
        """The number of each row's pattern; null where there would be too many."""
        gate = gate_of(self._readings, laws)
        found = axes(self._readings, laws, gate)
        known = self._size()
        tables = [self._learnt(number, axis) for number, axis in enumerate(found)]
        at = [self._gates.setdefault(value, len(self._gates)) for value in (gate.values if gate else [None])]
        if max(map(len, self._kinds), default=0) > _KINDS:
            return pl.Series([None], dtype=pl.UInt32).new_from_index(0, height)
        if self._size() > known:
            self._lay_out()
        gates = _translated(gate.codes, at) if gate else pl.zeros(height, pl.UInt32, eager=True)
        total = self._base[gates]
        profiles = self._profiles[gates]
        for step in self._steps:
            code = profiles
            kind = pl.UInt16 if len(step.table) < 1 << 16 else pl.UInt32
            for number, size in zip(step.axes, step.sizes, strict=True):
                one = _translated(found[number].codes, tables[number])
                code = code.cast(kind) * size + one.cast(kind)
            total = total + step.table[code]
        return total

    def _size(self) -> int:
        return len(self._gates) + sum(map(len, self._kinds))

    def _learnt(self, number: int, axis: Axis) -> list[int]:
        """The kind of each code of an axis."""
        if number == len(self._kinds):
            self._kinds.append({})
            self._places.append(axis.places)
        kinds = self._kinds[number]
        try:
            known = self._tables.get((number, axis.values))
        except TypeError:  # records are no keys
            return [kinds.setdefault(face, len(kinds)) for face in axis.faces()]
        if known is None:
            known = [kinds.setdefault(face, len(kinds)) for face in axis.faces()]
            if len(known) <= _TABLES:
                if len(self._tables) >= _TABLES:
                    self._tables.clear()
                self._tables[number, axis.values] = known
        return known

    def _lay_out(self) -> None:
        """Number the patterns, those of each kind of case one after the other."""
        relevant = [self._relevant(reading, fixed) for reading, fixed in zip(self._readings, self._fixed, strict=True)]
        profiles: dict[Profile, int] = {}
        of_gates = []
        for bit in range(len(self._gates)):
            profile = tuple(frozenset(atom for atom, gates in atoms.items() if gates >> bit & 1) for atoms in relevant)
            of_gates.append(profiles.setdefault(profile, len(profiles)))
        local = [[self._local(number, profile) for number in range(len(self._kinds))] for profile in profiles]
        counts = [[max(kinds, default=0) + 1 for kinds in axes_of] for axes_of in local]
        sizes = [prod(axes_of) for axes_of in counts]
        self._profiles = pl.Series(of_gates, dtype=pl.UInt16)
        bases, room = _bases([sizes[profile] for profile in of_gates])
        self._move(bases, [counts[profile] for profile in of_gates], room)
        shares = [_shares(axes_of) if size <= _WIDEST else None for axes_of, size in zip(local, sizes, strict=True)]
        self._steps = list(_steps(shares, [len(kinds) for kinds in self._kinds]))

    def _move(self, bases: list[int | None], counts: list[list[int]], room: int) -> None:
        """Keep what is known: new kinds come after the old ones, so an old pattern has the same parts as before."""
        old, self.answers = self.answers, pl.Series([None], dtype=pl.UInt32).new_from_index(0, room)
        known = old.is_not_null().arg_true()
        for before, after, was, now in zip(self._bases, bases, self._counts, counts, strict=False):
            if before is None or after is None:
                continue
            own = known.filter((known >= before) & (known < before + prod(was)))
            rest, moved, stride = own - before, pl.zeros(len(own), pl.UInt32, eager=True) + after, 1
            for old_count, count in zip(was, now, strict=True):
                moved = moved + rest % old_count * stride
                rest = rest // old_count
                stride *= count
            self.answers = self.answers.scatter(moved, old[own])
        self._bases, self._counts = bases, counts
        self._base = pl.Series(bases, dtype=pl.UInt32)

    def _relevant(self, reading: Reading, fixed: Mapping[int, Value]) -> dict[Atom, int]:
        """For each atom of a law, the gates behind which it can matter."""
        every = (1 << len(self._gates)) - 1
        own = _gate_slot(self._readings, reading)

        def masks(atom: Atom) -> Masks:
            slots = slots_of(atom)
            if own is not None and slots == (own,) and own not in fixed:
                truths = [evaluate_atom(atom, {own: value}) for value in self._gates]  # type: ignore[arg-type]
                return _bits([truth is True for truth in truths]), _bits([truth is not False for truth in truths])
            if not all(slot in fixed for slot in slots):
                return 0, every
            truth = evaluate_atom(atom, fixed)  # type: ignore[arg-type]
            return every * (truth is True), every * (truth is not False)

        return Relevance(reading.stack.program, masks, every).atoms(dict.fromkeys(reading.roots, every))

    def _local(self, number: int, profile: Profile) -> list[int]:
        """The kinds of an axis as far as the atoms of a profile tell them apart."""
        seen = [
            (position, part)
            for position, (law, at) in enumerate(self._places[number])
            for part in self._readings[law].seen(at, profile[law])
        ]
        found: dict[object, int] = {}
        return [
            found.setdefault(tuple(face[position][part] for position, part in seen), len(found))
            for face in self._kinds[number]
        ]


def gate_of(readings: Sequence[Reading], laws: Sequence[Law]) -> Coded | None:
    """The column that says what the cases are about."""
    slot = readings[-1].gate
    column = laws[-1].columns[slot] if slot is not None else None
    return column if isinstance(column, Coded) else None


def _gate_slot(readings: Sequence[Reading], reading: Reading) -> int | None:
    """The slot of the gate in one of the laws."""
    last = readings[-1]
    return None if last.gate is None else reading.stack.table.find(last.stack.table.slots[last.gate].key)


def _bits(flags: Sequence[bool]) -> int:
    return sum(flag << bit for bit, flag in enumerate(flags))


def _bases(sizes: Sequence[int]) -> tuple[list[int | None], int]:
    """The number of the first pattern of each gate, null where there are too many; and how many there are."""
    bases: list[int | None] = []
    room = 0
    for size in sizes:
        fits = size <= _WIDEST and room + size <= _ROOM
        bases.append(room if fits else None)
        room += size * fits
    return bases, room


def _shares(axes_of: Sequence[Sequence[int]]) -> list[list[int]]:
    """What each kind of each axis adds to the number of a pattern."""
    found: list[list[int]] = []
    stride = 1
    for kinds in axes_of:
        found.append([kind * stride for kind in kinds])
        stride *= max(kinds, default=0) + 1
    return found


def _steps(profiles: Sequence[list[list[int]] | None], sizes: Sequence[int]) -> Iterator[_Step]:
    """The sums of shares, several axes at a time."""
    todo = [number for number in range(len(sizes)) if any(shares and any(shares[number]) for shares in profiles)]
    while todo:
        chosen: list[int] = []
        count = len(profiles)
        while todo and (not chosen or count * sizes[todo[0]] <= _TOGETHER):
            count *= sizes[todo[0]]
            chosen.append(todo.pop(0))
        combinations = list(product(*(range(sizes[number]) for number in chosen)))
        table = [
            sum(shares[number][kind] for number, kind in zip(chosen, kinds, strict=True)) if shares else 0
            for shares in profiles
            for kinds in combinations
        ]
        yield _Step(chosen, [sizes[number] for number in chosen], pl.Series(table, dtype=pl.UInt32))


def _translated(codes: pl.Series, kinds: Sequence[int]) -> pl.Series:
    """The kind of each row."""
    if all(kind == code for code, kind in enumerate(kinds)):
        return codes
    return pl.Series(kinds, dtype=pl.UInt8 if max(kinds) < 1 << 8 else pl.UInt32)[codes]
