"""Holes, contradictions and dead rules of the rules of one matter, place and day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import Literal

import z3

from eco_rules.analysis.verify.composed import Composed, compose
from eco_rules.analysis.verify.encoding import Encoding, Facts
from eco_rules.analysis.verify.witness import EFFORT, Answer, Question
from eco_rules.decision.decision import Decision
from eco_rules.engine.engine import Engine
from eco_rules.engine.resolution import Group, Resolver, prevails
from eco_rules.ir.lower import RuleCode
from eco_rules.model.case import Case
from eco_rules.model.matter import Matter
from eco_rules.model.ruleset import Accepted
from eco_rules.words import Text

Kind = Literal["unreachable", "shadowed", "redundant", "conflict", "gap"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found about rules: proven, shown by a case, or not decided (`reason`)."""

    kind: Kind
    rules: tuple[str, ...]
    case: Case | None = None
    reason: Text | None = None

    @property
    def answer(self) -> Literal["proven", "witness", "undecided"]:
        """How it is known."""
        return "undecided" if self.reason else "witness" if self.case else "proven"


@dataclass(frozen=True, slots=True)
class Verified:
    """What was asked about one stack, and what was found."""

    matter: str
    place: str
    day: date
    rules: int
    questions: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Every stack that was examined, the findings nobody has explained, and explanations that found nothing."""

    verified: tuple[Verified, ...]
    open: tuple[tuple[Verified, Finding], ...]
    stale: tuple[Accepted, ...]


def verify_all(engine: Engine, matters: Sequence[Matter], places: Sequence[str], period: tuple[date, date]) -> Report:
    """Examine every law of a period: of the given places, or of every place that has rules of its own."""
    verified = []
    for matter in matters:
        own = {file.ruleset.jurisdiction for file in engine.rulesets.rulesets if file.ruleset.matter == matter.id}
        for place in places or sorted(own):
            verified += [verify(engine, matter, place, day) for day in engine.laws_between(matter, place, *period)]
    found = [(item, finding) for item in verified for finding in item.findings]
    accepted = engine.rulesets.accepted
    asked = {matter.id for matter in matters}
    used = {item for item in accepted if any(_explains(item, *pair) for pair in found)}
    unexplained = tuple(pair for pair in found if not any(_explains(item, *pair) for item in accepted))
    complete = not places
    return Report(
        tuple(verified),
        unexplained,
        tuple(item for item in accepted if complete and item.matter in asked and item not in used),
    )


def _explains(item: Accepted, verified: Verified, finding: Finding) -> bool:
    same_kind = (item.matter, item.kind) == (verified.matter, finding.kind)
    return same_kind and set(finding.rules) <= set(item.rules)


def verify(engine: Engine, matter: Matter, place: str, day: date) -> Verified:
    """Examine the rules in force for a matter on a day in a place, over all fully known cases."""
    stack = engine.prepared(matter, place, day).stack
    verifier = _Verifier(engine, Encoding(Facts(engine.rulesets, [stack], day), stack), place, day)
    findings = tuple(verifier.run())
    return Verified(matter.id, place, day, len(stack.rules), verifier.questions, findings)


class _Verifier:
    def __init__(self, engine: Engine, encoding: Encoding, place: str, day: date) -> None:
        self._engine, self._place, self._day = engine, place, day
        self._encoding = encoding
        self._stack = encoding.stack
        self._question = Question(engine, encoding, place, day)
        self._groups = Resolver(self._stack).groups
        self.questions = 0

    def run(self) -> Iterator[Finding]:
        dead = set()
        for rule in self._stack.rules:
            for finding in self._reach(rule):
                dead.add(rule.id)
                yield finding
        for rule in self._stack.rules:
            if rule.id not in dead and rule.effect is not None:
                yield from self._redundant(rule)
        yield from self._conflicts()
        yield from self._gap()

    def _impossible(self, formula: z3.BoolRef) -> bool:
        """Proven that no case satisfies it (derived facts left free, which can only allow more)."""
        self.questions += 1
        solver = z3.SimpleSolver()
        solver.set("rlimit", EFFORT)
        solver.add(*self._encoding.facts.domain, *self._encoding.facts.header, formula)
        return bool(solver.check() == z3.unsat)

    def _find(self, formula: z3.BoolRef, confirms: Callable[[Case, Decision], bool]) -> Answer:
        """A case; one whose outcomes of other matters follow from their rules, where any other was not confirmed."""
        self.questions += 1
        answer = self._question.find(formula, confirms)
        if answer.reason is None or not self._stack.asks:
            return answer
        composed = self._composed
        question = replace(self._question, encoding=composed.encoding, given=composed.bound)
        return question.find(formula, confirms)

    @cached_property
    def _composed(self) -> Composed:
        return compose(self._engine, self._stack, self._place, self._day)

    def _holds(self, rule: RuleCode) -> z3.BoolRef:
        return self._encoding.formula(rule.holds)

    def _reach(self, rule: RuleCode) -> Iterator[Finding]:
        if not self._impossible(self._holds(rule)):
            return
        met = z3.And(self._encoding.formula(rule.scope), self._encoding.formula(rule.when))
        barred = rule.barriers and not self._impossible(met)
        yield Finding("shadowed" if barred else "unreachable", (rule.id,))

    def _redundant(self, rule: RuleCode) -> Iterator[Finding]:
        """Wherever it holds, another of at least its level says the same."""
        others = [
            other
            for other in self._stack.rules
            if other.id != rule.id and other.effect == rule.effect and other.standing.rank <= rule.standing.rank
        ]
        if others and self._impossible(z3.And(self._holds(rule), *(z3.Not(self._holds(other)) for other in others))):
            yield Finding("redundant", (rule.id,))

    def _conflicts(self) -> Iterator[Finding]:
        matter = self._stack.matter
        if matter.combine == "strictest":
            return
        for one, other in combinations(self._groups, 2):
            clash = one.rank == other.rank and one.outcome != other.outcome
            settled = (
                {one.outcome, other.outcome} & set(matter.precedence) or prevails(one, other) or prevails(other, one)
            )
            if not clash or settled:
                continue
            both = z3.And(self._any(one), self._any(other), *(z3.Not(self._any(item)) for item in self._before(one)))
            found = self._find(both, _is_conflict)
            if not found.none:
                yield Finding("conflict", tuple(sorted({*one.names, *other.names})), found.case, found.reason)

    def _before(self, group: Group) -> list[Group]:
        """The groups that would settle the matter before a level is reached."""
        first = set(self._stack.matter.precedence)
        return [
            item
            for item in self._groups
            if item.outcome in first or (item.rank < group.rank and item.modality != "may")
        ]

    def _any(self, group: Group) -> z3.BoolRef:
        return z3.Or([self._holds(self._stack.rules[index]) for index in group.members])

    def _gap(self) -> Iterator[Finding]:
        if self._stack.matter.default is not None or not self._stack.rules:
            return
        nothing = z3.Not(z3.Or([self._any(group) for group in self._groups]))
        found = self._find(nothing, _is_gap)
        if not found.none:
            yield Finding("gap", (), found.case, found.reason)


def _is_conflict(_case: Case, decision: Decision) -> bool:
    return decision.status == "conflict"


def _is_gap(_case: Case, decision: Decision) -> bool:
    return decision.status == "no_rule"
