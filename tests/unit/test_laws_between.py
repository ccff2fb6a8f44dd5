"""The laws of a period: those that begin, and those that turn on a day the rules name themselves."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path

import yaml

from eco_rules import Case, Engine, load_rulesets
from tests.conftest import ROOT

BASE = ROOT / "tests" / "conformance" / "_base"
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)


def engine_of(folder: Path, when: dict, effective: dict | None = None) -> Engine:
    rule = {"id": "one", "title": "一", "cites": ["law-1#a"], "when": when, "then": {"outcome": "allow"}}
    later = copy.deepcopy(rule) | {"id": "later", "effective": {"from": "2025-10-01"}}
    body = {"format": 1, "id": "t", "title": "示例", "matter": "bare", "jurisdiction": "cn", "complete": True}
    path = folder / "cn" / "bare" / "2000-01-01.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(yaml.safe_dump({**body, "effective": {"from": "2000-01-01"}, "rules": [rule, later]}), "utf-8")
    return Engine(load_rulesets(BASE, folder))


def days(engine: Engine) -> list[date]:
    return engine.laws_between(engine.rulesets.matters["bare"], "cn", FIRST, LAST)


def test_a_day_that_a_rule_names_parts_two_laws(tmp_path):
    window = {"law_date": {"between": ["2025-03-01", "2025-03-31"]}}
    assert sorted(days(engine_of(tmp_path, window))) == [FIRST, date(2025, 3, 31), date(2025, 4, 1), LAST]


def test_the_last_day_that_is_included(tmp_path):
    assert sorted(days(engine_of(tmp_path, {"law_date": {"le": "2025-03-31"}}))) == [
        date(2025, 3, 31), date(2025, 4, 1), LAST,
    ]  # fmt: skip


def test_a_named_day_outside_the_period_does_not_count(tmp_path):
    assert sorted(days(engine_of(tmp_path, {"law_date": {"lt": "2026-03-01"}}))) == [FIRST, LAST]


def test_a_rough_day_of_the_decision_across_a_named_day_is_asked_for(tmp_path):
    engine = engine_of(tmp_path, {"under_new_ways": True})  # which is so from 2025-03-01 on
    period = {"from": "2025-02-20", "to": "2025-03-10"}
    rough = Case(matter="bare", jurisdiction="cn", decision_date=period, facts={})
    decision = engine.decide(rough)
    assert decision.status == "undetermined"
    assert [item.fact for item in decision.missing] == ["decision_date"]
