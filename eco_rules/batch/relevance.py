"""Which atoms can still matter once some of a case is known, for many kinds of cases at once.

A kind of case is a bit: a set of kinds is an `int`, and an expression is evaluated for all kinds together, on the
same two rails (`must`, `may`) as everywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import and_, or_

from eco_rules.ir.nodes import And, AtLeast, Atom, Fixed, Node, Not, Or, Program, Ref

Masks = tuple[int, int]
"""The kinds for which something surely holds, and those for which it may hold."""


class Relevance:
    """Looks for the atoms of a program that can change one of its expressions.

    Args:
        program: what is evaluated.
        atom: the kinds for which an atom is known to hold, and those for which it may.
        every: all kinds.
    """

    def __init__(self, program: Program, atom: Callable[[Atom], Masks], every: int) -> None:
        self._program = program
        self._atom = atom
        self._every = every
        self._known: dict[int, Masks] = {}
        self._expressions: list[Masks] = []
        self.seen: list[int] = []
        for expression in program.expressions:
            self._expressions.append(self._masks(expression))

    def atoms(self, roots: Mapping[int, int]) -> dict[Atom, int]:
        """For each atom that can change these expressions in the kinds they are wanted for, the kinds in which it can.

        `seen` then tells of every part that was come across in which kinds it is open, and of what is counted, in
        which it is decided, too.
        """
        wanted = [roots.get(index, 0) for index in range(len(self._expressions))]
        found: dict[Atom, int] = {}

        def look(node: Node, kinds: int) -> None:
            must, may = self._masks(node)
            kinds &= may & ~must
            if not kinds or isinstance(node, Fixed):
                return
            self.seen.append(kinds)
            if isinstance(node, Ref):
                wanted[node.index] |= kinds
            elif isinstance(node, Not):
                look(node.item, kinds)
            elif isinstance(node, And | Or | AtLeast):
                if isinstance(node, AtLeast):
                    self.seen += [kinds & self._masks(item)[0] for item in node.items]
                for item in node.items:
                    look(item, kinds)
            else:
                found[node] = found.get(node, 0) | kinds

        for index in range(len(wanted) - 1, -1, -1):  # an expression refers to earlier ones only
            if wanted[index]:
                look(self._program.expressions[index], wanted[index])
        return found

    def _masks(self, node: Node) -> Masks:
        found = self._known.get(id(node))
        if found is None:
            found = self._known[id(node)] = self._of(node)
        return found

    def _of(self, node: Node) -> Masks:
        if isinstance(node, Ref):
            return self._expressions[node.index]
        if isinstance(node, Fixed):
            return (self._every, self._every) if node.value else (0, 0)
        if isinstance(node, Not):
            must, may = self._masks(node.item)
            return self._every & ~may, self._every & ~must
        if isinstance(node, And | Or):
            parts = [self._masks(item) for item in node.items]
            join = and_ if isinstance(node, And) else or_
            start = self._every if isinstance(node, And) else 0
            return reduce(join, (part[0] for part in parts), start), reduce(join, (part[1] for part in parts), start)
        if isinstance(node, AtLeast):
            parts = [self._masks(item) for item in node.items]
            return _at_least(node.count, [part[0] for part in parts]), _at_least(
                node.count, [part[1] for part in parts]
            )
        return self._atom(node)


def _at_least(count: int, sets: Sequence[int]) -> int:
    """The kinds that are in at least so many of the sets."""
    reached = [-1] + [0] * count
    for kinds in sets:
        for number in range(count, 0, -1):
            reached[number] |= reached[number - 1] & kinds
    return reached[count]
