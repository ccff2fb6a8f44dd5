"""One step up and down from a value as a ruleset writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from eco_rules.model.condition import Scalar
from eco_rules.values.dates import parse_date

_QUANTITY = re.compile(r"([-+]?\d+(?:\.\d+)?)(\s*\D.*)")


def beside(value: object, kind: str) -> Iterator[Scalar]:
    """The values one step away from one compared with a fact of this type; none where there is no step.

    The step of a number is one in its last decimal place, that of a date is a day.
    """
    if isinstance(value, bool) or kind not in ("integer", "number", "date"):
        return
    if isinstance(value, int | Decimal):
        yield from around(value)
    elif isinstance(value, str) and kind == "date":
        day = parse_date(value)
        if isinstance(day, date):
            yield from (item.isoformat() for item in days(day))
    elif isinstance(value, str) and (quantity := _QUANTITY.fullmatch(value)):
        number, unit = quantity.groups()
        yield from (f"{item}{unit}" for item in around(Decimal(number)))


def around(value: int | Decimal) -> tuple[int, int] | tuple[Decimal, Decimal]:
    """A number less and more one step."""
    if isinstance(value, int):
        return value - 1, value + 1
    step = Decimal(1).scaleb(min(0, int(value.as_tuple().exponent)))
    return value - step, value + step


def days(day: date) -> tuple[date, date]:
    """The day before and the day after."""
    return day - timedelta(days=1), day + timedelta(days=1)
