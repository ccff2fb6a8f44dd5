"""Cases with unknown facts: nothing is decided before it is settled, and what is open can be asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import z3

from eco_rules.analysis.verify.findings import Finding, answered
from eco_rules.analysis.verify.witness import EFFORT, Question
from eco_rules.decision.decision import Decision
from eco_rules.model.case import Case
from eco_rules.words import Text


class Unknown:
    """Asks about the cases of one stack of which not everything is told."""

    def __init__(self, question: Question) -> None:
        self._question = replace(question, partial=True)
        self._encoding = question.encoding
        self._stack = question.encoding.stack
        self.questions = 0

    def run(self) -> Iterator[Finding]:
        """Everything found."""
        yield from self._premature()
        yield from self._stuck()

    def _premature(self) -> Iterator[Finding]:
        """What is told shows that a rule holds (or fails), and what is not told could still change it.

        Where this cannot be, the same goes for results: resolution considers every way in which rules that are
        still open may turn out.
        """
        solver = z3.SimpleSolver()
        solver.set("rlimit", EFFORT)
        solver.add(*self._encoding.facts.domain, *self._encoding.facts.told)
        for name, index in self._decisive():
            must, holds, may = (self._encoding.formula(index, rail) for rail in ("must", "holds", "may"))
            self.questions += 1
            solver.push()
            solver.add(z3.Or(z3.And(must, z3.Not(holds)), z3.And(holds, z3.Not(may))))
            found = solver.check()
            solver.pop()
            if found != z3.unsat:
                reason = _CHANGES if found == z3.sat else _NO_ANSWER
                yield Finding("premature", (name,), reason=reason)

    def _decisive(self) -> Iterator[tuple[str, int]]:
        """The expressions that decisions depend on."""
        for rule in self._stack.rules:
            yield rule.id, rule.holds
        for side in self._stack.sides:
            yield side.id, side.index
        yield "complete", self._stack.complete

    def _stuck(self) -> Iterator[Finding]:
        """Everything is told, and a rule is open all the same: the decision is undetermined and asks for nothing."""
        exact = [variable.exact for variable in self._encoding.facts.variables.values()]
        for name, still in self._open_rules():
            self.questions += 1
            found = self._question.find(z3.And(*exact, still), _asks_nothing)
            if not found.none:
                yield answered("stuck", (name,), found)

    def _open_rules(self) -> Iterator[tuple[str, z3.BoolRef]]:
        """Each rule, and when it is open; all at once where none can be."""
        rules = [
            (
                rule.id,
                z3.And(z3.Not(self._encoding.formula(rule.holds, "must")), self._encoding.formula(rule.holds, "may")),
            )
            for rule in self._stack.rules
        ]
        facts = self._encoding.facts
        solver = z3.SimpleSolver()
        solver.set("rlimit", EFFORT)
        solver.add(*facts.domain, *facts.told, *(item.exact for item in facts.variables.values()))
        solver.add(z3.Or([still for _, still in rules]))
        self.questions += 1
        if solver.check() != z3.unsat:
            yield from rules


def _asks_nothing(_case: Case, decision: Decision) -> bool:
    return decision.status == "undetermined" and not decision.missing


_NO_ANSWER = Text("求解器没有在限额内答复", "the solver gave no answer within its limit")
_CHANGES = Text(
    "已告知的事实看来足以判断，未告知的却仍能改变判断",
    "what is told seems to decide it, and what is not still changes it",
)
