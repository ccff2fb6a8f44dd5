"""A case that two versions of the rules decide differently: searched where a rule changed, confirmed by both.

First facts under which the changed rule holds in one version and not in the other; then answers to what either
version still asks, until both decisions are settled; then every fact that is not needed is taken away.
Not finding one proves nothing, and is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from eco_rules.analysis.difference import Affected
from eco_rules.analysis.regions import Tests, regions
from eco_rules.analysis.results import result_of
from eco_rules.analysis.sliders import as_stated, regimes_of, stated_of
from eco_rules.backends.reference import prepare
from eco_rules.decision.decision import Decision
from eco_rules.engine.border import OUTCOME_WORD
from eco_rules.engine.engine import Engine
from eco_rules.errors import CaseError
from eco_rules.ir.explain import Reading
from eco_rules.ir.facts import OUTCOME_PREFIX
from eco_rules.ir.lower import RuleCode, Stack
from eco_rules.ir.narrow import Selection
from eco_rules.ir.nodes import Ref, slots_of
from eco_rules.ir.vocabulary import FactKey
from eco_rules.limits import MAX_WITNESS_TRIALS
from eco_rules.model.base import Validity
from eco_rules.model.case import Case
from eco_rules.values.kinds import Members, Value, is_exact

_ANY: Mapping[str, tuple[Value, ...]] = {"records": ((),), "text": ("x",), "number": (1,), "integer": (1,)}
"""A value of facts whose values the rules do not tell apart."""
_DAYS = 6
_STARTS = 8
_MORE = 200
_SETTLED, _CLEAR = 1, 2


@dataclass(frozen=True, slots=True)
class Witness:
    """A case and its two decisions, which differ."""

    case: Case
    before: Decision
    after: Decision


class Hunt:
    """Searches cases on which two engines differ."""

    def __init__(self, old: Engine, new: Engine) -> None:
        self._engines = (old, new)
        self._left = 0

    def for_rule(self, rule: Affected) -> Witness | None:
        """A witness for one changed rule; None when none was found within the limit."""
        self._left = MAX_WITNESS_TRIALS
        ruleset = rule.file.ruleset
        for day in _days(self._engines, rule):
            best: Witness | None = None
            for facts in self._starts(rule, ruleset.matter, ruleset.jurisdiction, day):
                case = Case(
                    matter=ruleset.matter,
                    jurisdiction=ruleset.jurisdiction,
                    act_date=day,
                    decision_date=day,
                    facts=facts,
                )
                best = self._better(best, self._settled(case))
                if self._left <= 0 or _clearness(best) == _CLEAR:
                    break
            if best is not None:
                return self._smallest(best)
        return None

    def for_matter(self, matter: str, place: str, day: date) -> Witness | None:
        """A witness for a change of a matter itself (its default, how its rules combine)."""
        self._left = MAX_WITNESS_TRIALS
        case = Case(matter=matter, jurisdiction=place, act_date=day, decision_date=day)
        found = self._settled(case)
        return self._smallest(found) if found is not None else None

    # —— facts under which the rule holds on one side only

    def _starts(self, rule: Affected, matter: str, place: str, day: date) -> Iterator[dict[str, Any]]:
        sides = [_Side(engine, matter, place, day, rule.name) for engine in self._engines]
        if not any(side.rule for side in sides):
            return
        count = 0
        for wanted in ((True, False), (False, True)):
            for facts in self._assigned(sides, wanted, {}):
                yield _as_facts(sides, facts)
                count += 1
                if count % _STARTS == 0:
                    break
        if count == 0:  # the same conditions, but another result or rank: any case in which it holds
            for facts in self._assigned(sides, (True, True), {}):
                yield _as_facts(sides, facts)
                count += 1
                if count == _STARTS:
                    break

    def _assigned(
        self, sides: Sequence[_Side], wanted: Sequence[bool], facts: dict[FactKey, Value]
    ) -> Iterator[dict[FactKey, Value]]:
        """Facts that make the rule hold, or not, as wanted on each side."""
        self._left -= 1
        if self._left <= 0:
            return
        readings = [side.reading(facts) for side in sides]
        truths = [side.truth(reading) for side, reading in zip(sides, readings, strict=True)]
        if any(truth is not None and truth is not want for truth, want in zip(truths, wanted, strict=True)):
            return
        if None not in truths:
            yield facts
            return
        index = truths.index(None)
        key = sides[index].open_fact(readings[index])
        if key is None:
            return
        for value in _values(sides, key, facts):
            yield from self._assigned(sides, wanted, {**facts, key: value})

    # —— answers until both decisions are settled

    def _settled(self, case: Case) -> Witness | None:
        """The case with answers to what is asked, decided differently as clearly as can be found."""
        self._left -= 1
        if self._left <= 0:
            return None
        found = self._decided(case)
        if found is None:
            return None
        differs = result_of(found.before) != result_of(found.after)
        best = found if differs else None
        if "undetermined" not in (found.before.status, found.after.status):
            return best
        asked = next(item for item in (found.before, found.after) if item.status == "undetermined").missing
        if asked:
            for value in self._answers(case, asked[0].fact):
                deeper = self._settled(replace(case, facts={**case.facts, asked[0].fact: value}))
                best = self._better(best, deeper)
                if _clearness(best) == _CLEAR:
                    break
        return best

    def _better(self, one: Witness | None, other: Witness | None) -> Witness | None:
        """The clearer of two; once there is a settled one, not much more is spent on a clear one."""
        best = other if _clearness(other) > _clearness(one) else one
        if _clearness(best) == _SETTLED:
            self._left = min(self._left, _MORE)
        return best

    def _answers(self, case: Case, fact: str) -> list[Any]:
        """One value for each region of a fact under the laws of both sides."""
        matter = str(case.matter)
        if fact.startswith(OUTCOME_WORD):
            return list(self._engines[0].rulesets.matters[fact.removeprefix(OUTCOME_WORD)].outcomes)
        vocabulary = next(
            (
                found
                for engine in self._engines
                for found in (engine.vocabularies[matter], *engine.vocabularies.values())
                if fact in found.names
            ),
            None,
        )
        key = vocabulary.find(fact) if vocabulary else None
        if vocabulary is None or key is None:
            return []
        stacks = [
            (regime.stack, stated_of(regime))
            for engine in self._engines
            for regime in regimes_of(engine, engine.sitting(case), matter)
        ]
        spec = vocabulary.spec(key)
        return [as_stated(spec, value) for value in _cut(stacks, key, case.decision_date, spec)]

    def _decided(self, case: Case) -> Witness | None:
        """Both decisions; None where the case is none on one side."""
        try:
            before, after = (engine.decide(case) for engine in self._engines)
        except CaseError:
            return None
        return Witness(case, before, after)

    def _smallest(self, witness: Witness) -> Witness:
        """The witness without the facts it does not need."""
        for name in list(witness.case.facts):
            facts = {other: value for other, value in witness.case.facts.items() if other != name}
            found = self._decided(replace(witness.case, facts=facts))
            if found is None or result_of(found.before) == result_of(found.after):
                continue
            if _clearness(found) >= _clearness(witness):
                witness = found
        return witness


class _Side:
    """One rule in one version, alone with what it needs."""

    def __init__(self, engine: Engine, matter: str, place: str, day: date, name: str) -> None:
        stack = engine.prepared(engine.rulesets.matters[matter], place, day).stack
        self.rule: RuleCode | None = next((rule for rule in stack.rules if rule.id == name), None)
        self.stack: Stack = Selection(stack).of([self.rule]) if self.rule else stack
        if self.rule:
            self.rule = next(rule for rule in self.stack.rules if rule.id == name)
        self._evaluate = prepare(self.stack.program)
        self.header: dict[FactKey, Value] = dict.fromkeys(
            map(FactKey, ("act_date", "act_from", "decision_date", "law_date")), day
        )
        self.matters = engine.rulesets.matters

    def reading(self, facts: Mapping[FactKey, Value]) -> Reading:
        """The rule's expressions under some facts."""
        filling = self.stack.table.fill({**facts, **self.header})
        return Reading(self.stack.program, filling.values, self._evaluate(filling.values))

    def truth(self, reading: Reading) -> bool | None:
        """Whether the rule holds; one that is not there does not."""
        return reading.truth(Ref(self.rule.holds)) if self.rule else False

    def open_fact(self, reading: Reading) -> FactKey | None:
        """A fact the rule still waits for: one that can be stated."""
        assert self.rule is not None  # a rule that is not there waits for nothing
        slots = self.stack.table.slots
        for atom in reading.open_atoms(Ref(self.rule.holds)):
            todo = [slot for slot in slots_of(atom) if not is_exact(reading.values[slot])]
            while todo:
                slot = todo.pop(0)
                key = slots[slot].key
                if key.name.startswith(OUTCOME_PREFIX) or self.stack.table.vocabulary.spec(key).question:
                    return key
                todo += [other for other in slots[slot].inputs if not is_exact(reading.values[other])]
        return None


