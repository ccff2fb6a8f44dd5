"""Slots: one a fact, inputs before what is derived from them, and how they are filled for a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from eco_rules.ir.nodes import Node
from eco_rules.ir.vocabulary import FactKey, Vocabulary
from eco_rules.values.kinds import Interval, Ordered, Value, bounds

Compute: TypeAlias = Callable[[Sequence[Value]], Value]


@dataclass(frozen=True, slots=True)
class Slot:
    """One fact (or another matter's outcome) a program reads; `condition` is what its derivation is the truth of."""

    key: FactKey
    compute: Compute | None = None
    inputs: tuple[int, ...] = ()
    presumed: Value = None
    condition: Node | None = None


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
        self._worked_out: list[int] = []

    def only(self, indices: Sequence[int]) -> SlotTable:
        """The same slots, of which only these are filled; inputs are among them, and stand first."""
        other = SlotTable(self.vocabulary)
        other.slots, other._index, other._filled = self.slots, self._index, tuple(indices)
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
        for index in self._worked_out:
            values[index] = self.settle(index, values[index], filling)
        return filling

    def _planned(self) -> dict[FactKey, int]:
        """Where each fact goes; and the slots that may hold something else than what was stated."""
        self._worked_out = [index for index in self.filled if not _is_plain(self.slots[index])]
        self._places = {self.slots[index].key: index for index in self.filled}
        return self._places

    def settle(self, index: int, stated: Value, filling: Filling) -> Value:
        """The value of one slot: stated, else derived from the slots before it, else presumed, else unknown."""
        slot = self.slots[index]
        value = stated if slot.compute is None else self._derived(index, slot, stated, filling)
        if value is None and slot.presumed is not None:
            filling.presumed.append(index)
            return slot.presumed
        return value

    def _derived(self, index: int, slot: Slot, stated: Value, filling: Filling) -> Value:
        """What the inputs give, unless it was stated; a contradiction is noted."""
        assert slot.compute is not None  # the caller looked
        computed = slot.compute(filling.values)
        if computed is None:
            return stated
        if stated is None:
            filling.derived.append(index)
            return computed
        if not compatible(stated, computed):
            filling.disputed.append((index, computed))
        return computed if isinstance(stated, Interval) else stated


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
