"""Working days in China, holidays and make-up Saturdays included.

The calendar is the State Council's yearly notice as packaged by `chinesecalendar`; beyond the
published years nothing is known, and every function answers `None`.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from eco_rules.limits import MAX_DATE_SPAN_YEARS


def calendar_version() -> str:
    """Name and version of the calendar in use, for the receipt."""
    from importlib.metadata import version

    return f"chinesecalendar {version('chinesecalendar')}"


@lru_cache(maxsize=16_384)  # more days than the published calendar has
def is_workday(day: date) -> bool | None:
    """Whether `day` is a working day; None beyond the published calendar."""
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def add_workdays(start: date, count: int) -> date | None:
    """The `count`-th working day after `start` (the day itself does not count, 行政处罚法第八十五条)."""
    day = start
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    for _ in range(MAX_DATE_SPAN_YEARS * 366):
        if left == 0:
            return day
        day += step
        working = is_workday(day)
        if working is None:
            return None
        left -= working
    return None


def workdays_between(start: date, end: date) -> int | None:
    """Working days after `start` up to and including `end`; negative when `end` is earlier."""
    if end < start:
        backwards = workdays_between(end, start)
        return None if backwards is None else -backwards
    if is_workday(start) is None or is_workday(end) is None:
        return None
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(bool(is_workday(day)) for day in days)
