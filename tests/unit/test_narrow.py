"""Leaving out rules that a case is not about changes what it costs, and nothing of what it says."""

from pathlib import Path

import pytest

from eco_rules import Case, Decision, Engine, read_cases
from eco_rules.engine import regime

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("[cp]*/[!_]*.yaml"))


def said(decision: Decision) -> dict:
    """What a decision says; the order in which rules wait for a fact is nobody's business."""
    told = decision.model_dump(exclude={"assumptions"})
    for item in told["missing"]:
        item["would_settle"] = sorted(item["would_settle"])
    return told


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_decision_is_the_same(path, engine, corpus, monkeypatch):
    cases = read_cases(path)
    narrowed = [decision for case in cases for decision in engine.decide_all(case)]
    monkeypatch.setattr(regime, "guard_of", lambda _stack: None)
    whole = [decision for case in cases for decision in Engine(corpus).decide_all(case)]
    for one, other in zip(narrowed, whole, strict=True):
        assert said(one) == said(other)
        # the whole stack also reads facts for rules that the case is not about
        assert {item.fact for item in one.assumptions} <= {item.fact for item in other.assumptions}


def test_only_the_rules_of_the_entry_are_evaluated(engine):
    matter = engine.rulesets.matters["eia-classification"]
    prepared = engine.prepared(matter, "36", engine.rulesets.instruments["catalogue-2021"].effective.start)
    vocabulary = engine.vocabularies[matter.id]
    key = vocabulary.find("catalogue_item")
    stated = {key: vocabulary.parse(key, ["36", "38"])}
    part = prepared.narrowed(stated)
    assert {rule.id.rpartition("/")[2] for rule in part.stack.rules} == {"item-36-book", "item-36-form", "item-38-form"}
    filled = [value for value in part.stack.table.fill(stated).values if value is not None]
    assert filled == [stated[key]]
    assert prepared.narrowed(stated) is part
    assert prepared.narrowed({}) is prepared


def test_what_was_ruled_out_is_not_asked_for(engine):
    case = Case(
        matter="eia-classification", jurisdiction="cn", decision_date="2024-01-01", facts={"catalogue_item": []}
    )
    assert engine.decide(case).outcome == "not_managed"
    case = Case(matter="eia-classification", jurisdiction="cn", decision_date="2024-01-01", facts={})
    assert engine.decide(case).missing[0].fact == "catalogue_item"
