"""Why an expression has its value: which facts it still needs, and which ones decided it."""

from __future__ import annotations

from collections.abc import Sequence

from eco_rules.ir.evaluate import truth_of
from eco_rules.ir.nodes import And, AtLeast, Atom, Fixed, Node, Not, Or, Program, Ref
from eco_rules.truth import Truth, all_of, any_of, negate
from eco_rules.values.kinds import Value


class Reading:
    """A program, the values of one case, and the truth of every expression."""

    def __init__(self, program: Program, values: Sequence[Value], truths: Sequence[Truth]) -> None:
        self._program = program
        self.values = values
        self._truths = truths
        self._seen: dict[int, Truth] = {}

    def truth(self, node: Node) -> Truth:
        """Truth of any node of the program (each is worked out once)."""
        if isinstance(node, Ref):
            return self._truths[node.index]
        key = id(node)  # the program keeps its nodes alive, so an id stays theirs
        if key not in self._seen:
            self._seen[key] = self._work_out(node)
        return self._seen[key]

    def _work_out(self, node: Node) -> Truth:
        if isinstance(node, And):
            return all_of(self.truth(item) for item in node.items)
        if isinstance(node, Or):
            return any_of(self.truth(item) for item in node.items)
        return truth_of(node, self.values, self._truths)

    def open_atoms(self, node: Node) -> list[Atom]:
        """The undecided atoms that keep an unknown node unknown; empty for a decided one."""
        return self._collect(node, None) if self.truth(node) is None else []

    def deciding_atoms(self, node: Node) -> list[Atom]:
        """The atoms that made a decided node true or false; empty for an unknown one."""
        truth = self.truth(node)
        return [] if truth is None else self._collect(node, truth)

    def _collect(self, node: Node, wanted: Truth) -> list[Atom]:
        """Atoms below `node`, along the parts whose truth is `wanted`.

        Of the true parts of an `any` only the first is followed: it suffices.
        """
        if isinstance(node, Ref):
            return self._collect(self._program.expressions[node.index], wanted)
        if isinstance(node, Fixed):
            return []
        if isinstance(node, Not):
            return self._collect(node.item, negate(wanted))
        if isinstance(node, And | Or | AtLeast):
            return [atom for item in self._parts(node, wanted) for atom in self._collect(item, wanted)]
        return [node]

    def _parts(self, node: And | Or | AtLeast, wanted: Truth) -> Sequence[Node]:
        """The parts that share the truth of the whole; all of them where that follows."""
        if (isinstance(node, And) and wanted) or (isinstance(node, Or) and wanted is False):
            return node.items
        if isinstance(node, Or) and wanted:
            return [next(item for item in node.items if self.truth(item))]
        return [item for item in node.items if self.truth(item) is wanted]
