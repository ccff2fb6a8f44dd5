"""Python floats become the decimals a person would have written, and are refused where a text would be."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest

from eco_rules.ir.vocabulary import ValueProblemError, Vocabulary, parse_scalar
from eco_rules.model.facts import FactSpec
from eco_rules.values.units import Units

SPEC = FactSpec(label="量", type="number")
VOCABULARY = Vocabulary({"amount": SPEC}, Units({}))
EDGES = [
    0.0,
    -0.0,
    0.1,
    -2.5,
    1e16,
    1e-59,
    math.nextafter(1e-59, 0),
    1e59,
    math.nextafter(1e60, 0),
    1e60,
    -1e60,
    5e-324,
]


def read(raw: Any) -> Any:
    return VOCABULARY.readers["amount"].parse(raw)


@pytest.mark.parametrize("raw", [*EDGES, math.inf, -math.inf, math.nan])
def test_a_float_is_read_like_any_number(raw: float) -> None:
    try:
        wanted = parse_scalar(raw, SPEC, VOCABULARY.units)
    except ValueProblemError as problem:
        with pytest.raises(ValueProblemError) as refused:
            read(raw)
        assert refused.value.code == problem.code
        return
    assert read(raw) == wanted == Decimal(repr(raw))


def test_both_ends_of_what_is_allowed_are_met() -> None:
    allowed = {raw for raw in EDGES if parsed(raw)}
    assert {1e-59, math.nextafter(1e60, 0)} <= allowed
    assert not {math.nextafter(1e-59, 0), 1e60} & allowed


def parsed(raw: float) -> bool:
    try:
        return read(raw) is not None
    except ValueProblemError:
        return False
