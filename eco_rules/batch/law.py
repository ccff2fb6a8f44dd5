"""One law over many rows: a column for every slot, what is derived or presumed included."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

import polars as pl

from eco_rules.backends.columnar import (
    Bits,
    Coded,
    Column,
    Constant,
    Rails,
    both,
    either,
    evaluate,
    neither,
    truth_column,
)
from eco_rules.batch.combined import crossed
from eco_rules.engine.regime import Prepared
from eco_rules.ir.lower import RuleCode
from eco_rules.ir.nodes import Program
from eco_rules.ir.slots import Filling
from eco_rules.ir.vocabulary import FactKey
from eco_rules.values.kinds import Value

Facts: TypeAlias = Mapping[FactKey, Column]

UNKNOWN = Constant(None)

_KEPT = 2048
"""Results kept for one law."""


class Settled:
    """What slots that are derived or presumed come to: worked out once, for one frame after the other."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], tuple[list[Value], list[bool]]] = {}

    def find(
        self, key: tuple[object, ...], work: Callable[[], tuple[list[Value], list[bool]]]
    ) -> tuple[list[Value], list[bool]]:
        """What `work` gives, or gave for the same key."""
        try:
            known = self._known.get(key)
        except TypeError:  # records are no keys
            return work()
        if known is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            known = self._known[key] = work()
        return known


class Law:
    """One law over a set of rows."""

    def __init__(self, prepared: Prepared, facts: Facts, height: int, settled: Settled) -> None:
        self.prepared = prepared
        self.stack = prepared.stack
        self.height = height
        self.disputed: list[Bits] = []
        self._known = settled
        self.columns = self._fill(facts)

    @cached_property
    def rails(self) -> Mapping[int, Rails]:
        """The rails of every rule, and whether every list has been read."""
        wanted = [rule.holds for rule in self.stack.rules] + [self.stack.complete]
        return evaluate(self.stack.program, self.columns, self.height, wanted)

    def _fill(self, facts: Facts) -> list[Column]:
        columns: list[Column] = []
        for index, slot in enumerate(self.stack.table.slots):
            stated = facts.get(slot.key, UNKNOWN)
            plain = slot.compute is None and slot.presumed is None
            columns.append(stated if plain else self._settled(index, stated, columns))
        return columns

    def _settled(self, index: int, stated: Column, columns: Sequence[Column]) -> Column:
        """A slot that is derived or presumed: worked out once for every combination of what it rests on."""
        slot = self.stack.table.slots[index]
        sources = [(at, columns[at]) for at in slot.inputs] + [(index, stated)]
        if self._only_stated(index, stated, columns):
            return stated
        fixed = tuple((at, column.only) for at, column in sources if isinstance(column, Constant))
        varying = [(at, column) for at, column in sources if not isinstance(column, Constant)]
        if varying and slot.condition is not None and stated == UNKNOWN:
            return truth_column(evaluate(Program(0, (slot.condition,)), columns, self.height)[0], slot.presumed)
        found = crossed([column for _, column in varying], self.height) if varying else None
        places = [at for at, _ in varying]
        combinations = tuple(found.values) if found else ((),)
        results, wrong = self._known.find(
            (index, fixed, tuple(places), combinations), lambda: self._worked_out(index, fixed, places, combinations)
        )
        if any(wrong):
            self.disputed.append(Coded(found.codes, results).bits(wrong) if found else True)
        same = all(_alike(result, results[0]) for result in results)
        return Constant(results[0]) if found is None or same else Coded(found.codes, results)

    def _only_stated(self, index: int, stated: Column, columns: Sequence[Column]) -> bool:
        """Whether a slot is what was stated, since nothing derives or is presumed, whatever the row."""
        slot = self.stack.table.slots[index]
        if slot.compute is None or slot.presumed is not None or isinstance(stated, Constant):
            return False
        values: list[Value] = [None] * len(self.stack.table.slots)
        for at in slot.inputs:
            column = columns[at]
            if not isinstance(column, Constant):
                return False
            values[at] = column.only
        return slot.compute(values) is None

    def _worked_out(
        self,
        index: int,
        fixed: Sequence[tuple[int, Value]],
        places: Sequence[int],
        combinations: Sequence[tuple[Value, ...]],
    ) -> tuple[list[Value], list[bool]]:
        """The value of a slot for each combination, and whether that contradicts what was stated."""
        values: list[Value] = [None] * len(self.stack.table.slots)
        for at, value in fixed:
            values[at] = value
        results: list[Value] = []
        wrong: list[bool] = []
        for combination in combinations:
            for at, value in zip(places, combination, strict=True):
                values[at] = value
            filling = Filling(values)
            results.append(self.stack.table.settle(index, values[index], filling))
            wrong.append(bool(filling.disputed))
        return results, wrong

    def states(self) -> list[Rails]:
        """The state of every group of rules, and whether every list has been read."""
        groups = [
            Rails(either([rail.must for rail in members]), either([rail.may for rail in members]))
            for group in self.prepared.resolver.groups
            for members in [[self.rails[self.stack.rules[index].holds] for index in group.members]]
        ]
        return [*groups, self.rails[self.stack.complete]]

    def sanctions(self) -> list[RuleCode]:
        """The rules that provide fines, which two laws are compared by."""
        return [rule for rule in self.stack.rules if rule.sanction is not None]

    def winner(self, outcome: str, among: Bits) -> pl.Series:
        """For the rows with an outcome, one more than the place of the rule that carries it; 0: the default."""
        rules = [
            (index, rule)
            for index, rule in enumerate(self.stack.rules)
            if rule.effect and rule.effect.outcome == outcome
        ]
        rules.sort(
            key=lambda item: (item[1].standing.rank, item[1].effect is not None and item[1].effect.modality != "must")
        )
        winner = pl.zeros(self.height, pl.UInt16, eager=True)
        left = among
        for index, rule in rules:
            hit = both([left, self.rails[rule.holds].must])
            if hit is False or (isinstance(hit, pl.Series) and not hit.any()):
                continue
            if hit is True:
                return winner + (index + 1)
            winner = winner + hit.cast(pl.UInt16) * (index + 1)
            left = both([left, neither(self.rails[rule.holds].must)])
        return winner


def _alike(one: Value, other: Value) -> bool:
    return one is other or (type(one) is type(other) and one == other)
