"""One matter under the law of one day: values, verdicts, and the diagram of what can follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from eco_rules.backends.base import Backend, Evaluate
from eco_rules.diagnostics import Diagnostic
from eco_rules.engine.applicability import Applicable
from eco_rules.engine.diagram import Diagram
from eco_rules.engine.resolution import Resolver, Result
from eco_rules.errors import BackendError
from eco_rules.ir.atoms import evaluate_atom
from eco_rules.ir.explain import Reading
from eco_rules.ir.lower import Stack
from eco_rules.ir.nodes import ATOM_KINDS, Atom, slots_of, walk
from eco_rules.ir.slots import Filling
from eco_rules.ir.vocabulary import FactKey
from eco_rules.truth import Truth
from eco_rules.values.kinds import Value
from eco_rules.words import Text


@dataclass(frozen=True, slots=True)
class Prepared:
    """A stack with its resolver and evaluators, made once and shared by all cases.

    `law` tells apart stacks whose rules differ; `dated` are the tests of the law's own date in them.
    """

    stack: Stack
    resolver: Resolver
    evaluate: Evaluate
    second: Evaluate | None
    applicable: Applicable
    procedure_day: date
    law: frozenset[tuple[object, ...]]
    dated: tuple[Atom, ...]

    def law_on(self, day: date) -> tuple[object, ...]:
        """What governs on `day`: equal for two days when the same rules say the same."""
        return self.law, tuple(evaluate_atom(atom, _OneValue(day)) for atom in self.dated)


class _OneValue(Sequence[Value]):
    """Every slot holds the same value."""

    def __init__(self, value: Value) -> None:
        self._value = value

    def __getitem__(self, _index: object) -> Any:
        return self._value

    def __len__(self) -> int:
        return 1


@dataclass(frozen=True, slots=True)
class Regime:
    """A case under the law of `day`; `answered` names the matters whose outcome the case states itself."""

    day: date
    prepared: Prepared
    filling: Filling
    truths: Sequence[Truth]
    reading: Reading
    states: tuple[Truth, ...]
    diagram: Diagram[Result]
    answered: frozenset[str]

    @property
    def stack(self) -> Stack:
        """The rules and slots."""
        return self.prepared.stack


def prepare(
    stack: Stack, applicable: Applicable, procedure_day: date, backend: Backend, second: Backend | None
) -> Prepared:
    """Make a stack ready for evaluation."""
    law: set[tuple[object, ...]] = {
        (rule.id, rule.file.ruleset.effective.start if rule.file else None, rule.standing.rank) for rule in stack.rules
    }
    law |= {("unread", place, layer.unread.fact) for place, layer, _ in stack.unread}
    slot = stack.table.find(FactKey("law_date"))
    nodes = {node for expression in stack.program.expressions for node in walk(expression)}
    return Prepared(
        stack=stack,
        resolver=Resolver(stack),
        evaluate=backend(stack.program),
        second=second(stack.program) if second else None,
        applicable=applicable,
        procedure_day=procedure_day,
        law=frozenset(law),
        dated=tuple(node for node in nodes if isinstance(node, ATOM_KINDS) and slot in slots_of(node)),
    )


def evaluate(
    prepared: Prepared, stated: Mapping[FactKey, Value], day: date, answered: frozenset[str] = frozenset()
) -> Regime:
    """Evaluate one case.

    Raises:
        BackendError: the two evaluators disagree about some rule (E804).
    """
    stack = prepared.stack
    filling = stack.table.fill(stated)
    truths = prepared.evaluate(filling.values)
    if prepared.second is not None:
        _compare(stack, truths, prepared.second(filling.values))
    states = prepared.resolver.states(stack.rules, truths)
    diagram = prepared.resolver.diagram(states, truths[stack.complete])
    reading = Reading(stack.program, filling.values, truths)
    return Regime(day, prepared, filling, truths, reading, states, diagram, answered)


def _compare(stack: Stack, first: Sequence[Truth], second: Sequence[Truth]) -> None:
    wrong = [rule.id for rule in stack.rules if first[rule.holds] is not second[rule.holds]]
    if list(first) != list(second):
        names = ", ".join(wrong) or "?"
        message = Text(
            f"两个引擎对规则 {names} 的判断不同，拒绝作答",
            f"the two engines disagree about {names}; no answer is given",
        )
        raise BackendError([Diagnostic("E804", message)])
