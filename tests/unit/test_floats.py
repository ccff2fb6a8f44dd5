"""Python floats become the decimals a person would have written, and are refused where a text would be."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from eco_rules.ir.vocabulary import ValueProblemError, Vocabulary, parse_scalar
from eco_rules.model.facts import FactSpec
from eco_rules.values.units import Units

SPEC = FactSpec.model_validate({"label": "量", "type": "number", "question": "量是多少？"})
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


def told(raw: float, parse: Callable[[Any], Any]) -> Any:
    """The value, or the code of what is wrong with it."""
    try:
        return parse(raw)
    except ValueProblemError as problem:
        return problem.code


@pytest.mark.parametrize("raw", [*EDGES, math.inf, -math.inf, math.nan])
def test_a_float_is_read_like_any_number(raw: float) -> None:
    found = told(raw, VOCABULARY.readers["amount"].parse)
    assert found == told(raw, lambda it: parse_scalar(it, SPEC, VOCABULARY.units))
    assert found in ("E702", Decimal(repr(raw)))


def test_both_ends_of_what_is_allowed_are_met() -> None:
    allowed = {raw for raw in EDGES if told(raw, VOCABULARY.readers["amount"].parse) != "E702"}
    assert {1e-59, math.nextafter(1e60, 0)} <= allowed
    assert not {math.nextafter(1e-59, 0), 1e60} & allowed
