"""A decision can be sent to another process, or copied, and says the same there."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import replace

import pytest

from eco_rules import Decision, Engine, read_cases
from tests.conftest import ROOT

FILES = sorted((ROOT / "examples" / "cases").glob("*.yaml"))


def sent(decision: Decision) -> Decision:
    return pickle.loads(pickle.dumps(decision))


@pytest.fixture(scope="module")
def decisions(engine: Engine) -> list[Decision]:
    return [decision for path in FILES for case in read_cases(path) for decision in engine.decide_all(case)]


@pytest.mark.parametrize("moved", [sent, copy.deepcopy, copy.copy])
def test_it_says_the_same(decisions: list[Decision], moved: Callable[[Decision], Decision]) -> None:
    for decision in decisions:
        other = moved(decision)
        assert other is not decision
        assert other == decision
        assert other.model_dump_json() == decision.model_dump_json()
        assert other.reasons() == decision.reasons()


def test_nothing_of_the_engine_goes_along(decisions: list[Decision]) -> None:
    assert all(len(pickle.dumps(decision)) < 100_000 for decision in decisions)


def test_a_copy_is_the_readers_own(decisions: list[Decision]) -> None:
    decision = next(item for item in decisions if item.findings and item.findings[0].facts_used)
    other = copy.deepcopy(decision)
    other.findings[0].facts_used.clear()
    assert decision.findings[0].facts_used


def test_a_decision_that_arrived_can_be_linked_with_others(engine: Engine) -> None:
    case = read_cases(ROOT / "examples" / "cases" / "wastewater-first-exceedance.yaml")[0]
    facts = {**case.facts, "harm": "serious"}
    mild, severe = replace(case, id="mild", file_id="f"), replace(case, id="severe", file_id="f", facts=facts)
    here = [engine.decide(item) for item in (mild, severe)]
    there = engine.link([sent(decision) for decision in here])
    assert "linked-case-excluded" in {item.code for item in there[0].warnings}
    assert there == engine.link(here)
    assert there[0] != here[0]
