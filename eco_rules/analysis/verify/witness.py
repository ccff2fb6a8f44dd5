"""From a model to a case, and from the case to what the engine says of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import z3

from eco_rules.analysis.verify.encoding import Encoding
from eco_rules.analysis.verify.variables import TRUE, Ordered
from eco_rules.decision.decision import Decision
from eco_rules.engine.border import OUTCOME_WORD
from eco_rules.engine.engine import Engine
from eco_rules.errors import EcoRulesError
from eco_rules.ir.facts import OUTCOME_PREFIX
from eco_rules.ir.slots import SlotTable
from eco_rules.ir.vocabulary import FactKey
from eco_rules.model.case import Case
from eco_rules.model.facts import FactSpec
from eco_rules.model.matter import Matter
from eco_rules.values.kinds import Members, Value, is_exact, plain
from eco_rules.words import Text

EFFORT = 2_000_000
"""z3's resource limit a question; the same on every machine, unlike a clock."""
ROUNDS = 40


@dataclass(frozen=True, slots=True)
class Answer:
    """`none`: proven that there is no such case. Otherwise the case, confirmed by the engine, or why it is not decided."""

    none: bool = False
    case: Case | None = None
    reason: Text | None = None


class _Lesson(NamedTuple):
    """What follows from some facts; `distance` is a guess at what follows from others."""

    grounds: z3.BoolRef
    follows: z3.BoolRef
    distance: z3.BoolRef


