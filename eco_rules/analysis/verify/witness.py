"""From a model to a case, and from the case to what the engine says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import z3

from eco_rules.analysis.verify.encoding import Encoding
from eco_rules.decision.decision import Decision
from eco_rules.engine.border import OUTCOME_WORD
from eco_rules.engine.engine import Engine
from eco_rules.errors import EcoRulesError
from eco_rules.ir.facts import OUTCOME_PREFIX
from eco_rules.ir.vocabulary import FactKey
from eco_rules.model.case import Case
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


@dataclass(frozen=True, slots=True)
class Question:
    """Asks for cases of one stack."""

    engine: Engine
    encoding: Encoding
    place: str
    day: date

    def find(self, wanted: z3.BoolRef, confirms: Callable[[Decision], bool]) -> Answer:
        """A case for which a formula holds and of whose decision `confirms` is true."""
        solver = z3.Solver()
        solver.set("rlimit", EFFORT)
        solver.add(*self.encoding.domain, wanted)
        for _ in range(ROUNDS):
            found = solver.check()
            if found == z3.unsat:
                return Answer(none=True)
            if found == z3.unknown:
                return Answer(reason=Text("求解器没有在限额内答复", "the solver gave no answer within its limit"))
            facts, lessons = self._read(solver.model())
            if lessons:
                solver.add(*lessons)
                continue
            return self._confirm(facts, confirms)
        return Answer(reason=Text("推导的事实与其余事实没有对上", "derived facts and the others could not be matched"))

    def _read(self, model: z3.ModelRef) -> tuple[dict[FactKey, Value], list[z3.BoolRef]]:
        """The facts of a model, and what their derivations give where the model says otherwise."""
        stack, encoding = self.encoding.stack, self.encoding
        slots = stack.table.slots
        stated = {
            slots[slot].key: encoding.value(model, slot) for slot in encoding.variables if slots[slot].compute is None
        }
        lessons: list[z3.BoolRef] = []
        for slot in sorted(encoding.variables):
            if slots[slot].compute is None:
                continue
            computed, wanted = stack.table.fill(stated).values[slot], encoding.value(model, slot)
            if computed is None or not is_exact(computed):
                if stack.table.vocabulary.spec(slots[slot].key).question:
                    stated[slots[slot].key] = wanted
            elif computed != wanted:
                known = [encoding.same(item, stated[slots[item].key]) for item in self._grounds(slot)]
                lessons.append(z3.Implies(z3.And(known), encoding.same(slot, computed)))
        return stated, lessons

    def _grounds(self, slot: int) -> list[int]:
        """The stated facts a derived one rests on."""
        slots, found, todo = self.encoding.stack.table.slots, set[int](), [slot]
        while todo:
            for other in slots[todo.pop()].inputs:
                todo.append(other)
                if other in self.encoding.variables and slots[other].compute is None:
                    found.add(other)
        return sorted(found)

    def _confirm(self, facts: dict[FactKey, Value], confirms: Callable[[Decision], bool]) -> Answer:
        vocabulary, matter = self.encoding.stack.table.vocabulary, self.encoding.stack.matter
        said: dict[str, object] = {}
        for key, value in facts.items():
            if key.name.startswith(OUTCOME_PREFIX):
                said[OUTCOME_WORD + key.name.removeprefix(OUTCOME_PREFIX)] = value
            elif not vocabulary.spec(key).header:
                said[vocabulary.display(key)] = sorted(value.present) if isinstance(value, Members) else plain(value)
        case = Case(matter=matter.id, jurisdiction=self.place, act_date=self.day, decision_date=self.day, facts=said)
        try:
            decision = self.engine.decide(case)
        except EcoRulesError as error:
            return Answer(reason=error.diagnostics[0].message)
        if confirms(decision):
            return Answer(case=case)
        return Answer(
            reason=Text(
                f"引擎对所找的个案另有结论：{decision.status}", f"the engine says {decision.status} of the case found"
            )
        )
