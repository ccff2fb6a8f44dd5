"""Holes, contradictions and dead rules of the rules of one matter, place and day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import combinations

import z3

from eco_rules.analysis.verify.cache import Cache
from eco_rules.analysis.verify.composed import Composed, compose
from eco_rules.analysis.verify.encoding import Encoding, Facts
from eco_rules.analysis.verify.findings import Finding, Report, Verified, answered
from eco_rules.analysis.verify.overlap import overlaps
from eco_rules.analysis.verify.unknown import Unknown
from eco_rules.analysis.verify.witness import EFFORT, Answer, Question
from eco_rules.decision.decision import Decision
from eco_rules.engine.engine import Engine
from eco_rules.engine.resolution import Group, Resolver, prevails
from eco_rules.ir.lower import RuleCode
from eco_rules.model.case import Case
from eco_rules.model.matter import Matter
from eco_rules.model.ruleset import Accepted
from eco_rules.words import Text


def verify_all(
    engine: Engine,
    matters: Sequence[Matter],
    places: Sequence[str],
    period: tuple[date, date],
    *,
    overlaps: bool = False,
    cache: Cache | None = None,
) -> Report:
    """Examine every law of a period: of the given places, or of every place that has rules of its own.

    `overlaps` are looked for where they are wanted. What `cache` has is not worked out again.
    """
    verified = []
    for matter in matters:
        own = {file.ruleset.jurisdiction for file in engine.rulesets.rulesets if file.ruleset.matter == matter.id}
        for place in places or sorted(own):
            days = engine.laws_between(matter, place, *period)
            verified += [verify(engine, matter, place, day, overlaps=overlaps, cache=cache) for day in days]
    if cache is not None:
        cache.tidy()
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


def verify(
    engine: Engine, matter: Matter, place: str, day: date, *, overlaps: bool = False, cache: Cache | None = None
) -> Verified:
    """Examine the rules in force for a matter on a day in a place, over all cases."""
    if cache is None:
        return _verify(engine, matter, place, day, overlaps=overlaps)
    key = cache.key(engine, matter, place, day, overlaps=overlaps)
    known = cache.find(key)
    if known is None:
        known = _verify(engine, matter, place, day, overlaps=overlaps)
        cache.keep(key, known)
    return known


def _verify(engine: Engine, matter: Matter, place: str, day: date, *, overlaps: bool) -> Verified:
    stack = engine.prepared(matter, place, day).stack
    encoding = Encoding(Facts(engine.rulesets, [stack], day), stack)
    verifier, unknown = _Verifier(engine, encoding, place, day), Unknown(Question(engine, encoding, place, day))
    findings = (*verifier.run(), *unknown.run())
    both = tuple(verifier.overlaps()) if overlaps else ()
    questions = verifier.questions + unknown.questions
    return Verified(matter.id, place, day, len(stack.rules), questions, findings, both)


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

    def overlaps(self) -> Iterator[Finding]:
        """Rules that hold together and say different things, with those that prevail first."""
        for wins, others, why, answer in overlaps(self._stack, self._encoding, self._find):
            first, second = (Text("、".join(names), ", ".join(names)) for names in (wins, others))
            note = Text(f"{first.zh} 先于 {second.zh}：{why.zh}", f"{first.en} before {second.en}: {why.en}")
            yield answered("overlap", (*wins, *others), answer, note)

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
        encoding = Encoding(composed.facts, self._stack)
        question = replace(self._question, encoding=encoding, given=composed.bound)
        return question.find(formula, confirms)

    @cached_property
    def _composed(self) -> Composed:
        return compose(self._engine, [self._stack], self._place, self._day)

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
                yield answered("conflict", tuple(sorted({*one.names, *other.names})), found)

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
            yield answered("gap", (), found)


def _is_conflict(_case: Case, decision: Decision) -> bool:
    return decision.status == "conflict"


def _is_gap(_case: Case, decision: Decision) -> bool:
    return decision.status == "no_rule"
