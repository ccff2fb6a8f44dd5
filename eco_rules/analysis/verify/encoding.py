"""Programs as formulas of z3: whether an expression holds of the facts, and whether what is told of them shows it.

Exact on booleans, enums, sets, numbers and dates. A derived fact is first left free; what its derivation
gives for the case of a model is then learnt, until model and derivation agree (`witness`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

import z3

from eco_rules.analysis.verify.variables import FALSE, TRUE, Clause, Listed, Ordered, Outcome, Several, Single, Variable
from eco_rules.ir.facts import OUTCOME_PREFIX, matter_asked
from eco_rules.ir.lower import Stack
from eco_rules.ir.nodes import (
    ATOM_KINDS,
    And,
    AtLeast,
    Atom,
    Below,
    Constant,
    Equals,
    Fixed,
    Includes,
    Intersects,
    Node,
    Not,
    OneOf,
    Or,
    Ref,
    Within,
    slots_of,
    walk,
)
from eco_rules.ir.slots import SlotTable
from eco_rules.ir.vocabulary import FactKey
from eco_rules.loading.corpus import Corpus
from eco_rules.model.facts import FactSpec

Rail = Literal["holds", "must", "may"]
"""Of the facts themselves (`holds`); of what is told of them: shown to hold, or not shown to fail."""
_OPPOSITE: dict[Rail, Rail] = {"holds": "holds", "must": "may", "may": "must"}
_YEARS = 366 * 30


class Facts:
    """The variables of the facts that some stacks read, shared between the stacks.

    `domain` are the values facts can have, `header` binds the case's own dates to `day`, `told` is what can be
    told of facts; a fact that is presumed is always told. `homes` has for each fact a table that has a slot for it.
    """

    def __init__(self, corpus: Corpus, stacks: Sequence[Stack], day: date) -> None:
        self._corpus = corpus
        self._day = day
        self._scale = max(_decimals(stack) for stack in stacks)
        self.stacks = tuple(stacks)
        self.variables: dict[FactKey, Variable] = {}
        self.homes: dict[FactKey, SlotTable] = {}
        self.domain: list[z3.BoolRef] = []
        self.header: list[z3.BoolRef] = []
        self.told: list[z3.BoolRef] = []
        tested = [(stack, _tests(stack)) for stack in stacks]
        named: dict[FactKey, dict[str, None]] = {}
        for _, tests in tested:
            for key, atoms in tests.items():
                named.setdefault(key, {}).update(dict.fromkeys(name for atom in atoms for name in _named(atom)))
        for stack, tests in tested:
            for key in tests:
                if key not in self.variables:
                    self._add(stack, key, tuple(named[key]))

    def day(self, name: str) -> z3.ArithRef | None:
        """One of the case's own dates, where some stack tests it."""
        variable = self.variables.get(FactKey(name))
        return variable.number if isinstance(variable, Ordered) else None

    def _add(self, stack: Stack, key: FactKey, named: Sequence[str]) -> None:
        name = str(key)
        if key.name.startswith(OUTCOME_PREFIX):
            variable: Variable = Outcome(name, list(self._corpus.matters[matter_asked(name[1:])].outcomes))
        else:
            spec = stack.table.vocabulary.spec(key)
            slot = stack.table.slots[stack.table.find(key) or 0]
            variable = self._variable(name, spec, named, derived=slot.compute is not None)
            if spec.header:
                self.header.append(variable.same(self._day))
            if spec.header or slot.presumed is not None:
                self.told.append(variable.exact)
        self.variables[key] = variable
        self.homes[key] = stack.table
        self.domain += variable.limits
        self.told += variable.told_limits

    def _variable(self, name: str, spec: FactSpec, named: Sequence[str], *, derived: bool) -> Variable:
        values = list(dict.fromkeys((*spec.values, *named)))
        if spec.type == "boolean":
            return Single(name, None)
        if spec.type == "records":
            return Listed(name)
        if spec.type == "set":
            return Several(name, values)
        if spec.type == "clause":
            return Clause(name, values)
        if spec.type not in ("date", "number", "integer"):
            return Single(name, values, others=spec.type != "enum")
        scale = None if spec.type == "date" else self._scale
        variable = Ordered(name, scale, whole=spec.type == "integer", open_ends=derived)
        if spec.type == "date":
            number = self._day.toordinal()
            variable.between(date.fromordinal(number - _YEARS + 1), date.fromordinal(number + _YEARS - 1))
        else:
            variable.between(spec.min, spec.max)
        return variable


