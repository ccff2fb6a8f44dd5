"""Slots: one a fact, inputs before what is derived from them, and how they are filled for a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import TypeAlias

from eco_rules.ir.formulas import Formula, Truthful
from eco_rules.ir.nodes import Node
from eco_rules.ir.vocabulary import FactKey, Vocabulary
from eco_rules.values.kinds import Interval, Ordered, Value, bounds

Compute: TypeAlias = Callable[[Sequence[Value]], Value]

Computes: TypeAlias = Callable[["Slot"], Compute]
"""Another way to compute a derived slot than its own, with the same results."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One fact (or another matter's outcome) a program reads; `formula` is what `compute` computes, where it is one."""

    key: FactKey
    compute: Compute | None = None
    inputs: tuple[int, ...] = ()
    presumed: Value = None
    formula: Formula | None = None

    @property
    def condition(self) -> Node | None:
        """What the derivation is the truth of, where that is all it does."""
        return self.formula.condition if isinstance(self.formula, Truthful) else None


@dataclass(slots=True)
class Filling:
    """The values of one case, and where those came from that nobody stated."""

    values: list[Value]
    presumed: list[int] = field(default_factory=list)
    derived: list[int] = field(default_factory=list)
    disputed: list[tuple[int, Value]] = field(default_factory=list)


class SlotTable:
    """The slots of a program, in an order in which they can be filled."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.slots: list[Slot] = []
        self._index: dict[FactKey, int] = {}
        self._filled: Sequence[int] | None = None
        self._places: dict[FactKey, int] | None = None
        self._worked_out: list[tuple[int, Compute]] = []
        self._computes: Computes | None = None
        self._made: dict[int, Compute] = {}

    def only(self, indices: Sequence[int]) -> SlotTable:
        """The same slots, of which only these are filled; inputs are among them, and stand first."""
        other = copy(self)
        other._filled, other._places = tuple(indices), None
        return other

    def computed_by(self, computes: Computes) -> SlotTable:
        """The same slots, computed in another way when they are filled for a case."""
        other = copy(self)
        other._computes, other._made, other._places = computes, {}, None
        return other

    @property
    def filled(self) -> Sequence[int]:
        """The slots that are filled for a case."""
        return range(len(self.slots)) if self._filled is None else self._filled

    def find(self, key: FactKey) -> int | None:
        """Index of a fact that has a slot already."""
        return self._index.get(key)

    def add(self, slot: Slot) -> int:
        """Append a slot; its inputs are there already."""
        self._index[slot.key] = len(self.slots)
        self._places = None
        self.slots.append(slot)
        return len(self.slots) - 1

    def fill(self, stated: Mapping[FactKey, Value]) -> Filling:
        """Values for every slot: stated, else derived, else presumed, else unknown."""
        values: list[Value] = [None] * len(self.slots)
        place = (self._places or self._planned()).get
        for key, value in stated.items():
            index = place(key)
            if index is not None:
                values[index] = value
        filling = Filling(values)
        for index, compute in self._worked_out:
            computed = compute(values)
            if computed is not None:
                values[index] = _agreed(index, values[index], computed, filling)
            elif values[index] is None and (presumed := self.slots[index].presumed) is not None:
                values[index] = presumed
                filling.presumed.append(index)
        return filling

    def _planned(self) -> dict[FactKey, int]:
        """Where each fact goes; and what works out the slots that may hold something else than what was stated."""
        changing = [index for index in self.filled if not _is_plain(self.slots[index])]
        self._worked_out = [(index, self._compute_of(index)) for index in changing]
        self._places = {self.slots[index].key: index for index in self.filled}
        return self._places

    def _compute_of(self, index: int) -> Compute:
        """What computes a slot; tables of the same slots share what was made for it."""
        compute = self.slots[index].compute
        if compute is None:
            return _unknown
        if self._computes is None:
            return compute
        if index not in self._made:
            self._made[index] = self._computes(self.slots[index])
        return self._made[index]

    def settle(self, index: int, stated: Value, filling: Filling) -> Value:
        """The value of one slot: stated, else derived from the slots before it, else presumed, else unknown."""
        slot = self.slots[index]
        computed = slot.compute(filling.values) if slot.compute is not None else None
        if computed is not None:
            return _agreed(index, stated, computed, filling)
        if stated is None and slot.presumed is not None:
            filling.presumed.append(index)
            return slot.presumed
        return stated


def _agreed(index: int, stated: Value, computed: Value, filling: Filling) -> Value:
    """What the inputs give, unless it was stated; a contradiction is noted."""
    if stated is None:
        filling.derived.append(index)
        return computed
    if not compatible(stated, computed):
        filling.disputed.append((index, computed))
    return computed if isinstance(stated, Interval) else stated


def _unknown(_values: Sequence[Value]) -> Value:
    return None


def _is_plain(slot: Slot) -> bool:
    """Whether the value is what was stated, and nothing else."""
    return slot.compute is None and slot.presumed is None


def compatible(first: Value, second: Value) -> bool:
    """Whether one and the same true value can lie behind both."""
    if isinstance(first, Interval) or isinstance(second, Interval):
        low_a, high_a = bounds(first)
        low_b, high_b = bounds(second)
        return not (_above(low_a, high_b) or _above(low_b, high_a))
    return first == second


def _above(low: Ordered | None, high: Ordered | None) -> bool:
    return low is not None and high is not None and low > high  # type: ignore[operator]
