"""The meaning of expressions: strong Kleene over atoms, earlier expressions by reference."""

from __future__ import annotations

from collections.abc import Sequence

from eco_rules.ir.atoms import evaluate_atom
from eco_rules.ir.nodes import And, AtLeast, Literal, Node, Not, Or, Ref
from eco_rules.truth import Truth, all_of, any_of, at_least, negate
from eco_rules.values.kinds import Value


def truth_of(node: Node, values: Sequence[Value], truths: Sequence[Truth] = ()) -> Truth:
    """Truth of a node; `truths` are those of the program's earlier expressions."""
    if isinstance(node, Ref):
        return truths[node.index]
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, And):
        return all_of(truth_of(item, values, truths) for item in node.items)
    if isinstance(node, Or):
        return any_of(truth_of(item, values, truths) for item in node.items)
    if isinstance(node, Not):
        return negate(truth_of(node.item, values, truths))
    if isinstance(node, AtLeast):
        return at_least(node.count, (truth_of(item, values, truths) for item in node.items))
    return evaluate_atom(node, values)
