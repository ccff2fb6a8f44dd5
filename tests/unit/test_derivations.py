"""Generated derivations come to what the reference says, whatever is known of what they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from eco_rules import Corpus, Engine
from eco_rules.backends.derivations import computed
from eco_rules.ir.formulas import Applied, Cases, Formula, Literal, Read, Truthful, value_of
from eco_rules.ir.functions import FUNCTIONS
from eco_rules.ir.nodes import And, Below, Equals, Fixed, Known, Not, OneOf, Or
from eco_rules.ir.slots import Slot
from eco_rules.ir.vocabulary import FactKey
from eco_rules.values.kinds import Interval, Value

NUMBERS: Sequence[Value] = (
    None,
    0,
    3,
    Decimal("2.5"),
    Interval(1, 4),
    Interval(None, 2),
    Interval(Decimal("2.5"), None),
)
DAYS: Sequence[Value] = (
    None,
    date(2024, 1, 31),
    date(2024, 2, 29),
    Interval(date(2024, 1, 1), date(2024, 12, 31)),
    Interval(None, date(2024, 3, 1)),
)
WORDS: Sequence[Value] = (None, "a", "b", "c")

first, second = Read(0), Read(1)
low, named = Below(0, 3, None, inclusive=False), Equals(1, "a")

CASES = [
    Cases(((named, "x"), (OneOf(1, frozenset("ab")), "y"), (Known(0), "x"))),
    Cases(((low, "x"), (named, "x"), (Not(low), "y"))),
    Cases(((Not(named), True), (And((low, named)), False), (Fixed(value=True), True))),
]
TRUTHS = [Truthful(Or((low, Not(named)))), Truthful(Fixed(value=False)), Truthful(And((low, named)))]


def generated(formula: Formula, values: Sequence[Any]) -> Value:
    slot = Slot(FactKey("made"), lambda _values: pytest.fail("generated code computes"), (0, 1), None, formula)
    return computed(slot)(values)


@pytest.mark.parametrize("formula", [*CASES, *TRUTHS], ids=lambda item: type(item).__name__)
def test_conditions(formula: Formula) -> None:
    seen = set()
    for values in product(NUMBERS, WORDS):
        found = generated(formula, values)
        assert found is value_of(formula, values), values
        seen.add(found)
    assert len(seen) > 1 or formula == Truthful(Fixed(value=False))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions(name: str) -> None:
    function = FUNCTIONS[name]
    known = {"number": NUMBERS, "date": DAYS}
    whole = {"days_after", "workdays_after", "months_after", "months_before"}
    for values in product(*(known[kind] for kind in function.arguments)):
        formula = Applied(name, tuple(Read(at) for at in range(len(values))))
        assert generated(formula, values) == value_of(formula, values), values
        if function.result == "number" and name not in whole:
            nested = Applied("larger", (formula, Literal(2)))
            assert generated(nested, values) == value_of(nested, values), values


def test_every_bundled_fact_without_records_is_generated(corpus: Corpus) -> None:
    engine = Engine(corpus)
    own = []
    for matter in corpus.matters.values():
        slots = engine.prepared(matter, "4407", date(2026, 7, 1)).stack.table.slots
        own += [slot for slot in slots if slot.compute is not None and slot.formula is None]
    assert {spec_kind(corpus, slot) for slot in own} == {"Aggregate"}


def spec_kind(corpus: Corpus, slot: Slot) -> str:
    specs = [subject.facts[slot.key.name] for subject in corpus.subjects.values() if slot.key.name in subject.facts]
    return type(specs[0].derive).__name__


def test_an_unknown_argument_leaves_a_bound_only_where_one_is_picked() -> None:
    day = date(2024, 3, 1)
    assert value_of(Applied("earlier", (first, second)), (None, day)) == Interval(None, day)
    assert value_of(Applied("later", (first, second)), (None, day)) == Interval(day, None)
    assert value_of(Applied("days_after", (first, second)), (None, 3)) is None
    assert value_of(Applied("plus", (first, second)), (Interval(1, None), 3)) == Interval(4, None)
