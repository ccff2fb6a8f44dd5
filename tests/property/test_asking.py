"""What is asked for is what matters: nothing else changes the result, and answers settle it."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from eco_rules import Case, CaseError, Engine
from eco_rules.decision.decision import Decision
from eco_rules.ir.vocabulary import FactKey, Vocabulary
from tests.support.generated import GRADE, base, corpus_of, exactly, facts, rulesets

UNREAD = {
    "id": "g.unread",
    "title": "未读的清单",
    "matter": "permit",
    "jurisdiction": "91",
    "effective": {"from": "2000-01-01"},
    "complete": False,
}


def engine_of(ruleset: dict[str, Any]) -> Engine:
    return Engine(corpus_of(ruleset, UNREAD, GRADE))


def decide(engine: Engine, known: dict[str, Any], place: str) -> Decision:
    return engine.decide(Case(matter="permit", jurisdiction=place, decision_date="2024-06-01", facts=known))


def result(decision: Decision) -> tuple[Any, ...]:
    possible = frozenset((item.outcome, item.modality) for item in decision.possible)
    return decision.status, decision.outcome, decision.modality, possible


def inputs_of(names: list[str]) -> set[str]:
    """The facts asked for, and what those derive from: a question may be answered by its inputs."""
    table = _table()
    closed: set[str] = set(names)
    for name in names:
        key = table.vocabulary.find(name)
        if key is None:
            continue
        todo = [_slots().slot_of(key)]
        while todo:
            slot = table.slots[todo.pop()]
            closed.add(table.vocabulary.display(slot.key))
            todo += slot.inputs
    return closed


def _table() -> Any:
    return _slots()._table


_made: list[Any] = []


def _slots() -> Any:
    if not _made:
        from eco_rules.diagnostics import Problems
        from eco_rules.ir.facts import FactSlots
        from eco_rules.ir.slots import SlotTable

        corpus = base()
        vocabulary = Vocabulary(corpus.facts_of(corpus.matters["permit"]), corpus.units)
        _made.append(FactSlots(SlotTable(vocabulary), corpus.subjects["thing"].origins, Problems()))
        for name in vocabulary.facts:
            if not vocabulary.facts[name].parameters:
                _made[0].slot_of(FactKey(name))
    return _made[0]


places = st.sampled_from(["cn", "91"])


@given(rulesets(), facts(), places, st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_fact_that_was_not_asked_for_changes_the_result(
    ruleset: dict[str, Any], known: dict[str, Any], place: str, data: st.DataObject
) -> None:
    engine = engine_of(ruleset)
    before = decide(engine, known, place)
    asked = inputs_of([item.fact for item in before.missing])
    free = sorted(
        set(exactly)
        - asked
        - set(known)
        - {"many", "largest", "none_in_year", "none_recent(months=24)", "presumed", "outcome:grade"}
    )
    assume(free)
    extra = {name: data.draw(exactly[name], label=name) for name in free if data.draw(st.booleans())}
    try:
        after = decide(engine, {**known, **extra}, place)
    except CaseError:
        return  # contradicts something derived: not a value the fact could have
    assert result(after) == result(before)


@given(rulesets(), facts(), places, st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_once_everything_asked_is_answered_the_decision_is_no_longer_undetermined(
    ruleset: dict[str, Any], known: dict[str, Any], place: str, data: st.DataObject
) -> None:
    engine = engine_of(ruleset)
    decision = decide(engine, known, place)
    answers = dict(known)
    for _ in range(4):
        if decision.status != "undetermined":
            break
        assert decision.missing, "undetermined, and nothing is asked for"
        asked = [item.fact for item in decision.missing]
        plain = [
            name
            for name in asked
            if "(" not in name and name not in ("many", "largest", "none_in_year", "outcome:grade")
        ] or asked
        for name in plain:  # what is derived is asked again if its inputs did not settle it
            answers[name] = data.draw(exactly[name], label=name)
        decision = decide(engine, answers, place)
    assert decision.status != "undetermined"
