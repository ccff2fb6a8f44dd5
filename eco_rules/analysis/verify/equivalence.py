"""Whether two versions of rules decide the same, over every case: proven, or shown by a case that tells them apart.

Compared is what decisions say: the result with its modality, the rules that carry it and those they defeat, what has
to be done and handed in and until when, warnings, and, where facts are unknown, what is still possible and asked for.
Not compared are texts, and why rules do not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, product
from typing import Literal, TypeAlias

import z3

from eco_rules.analysis.verify.composed import Composed, compose, result_of
from eco_rules.analysis.verify.encoding import Encoding, Facts, Rail
from eco_rules.analysis.verify.resolved import Resolved
from eco_rules.analysis.verify.shown import shown
from eco_rules.analysis.verify.variables import FALSE, TRUE
from eco_rules.analysis.verify.witness import EFFORT, Question
from eco_rules.decision.decision import Decision
from eco_rules.engine.engine import Engine
from eco_rules.ir.lower import RuleCode, SideCode, Stack
from eco_rules.ir.narrow import guard_of
from eco_rules.ir.nodes import ATOM_KINDS, And, AtLeast, Below, Node, Not, Or, Ref
from eco_rules.ir.vocabulary import FactKey
from eco_rules.loading.corpus import RulesetFile
from eco_rules.model.case import Case
from eco_rules.model.matter import Matter
from eco_rules.values.places import contains
from eco_rules.words import Text

Extent = Literal["known", "unknown"]
"""Cases all of whose facts are known, or also those with facts that are unknown or known roughly."""


@dataclass(frozen=True, slots=True)
class Same:
    """Proven: no case is decided differently, whatever is known of it."""


@dataclass(frozen=True, slots=True)
class Differs:
    """A case that the two decide differently, as both engines confirm.

    `extent`: `unknown` where every fully known case is decided alike, and the case has unknown facts.
    """

    case: Case
    extent: Extent


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither proven nor refuted; `extent` is what could not be settled."""

    reason: Text
    extent: Extent


Verdict: TypeAlias = Same | Differs | Undecided
Parts: TypeAlias = dict[object, z3.BoolRef]


def compare_everywhere(
    one: Engine, other: Engine, file: RulesetFile, period: tuple[date, date]
) -> Same | Differs | Undecided:
    """Whether two engines decide the same wherever a ruleset file is in force in a period.

    `other` is `one.with_ruleset(changed)`, and `file` either version: its matter and place count. The first place and
    day that differ answer for all.
    """
    matter = one.rulesets.matters[file.ruleset.matter]
    undecided: Undecided | None = None
    for place in _places(one, file):
        days = {*one.laws_between(matter, place, *period), *other.laws_between(matter, place, *period)}
        for day in sorted(days):
            verdict = compare(one, other, matter, place, day, sorted(days - {day}))
            if isinstance(verdict, Differs):
                return verdict
            undecided = undecided or (verdict if isinstance(verdict, Undecided) else None)
    return undecided or Same()


def _places(engine: Engine, file: RulesetFile) -> list[str]:
    """The place of a ruleset, then the places within that have rules of their own."""
    mine = file.ruleset.jurisdiction
    own = {item.ruleset.jurisdiction for item in engine.rulesets.rulesets if item.ruleset.matter == file.ruleset.matter}
    return [mine, *sorted(place for place in own if place != mine and contains(mine, place))]


def compare(
    one: Engine, other: Engine, matter: Matter, place: str, day: date, other_days: Sequence[date] = ()
) -> Same | Differs | Undecided:
    """Whether two engines decide a matter the same in a place under the law of a day.

    On `other_days` other laws are in force, with which that of `day` is compared where the milder law applies.
    """
    stacks = (one.prepared(matter, place, day).stack, other.prepared(matter, place, day).stack)
    if stacks[0] is stacks[1]:
        return Same()
    facts = Composed(Facts(one.rulesets, stacks, day), ())
    verdict = _Comparison((one, other), stacks, facts, place, day, other_days).verdict()
    if isinstance(verdict, Undecided) and stacks[0].asks:
        facts = compose(one, stacks, place, day)
        verdict = _Comparison((one, other), stacks, facts, place, day, other_days).verdict()
    return verdict


