"""The functions a derivation may call, on exact values and on bounds.

Each is monotone in every argument where `slope` says so (`+` rises, `-` falls), which is what lets it
work on intervals; without a slope an inexact argument makes the result unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import NoneType
from typing import Any

from eco_rules.values import dates, workdays
from eco_rules.values.kinds import Interval, Number, Ordered, Value, between, bounds


@dataclass(frozen=True, slots=True)
class Function:
    """Argument types, result type, slopes, and the computation on exact arguments (None: unknown).

    `picks` marks functions that return one of their arguments: one known end already bounds the result.
    """

    arguments: tuple[str, ...]
    result: str
    slope: str
    compute: Callable[..., Any]
    picks: bool = False

    def __call__(self, values: Sequence[Value]) -> Value:
        """Apply to values, unknown and inexact ones included."""
        kinds = [value.__class__ for value in values]
        if NoneType in kinds:
            return self._half(values) if self.picks else None
        if Interval not in kinds:
            result: Value = self.compute(*values)
            return result
        if not self.slope:
            return None
        ends = [
            bounds(value) if sign == "+" else bounds(value)[::-1]
            for value, sign in zip(values, self.slope, strict=True)
        ]
        return between(self._end(ends, rising=0), self._end(ends, rising=1))

    def _half(self, values: Sequence[Value]) -> Value:
        """One of two is picked, and one is unknown at least: the other bounds the result from one side."""
        first, second = values
        low, high = bounds(second if first is None else first)
        return between(None, high) if self.compute is min else between(low, None)

    def _end(self, ends: Sequence[tuple[Ordered | None, Ordered | None]], rising: int) -> Ordered | None:
        picked = [end[rising] for end in ends if end[rising] is not None]
        if len(picked) < len(ends) and not (picked and self.picks and self._binds(rising)):
            return None
        result: Ordered | None = self.compute(*picked) if len(picked) == len(ends) else picked[0]
        return result

    def _binds(self, rising: int) -> bool:
        """Whether a known upper (lower) end of one argument bounds the smallest (largest) from above (below)."""
        return (self.compute is min) == (rising == 1)


def _divide(left: Number, right: Number) -> Decimal | None:
    return Decimal(left) / Decimal(right) if right else None


def _excess(measured: Number, limit: Number) -> Decimal | None:
    return (Decimal(measured) - Decimal(limit)) / Decimal(limit) if limit else None


def _months_after(day: date, count: Number) -> date | None:
    return dates.add_months(day, int(count))


def _months_before(day: date, count: Number) -> date | None:
    return dates.add_months(day, -int(count))


def _days_after(day: date, count: Number) -> date | None:
    return dates.add_days(day, int(count))


def _workdays_after(day: date, count: Number) -> date | None:
    return workdays.add_workdays(day, int(count))


def _days_between(start: date, end: date) -> int:
    return (end - start).days


FUNCTIONS: dict[str, Function] = {
    "days_between": Function(("date", "date"), "integer", "-+", _days_between),
    "workdays_between": Function(("date", "date"), "integer", "-+", workdays.workdays_between),
    "days_after": Function(("date", "number"), "date", "++", _days_after),
    "workdays_after": Function(("date", "number"), "date", "++", _workdays_after),
    "months_after": Function(("date", "number"), "date", "++", _months_after),
    "months_before": Function(("date", "number"), "date", "+-", _months_before),
    "year_start": Function(("date",), "date", "+", lambda day: date(day.year, 1, 1)),
    "ratio": Function(("number", "number"), "number", "", _divide),
    "excess_ratio": Function(("number", "number"), "number", "", _excess),
    "plus": Function(("number", "number"), "number", "++", lambda a, b: a + b),
    "minus": Function(("number", "number"), "number", "+-", lambda a, b: a - b),
    "times": Function(("number", "number"), "number", "", lambda a, b: a * b),
    "smaller": Function(("number", "number"), "number", "++", min, picks=True),
    "larger": Function(("number", "number"), "number", "++", max, picks=True),
    "earlier": Function(("date", "date"), "date", "++", min, picks=True),
    "later": Function(("date", "date"), "date", "++", max, picks=True),
}
