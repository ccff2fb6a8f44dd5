"""Dates as people write them, and arithmetic on them.

A month (`2024-05`) or a year (`2024`) is an `Interval`: the day is unknown, the month is not.
"""

from __future__ import annotations

import calendar as _calendar
import re
from datetime import date, timedelta

from eco_rules.limits import MAX_DATE_SPAN_YEARS
from eco_rules.values.kinds import Interval

_NUMERIC = re.compile(r"(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?")
_CHINESE = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?")
_EARLIEST, _LATEST = 1900, 1900 + MAX_DATE_SPAN_YEARS
_SHORTEST = 28
"""Days that every month has."""


def parse_date(text: str) -> date | Interval | None:
    """Read `2024-03-01`, `2024/3/1`, `2024年3月1日`, `2024-03` or `2024`; None if it is no date."""
    match = _NUMERIC.fullmatch(text.strip()) or _CHINESE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None  # both patterns require it
    if not _EARLIEST <= year < _LATEST:
        return None
    try:
        if month is None:
            return Interval(date(year, 1, 1), date(year, 12, 31))
        if day is None:
            return Interval(date(year, month, 1), date(year, month, _calendar.monthrange(year, month)[1]))
        return date(year, month, day)
    except (ValueError, _calendar.IllegalMonthError):
        return None


def add_months(start: date, months: int) -> date | None:
    """The corresponding day `months` later, or the last day of that month; None out of range."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    if not _EARLIEST <= year < _LATEST:
        return None
    if start.day <= _SHORTEST:
        return date(year, month + 1, start.day)
    return date(year, month + 1, min(start.day, _calendar.monthrange(year, month + 1)[1]))


def add_days(start: date, days: int) -> date | None:
    """`start` plus calendar days; None out of range."""
    if abs(days) > MAX_DATE_SPAN_YEARS * 366:
        return None
    end = start + timedelta(days=days)
    return end if _EARLIEST <= end.year < _LATEST else None
