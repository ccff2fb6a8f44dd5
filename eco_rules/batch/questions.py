"""Rows that ask for the same facts: they wait for the same groups of rules, in which the same conditions are open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from eco_rules.backends.columnar import Bits, Constant, coded, evaluate
from eco_rules.batch.law import Law
from eco_rules.batch.relevance import Relevance
from eco_rules.engine.resolution import COMPLETE
from eco_rules.ir.nodes import ATOM_KINDS, Atom, Program, slots_of, walk
from eco_rules.values.kinds import is_exact

AT_ONCE = 1 << 14
"""Rows looked at together; a set of them is one number."""

_DIGITS = bytes([ord("0"), ord("1")]) + bytes(254)


def asked(laws: Sequence[Law], classes: pl.Series, waiting: Sequence[Sequence[tuple[int, ...]]]) -> list[str]:
    """For each row a text, equal where the same facts are asked for.

    `waiting` are the variables that the result of each class still depends on: groups of rules of a law, and whether
    every list has been read.
    """
    height = len(classes)
    kinds = classes.unique().to_list()
    found = [_digits(classes == code, height) for code in kinds]
    for number, law in enumerate(laws):
        variables: dict[int, int] = {}
        for code, digits in zip(kinds, found, strict=False):
            for variable in waiting[code]:
                if len(variable) == 1 or variable[0] == number:
                    variables[variable[-1]] = variables.get(variable[-1], 0) | int(digits, 2)
        found += [f"{mask:0{height}b}" for mask in _features(law, variables)]
    return ["".join(row) for row in zip(*found, strict=True)]


def _features(law: Law, waiting: Mapping[int, int]) -> Iterator[int]:
    """The rows in which each part of an expression is open, an item of a count decided, a value exact."""
    stack = law.stack
    atoms = list(
        dict.fromkeys(
            node
            for expression in stack.program.expressions
            for node in walk(expression)
            if isinstance(node, ATOM_KINDS)
        )
    )
    rails = evaluate(Program(stack.program.slots, tuple(atoms)), law.columns, law.height)
    masks = {
        atom: (_mask(rails[index].must, law.height), _mask(rails[index].may, law.height))
        for index, atom in enumerate(atoms)
    }
    relevance = Relevance(stack.program, masks.__getitem__, _mask(bits=True, height=law.height))
    roots: dict[int, int] = {}
    for variable, rows in waiting.items():
        for index in _roots(law, variable):
            roots[index] = roots.get(index, 0) | rows
    relevant = relevance.atoms(roots)
    yield from dict.fromkeys(relevance.seen)
    yield from dict.fromkeys(_exact(law, relevant))


def _roots(law: Law, variable: int) -> Iterator[int]:
    """The expressions a variable of the diagram stands for."""
    if (variable,) == COMPLETE:
        yield from (index for _, _, index in law.stack.unread)
    else:
        for member in law.prepared.resolver.groups[variable].members:
            yield law.stack.rules[member].holds
            yield law.stack.rules[member].scope


def _exact(law: Law, relevant: Mapping[Atom, int]) -> Iterator[int]:
    """Where a value that open atoms rest on is known: it is then not asked for."""
    slots: dict[int, int] = {}
    for atom, rows in relevant.items():
        for slot in slots_of(atom):
            slots[slot] = slots.get(slot, 0) | rows
    for index in range(len(law.stack.table.slots) - 1, -1, -1):  # what a slot rests on stands before it
        if index in slots:
            for other in law.stack.table.slots[index].inputs:
                slots[other] = slots.get(other, 0) | slots[index]
    for slot, rows in slots.items():
        column = law.columns[slot]
        if not isinstance(column, Constant):
            listed = coded(column)
            yield _mask(listed.bits([is_exact(value) for value in listed.values]), law.height) & rows


def _digits(bits: Bits, height: int) -> str:
    if isinstance(bits, bool):
        return "01"[bits] * height
    return bytes(bits.cast(pl.UInt8).to_list()).translate(_DIGITS).decode()


def _mask(bits: Bits, height: int) -> int:
    """The rows where a rail is set, as the binary digits of a number."""
    return int(_digits(bits, height), 2)
