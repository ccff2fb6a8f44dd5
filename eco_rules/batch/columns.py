"""Raw columns → typed columns, each different cell read once by the same border that reads a single case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from eco_rules.backends.columnar import Bits, Coded, Column, Constant, Numbers, both, either, fits, neither
from eco_rules.batch import cells
from eco_rules.ir.vocabulary import FactKey, ValueProblemError, Vocabulary
from eco_rules.model.facts import FactSpec
from eco_rules.values.dates import parse_date
from eco_rules.values.kinds import Value, bounds
from eco_rules.values.places import Gazetteer

Parse = Callable[[Any], Value]

_MANY = 4096
"""Different texts from which a column of numbers is read by Polars instead of one by one."""

_SEPARATOR = "\x1f"


class UnreadableError(ValueError):
    """A cell the columns do not take; the row engine says what is wrong with it, or decides it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A column, and which rows it could read."""

    column: Column
    readable: Bits = True


def place_column(series: pl.Series | None, default: str | None, places: Gazetteer) -> Typed:
    """Codes of places."""

    def parse(raw: Any) -> Value:
        text = default if cells.is_blank(raw) else cells.as_text(raw)
        code = places.find((text or "").strip())
        if code is None:
            raise UnreadableError
        return code

    return _each(series, parse, {pl.String, pl.Int64, pl.Int32})


def day_column(series: pl.Series | None, default: str | None, *, optional: bool) -> Typed:
    """Exact dates; a date known roughly is for the row engine."""

    def parse(raw: Any) -> Value:
        written = cells.day(default if cells.is_blank(raw) else raw)
        if cells.is_blank(written) and optional:
            return None
        found = written if isinstance(written, date) else parse_date(str(written))
        if not isinstance(found, date):
            raise UnreadableError
        return found

    return _each(series, parse, {pl.String, pl.Int64, pl.Int32, pl.Date})


def fact_column(series: pl.Series, key: FactKey, unit: str | None, vocabulary: Vocabulary) -> Typed:
    """The values of a fact."""
    spec = vocabulary.spec(key)
    if spec.type in ("number", "integer") and unit in (None, spec.unit):
        numbers = _numbers(series, spec)
        if numbers is not None:
            return numbers

    def parse(raw: Any) -> Value:
        try:
            return vocabulary.parse(key, cells.fact(raw, spec, unit))
        except ValueProblemError:
            raise UnreadableError from None

    return _each(series, parse, _TAKEN.get(spec.type, {pl.String}))


_WHOLE = {pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32}
_TAKEN: dict[str, set[Any]] = {
    "boolean": {pl.String, pl.Boolean},
    "date": {pl.String, pl.Date, *_WHOLE},
    "set": {pl.String, pl.List(pl.String), *_WHOLE},
    "enum": {pl.String, *_WHOLE},
    "number": {pl.String, *_WHOLE},
    "integer": {pl.String, *_WHOLE},
}
"""Kinds of columns a type of fact is read from here; any other is read row by row."""


def _each(series: pl.Series | None, parse: Parse, taken: set[Any]) -> Typed:
    """Read every different cell once."""
    if series is None or series.null_count() == len(series):
        return _constant(parse)
    if isinstance(series.dtype, pl.Enum):
        return _listed(series.to_physical(), series.dtype.categories.to_list(), parse)
    if isinstance(series.dtype, pl.Categorical):
        series = series.cast(pl.String)
    if series.dtype not in taken:
        return Typed(Constant(None), series.is_null() if series.null_count() else False)
    if series.dtype == pl.Boolean:
        return _listed(series.cast(pl.UInt8), [False, True], parse)
    if series.dtype == pl.Date:
        return _days(series, parse)
    listed = series.dtype == pl.List(pl.String)
    if listed and series.list.len().max() == 0:
        return _listed(series.is_null().cast(pl.UInt8), [[]], parse)
    if series.dtype == pl.String and series.null_count() == 0 and (series == series[0]).all():
        return _constant(parse, series[0])
    texts = series.list.join(_SEPARATOR, ignore_nulls=False) if listed else series.cast(pl.String)
    odd = both([texts.is_null(), series.is_not_null()]) if listed else False
    distinct = texts.drop_nulls().unique().to_list()
    read = [
        (text, _read(parse, text.split(_SEPARATOR) if listed and text else [] if listed else text)) for text in distinct
    ]
    good = sorted(((text, value[0]) for text, value in read if value), key=lambda item: _order(item[1]))
    bad = [text for text, value in read if not value]
    blank = _read(parse, None)
    names = [text for text, _ in good] + bad
    codes = texts.cast(pl.Enum(names)).to_physical()
    size = pl.UInt8 if len(names) < 255 else pl.UInt16 if len(names) < 65_535 else pl.UInt32
    values = [value for _, value in good] + [None] * len(bad) + [blank[0] if blank else None]
    column = Coded(codes.cast(size).fill_null(len(names)), values)
    refused = [False] * len(good) + [True] * len(bad) + [not blank]
    return Typed(_simple(column), neither(either([column.bits(refused), odd])))


def _listed(codes: pl.Series, raws: Sequence[Any], parse: Parse) -> Typed:
    """A column that is codes already: code n stands for the nth raw value."""
    read = [_read(parse, raw) for raw in (*raws, None)]
    size = pl.UInt8 if len(raws) < 255 else pl.UInt16 if len(raws) < 65_535 else pl.UInt32
    column = Coded(codes.cast(size).fill_null(len(raws)), [item[0] if item else None for item in read])
    return Typed(_simple(column), neither(column.bits([item is None for item in read])))


def _days(series: pl.Series, parse: Parse) -> Typed:
    low, high = series.min(), series.max()
    assert isinstance(low, date)  # a column of nothing was a constant
    assert isinstance(high, date)
    span = (high - low).days
    if span > _MANY:
        days = series.unique().drop_nulls().sort()
        found = days.search_sorted(series)  # which takes an absent day for the first one
        absent = pl.Series([None], dtype=found.dtype).new_from_index(0, len(found))
        return _listed(found.zip_with(series.is_not_null(), absent), days.to_list(), parse)
    codes = series.to_physical() - (low - date(1970, 1, 1)).days
    return _listed(codes, [low + timedelta(days=number) for number in range(span + 1)], parse)


def _read(parse: Parse, raw: Any) -> tuple[Value] | None:
    try:
        return (parse(raw),)
    except UnreadableError:
        return None


def _constant(parse: Parse, raw: Any = None) -> Typed:
    found = _read(parse, raw)
    return Typed(Constant(found[0]), True) if found else Typed(Constant(None), False)


def _simple(column: Coded) -> Column:
    """A column of one value as a constant."""
    low, high = column.codes.min(), column.codes.max()
    return Constant(column.values[low]) if isinstance(low, int) and low == high else column


def _order(value: Value) -> tuple[Any, ...]:
    """Neighbours in value are neighbours in code, so that what lies below a limit is one range."""
    low, _ = bounds(value)
    if isinstance(low, date):
        return (1, low.toordinal())
    return (2, low) if isinstance(low, int | Decimal) and not isinstance(low, bool) else (3, str(value))


def _numbers(series: pl.Series, spec: FactSpec) -> Typed | None:
    """A column of many different numbers; None where it is better read cell by cell."""
    if series.dtype == pl.String:
        if series.n_unique() <= _MANY:
            return None
        text = series.str.strip_chars()
        blank = either([series.is_null(), (text == "").fill_null(value=False)])
        plain = text.str.contains(r"^-?\d{1,15}(\.\d{1,14})?$").fill_null(value=False)
        short = (text.str.count_matches(r"\d") <= 15).fill_null(value=False)
        numbers = text.cast(pl.Float64, strict=False)
        readable = either([blank, both([plain, short])])
    elif series.dtype in _WHOLE and (few := _small_range(series, spec)) is not None:
        return few
    elif series.dtype.is_float() or series.dtype in _WHOLE:
        if series.dtype == pl.Float32:
            return None
        numbers = series.cast(pl.Float64)
        blank = series.is_null()
        readable = either(
            [blank, both([numbers.is_finite().fill_null(value=False), (numbers.abs() < 1e15).fill_null(value=False)])]
        )
    else:
        return None
    numbers = numbers.fill_null(float("nan"))
    limits: list[Bits] = [numbers == numbers.floor()] if spec.type == "integer" else []
    if (spec.min is not None and not fits(spec.min)) or (spec.max is not None and not fits(spec.max)):
        return None
    limits += [numbers >= float(spec.min)] if spec.min is not None else []
    limits += [numbers <= float(spec.max)] if spec.max is not None else []
    readable = both([readable, either([blank, both(limits)])])
    if readable is not True:
        numbers = _only(numbers, readable)
    return Typed(Numbers(numbers), readable)


def _small_range(series: pl.Series, spec: FactSpec) -> Typed | None:
    """Whole numbers near each other, each a code of its own."""
    low, high = series.min(), series.max()
    if not isinstance(low, int) or not isinstance(high, int) or high - low >= _MANY:
        return None
    codes = (series.cast(pl.Int64) - low).fill_null(high - low + 1)
    values: list[Value] = [*range(low, high + 1), None]
    column = Coded(codes.cast(pl.UInt8 if high - low < 254 else pl.UInt16), values)
    refused = [
        isinstance(value, int)
        and ((spec.min is not None and value < spec.min) or (spec.max is not None and value > spec.max))
        for value in values
    ]
    return Typed(_simple(column), neither(column.bits(refused)))


def _only(numbers: pl.Series, readable: Bits) -> pl.Series:
    """Unknown where the cell could not be read."""
    if isinstance(readable, bool):
        return numbers if readable else pl.Series([float("nan")] * len(numbers), dtype=pl.Float64)
    return numbers.set(~readable, float("nan"))


def picked(column: Column, rows: pl.Series | None) -> Column:
    """The column of some rows only."""
    if rows is None or isinstance(column, Constant):
        return column
    if isinstance(column, Numbers):
        return Numbers(column.numbers[rows])
    return _simple(Coded(column.codes[rows], column.values))


def indices(bits: Bits, height: int) -> Sequence[int] | pl.Series:
    """The rows where a rail is set."""
    if isinstance(bits, bool):
        return pl.arange(0, height, eager=True, dtype=pl.UInt32) if bits else pl.Series(dtype=pl.UInt32)
    return bits.arg_true()
