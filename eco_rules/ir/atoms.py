"""The truth of one atom, given the values. The single definition every backend is tested against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from eco_rules.ir.compare import equal, less
from eco_rules.ir.nodes import Atom, Below, Equals, Includes, Intersects, Known, OneOf, Within
from eco_rules.truth import Truth
from eco_rules.values.kinds import Members, Value, is_exact


def evaluate_atom(atom: Atom, values: Sequence[Value]) -> Truth:
    """True, False, or None when the values do not decide it."""
    if type(atom) is Below:
        limit: Value = atom.limit if atom.other is None else values[atom.other]
        return less(values[atom.slot], limit, inclusive=atom.inclusive)
    value = values[atom.slot]
    if value is None:
        return None
    return _TESTS[type(atom)](atom, value)


def _equals(atom: Equals, value: Value) -> Truth:
    return equal(value, atom.value)


def _one_of(atom: OneOf, value: Value) -> Truth:
    return value in atom.values


def _known(_atom: Known, value: Value) -> Truth:
    return True if is_exact(value) else None


def _intersects(atom: Intersects, value: Members) -> Truth:
    if not value.present.isdisjoint(atom.values):
        return True
    return False if value.possible is not None and value.possible.isdisjoint(atom.values) else None


def _includes(atom: Includes, value: Members) -> Truth:
    if atom.values <= value.present:
        return True
    return False if value.possible is not None and not atom.values <= value.possible else None


def _within(atom: Within, value: Members) -> Truth:
    if value.possible is None:
        return None
    if value.possible <= atom.values:
        return True
    return False if value.possible.isdisjoint(atom.values) else None


_TESTS: dict[type, Callable[[Any, Any], Truth]] = {
    Equals: _equals,
    OneOf: _one_of,
    Known: _known,
    Intersects: _intersects,
    Includes: _includes,
    Within: _within,
}
