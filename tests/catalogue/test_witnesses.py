"""Every cell of the catalogue is reached by a scenario, on the rule of that cell; an interview about a project is short."""

from __future__ import annotations

import json
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from eco_rules import Case, Decision, Engine
from eco_rules.engine.interview import Interview
from eco_rules.testing import suite
from eco_rules.testing.scenario import Scenario

HERE = Path(__file__).parent
FEATURES = HERE.parents[1] / "features/cn/eia-classification"
ENTRIES = json.loads((HERE / "catalogue-2021.json").read_text(encoding="utf-8"))["entries"]
CELLS = {"report_book": "book", "report_form": "form", "registration": "registration"}
COLUMNS = {"报告书": "book", "报告表": "form", "登记表": "registration"}
NAMED = frozenset(("3", "36", "65", "67", "81", "91", "95", "97", "108", "161"))


class Witness(NamedTuple):
    """A project that belongs to one entry, and the outcome its scenario expects; None where it stays open."""

    scenario: str
    item: str
    facts: dict[str, Any]
    outcome: str | None

    @property
    def rule(self) -> str:
        """The rule of the cell the scenario comes to."""
        return f"item-{self.item}-{COLUMNS.get(self.outcome or '')}"


def witness(engine: Engine, example: suite.Example) -> Witness | None:
    """What a scenario says of its project; None for one of several entries, of none, or of another day."""
    scenario = Scenario(engine)
    for step in takewhile(lambda step: not step.text.startswith("判断"), example.steps):
        step.function(scenario, **step.arguments)
    facts = {scenario.fact_id(name): value for name, value in scenario.facts.items()}
    items = facts.get("catalogue_item") or []
    if len(items) != 1 or scenario.decision_date != "2024-06-03":
        return None
    outcomes = [step.arguments["outcome"] for step in example.steps if step.text.startswith("结论是")]
    return Witness(example.name, items[0], facts, outcomes[0] if outcomes else None)


@pytest.fixture(scope="module")
def witnesses(engine: Engine) -> list[Witness]:
    found = [witness(engine, example) for example in suite.read([FEATURES])]
    return [item for item in found if item is not None]


def case(facts: dict[str, Any]) -> Case:
    return Case(matter="eia-classification", jurisdiction="cn", decision_date="2024-06-01", facts=facts)


def test_every_cell_has_a_witness_and_its_own_rule_decides_it(engine: Engine, witnesses: list[Witness]) -> None:
    wanted = {f"item-{entry['no']}-{name}" for entry in ENTRIES for cell, name in CELLS.items() if entry[cell] != "/"}
    assert len(wanted) == 319
    first = {item.rule: item for item in reversed(witnesses)}
    assert wanted - set(first) == set()
    for rule in sorted(wanted):
        decision = engine.decide(case(first[rule].facts))
        assert decision.findings[0].rule.endswith(f"/{rule}"), first[rule].scenario


def test_an_interview_ends_within_ten_questions(engine: Engine, witnesses: list[Witness]) -> None:
    named = [item for item in witnesses if item.item in NAMED]
    assert {item.item for item in named} == NAMED
    labels = engine.rulesets.matters["eia-classification"].outcomes
    for item in named:
        asked, decision = interview(engine, item.facts)
        assert asked <= 10, item.scenario
        assert labels.get(decision.outcome or "") == item.outcome, item.scenario


def interview(engine: Engine, facts: dict[str, Any]) -> tuple[int, Decision]:
    """How many questions it takes to decide a project, and what is decided."""
    talk, asked = Interview(engine, case({})), 0
    while (question := talk.question) is not None:
        asked += 1
        if facts.get(question.fact) is None:
            talk.skip(question.fact)
        else:
            talk.answer(question.fact, facts[question.fact])
    return asked, talk.decision
