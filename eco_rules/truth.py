"""Three-valued truth (strong Kleene): True, False, and None for unknown.

Kleene logic is not supervaluation: `p or not p` with an unknown `p` stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

Truth: TypeAlias = bool | None

UNKNOWN: Final[Truth] = None


def all_of(values: Iterable[Truth]) -> Truth:
    """False if any is false, else unknown if any is unknown, else true."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def any_of(values: Iterable[Truth]) -> Truth:
    """True if any is true, else unknown if any is unknown, else false."""
    result: Truth = False
    for value in values:
        if value:
            return True
        if value is None:
            result = None
    return result


def negate(value: Truth) -> Truth:
    """Swap true and false; unknown stays unknown."""
    return None if value is None else not value


def at_least(count: int, values: Iterable[Truth]) -> Truth:
    """True if `count` values are true, false if that can no longer happen."""
    sure = possible = 0
    for value in values:
        sure += value is True
        possible += value is not False
    if sure >= count:
        return True
    return False if possible < count else None
