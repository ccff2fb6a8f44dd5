"""Conditions written otherwise that mean the same: proven for all facts, known, unknown or known roughly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import z3
from typing_extensions import override

from eco_rules.analysis.verify.encoding import Encoding, Facts, Rail
from eco_rules.analysis.verify.witness import EFFORT
from eco_rules.ir.lower import Stack
from eco_rules.ir.nodes import Node
from eco_rules.loading.corpus import Corpus

_RAILS: tuple[Rail, ...] = ("holds", "must", "may")


class Rewording:
    """The conditions of two stacks of one vocabulary.

    `closed` names, for each stack, expressions that are not looked into: whatever they come to, those of one name come
    to the same, and those of different names have nothing to do with each other.
    """

    def __init__(
        self, corpus: Corpus, stacks: tuple[Stack, Stack], closed: Sequence[Mapping[int, str]], day: date
    ) -> None:
        self._facts = Facts(corpus, stacks, day)
        self._codes = [_Closed(self._facts, stack, names) for stack, names in zip(stacks, closed, strict=True)]
        names = {name for part in closed for name in part.values()}
        self._told = [*self._facts.told, *(z3.Implies(_truth(name, "must"), _truth(name, "may")) for name in names)]

    def same(self, one: Sequence[Node], other: Sequence[Node]) -> bool:
        """Proven that some of one side surely, possibly and truly hold exactly where some of the other side do."""
        return all(self._never_apart(one, other, rail) for rail in _RAILS)

    def _never_apart(self, one: Sequence[Node], other: Sequence[Node], rail: Rail) -> bool:
        first, second = (
            z3.Or([code.node(node, rail) for node in nodes])
            for code, nodes in zip(self._codes, (one, other), strict=True)
        )
        solver = z3.SimpleSolver()
        solver.set("rlimit", EFFORT)
        solver.add(*self._facts.domain, *([] if rail == "holds" else self._told), first != second)
        return bool(solver.check() == z3.unsat)


class _Closed(Encoding):
    """An encoding in which some expressions are not looked into."""

    def __init__(self, facts: Facts, stack: Stack, closed: Mapping[int, str]) -> None:
        super().__init__(facts, stack)
        self._closed = closed

    @override
    def formula(self, index: int, rail: Rail = "holds") -> z3.BoolRef:
        name = self._closed.get(index)
        return super().formula(index, rail) if name is None else _truth(name, rail)


def _truth(name: str, rail: Rail) -> z3.BoolRef:
    return z3.Bool(f"{name} {rail}")
