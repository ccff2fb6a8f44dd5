"""How derived facts are computed, and the meaning of it: the single definition every backend is tested against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from eco_rules.ir.evaluate import truth_of
from eco_rules.ir.functions import FUNCTIONS
from eco_rules.ir.nodes import Constant, Node
from eco_rules.values.kinds import Value


@dataclass(frozen=True, slots=True)
class Literal:
    """Always the same value."""

    value: Constant


@dataclass(frozen=True, slots=True)
class Read:
    """The value in `slot`."""

    slot: int


@dataclass(frozen=True, slots=True)
class Applied:
    """A function of `FUNCTIONS`, applied to what its arguments come to."""

    function: str
    arguments: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Truthful:
    """The truth of a condition."""

    condition: Node


@dataclass(frozen=True, slots=True)
class Cases:
    """The value of the first condition that holds; unknown while an earlier one of another value may hold."""

    items: tuple[tuple[Node, Constant], ...]


Operand: TypeAlias = Literal | Read | Applied
Formula: TypeAlias = Operand | Truthful | Cases


def value_of(formula: Formula, values: Sequence[Value]) -> Value:
    """What a formula comes to, given the values of earlier slots."""
    if isinstance(formula, Read):
        return values[formula.slot]
    if isinstance(formula, Literal):
        return formula.value
    if isinstance(formula, Applied):
        return FUNCTIONS[formula.function]([value_of(argument, values) for argument in formula.arguments])
    if isinstance(formula, Truthful):
        return truth_of(formula.condition, values)
    return _first_case(formula, values)


def _first_case(formula: Cases, values: Sequence[Value]) -> Value:
    candidates = set()
    for node, value in formula.items:
        truth = truth_of(node, values)
        if truth is not False:
            candidates.add(value)
        if truth:
            return value if len(candidates) == 1 else None
    return None