def _values(sides: Sequence[_Side], key: FactKey, facts: Mapping[FactKey, Value]) -> list[Value]:
    """One value for each region of a fact; the outcomes of another matter."""
    if key.name.startswith(OUTCOME_PREFIX):
        outcomes = sides[0].matters[key.name.removeprefix(OUTCOME_PREFIX)].outcomes
        return [Members(frozenset({name}), frozenset({name})) for name in outcomes]
    stacks = [(side.stack, {**facts, **side.header}) for side in sides if side.rule]
    spec = stacks[0][0].table.vocabulary.spec(key)
    return _cut(stacks, key, sides[0].header[FactKey("decision_date")], spec)


def _cut(stacks: Sequence[tuple[Stack, Mapping[FactKey, Value]]], key: FactKey, day: Any, spec: Any) -> list[Value]:
    """One value for each region; for a date, the nearest to the day of the case."""
    tests = Tests(stacks, key)
    found = [region.value for region in regions(tests, spec, day if spec.type == "date" else None)]
    if found:
        return found
    return list(_ANY.get(spec.type, ()))


def _as_facts(sides: Sequence[_Side], facts: Mapping[FactKey, Value]) -> dict[str, Any]:
    """Typed facts as a case states them."""
    vocabulary = next(side for side in sides if side.rule).stack.table.vocabulary
    stated: dict[str, Any] = {}
    for key, value in facts.items():
        if key.name.startswith(OUTCOME_PREFIX):
            assert isinstance(value, Members)  # as it was made
            stated[OUTCOME_WORD + key.name.removeprefix(OUTCOME_PREFIX)] = next(iter(value.present))
        else:
            stated[vocabulary.display(key)] = as_stated(vocabulary.spec(key), value)
    return stated


