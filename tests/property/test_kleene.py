"""The laws of strong Kleene logic, and monotonicity: learning more never turns true into false."""

from __future__ import annotations

from itertools import product

import pytest

from eco_rules.truth import Truth, all_of, any_of, at_least, negate

VALUES: tuple[Truth, ...] = (True, False, None)
PAIRS = list(product(VALUES, repeat=2))
TRIPLES = list(product(VALUES, repeat=3))


def refines(more: Truth, less: Truth) -> bool:
    """Whether `more` knows at least what `less` knows."""
    return less is None or more is less


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_de_morgan_and_commutativity(a: Truth, b: Truth) -> None:
    assert negate(all_of((a, b))) is any_of((negate(a), negate(b)))
    assert negate(any_of((a, b))) is all_of((negate(a), negate(b)))
    assert all_of((a, b)) is all_of((b, a))
    assert any_of((a, b)) is any_of((b, a))
    assert negate(negate(a)) is a


@pytest.mark.parametrize("values", TRIPLES)
def test_at_least_is_between_any_and_all(values: tuple[Truth, ...]) -> None:
    assert at_least(1, values) is any_of(values)
    assert at_least(3, values) is all_of(values)
    assert negate(at_least(2, values)) is at_least(2, [negate(value) for value in values])


@pytest.mark.parametrize(("less", "more"), [(a, b) for a in TRIPLES for b in TRIPLES if all(map(refines, b, a))])
def test_learning_more_never_contradicts(less: tuple[Truth, ...], more: tuple[Truth, ...]) -> None:
    for combine in (all_of, any_of, lambda values: at_least(2, values)):
        assert refines(combine(more), combine(less))


def test_unknown_is_not_false() -> None:
    assert all_of((True, None)) is None
    assert any_of((False, None)) is None
    assert negate(None) is None
    assert any_of((None, negate(None))) is None
