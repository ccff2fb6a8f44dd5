"""Verification: each kind of finding where it is, none where it is not, and the same as trying every case."""

from __future__ import annotations

import json
import random
from datetime import date
from itertools import product
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from eco_rules import Case, Engine, load_rulesets
from eco_rules.analysis.verify.verifier import verify, verify_all
from eco_rules.cli.app import app
from tests.conftest import ROOT

BASE = ROOT / "tests" / "conformance" / "_base"
DAY = date(2020, 1, 1)
FLAGS = [
    {"flag_a": a, "flag_b": b, "colour": c}
    for a, b, c in product([True, False], [True, False], ["red", "green", "blue"])
]


def made(folder: Path, rules: list[dict], matter: str = "permit", **extra) -> Engine:
    path = folder / "cn" / matter / "2010-01-01.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    numbered = [{"title": "规则", "cites": ["law-1#a"], **rule} for rule in rules]
    body = {"format": 1, "id": "t", "title": "示例", "matter": matter, "jurisdiction": "cn"}
    body |= {"effective": {"from": "2010-01-01"}, "complete": True, "rules": numbered, **extra}
    path.write_text(yaml.safe_dump(body, allow_unicode=True), encoding="utf-8")
    return Engine(load_rulesets(BASE, folder))


def found(engine: Engine, matter: str = "permit"):
    return verify(engine, engine.rulesets.matters[matter], "cn", DAY).findings


def rule(ident: str, outcome: str, **parts) -> dict:
    return {"id": ident, "then": {"outcome": outcome}, **parts}


ALLOW = rule("allow", "allow", when={"size": {"ge": 10}})


@pytest.mark.parametrize(
    ("kind", "names", "bad", "good"),
    [
        ("unreachable", ("t/dead",), [ALLOW, rule("dead", "other", when={"size": {"lt": 5, "gt": 7}})],
         [ALLOW, rule("dead", "other", when={"size": {"lt": 7, "gt": 5}})]),
        ("unreachable", ("t/dead",), [rule("dead", "allow", when={"size": {"lt": 0}})],  # size is never negative
         [rule("dead", "allow", when={"size": {"le": 0}})]),
        ("unreachable", ("t/dead",), [rule("dead", "allow", when={"all": [{"colour": "red"}, {"colour": "blue"}]})],
         [rule("dead", "allow", when={"any": [{"colour": "red"}, {"colour": "blue"}]})]),
        ("unreachable", ("t/dead",), [rule("dead", "allow", when={"tags": {"all_of": ["x"], "none_of": ["x", "y"]}})],
         [rule("dead", "allow", when={"tags": {"all_of": ["x"], "none_of": ["y"]}})]),
        ("shadowed", ("t/never",), [rule("bar", "refuse", when={"size": {"ge": 10}}), rule("never", "allow", when={"size": {"ge": 20}}, unless=["bar"])],
         [rule("bar", "refuse", when={"size": {"ge": 30}}), rule("never", "allow", when={"size": {"ge": 20}}, unless=["bar"])]),
        ("redundant", ("t/twice",), [ALLOW, rule("twice", "allow", when={"size": {"gt": 10}})],
         [ALLOW, rule("twice", "allow", when={"flag_a": True})]),
        ("conflict", ("t/allow", "t/against"), [ALLOW, rule("against", "other", when={"size": {"le": 10}})],
         [ALLOW, rule("against", "other", when={"size": {"lt": 10}})]),
    ],
)  # fmt: skip
def test_each_kind_is_found_where_it_is(kind, names, bad, good, tmp_path):
    (one,) = found(made(tmp_path / "bad", bad))
    assert (one.kind, sorted(one.rules)) == (kind, sorted(names))
    assert one.answer == ("witness" if kind == "conflict" else "proven")
    assert found(made(tmp_path / "good", good)) == ()


