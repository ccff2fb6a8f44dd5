"""Many cases at once on Polars: each slot is a column, each expression two columns of bits.

An expression has two rails, `must` (it surely holds) and `may` (it does not surely fail), as generated Python
has. A rail that is the same for every case is a plain `bool`, and nothing is computed for it; where nothing is
unknown both rails are one column. A column of few different values keeps those values themselves, and an atom
is decided for each of them by the one definition of `ir.atoms`; only columns of many different numbers are
compared by Polars.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache, reduce
from typing import Any, TypeAlias

import polars as pl

from eco_rules.backends.base import Evaluate
from eco_rules.ir.atoms import evaluate_atom
from eco_rules.ir.nodes import And, AtLeast, Atom, Below, Equals, Fixed, Node, Not, Or, Program, Ref, slots_of
from eco_rules.truth import Truth
from eco_rules.values.kinds import Number, Value, bounds

Bits: TypeAlias = "pl.Series | bool"

EXACT_DIGITS = 15
"""Two different decimals of so many digits are two different doubles, in the same order."""

_RUNS = 4
"""Ranges of codes up to which comparing is faster than looking each code up."""


_FAR = 2**31 - 1
"""Further than any date or place."""


@dataclass(frozen=True, slots=True)
class Rails:
    """Whether something surely holds, and whether it may hold, for every case."""

    must: Bits
    may: Bits

    def truth(self, row: int) -> Truth:
        """The truth for one case."""
        if _bit(self.must, row):
            return True
        return None if _bit(self.may, row) else False


def _bit(bits: Bits, row: int) -> bool:
    return bits if isinstance(bits, bool) else bool(bits[row])


def both(items: Sequence[Bits]) -> Bits:
    """All of several rails."""
    return _joined(items, neutral=True, join=operator.and_)


def either(items: Sequence[Bits]) -> Bits:
    """Some of several rails."""
    return _joined(items, neutral=False, join=operator.or_)


def _joined(items: Sequence[Bits], *, neutral: bool, join: Callable[[Any, Any], Any]) -> Bits:
    columns: dict[int, pl.Series] = {}
    for item in items:
        if isinstance(item, pl.Series):
            columns[id(item)] = item
        elif item is not neutral:
            return not neutral
    return reduce(join, columns.values()) if columns else neutral


def neither(bits: Bits) -> Bits:
    """The opposite of a rail."""
    return not bits if isinstance(bits, bool) else ~bits


@dataclass(frozen=True)
class Coded:
    """A column of few different values: each case's value is `values[code]`."""

    codes: pl.Series
    values: Sequence[Value]

    def rails(self, atom: Atom) -> Rails:
        """The truth of an atom about this column."""
        try:
            sure, possible = _choices(atom, tuple(self.values))
        except TypeError:  # records are no keys
            sure, possible = _choices.__wrapped__(atom, tuple(self.values))
        must = self._chosen(sure)
        return Rails(must, must if possible is sure else self._chosen(possible))

    def bits(self, wanted: Sequence[bool]) -> Bits:
        """Whether each case's value is one of those wanted."""
        return self._chosen(_choice(wanted))

    def _chosen(self, choice: Choice) -> Bits:
        if isinstance(choice, bool):
            return choice
        if isinstance(choice, pl.Series):
            return choice[self.codes]
        return either([self._between(first, last) for first, last in choice])

    def _between(self, first: int, last: int) -> Bits:
        if first == last:
            return self.codes == first
        if first == 0:
            return self.codes <= last
        return self.codes >= first if last == len(self.values) - 1 else both([self.codes >= first, self.codes <= last])

    def value(self, row: int) -> Value:
        """The value of one case."""
        found: Value = self.values[self.codes[row]]
        return found


Choice: TypeAlias = bool | pl.Series | Sequence[tuple[int, int]]
"""Which codes are chosen: all or none, a flag for each, or the first and last of some stretches."""


@lru_cache(maxsize=2048)
def _choices(atom: Atom, values: tuple[Value, ...]) -> tuple[Choice, Choice]:
    """The codes of values of which an atom surely holds, and of those of which it possibly does."""
    truths = [evaluate_atom(atom, _At(atom.slot, value)) for value in values]
    sure = _choice([truth is True for truth in truths])
    return sure, sure if None not in truths else _choice([truth is not False for truth in truths])


def _choice(wanted: Sequence[bool]) -> Choice:
    count = sum(wanted)
    if count in (0, len(wanted)):
        return count > 0
    runs = _runs(wanted)
    return runs if len(runs) <= _RUNS else pl.Series(wanted)


def _runs(wanted: Sequence[bool]) -> list[tuple[int, int]]:
    """First and last of each stretch of codes that are wanted."""
    edges = [
        index
        for index in range(len(wanted) + 1)
        if (wanted[index : index + 1] == [True]) != (index > 0 and wanted[index - 1])
    ]
    return [(first, after - 1) for first, after in zip(edges[::2], edges[1::2], strict=True)]