class _Comparison:
    """Two stacks of one matter, place and day."""

    def __init__(
        self,
        engines: tuple[Engine, Engine],
        stacks: tuple[Stack, Stack],
        composed: Composed,
        place: str,
        day: date,
        other_days: Sequence[date],
    ) -> None:
        self._engines = engines
        self._stacks = stacks
        self._place, self._day, self._other_days = place, day, other_days
        self._differing = _differing(*stacks)
        self._facts, self._bound = composed.facts, composed.bound
        self._codes = (Encoding(self._facts, stacks[0]), Encoding(self._facts, stacks[1]))

    def verdict(self) -> Verdict:
        """The answer over known cases first, then over those with unknown facts."""
        if not self._differing:
            return Same()
        if not self._proven(self._apart(("holds",)), partial=False):
            known = self._known()
            known = self._fines() if isinstance(known, Same) else known
            if not isinstance(known, Same):
                return known
        return self._unknown()

    def _known(self) -> Verdict:
        """Over fully known cases, by what decisions say; for one kind of case after the other."""
        solver = self._solver(self._apart(("holds",)))
        for _ in range(_KINDS):
            found = solver.check()
            if found != z3.sat:
                return Same() if found == z3.unsat else Undecided(NO_ANSWER, "known")
            codes, about = self._narrowed(solver.model())
            differs = z3.And(about, _apart(*(_said(code) for code in codes)))
            if not self._proven(differs, partial=False):
                return self._witness(differs, "known")
            solver.add(z3.Not(about))
        return Undecided(NO_ANSWER, "known")

    def _narrowed(self, model: z3.ModelRef) -> tuple[tuple[Encoding, Encoding], z3.BoolRef]:
        """The stacks without the rules that are not about the kind of case of a model, and what kind that is."""
        one, other = (guard_of(stack) for stack in self._stacks)
        if one is None or other is None:
            return self._codes, TRUE
        keys = {code.key(guard.slot) for code, guard in zip(self._codes, (one, other), strict=True)}
        if len(keys) > 1:
            return self._codes, TRUE
        variable = self._facts.variables[keys.pop()]
        value = variable.value(model)
        first, second = (Encoding(self._facts, guard.part(value)) for guard in (one, other))
        return (first, second), variable.same(value)

    def _unknown(self) -> Verdict:
        """Over cases with unknown facts: the same expressions surely and possibly hold."""
        differs = self._apart(("must", "may"))
        if self._proven(differs, partial=True):
            return Same()
        return self._witness(differs, "unknown")

    def _apart(self, rails: Sequence[Rail]) -> z3.BoolRef:
        return _any_apart(self._codes, self._differing, rails)

    def _proven(self, differs: z3.BoolRef, *, partial: bool) -> bool:
        """Proven that it never holds, whatever derived facts come to and on whatever days."""
        return bool(self._solver(differs, *(self._facts.told if partial else ())).check() == z3.unsat)

    def _solver(self, *wanted: z3.BoolRef) -> z3.Solver:
        solver = z3.SimpleSolver()
        solver.set("rlimit", EFFORT)
        solver.add(*self._facts.domain, *wanted)
        return solver

    def _witness(self, differs: z3.BoolRef, extent: Extent) -> Verdict:
        reason = NO_CASE
        for code in self._codes:
            for days in (self._facts.header, self._dates(fixed=True), self._dates(fixed=False)):
                question = Question(self._engines[0], code, self._place, self._day, extent == "unknown", tuple(days))
                answer = replace(question, given=self._bound, short=False).find(differs, self._told_apart)
                if answer.case is not None:
                    return Differs(question.shortened(answer.case, self._as_plainly(answer.case)), extent)
                reason = answer.reason or reason
        return Undecided(reason, extent)

    def _as_plainly(self, whole: Case) -> Callable[[Case, Decision], bool]:
        """Whether a case with fewer facts still tells the two apart, by another result where the whole case does."""
        status, by_result = self._engines[0].decide(whole).status, self._by_result(whole)

        def still(case: Case, decision: Decision) -> bool:
            as_clear = decision.status == status and (self._by_result(case) or not by_result)
            return as_clear and self._told_apart(case, decision)

        return still

    def _by_result(self, case: Case) -> bool:
        one, other = (engine.decide(case) for engine in self._engines)
        return (one.outcome, one.modality) != (other.outcome, other.modality)

    def _told_apart(self, case: Case, decision: Decision) -> bool:
        return shown(decision) != shown(self._engines[1].decide(case))

    def _fines(self) -> Verdict:
        """Where the fines of two laws are compared: the rules that say which fine would apply."""
        fines = [item for item in self._differing if item.sanction]
        differs = _any_apart(self._codes, fines, ("holds",))
        if self._proven(differs, partial=False):
            return Same()
        for code, day in product(self._codes, self._other_days):
            dates = (min(day, self._day), max(day, self._day))
            question = Question(self._engines[0], code, self._place, self._day, dates=dates)
            answer = question.find(differs, self._told_apart)
            if answer.case is not None:
                return Differs(answer.case, "known")
        return Undecided(_FINES, "known")

    def _dates(self, *, fixed: bool) -> Iterator[z3.BoolRef]:
        """Days of a case that is judged by the law of one day (of this day where it is `fixed`)."""
        act, decision, law = (self._facts.day(name) for name in ("act_date", "decision_date", "law_date"))
        rule = self._stacks[0].matter.dates.substance
        day = z3.IntVal(self._day.toordinal())
        if act is not None and decision is not None:
            yield act <= decision
        if law is not None and fixed:
            yield law == day
        governing = {"act_date": [act], "decision_date": [decision], "lenient": [act, decision]}[rule]
        known = [item for item in governing if item is not None]
        if len(known) == len(governing) and (fixed or law is not None):
            yield z3.Or([item == (day if fixed else law) for item in known])


