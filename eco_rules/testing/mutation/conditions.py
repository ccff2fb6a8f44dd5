"""The small changes of one condition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from eco_rules.model.condition import (
    Condition,
    FactOperand,
    Junction,
    Negation,
    OutcomeOf,
    ParameterOperand,
    Path,
    Quorum,
    Test,
)
from eco_rules.testing.mutation.mutant import Operator
from eco_rules.testing.mutation.steps import beside
from eco_rules.testing.points import place_of

Kinds = Callable[[str], str]
"""The type of a fact by its name in a condition; empty where there is none."""

Item = TypeVar("Item")

_EDGES = {"lt": "le", "le": "lt", "gt": "ge", "ge": "gt"}
_OPPOSITES = {"eq": "ne", "ne": "eq", "in": "not_in", "not_in": "in", "any_of": "none_of", "none_of": "any_of"}
_LISTS = ("in", "not_in", "any_of", "all_of", "none_of")


@dataclass(frozen=True, slots=True)
class Variant:
    """A condition with one change, where in it the change was made, and what stands there now."""

    operator: Operator
    path: Path
    now: str
    condition: Condition


def variants(condition: Condition, kinds: Kinds) -> Iterator[Variant]:
    """Every small change of a condition."""
    if isinstance(condition, Junction):
        yield from _of_junction(condition, kinds)
    elif isinstance(condition, Quorum):
        yield from _of_quorum(condition, kinds)
    elif isinstance(condition, Negation):
        yield Variant("negation", place_of(condition), "− not", condition.item)
        for inner in variants(condition.item, kinds):
            if inner.operator != "negation" or isinstance(condition.item, Junction | Quorum):
                yield replace(inner, condition=Negation(inner.condition))
    elif isinstance(condition, Test):
        yield from _of_test(condition, kinds(condition.fact))
    else:
        path = place_of(condition)
        yield Variant("negation", path, "not", Negation(condition))
        if isinstance(condition, OutcomeOf) and len(condition.outcomes) > 1:
            for index, name in enumerate(condition.outcomes):
                yield Variant(
                    "member", path, f"− {name}", replace(condition, outcomes=_without(condition.outcomes, index))
                )


def _of_junction(junction: Junction, kinds: Kinds) -> Iterator[Variant]:
    if len(junction.items) > 1:
        swapped = Junction(not junction.every, junction.items)
        yield Variant("junction", place_of(junction), "all" if swapped.every else "any", swapped)
    yield from _of_items(junction.items, kinds, lambda items: Junction(junction.every, items))


def _of_quorum(quorum: Quorum, kinds: Kinds) -> Iterator[Variant]:
    for count in (quorum.count - 1, quorum.count + 1):
        if 1 <= count <= len(quorum.items):
            yield Variant("threshold", place_of(quorum), f"n: {count}", Quorum(count, quorum.items))
    yield from _of_items(quorum.items, kinds, lambda items: Quorum(min(quorum.count, len(items)), items))


def _of_items(
    items: tuple[Condition, ...], kinds: Kinds, build: Callable[[tuple[Condition, ...]], Condition]
) -> Iterator[Variant]:
    """Each item dropped, negated where it is a list itself, or changed."""
    for index, item in enumerate(items):
        if len(items) > 1:
            yield Variant("item", place_of(item), "−", build(_without(items, index)))
        if isinstance(item, Junction | Quorum) and len(item.items) > 1:
            yield Variant("negation", place_of(item), "not", build(_with(items, index, Negation(item))))
        for inner in variants(item, kinds):
            yield replace(inner, condition=build(_with(items, index, inner.condition)))


def _of_test(test: Test, kind: str) -> Iterator[Variant]:
    if test.operator in _OPPOSITES:
        opposite = _OPPOSITES[test.operator]
        if test.operator == "eq" and kind == "set":  # on a set it means that the value is in it
            opposite = "none_of"
        yield Variant("negation", test.path, opposite, replace(test, operator=opposite))
    else:
        yield Variant("negation", test.path, "not", Negation(test))
    if edge := _EDGES.get(test.operator):
        yield Variant("boundary", test.path, edge, replace(test, operator=edge))
    if test.operator in ("any_of", "all_of") and isinstance(test.operand, tuple) and len(test.operand) > 1:
        other = "all_of" if test.operator == "any_of" else "any_of"
        yield Variant("junction", test.path, other, replace(test, operator=other))
    yield from _of_operand(test, kind)
    for index, (name, value) in enumerate(test.arguments):
        for near in beside(value, "integer"):
            changed = _with(test.arguments, index, (name, near))
            yield Variant("threshold", test.path, f"{name}: {near}", replace(test, arguments=changed))


def _of_operand(test: Test, kind: str) -> Iterator[Variant]:
    operand = test.operand
    if isinstance(operand, tuple):
        for index, item in enumerate(operand):
            for near in beside(item, kind):
                yield Variant("threshold", test.path, str(near), replace(test, operand=_with(operand, index, near)))
            if test.operator in _LISTS and len(operand) > 1:
                dropped = replace(test, operand=_without(operand, index))
                yield Variant("member", test.path, f"− {item}", dropped)
    elif not isinstance(operand, FactOperand | ParameterOperand):
        for near in beside(operand, kind):
            yield Variant("threshold", test.path, str(near), replace(test, operand=near))


def _without(items: tuple[Item, ...], index: int) -> tuple[Item, ...]:
    return items[:index] + items[index + 1 :]


def _with(items: tuple[Item, ...], index: int, item: Item) -> tuple[Item, ...]:
    return (*items[:index], item, *items[index + 1 :])
