"""The meaning of expressions: strong Kleene over atoms, earlier expressions by reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from eco_rules.ir.atoms import evaluate_atom
from eco_rules.ir.nodes import ATOM_KINDS, And, AtLeast, Fixed, Node, Not, Or, Ref
from eco_rules.truth import Truth, all_of, any_of, at_least, negate
from eco_rules.values.kinds import Value


def truth_of(node: Node, values: Sequence[Value], truths: Sequence[Truth] = ()) -> Truth:
    """Truth of a node; `truths` are those of the program's earlier expressions."""
    return _MEANING[type(node)](node, values, truths)


def _and(node: And, values: Sequence[Value], truths: Sequence[Truth]) -> Truth:
    return all_of(truth_of(item, values, truths) for item in node.items)


def _or(node: Or, values: Sequence[Value], truths: Sequence[Truth]) -> Truth:
    return any_of(truth_of(item, values, truths) for item in node.items)


def _not(node: Not, values: Sequence[Value], truths: Sequence[Truth]) -> Truth:
    return negate(truth_of(node.item, values, truths))


def _at_least(node: AtLeast, values: Sequence[Value], truths: Sequence[Truth]) -> Truth:
    return at_least(node.count, (truth_of(item, values, truths) for item in node.items))


def _ref(node: Ref, _values: Sequence[Value], truths: Sequence[Truth]) -> Truth:
    return truths[node.index]


def _literal(node: Fixed, _values: Sequence[Value], _truths: Sequence[Truth]) -> Truth:
    return node.value


def _atom(node: Any, values: Sequence[Value], _truths: Sequence[Truth]) -> Truth:
    return evaluate_atom(node, values)


_MEANING: dict[type, Callable[[Any, Sequence[Value], Sequence[Truth]], Truth]] = {
    And: _and,
    Or: _or,
    Not: _not,
    AtLeast: _at_least,
    Ref: _ref,
    Fixed: _literal,
    **dict.fromkeys(ATOM_KINDS, _atom),
}
