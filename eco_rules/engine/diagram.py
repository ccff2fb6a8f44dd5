"""Reduced ordered decision diagrams: a result as a function of what is still open.

A variable stands in the reduced diagram exactly when the result depends on it, so `variables` are the
questions that can still matter, and `leaves` the results still possible.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

Leaf = TypeVar("Leaf", bound=Hashable)
Variable: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Node(Generic[Leaf]):
    """`low` if the variable is false, `high` if it is true."""

    variable: Variable
    low: Diagram[Leaf]
    high: Diagram[Leaf]


@dataclass(frozen=True, slots=True, eq=False)
class End(Generic[Leaf]):
    """A result."""

    leaf: Leaf


Diagram: TypeAlias = Node[Leaf] | End[Leaf]


class Builder(Generic[Leaf]):
    """Makes nodes and ends, sharing equal ones so that identity is equality."""

    def __init__(self) -> None:
        self._ends: dict[Leaf, End[Leaf]] = {}
        self._nodes: dict[tuple[Variable, int, int], Node[Leaf]] = {}

    def end(self, leaf: Leaf) -> End[Leaf]:
        """The end with this result."""
        return self._ends.setdefault(leaf, End(leaf))

    def node(self, variable: Variable, low: Diagram[Leaf], high: Diagram[Leaf]) -> Diagram[Leaf]:
        """A choice on `variable`, unless both branches are the same."""
        if low is high:
            return low
        key = (variable, id(low), id(high))
        return self._nodes.setdefault(key, Node(variable, low, high))

    def copy(self, diagram: Diagram[Leaf], prefix: int) -> Diagram[Leaf]:
        """The diagram in this builder, its variables prefixed."""
        if isinstance(diagram, End):
            return self.end(diagram.leaf)
        low, high = self.copy(diagram.low, prefix), self.copy(diagram.high, prefix)
        return self.node((prefix, *diagram.variable), low, high)

    def combine(self, left: Diagram[Leaf], right: Diagram[Leaf], pick: Callable[[Leaf, Leaf], Leaf]) -> Diagram[Leaf]:
        """The diagram of `pick(left, right)`; all variables of `left` come before those of `right`."""
        done: dict[tuple[int, int], Diagram[Leaf]] = {}

        def walk(one: Diagram[Leaf], two: Diagram[Leaf]) -> Diagram[Leaf]:
            key = (id(one), id(two))
            if key not in done:
                if isinstance(one, Node):
                    done[key] = self.node(one.variable, walk(one.low, two), walk(one.high, two))
                elif isinstance(two, Node):
                    done[key] = self.node(two.variable, walk(one, two.low), walk(one, two.high))
                else:
                    done[key] = self.end(pick(one.leaf, two.leaf))
            return done[key]

        return walk(left, right)


def leaves(diagram: Diagram[Leaf]) -> list[Leaf]:
    """Every result still possible, each once, first found first."""
    return list(dict.fromkeys(item.leaf for item in _visit(diagram) if isinstance(item, End)))


def variables(diagram: Diagram[Leaf]) -> list[Variable]:
    """Every variable the result depends on."""
    return sorted({item.variable for item in _visit(diagram) if isinstance(item, Node)})


def assume(diagram: Diagram[Leaf], chosen: dict[Variable, bool]) -> int:
    """How many results remain possible when some variables are fixed."""
    seen: set[int] = set()
    found: set[Leaf] = set()
    todo = [diagram]
    while todo:
        item = todo.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, End):
            found.add(item.leaf)
        elif item.variable in chosen:
            todo.append(item.high if chosen[item.variable] else item.low)
        else:
            todo += [item.low, item.high]
    return len(found)


def _visit(diagram: Diagram[Leaf]) -> list[Diagram[Leaf]]:
    seen: dict[int, Diagram[Leaf]] = {}
    todo = [diagram]
    while todo:
        item = todo.pop()
        if id(item) not in seen:
            seen[id(item)] = item
            if isinstance(item, Node):
                todo += [item.high, item.low]
    return list(seen.values())