@dataclass(frozen=True)
class Numbers:
    """A column of many different numbers as doubles; unknown is NaN, which no comparison holds for.

    A double stands for the shortest decimal that reads back as it, which is what the border takes a double
    for. Against a limit of at most fifteen digits the comparison of doubles is that of the decimals.
    """

    numbers: pl.Series

    @cached_property
    def unknown(self) -> Bits:
        """Where the number is not known."""
        mask = self.numbers.is_nan()
        return mask if mask.any() else False

    def rails(self, atom: Atom) -> Rails:
        """The truth of an atom about this column."""
        limit: Any = atom.limit if isinstance(atom, Below) else atom.value if isinstance(atom, Equals) else None
        if not is_number(limit) or not fits(limit):
            return coded(self).rails(atom)
        bound = float(limit)
        if isinstance(atom, Equals):
            must = self.numbers == bound
        else:
            must = self.numbers <= bound if atom.inclusive else self.numbers < bound  # type: ignore[union-attr]
        return Rails(must, either([must, self.unknown]))

    def below(self, other: Numbers, *, inclusive: bool) -> Rails:
        """Whether this number is below another column's."""
        found = self.numbers <= other.numbers if inclusive else self.numbers < other.numbers
        unknown = either([self.unknown, other.unknown])
        return Rails(both([found, neither(unknown)]), either([found, unknown]))

    def value(self, row: int) -> Value:
        """The value of one case."""
        return _exact(self.numbers[row])


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value for every case."""

    only: Value

    def value(self, _row: int) -> Value:
        """The value of one case."""
        return self.only


Column: TypeAlias = Coded | Numbers | Constant


class _At(Sequence[Value]):
    """The values of a case of which only one slot (or two) is looked at."""

    def __init__(self, slot: int, value: Value, other: int | None = None, second: Value = None) -> None:
        self._values = {slot: value, other: second} if other is not None else {slot: value}

    def __getitem__(self, index: Any) -> Any:
        return self._values[index]

    def __len__(self) -> int:
        return len(self._values)


def is_number(value: object) -> bool:
    """Whether a value is a number, and no truth."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def fits(value: Any) -> bool:
    """Whether a number has few enough digits to be compared as a double."""
    number = Decimal(value)
    return len(number.normalize().as_tuple().digits) <= EXACT_DIGITS and abs(number.adjusted()) < 200


def _exact(number: float) -> Number | None:
    if number != number:  # noqa: PLR0124 - NaN
        return None
    return int(number) if number.is_integer() and abs(number) < 1e15 else Decimal(repr(number))


def coded(column: Column, height: int = 1) -> Coded:
    """The same column with its different values listed, smallest first."""
    if isinstance(column, Coded):
        return column
    if isinstance(column, Constant):
        return Coded(pl.zeros(height, pl.UInt32, eager=True), [column.only])
    distinct = column.numbers.unique().sort()
    codes = distinct.search_sorted(column.numbers)
    return Coded(codes.cast(pl.UInt32), [_exact(number) for number in distinct])


def truth_column(rails: Rails, unknown: Value) -> Column:
    """Truths as a column of values; `unknown` stands where neither is sure."""
    if isinstance(rails.must, bool) and isinstance(rails.may, bool):
        return Constant(True if rails.must else unknown if rails.may else False)
    if isinstance(rails.must, bool):  # never surely true, for it may fail
        return Coded(_as_code(rails.may), [False, unknown])
    if isinstance(rails.may, bool):
        return Coded(_as_code(rails.must), [unknown, True])
    return Coded(_as_code(rails.must) + _as_code(rails.may), [False, unknown, True])


def _as_code(bits: Bits) -> pl.Series:
    assert isinstance(bits, pl.Series)  # the caller looked
    return bits.cast(pl.UInt8)


def column_of(values: Sequence[Value]) -> Column:
    """A column of given values."""
    if all(value is None or (is_number(value) and fits(value)) for value in values):
        numbers = [float("nan") if value is None else float(value) for value in values]  # type: ignore[arg-type]
        return Numbers(pl.Series(numbers, dtype=pl.Float64))
    return Coded(pl.Series(range(len(values)), dtype=pl.UInt32), values)


def evaluate(
    program: Program, columns: Sequence[Column], height: int, wanted: Sequence[int] | None = None
) -> Mapping[int, Rails]:
    """The rails of the wanted expressions (all, if not said) and of those they refer to."""
    walk = _Walk(program, columns, height)
    for index in range(len(program.expressions)) if wanted is None else wanted:
        walk.expression(index)
    return walk.done