NO_ANSWER = Text("求解器没有在限额内答复", "the solver gave no answer within its limit")
NO_CASE = Text("没有找到能区分两者的个案", "no case was found that tells the two apart")
_FINES = Text("只有罚款的规则不同，没有找到能区分两者的个案", "only rules about fines differ; no case was found")
_KINDS = 200
"""Kinds of cases that are looked at one by one."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """Expressions of two stacks that stand for the same thing and are not the same; None where there is none."""

    one: int | None
    other: int | None
    sanction: bool = False


def _differing(one: Stack, other: Stack) -> list[_Pair]:
    """What the stacks do not have in common; empty when they are the same but for texts."""
    shapes: dict[object, int] = {}
    seen = (_Shapes(one, shapes), _Shapes(other, shapes))
    parts = (dict(_parts(one)), dict(_parts(other)))
    found = []
    for key in dict.fromkeys((*parts[0], *parts[1])):
        first, second = parts[0].get(key), parts[1].get(key)
        alike = first is not None and second is not None and seen[0].of(first) == seen[1].of(second)
        if not alike:
            found.append(_Pair(first, second, isinstance(key, tuple) and key[0] == "fine"))
    return found


def _parts(stack: Stack) -> Iterator[tuple[object, int]]:
    """Every expression decisions depend on, by what it stands for."""
    for rule in stack.rules:
        name = _rule_key(rule)
        yield ("when", *name), rule.when
        yield ("fine" if rule.effect is None else "holds", *name), rule.holds
        for barrier in rule.barriers:
            yield ("barrier", *name, barrier.name, barrier.reason), barrier.index
    for side in stack.sides:
        yield _side_key(side), side.index
    yield "complete", stack.complete


def _rule_key(rule: RuleCode) -> tuple[object, ...]:
    """A rule with all that resolution and decisions know of it but its conditions."""
    effect = (rule.effect.outcome, rule.effect.modality) if rule.effect else None
    return (rule.id, effect, rule.sanction, rule.standing, rule.special_to, rule.authority)


def _side_key(side: SideCode) -> tuple[object, ...]:
    """An obligation, material or notice with all that decisions show of it but texts."""
    item = side.item
    due = getattr(item, "due", None)
    return (
        "side",
        type(item).__name__,
        side.id,
        item.cites,
        item.outcomes,
        due and due.model_dump_json(),
        getattr(item, "deferrable", None),
        getattr(item, "level", None),
        side.procedural,
    )


class _Shapes:
    """Numbers for expressions: equal numbers for equal expressions, of whichever stack."""

    def __init__(self, stack: Stack, shapes: dict[object, int]) -> None:
        self._stack = stack
        self._shapes = shapes
        self._made: dict[int, int] = {}

    def of(self, index: int) -> int:
        if index not in self._made:
            self._made[index] = self._node(self._stack.program.expressions[index])
        return self._made[index]

    def _node(self, node: Node) -> int:
        if isinstance(node, Ref):
            return self.of(node.index)
        shape: object
        if isinstance(node, Not):
            shape = ("not", self._node(node.item))
        elif isinstance(node, And | Or | AtLeast):
            count = node.count if isinstance(node, AtLeast) else 0
            shape = (type(node), count, tuple(self._node(item) for item in node.items))
        elif isinstance(node, ATOM_KINDS):
            shape = (self._key(node.slot), self._test(node))
        else:
            shape = node
        return self._shapes.setdefault(shape, len(self._shapes))

    def _key(self, slot: int) -> FactKey:
        return self._stack.table.slots[slot].key

    def _test(self, atom: Node) -> object:
        assert isinstance(atom, ATOM_KINDS)  # the caller looked
        if isinstance(atom, Below):
            return Below, atom.limit, atom.other is not None and self._key(atom.other), atom.inclusive
        value = getattr(atom, "value", None)
        return type(atom), type(value), value, getattr(atom, "values", None)


def _any_apart(codes: tuple[Encoding, Encoding], pairs: Sequence[_Pair], rails: Sequence[Rail]) -> z3.BoolRef:
    """Some of the pairs differ on some rail."""
    one, other = codes
    return z3.Or(
        [
            (FALSE if pair.one is None else one.formula(pair.one, rail))
            != (FALSE if pair.other is None else other.formula(pair.other, rail))
            for pair in pairs
            for rail in rails
        ]
    )


def _apart(one: Parts, other: Parts) -> z3.BoolRef:
    """Something is said by one and not by the other."""
    names = dict.fromkeys(chain(one, other))
    return z3.Or([one.get(name, FALSE) != other.get(name, FALSE) for name in names])


def _said(code: Encoding) -> Parts:
    """What a decision on a fully known case says, each with the formula for when it does."""
    stack, result = code.stack, result_of(code)
    said: Parts = dict(result.parts())
    for rule in stack.rules:
        if rule.effect is not None:
            said |= _said_of(rule, code, result)
    for side in stack.sides:
        goes = z3.Or([result.outcome[name] for name in side.item.outcomes]) if side.item.outcomes else TRUE
        said[_side_key(side)] = z3.And(goes, code.formula(side.index))
    return said


def _said_of(rule: RuleCode, code: Encoding, result: Resolved) -> Parts:
    """That a rule carries the result, is barred, or stands back."""
    assert rule.effect is not None  # the caller looked
    holds, key = code.formula(rule.holds), _rule_key(rule)
    mine = result.outcome[rule.effect.outcome]
    ours = z3.Or(list(result.outcome.values()))
    said: Parts = {
        ("finding", *key): z3.And(holds, mine),
        ("rank", rule.id): z3.And(holds, ours, z3.Not(mine), z3.Not(result.default)),
        ("clash", *key): z3.And(holds, result.clash[rule.effect.outcome]),
    }
    before: list[z3.BoolRef] = []
    for barrier in rule.barriers:
        bars = code.formula(barrier.index)
        said["barred", rule.id, barrier.name, barrier.reason] = z3.And(
            code.formula(rule.when), bars, *(z3.Not(item) for item in before)
        )
        before.append(bars)
    return said