@dataclass(frozen=True, slots=True)
class Question:
    """Asks for cases of one stack: fully known ones, or (`partial`) ones of which only some is told.

    `given` holds of every case. `days` says how the dates of a case stand to each other; by default all are the day of the law. `dates` are act and
    decision of the case, whatever the facts say of them.
    `short` leaves out facts that do not matter for what a case shows.
    """

    engine: Engine
    encoding: Encoding
    place: str
    day: date
    partial: bool = False
    days: tuple[z3.BoolRef, ...] | None = None
    given: tuple[z3.BoolRef, ...] = ()
    dates: tuple[date, date] | None = None
    short: bool = True

    def find(self, wanted: z3.BoolRef, confirms: Callable[[Case, Decision], bool]) -> Answer:
        """A case for which a formula holds and of which `confirms` is true."""
        facts = self.encoding.facts
        solver = z3.SimpleSolver()
        solver.set("rlimit", EFFORT)
        solver.add(*facts.domain, *(facts.header if self.days is None else self.days), *self.given, wanted)
        if self.partial:
            solver.add(*facts.told)
        tries: list[list[z3.BoolRef]] = []  # what to assume first, the last of them now
        for _ in range(ROUNDS):
            found = solver.check()
            if tries and found != z3.sat:
                solver.pop()
                tries.pop()
                if tries:
                    solver.push()
                    solver.add(*tries[-1])
                continue
            if found == z3.unsat:
                return Answer(none=True)
            if found == z3.unknown:
                return Answer(reason=Text("求解器没有在限额内答复", "the solver gave no answer within its limit"))
            stated, lessons = self._read(solver.model())
            if not lessons:
                return self._confirm(stated, confirms)
            if tries:
                solver.pop()
            solver.add(*(z3.Implies(lesson.grounds, lesson.follows) for lesson in lessons))
            # New grounds would have to be learnt of anew: first the same, then such as lie as far from what follows.
            tries = [[lesson.distance for lesson in lessons], [lesson.grounds for lesson in lessons]]
            solver.push()
            solver.add(*tries[-1])
        return Answer(reason=Text("推导的事实与其余事实没有对上", "derived facts and the others could not be matched"))

    def _read(self, model: z3.ModelRef) -> tuple[dict[FactKey, Value], list[_Lesson]]:
        """The facts of a model, and what their derivations give where the model says otherwise."""
        facts = self.encoding.facts
        at = {key: table.find(key) or 0 for key, table in facts.homes.items()}
        derived = {key for key, table in facts.homes.items() if table.slots[at[key]].compute is not None}
        stated = {key: self._value(key, model) for key in facts.homes if key not in derived}
        lessons: list[_Lesson] = []
        for key in sorted(derived, key=lambda item: at[item]):  # inputs stand before what is derived from them
            table = facts.homes[key]
            computed = table.fill({**self._header(stated), **stated}).values[at[key]]
            asked = bool(table.vocabulary.spec(key).question)
            if computed is None and asked:
                stated[key] = self._value(key, model)
            elif not self.partial and not (computed is not None and is_exact(computed)):
                continue  # the engine will say what comes of it
            elif not z3.is_true(model.eval(self._same(key, computed), True)):
                grounds = {item: stated[item] for item in self._grounds(table, key, stated)}
                known = z3.And([self._same(item, value) for item, value in grounds.items()])
                lessons.append(_Lesson(known, self._same(key, computed), self._distance(key, computed, grounds)))
        return stated, lessons

    def _header(self, stated: dict[FactKey, Value]) -> dict[FactKey, Value]:
        """The case's own dates."""
        days = {key.name: value for key, value in stated.items() if isinstance(value, date)}
        act, decision = _days(self.encoding.stack.matter, days, self.day)
        law = days.get("law_date", self.day)
        named = {"act_date": act, "act_from": act, "decision_date": decision, "law_date": law}
        return {FactKey(name): value for name, value in named.items()}

    def _value(self, key: FactKey, model: z3.ModelRef) -> Value:
        variable = self.encoding.facts.variables[key]
        return variable.told(model) if self.partial else variable.value(model)

    def _same(self, key: FactKey, value: Value) -> z3.BoolRef:
        variable = self.encoding.facts.variables[key]
        return variable.same_told(value) if self.partial else variable.same(value)

    def _distance(self, key: FactKey, computed: Value, grounds: dict[FactKey, Value]) -> z3.BoolRef:
        """A number or date lies as far from each of its grounds as it does now."""
        variables, parts = self.encoding.facts.variables, list[z3.BoolRef]()
        variable = variables[key]
        if not isinstance(variable, Ordered) or computed is None or not is_exact(computed):
            return TRUE
        for name, value in grounds.items():
            ground = variables[name]
            if isinstance(ground, Ordered) and value is not None and is_exact(value):
                parts.append(variable.number - ground.number == variable.as_number(computed) - ground.as_number(value))
        return z3.And(parts)

    def _grounds(self, table: SlotTable, key: FactKey, stated: Collection[FactKey]) -> list[FactKey]:
        """The stated facts a derived one rests on."""
        found, todo = dict[FactKey, None](), [table.find(key) or 0]
        while todo:
            for other in table.slots[todo.pop()].inputs:
                todo.append(other)
                if table.slots[other].key in self.encoding.facts.variables and table.slots[other].key in stated:
                    found[table.slots[other].key] = None
        return list(found)

    def _confirm(self, facts: dict[FactKey, Value], confirms: Callable[[Case, Decision], bool]) -> Answer:
        case = self._case(facts)
        try:
            decision = self.engine.decide(case)
            if confirms(case, decision):
                return Answer(case=self.shortened(case, confirms) if self.short else case)
        except EcoRulesError as error:
            return Answer(reason=error.diagnostics[0].message)
        return Answer(
            reason=Text(
                f"引擎对所找的个案另有结论：{decision.status}", f"the engine says {decision.status} of the case found"
            )
        )

    def shortened(self, case: Case, confirms: Callable[[Case, Decision], bool]) -> Case:
        """The case without facts that are not needed for it to be confirmed: halves first, then single ones."""
        size = len(case.facts)
        while size > 1:
            size = (size + 1) // 2
            names = list(case.facts)
            for start in range(0, len(names), size):
                left_out = set(names[start : start + size])
                facts = {name: value for name, value in case.facts.items() if name not in left_out}
                shorter = replace(case, facts=facts)
                if self._still(shorter, confirms):
                    case = shorter
        return case

    def _still(self, case: Case, confirms: Callable[[Case, Decision], bool]) -> bool:
        try:
            return confirms(case, self.engine.decide(case))
        except EcoRulesError:
            return False

    def _case(self, facts: dict[FactKey, Value]) -> Case:
        matter, homes = self.encoding.stack.matter, self.encoding.facts.homes
        said: dict[str, object] = {}
        for key, value in facts.items():
            if value is None:
                continue
            if key.name.startswith(OUTCOME_PREFIX):
                if isinstance(value, Members) and value.present:  # of several outcomes nothing can be stated
                    said[OUTCOME_WORD + key.name.removeprefix(OUTCOME_PREFIX)] = next(iter(value.present))
            elif not (spec := homes[key].vocabulary.spec(key)).header:
                said[homes[key].vocabulary.display(key)] = _raw(value, spec)
        days = {key.name: value for key, value in facts.items() if isinstance(value, date)}
        act, decision = self.dates or _days(matter, days, self.day)
        return Case(matter=matter.id, jurisdiction=self.place, act_date=act, decision_date=decision, facts=said)


def _raw(value: Value, spec: FactSpec) -> object:
    """A value as a case file gives it."""
    if isinstance(value, Members):
        if spec.closed and is_exact(value):
            return sorted(value.present)
        out = set(spec.values) - (value.possible or set(spec.values))
        return {"includes": sorted(value.present), "excludes": sorted(out)}
    return plain(value)


def _days(matter: Matter, days: dict[str, date], day: date) -> tuple[date, date]:
    """Day of the act and day of the decision; those the facts do not tell are the day of the law."""
    law = days.get("law_date", day)
    if matter.dates.substance == "act_date":
        act = days.get("act_date", law)
        return act, days.get("decision_date", max(act, law))
    decision = days.get("decision_date", law)
    return days.get("act_date", min(decision, law)), decision
