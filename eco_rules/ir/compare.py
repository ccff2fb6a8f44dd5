"""Three-valued comparison of two values: the meaning of every operator."""

from __future__ import annotations

from collections.abc import Sequence

from eco_rules.truth import Truth, all_of, any_of, negate
from eco_rules.values.clauses import ClauseName
from eco_rules.values.kinds import Interval, Ordered, Value, bounds


def less(left: Value, right: Value, *, inclusive: bool) -> Truth:
    """Whether left < right (≤ when `inclusive`), as far as the bounds tell."""
    if left is None and right is None:
        return None
    low_a, high_a = bounds(left)
    low_b, high_b = bounds(right)
    if _surely(high_a, low_b, inclusive=inclusive):
        return True
    return False if _surely(high_b, low_a, inclusive=not inclusive) else None


def equal(left: Value, right: Value) -> Truth:
    """Whether both are the same value."""
    if left is None or right is None:
        return None
    if type(left) is Interval or type(right) is Interval:
        low, high = bounds(left)
        if low is not None and low == high and bounds(right) == (low, high):
            return True
        apart = less(left, right, inclusive=False) or less(right, left, inclusive=False)
        return False if apart else None
    if type(left) is ClauseName and type(right) is ClauseName:
        return left.same(right)
    return left == right


def compare(operator: str, left: Value, right: Sequence[Value]) -> Truth:
    """Truth of `left operator right`; `right` has one item, two for `between`, any number for `in`."""
    if operator == "in":
        return any_of(equal(left, item) for item in right)
    if operator == "not_in":
        return negate(any_of(equal(left, item) for item in right))
    if operator == "between":
        return all_of((less(right[0], left, inclusive=True), less(left, right[1], inclusive=True)))
    if operator in ("lt", "le"):
        return less(left, right[0], inclusive=operator == "le")
    if operator in ("gt", "ge"):
        return less(right[0], left, inclusive=operator == "ge")
    same = equal(left, right[0])
    return negate(same) if operator == "ne" else same


def _surely(left: Ordered | None, right: Ordered | None, *, inclusive: bool) -> bool:
    if left is None or right is None:
        return False
    return left <= right if inclusive else left < right  # type: ignore[operator]
