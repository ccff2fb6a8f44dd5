"""Why an expression has its value: which facts it still needs, and which ones decided it."""

from __future__ import annotations

from collections.abc import Sequence

from eco_rules.ir.evaluate import truth_of
from eco_rules.ir.nodes import And, AtLeast, Atom, Literal, Node, Not, Or, Program, Ref, slots_of
from eco_rules.truth import Truth, negate
from eco_rules.values.kinds import Value


class Reading:
    """A program, the values of one case, and the truth of every expression."""

    def __init__(self, program: Program, values: Sequence[Value], truths: Sequence[Truth]) -> None:
        self._program = program
        self.values = values
        self._truths = truths

    def truth(self, node: Node) -> Truth:
        """Truth of any node of the program."""
        return truth_of(node, self.values, self._truths)

    def open_atoms(self, node: Node) -> list[Atom]:
        """The undecided atoms that keep an unknown node unknown; empty for a decided one."""
        return self._collect(node, None) if self.truth(node) is None else []

    def deciding_atoms(self, node: Node) -> list[tuple[Atom, bool]]:
        """For a decided node, the atoms that decided it, each with its own truth."""
        truth = self.truth(node)
        if truth is None:
            return []
        return [(atom, self.truth(atom) is True) for atom in self._collect(node, truth)]

    def controls(self, node: Node, slots: frozenset[int]) -> tuple[bool, bool]:
        """Whether values for these slots alone could make an unknown node true, and could make it false."""
        truth = self.truth(node)
        if truth is not None:
            return truth, not truth
        if isinstance(node, Ref):
            return self.controls(self._program.expressions[node.index], slots)
        if isinstance(node, Not):
            true, false = self.controls(node.item, slots)
            return false, true
        if isinstance(node, And | Or | AtLeast):
            parts = [self.controls(item, slots) for item in node.items]
            can_hold, can_fail = sum(true for true, _ in parts), sum(false for _, false in parts)
            count = 1 if isinstance(node, Or) else len(parts) if isinstance(node, And) else node.count
            return can_hold >= count, can_fail > len(parts) - count
        assert not isinstance(node, Literal)  # a literal is never unknown
        reached = not slots.isdisjoint(slots_of(node))
        return reached, reached

    def _collect(self, node: Node, wanted: Truth) -> list[Atom]:
        """Atoms below `node`, along the parts whose truth is `wanted`.

        Of the true parts of an `any` only the first is followed: it suffices.
        """
        if isinstance(node, Ref):
            return self._collect(self._program.expressions[node.index], wanted)
        if isinstance(node, Literal):
            return []
        if isinstance(node, Not):
            return self._collect(node.item, negate(wanted))
        if isinstance(node, And | Or | AtLeast):
            parts = [item for item in node.items if self.truth(item) is wanted]
            if isinstance(node, Or) and wanted is True:
                parts = parts[:1]
            return [atom for item in parts for atom in self._collect(item, wanted)]
        return [node]