class Encoding:
    """A formula for each expression of a stack, on each rail, made when it is wanted."""

    def __init__(self, facts: Facts, stack: Stack) -> None:
        self.facts = facts
        self.stack = stack
        self._made: dict[tuple[int, Rail], z3.BoolRef] = {}

    def formula(self, index: int, rail: Rail = "holds") -> z3.BoolRef:
        """When an expression of the program holds; earlier ones it refers to are made first."""
        key = (index, rail)
        if key not in self._made:
            self._made[key] = self.node(self.stack.program.expressions[index], rail)
        return self._made[key]

    def key(self, slot: int) -> FactKey:
        """The fact of a slot."""
        return self.stack.table.slots[slot].key

    def node(self, node: Node, rail: Rail) -> z3.BoolRef:
        """When a node holds."""
        match node:
            case Fixed():
                return TRUE if node.value else FALSE
            case Ref():
                return self.formula(node.index, rail)
            case Not():
                return z3.Not(self.node(node.item, _OPPOSITE[rail]))
            case And():
                return z3.And([self.node(item, rail) for item in node.items])
            case Or():
                return z3.Or([self.node(item, rail) for item in node.items])
            case AtLeast():
                return z3.AtLeast(*[self.node(item, rail) for item in node.items], node.count)
            case _:
                return self._atom(node, rail)

    def _atom(self, atom: Atom, rail: Rail) -> z3.BoolRef:
        variable = self.facts.variables[self.key(atom.slot)]
        other = None
        if isinstance(atom, Below) and atom.other is not None:
            other = self.facts.variables[self.key(atom.other)]
        test: dict[Rail, Callable[[Atom, Variable | None], z3.BoolRef]]
        test = {"holds": variable.holds, "must": variable.surely, "may": variable.possibly}
        return test[rail](atom, other)


def _tests(stack: Stack) -> dict[FactKey, list[Atom]]:
    """The facts that expressions of a stack test, each with its tests, and what deadlines and derived facts start from."""
    found: dict[FactKey, list[Atom]] = {}
    for expression in stack.program.expressions:
        for node in walk(expression):
            if isinstance(node, ATOM_KINDS):
                for slot in slots_of(node):
                    found.setdefault(stack.table.slots[slot].key, []).append(node)
    for side in stack.sides:
        due = getattr(side.item, "due", None)
        if due is not None and stack.table.find(key := FactKey(due.fact or due.after)) is not None:
            found.setdefault(key, [])
    for key in list(found):
        for ground in _grounds(stack, key):
            found.setdefault(ground, [])
    return found


def _grounds(stack: Stack, key: FactKey) -> Iterator[FactKey]:
    """What is stated so that a fact that cannot be stated follows; records stay empty."""
    slot = stack.table.slots[stack.table.find(key) or 0]
    if slot.compute is None or stack.table.vocabulary.spec(key).question:
        return
    for index in slot.inputs:
        other = stack.table.slots[index].key
        spec = stack.table.vocabulary.spec(other)
        if stack.table.slots[index].compute is not None:
            yield from _grounds(stack, other)
        elif spec.type != "records" and not spec.header:
            yield other


def _named(atom: Atom) -> Iterable[str]:
    if isinstance(atom, OneOf | Intersects | Includes | Within):
        return sorted(atom.values)
    return [atom.value] if isinstance(atom, Equals) and isinstance(atom.value, str) else []


def _decimals(stack: Stack) -> int:
    """Decimals that tell apart every threshold, and leave room between two of them."""
    return max((_places(limit) for limit in _limits(stack)), default=0) + 1


def _limits(stack: Stack) -> Iterator[Constant | None]:
    for expression in stack.program.expressions:
        for node in walk(expression):
            if isinstance(node, Below):
                yield node.limit
            elif isinstance(node, Equals):
                yield node.value


def _places(limit: Constant | None) -> int:
    return max(0, -int(limit.normalize().as_tuple().exponent)) if isinstance(limit, Decimal) else 0
