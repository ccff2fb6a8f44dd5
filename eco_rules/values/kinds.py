"""The values a fact may have once it has been read.

Unknown is `None`. A number or date known only roughly is an `Interval`; a set is `Members`.
Everything is immutable and comparable, so that every backend sees exactly the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

Number: TypeAlias = int | Decimal
Ordered: TypeAlias = int | Decimal | date


@dataclass(frozen=True, slots=True)
class Interval:
    """A number or date between two bounds, both included; `None` is an open end."""

    low: Ordered | None
    high: Ordered | None


@dataclass(frozen=True, slots=True)
class Members:
    """A set: what is surely in it, and what may be (`None`: anything may).

    A closed set is `Members(present, present)`: what was not named is not in it.
    """

    present: frozenset[str]
    possible: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of a list of records; a field that is absent is unknown."""

    fields: Mapping[str, Value]


Records: TypeAlias = tuple[Record, ...]
Value: TypeAlias = bool | int | Decimal | str | date | Interval | Members | Records | None


_ORDERED = (int, Decimal, date)
_NUMBERS = (int, Decimal)
_SAYS_ITSELF = (bool, str)


def bounds(value: Value) -> tuple[Ordered | None, Ordered | None]:
    """Lowest and highest the value can be; `None` where it is not bounded."""
    if value is None:
        return None, None
    if isinstance(value, Interval):
        return value.low, value.high
    if isinstance(value, _ORDERED):
        return value, value
    return None, None


def between(low: Ordered | None, high: Ordered | None) -> Value:
    """The narrowest value with these bounds: exact, an interval, or unknown."""
    if low is None and high is None:
        return None
    if low is not None and low == high:
        return low
    return Interval(low, high)


def is_exact(value: Value) -> bool:
    """Whether nothing more could be learnt about the value."""
    if value is None:
        return False
    if isinstance(value, Interval):
        return value.low is not None and value.low == value.high
    if isinstance(value, Members):
        return value.possible == value.present
    if isinstance(value, tuple):
        return all(is_exact(item) for record in value for item in record.fields.values())
    return True


def plain(value: Value) -> object:
    """The value as JSON would show it; numbers as text, to stay exact."""
    if value is None or isinstance(value, _SAYS_ITSELF):
        return value
    if isinstance(value, _NUMBERS):
        return number_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Interval):
        return {"from": plain(value.low), "to": plain(value.high)}
    if isinstance(value, Members):
        if value.possible == value.present:
            return sorted(value.present)
        return {"includes": sorted(value.present), "excludes_others": False}
    if isinstance(value, tuple):
        return [{name: plain(item) for name, item in record.fields.items()} for record in value]
    return value


def number_text(value: Number) -> str:
    """Shortest exact decimal text, never in exponent form."""
    if isinstance(value, int):
        return str(value)
    text = str(value)
    if "E" in text:
        text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
