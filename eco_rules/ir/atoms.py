"""The truth of one atom, given the values. The single definition every backend is tested against."""

from __future__ import annotations

from collections.abc import Sequence

from eco_rules.ir.compare import equal, less
from eco_rules.ir.nodes import Atom, Below, Equals, Includes, Intersects, Known, OneOf, Within
from eco_rules.truth import Truth
from eco_rules.values.kinds import Members, Value, is_exact


def evaluate_atom(atom: Atom, values: Sequence[Value]) -> Truth:
    """True, False, or None when the values do not decide it."""
    value = values[atom.slot]
    if isinstance(atom, Below):
        limit: Value = atom.limit if atom.other is None else values[atom.other]
        return less(value, limit, inclusive=atom.inclusive)
    if isinstance(atom, Known):
        return True if is_exact(value) else None
    if isinstance(atom, Equals):
        return equal(value, atom.value)
    if value is None:
        return None
    return value in atom.values if isinstance(atom, OneOf) else _set_test(atom, value)


def _set_test(atom: Intersects | Includes | Within, value: Value) -> Truth:
    assert isinstance(value, Members)  # the border admits nothing else into a set slot
    possible = value.possible
    if isinstance(atom, Intersects):
        if not value.present.isdisjoint(atom.values):
            return True
        return False if possible is not None and possible.isdisjoint(atom.values) else None
    if isinstance(atom, Within):
        if possible is None or not possible.isdisjoint(atom.values):
            return True if possible is not None and possible <= atom.values else None
        return False
    if atom.values <= value.present:
        return True
    return False if possible is not None and not atom.values <= possible else None
