"""Several columns as one: the combinations of their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import polars as pl

from eco_rules.backends.columnar import Column, coded
from eco_rules.values.kinds import Value

_FEW = 1 << 10
"""Combinations that are taken as they come rather than looked for."""


@dataclass(frozen=True, slots=True)
class Combined:
    """Several columns as one: each case's values are `values[code]`."""

    codes: pl.Series
    values: Sequence[tuple[Value, ...]]


def combined(columns: Sequence[Column], height: int) -> Combined:
    """The combinations of values that occur."""
    first = coded(columns[0], height)
    if len(columns) == 1:
        return Combined(first.codes, [(value,) for value in first.values])
    codes, values = first.codes, [(value,) for value in first.values]
    for column in columns[1:]:
        item = coded(column, height)
        key = codes.cast(pl.UInt64) * len(item.values) + item.codes
        distinct = key.unique().sort()
        codes = distinct.search_sorted(key).cast(pl.UInt32)
        pairs = (divmod(code, len(item.values)) for code in distinct)
        values = [(*values[left], item.values[right]) for left, right in pairs]
    return Combined(codes, values)


def crossed(columns: Sequence[Column], height: int) -> Combined:
    """Combinations of values that may occur: all of them where they are few, which need not be looked for."""
    lists = [coded(column, height) for column in columns]
    if prod(len(column.values) for column in lists) > _FEW:
        return combined(lists, height)
    codes = lists[0].codes
    for column in lists[1:]:
        codes = codes.cast(pl.UInt16) * len(column.values) + column.codes
    return Combined(codes, list(product(*(column.values for column in lists))))