def _clearness(witness: Witness | None) -> int:
    """How plainly a witness shows the difference: two outcomes, something settled, something open, or nothing."""
    if witness is None:
        return -1
    statuses = {witness.before.status, witness.after.status}
    return 0 if "undetermined" in statuses else _CLEAR if statuses == {"determined"} else _SETTLED


def _days(engines: Sequence[Engine], rule: Affected) -> list[date]:
    """Days worth trying: on which it begins, ends, or has just begun or ended on one side."""
    found: set[date] = set()
    for engine, side in zip(engines, (rule.before, rule.after), strict=True):
        if side is None:
            continue
        file, item = side
        periods: list[Validity] = [file.ruleset.effective, *([item.effective] if item.effective else [])]
        names = {ref.partition("#")[0] for ref in item.cites}
        periods += [
            engine.rulesets.instruments[name].effective for name in names if name in engine.rulesets.instruments
        ]
        for period in periods:
            found.add(period.start)
            if period.end is not None:
                found |= {period.end, *([period.end + timedelta(days=1)] if period.end < date.max else [])}
        start = max(period.start for period in periods)
        found.add(start)
    begins = max((side[0].ruleset.effective.start for side in (rule.before, rule.after) if side), default=date.min)
    later = sorted((day for day in found if day != begins), reverse=True)
    return [day for day in (begins, *later) if _covered(engines, rule, day)][:_DAYS]


def _covered(engines: Sequence[Engine], rule: Affected, day: date) -> bool:
    """Whether the rule is in force on a day on one side at least."""
    ruleset = rule.file.ruleset
    return any(
        item.id == rule.name
        for engine in engines
        if ruleset.matter in engine.rulesets.matters
        for item in engine.prepared(engine.rulesets.matters[ruleset.matter], ruleset.jurisdiction, day).stack.rules
    )