def test_the_case_of_a_conflict_lies_on_the_one_point_where_both_hold(tmp_path):
    engine = made(tmp_path, [ALLOW, rule("against", "other", when={"size": {"le": 10}})])
    (one,) = found(engine)
    assert one.case is not None
    assert engine.decide(one.case).status == "conflict"
    assert float(one.case.facts["size"]) == 10


def test_a_matter_without_a_default_has_a_gap_where_no_rule_speaks(tmp_path):
    halves = [rule("low", "allow", when={"size": {"lt": 10}}), rule("high", "refuse", when={"size": {"gt": 10}})]
    engine = made(tmp_path / "a", halves, "bare")
    (one,) = found(engine, "bare")
    assert (one.kind, one.answer) == ("gap", "witness")
    assert engine.decide(one.case).status == "no_rule"
    halves[1]["when"] = {"size": {"ge": 10}}
    assert found(made(tmp_path / "b", halves, "bare"), "bare") == ()


def test_derived_facts_are_followed(tmp_path):
    """`limit_day` is 24 months after `day`: no case has the one a year after the other."""
    apart = {"all": [{"day": "2019-01-01"}, {"limit_day": {"lt": "2020-06-01"}}]}
    engine = made(tmp_path, [rule("one", "allow"), rule("two", "other", when=apart)])
    assert [(item.kind, item.answer) for item in found(engine)] != [("conflict", "witness")]


@pytest.mark.parametrize("seed", range(30))
def test_the_same_as_trying_every_case(seed, tmp_path):
    chance = random.Random(seed)

    def condition():
        tests = [
            {"flag_a": True},
            {"flag_b": False},
            {"colour": "red"},
            {"colour": {"in": ["red", "green"]}},
            {"not": {"flag_a": True}},
        ]
        return {chance.choice(["all", "any"]): chance.sample(tests, 2)}

    outcomes = ["allow", "refuse"]
    rules = [rule(f"r{index}", chance.choice(outcomes), when=condition()) for index in range(3)]
    engine = made(tmp_path, rules, "bare")
    statuses = {
        engine.decide(Case(matter="bare", jurisdiction="cn", act_date=DAY, decision_date=DAY, facts=facts)).status
        for facts in FLAGS
    }
    held = {
        item.rule
        for facts in FLAGS
        for item in engine.decide(
            Case(matter="bare", jurisdiction="cn", act_date=DAY, decision_date=DAY, facts=facts)
        ).findings
    }
    kinds = {item.kind for item in found(engine, "bare")}
    assert ("gap" in kinds) == ("no_rule" in statuses)
    assert ("conflict" in kinds) == ("conflict" in statuses)
    dead = {name for item in found(engine, "bare") if item.kind in ("unreachable", "shadowed") for name in item.rules}
    assert not dead & held


def test_explanations_are_used_or_stale(tmp_path):
    (tmp_path / "_verify.yaml").write_text(
        "format: 1\nfindings:\n"
        "  - {matter: permit, kind: redundant, rules: [t/twice], because: 示例}\n"
        "  - {matter: permit, kind: conflict, rules: [t/allow, t/gone], because: 示例}\n",
        encoding="utf-8",
    )
    engine = made(tmp_path, [ALLOW, rule("twice", "allow", when={"size": {"gt": 10}})])
    report = verify_all(engine, [engine.rulesets.matters["permit"]], [], (DAY, DAY))
    assert report.open == ()
    assert [item.kind for item in report.stale] == ["conflict"]


def run(*arguments: str):
    return CliRunner().invoke(app, ["verify", *arguments])


def test_the_command_examines_the_bundled_rules():
    result = run("notification-commitment", "emergency-service", "--format", "json")
    assert result.exit_code == 0
    body = json.loads(result.output)
    assert body["findings"] == []
    assert {item["matter"] for item in body["examined"]} == {"notification-commitment", "emergency-service"}
    assert run("no-such-matter").exit_code == 2
    assert run("--since", "soon").exit_code == 2


@pytest.mark.slow
def test_every_finding_on_the_bundled_rules_is_explained():
    assert run().exit_code == 0
