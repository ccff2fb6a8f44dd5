"""A program over fully known cases, as formulas of z3.

Exact on booleans, enums, sets, numbers and dates. A derived fact is first left free; what its derivation
gives for the case of a model is then learnt (`Encoding.learn`), until model and derivation agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, assert_never

import z3

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
    Known,
    Node,
    Not,
    OneOf,
    Or,
    Ref,
    Within,
    walk,
)
from eco_rules.loading.corpus import Corpus
from eco_rules.values.kinds import Members, Value

_YEARS = 366 * 30


class Encoding:
    """Variables for the facts of a stack, and a formula for each expression."""

    def __init__(self, corpus: Corpus, stack: Stack, day: date) -> None:
        self._corpus = corpus
        self.stack = stack
        self._day = day
        self._scale = _decimals(stack)
        self._atoms = _atoms_by_slot(stack)
        self.variables: dict[int, Any] = {slot: self._variable(slot) for slot in self._atoms}
        self.domain: list[z3.BoolRef] = [item for slot in self._atoms for item in self._limits(slot)]
        self._formulas: list[z3.BoolRef] = []
        for node in stack.program.expressions:
            self._formulas.append(self._node(node))

    def formula(self, index: int) -> z3.BoolRef:
        """When an expression of the program holds."""
        return self._formulas[index]

    def value(self, model: z3.ModelRef, slot: int) -> Value:
        """The value a model gives a fact."""
        variable, kind = self.variables[slot], self._kind(slot)
        if kind == "set":
            held = frozenset(name for name, item in variable.items() if z3.is_true(model.eval(item, True)))
            return Members(held, held)
        if kind == "boolean":
            return bool(z3.is_true(model.eval(variable, True)))
        number = int(model.eval(variable, True).as_long())
        if kind == "date":
            return date.fromordinal(number)
        if kind in ("number", "integer"):
            exact = Decimal(number).scaleb(-self._scale)
            return int(exact) if kind == "integer" else exact
        names = self._names(slot)
        return names[number]

    def same(self, slot: int, value: Value) -> z3.BoolRef:
        """The fact has this value."""
        variable, kind = self.variables[slot], self._kind(slot)
        if isinstance(value, Members):
            return z3.And([item == (name in value.present) for name, item in variable.items()])
        if kind == "boolean":
            return variable == bool(value)
        if kind in ("enum", "text", "clause", "outcome"):
            names = self._names(slot)
            return variable == (names.index(str(value)) if str(value) in names else len(names))
        return variable == self._number(value)  # type: ignore[arg-type]

    def _kind(self, slot: int) -> str:
        key = self.stack.table.slots[slot].key
        return "outcome" if key.name.startswith(OUTCOME_PREFIX) else self.stack.table.vocabulary.spec(key).type

    def _names(self, slot: int) -> list[str]:
        key = self.stack.table.slots[slot].key
        if key.name.startswith(OUTCOME_PREFIX):
            return list(self._corpus.matters[matter_asked(key.name.removeprefix(OUTCOME_PREFIX))].outcomes)
        values = list(self.stack.table.vocabulary.spec(key).values)
        named = (name for atom in self._atoms[slot] for name in _named(atom))
        return list(dict.fromkeys((*values, *named)))

    def _variable(self, slot: int) -> Any:
        kind, name = self._kind(slot), str(self.stack.table.slots[slot].key)
        if kind == "boolean":
            return z3.Bool(name)
        if kind == "set":
            return {item: z3.Bool(f"{name}∋{item}") for item in self._names(slot)}
        return z3.Int(name)

    def _limits(self, slot: int) -> Iterator[z3.BoolRef]:
        """The values a fact can have at all."""
        variable, kind = self.variables[slot], self._kind(slot)
        key = self.stack.table.slots[slot].key
        if kind in ("enum", "outcome"):
            yield z3.And(variable >= 0, variable < len(self._names(slot)))
        elif kind in ("text", "clause"):  # one more for any text that no rule names
            yield z3.And(variable >= 0, variable <= len(self._names(slot)))
        elif kind == "date":
            if self.stack.table.vocabulary.spec(key).header:
                yield variable == self._day.toordinal()
            yield z3.And(variable > self._day.toordinal() - _YEARS, variable < self._day.toordinal() + _YEARS)
        elif kind in ("number", "integer"):
            spec = self.stack.table.vocabulary.spec(key)
            if spec.min is not None:
                yield variable >= self._number(spec.min)
            if spec.max is not None:
                yield variable <= self._number(spec.max)
            if kind == "integer":
                yield variable % 10**self._scale == 0

    def _number(self, value: Constant) -> int:
        if isinstance(value, date):
            return value.toordinal()
        assert isinstance(value, int | Decimal)
        return int(Decimal(value).scaleb(self._scale))

    def _node(self, node: Node) -> z3.BoolRef:
        match node:
            case Fixed():
                return z3.BoolVal(node.value)
            case Ref():
                return self._formulas[node.index]
            case Not():
                return z3.Not(self._node(node.item))
            case And():
                return z3.And([self._node(item) for item in node.items])
            case Or():
                return z3.Or([self._node(item) for item in node.items])
            case AtLeast():
                return z3.AtLeast(*[self._node(item) for item in node.items], node.count)
            case _:
                return self._atom(node)

    def _atom(self, atom: Atom) -> z3.BoolRef:
        variable = self.variables[atom.slot]
        match atom:
            case Known():
                return z3.BoolVal(True)
            case Equals():
                return self.same(atom.slot, atom.value)
            case OneOf():
                return z3.Or([self.same(atom.slot, name) for name in sorted(atom.values)])
            case Within():
                return z3.Or([self.same(atom.slot, name) for name in sorted(atom.values)])
            case Intersects():
                return z3.Or([variable[name] for name in sorted(atom.values)])
            case Includes():
                return z3.And([variable[name] for name in sorted(atom.values)])
            case Below():
                limit = self.variables[atom.other] if atom.other is not None else self._number(atom.limit)  # type: ignore[arg-type]
                return variable <= limit if atom.inclusive else variable < limit
            case _:
                assert_never(atom)


def _atoms_by_slot(stack: Stack) -> dict[int, list[Atom]]:
    found: dict[int, list[Atom]] = {}
    for expression in stack.program.expressions:
        for node in walk(expression):
            if isinstance(node, ATOM_KINDS):
                found.setdefault(node.slot, []).append(node)
                if isinstance(node, Below) and node.other is not None:
                    found.setdefault(node.other, []).append(node)
    return found


def _named(atom: Atom) -> Iterable[str]:
    if isinstance(atom, OneOf | Intersects | Includes | Within):
        return sorted(atom.values)
    return [atom.value] if isinstance(atom, Equals) and isinstance(atom.value, str) else []


def _decimals(stack: Stack) -> int:
    """Decimals that tell apart every threshold, and leave room between two of them."""
    most = 0
    for expression in stack.program.expressions:
        for node in walk(expression):
            limit = node.limit if isinstance(node, Below) else node.value if isinstance(node, Equals) else None
            if isinstance(limit, Decimal):
                most = max(most, -int(limit.normalize().as_tuple().exponent))
    return most + 1