class _Walk:
    """Evaluates expressions, each expression and each atom once."""

    def __init__(self, program: Program, columns: Sequence[Column], height: int) -> None:
        self._program = program
        self._columns = columns
        self._height = height
        self._atoms: dict[Atom, Rails] = {}
        self.done: dict[int, Rails] = {}

    def expression(self, index: int) -> Rails:
        """An expression of the program."""
        if index not in self.done:
            self.done[index] = self._node(self._program.expressions[index])
        return self.done[index]

    def _node(self, node: Node) -> Rails:
        if isinstance(node, Ref):
            return self.expression(node.index)
        if isinstance(node, Fixed):
            return Rails(node.value, node.value)
        if isinstance(node, Not):
            inner = self._node(node.item)
            must = neither(inner.may)
            return Rails(must, must if inner.may is inner.must else neither(inner.must))
        if isinstance(node, And | Or):
            return self._junction(node)
        if isinstance(node, AtLeast):
            parts = [self._node(item) for item in node.items]
            must = self._count([part.must for part in parts], node.count)
            return Rails(must, self._count([part.may for part in parts], node.count))
        if node not in self._atoms:
            self._atoms[node] = self._atom(node)
        return self._atoms[node]

    def _junction(self, node: And | Or) -> Rails:
        join, settled = (both, False) if isinstance(node, And) else (either, True)
        parts: list[Rails] = []
        for item in node.items:
            part = self._node(item)
            if part.must is settled and part.may is settled:
                return part
            parts.append(part)
        must = join([part.must for part in parts])
        if all(part.must is part.may for part in parts):
            return Rails(must, must)
        return Rails(must, join([part.may for part in parts]))

    def _count(self, bits: Sequence[Bits], count: int) -> Bits:
        """Whether so many of the rails are set."""
        count -= sum(bit is True for bit in bits)
        columns = [bit.cast(pl.UInt16) for bit in bits if isinstance(bit, pl.Series)]
        if count <= 0 or len(columns) < count:
            return count <= 0
        return reduce(operator.add, columns) >= count

    def _atom(self, atom: Atom) -> Rails:
        if isinstance(atom, Below) and atom.other is not None:
            return pair(atom, self._columns, self._height)
        column = self._columns[atom.slot]
        if isinstance(column, Constant):
            return _same(evaluate_atom(atom, _At(atom.slot, column.only)))
        return column.rails(atom)


def pair(atom: Atom, columns: Sequence[Column], height: int) -> Rails:
    """A comparison of two columns: of their ends, where both are numbers or dates."""
    one, two = (columns[slot] for slot in slots_of(atom))
    assert isinstance(atom, Below)  # no other atom reads two slots
    if isinstance(one, Constant) and isinstance(two, Constant):
        return _same(evaluate_atom(atom, {atom.slot: one.only, atom.other: two.only}))  # type: ignore[arg-type]
    if isinstance(one, Numbers) and isinstance(two, Numbers):
        return one.below(two, inclusive=atom.inclusive)
    lists = [coded(column, height) for column in (one, two)]
    ends = [_ends_of_days(tuple(column.values)) for column in lists]
    if None in ends:
        known = {end for column in lists for value in column.values for end in bounds(value) if end is not None}
        places = {end: place for place, end in enumerate(sorted(known))}
        ends = [_ends(column.values, places.__getitem__) for column in lists]
    (low, high), (other_low, other_high) = (
        [end[column.codes] for end in found] * (3 - len(found))
        for column, found in zip(lists, ends, strict=True)
        if found is not None
    )
    if atom.inclusive:
        return Rails(high <= other_low, other_high >= low)
    return Rails(high < other_low, other_high > low)


@lru_cache(maxsize=256)
def _ends_of_days(values: tuple[Value, ...]) -> list[pl.Series] | None:
    """The ends of dates; None where something else is among the values."""
    if all(end is None or isinstance(end, date) for value in values for end in bounds(value)):
        return _ends(values, date.toordinal)
    return None


def _ends(values: Sequence[Value], place: Callable[[Any], int]) -> list[pl.Series]:
    """Where the lowest and the highest each value can be stand; once, where they are the same.

    An open end stands beyond all others.
    """
    ends = [bounds(value) for value in values]
    low = pl.Series([-_FAR if low is None else place(low) for low, _ in ends], dtype=pl.Int32)
    high = pl.Series([_FAR if high is None else place(high) for _, high in ends], dtype=pl.Int32)
    return [low] if (low == high).all() else [low, high]


def _same(truth: Truth) -> Rails:
    return Rails(truth is True, truth is not False)


def prepare(program: Program) -> Evaluate:
    """Evaluate one case, beside a second one of which nothing is known, so that columns are columns."""

    def one(values: Sequence[Value]) -> Sequence[Truth]:
        done = evaluate(program, [column_of([value, None]) for value in values], 2)
        return [done[index].truth(0) for index in range(len(program.expressions))]

    return one
