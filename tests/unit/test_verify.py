"""Verification: each kind of finding where it is, none where it is not, and the same as trying every case."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from datetime import date
from itertools import product
from pathlib import Path

import pytest
import yaml
import z3
from typer.testing import CliRunner

from eco_rules import Case, Engine, load_rulesets
from eco_rules.analysis.verify import verifier
from eco_rules.analysis.verify.cache import Cache
from eco_rules.analysis.verify.variables import Ordered, Several, Single
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
    plain = json.loads(json.dumps(body))  # without anchors
    path.write_text(yaml.safe_dump(plain, allow_unicode=True), encoding="utf-8")
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


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


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


LOW = {"size": {"lt": 100}}
GRADE = [rule("big", "high", when={"size": {"ge": 100}}), rule("small", "low", when={"size": {"lt": 50}})]


def asking(folder: Path, grades: list[dict]) -> Engine:
    """`bare` refuses what is large and allows what `grade` says is low."""
    made(folder, grades, "grade", id="g")
    rules = [rule("large", "refuse", when={"size": {"ge": 100}})]
    return made(folder, [*rules, rule("low", "allow", when={"outcome_of": {"grade": "low"}})], "bare")


def test_the_outcome_of_another_matter_is_what_its_rules_come_to(tmp_path):
    whole = [GRADE[0], rule("small", "low", when=LOW)]
    assert found(asking(tmp_path / "a", whole), "bare") == ()
    engine = asking(tmp_path / "b", GRADE)  # from 50 to 100 there is no grade: it may be stated, and then nothing holds
    (one,) = found(engine, "bare")
    assert (one.kind, one.answer) == ("gap", "witness")
    assert engine.decide(one.case).status == "no_rule"


def overlapping(engine: Engine, matter: str = "permit"):
    return verify(engine, engine.rulesets.matters[matter], "cn", DAY, overlaps=True).overlaps


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"cites": ["reg-1#a"]}, "higher level"),
        ({"special_to": ["wide"]}, "special rule"),
        ({"then": {"outcome": "refer"}}, "order of outcomes"),
    ],
)
def test_an_overlap_names_who_prevails_and_why(parts, why, tmp_path):
    wide, narrow = rule("wide", "allow", when={"size": {"ge": 10}}), rule("narrow", "other", when={"size": {"le": 20}})
    engine = made(tmp_path / "a", [wide, {**narrow, **parts}])
    assert found(engine) == ()
    (one,) = overlapping(engine)
    decision = engine.decide(one.case)
    assert one.rules == (decision.findings[0].rule, decision.defeated[0].rule)
    assert why in one.note.en
    assert overlapping(made(tmp_path / "b", [wide, {**narrow, **parts, "when": {"size": {"lt": 10}}}])) == ()


TESTS = [
    {"size": {"ge": 10}},
    {"colour": {"in": ["red", "blue"]}},
    {"tags": "x"},
    {"flag_a": True},
    {"day": {"lt": "2020-02-02"}},
]


def test_nothing_is_decided_before_it_is_settled_nor_left_open_for_ever(tmp_path):
    rules = [rule(f"r{number}", "allow", when={"not": test}) for number, test in enumerate(TESTS)]
    kinds = {item.kind for item in found(made(tmp_path, rules))}
    assert not kinds & {"premature", "stuck"}


@pytest.mark.parametrize(
    ("variable", "name", "number"),
    [
        (Ordered, "surely", 0),
        (Single, "possibly", 1),
        (Several, "surely", 2),
        (Single, "surely", 3),
        (Ordered, "possibly", 4),
    ],
)
def test_a_wrong_reading_of_what_is_told_is_found(variable, name, number, tmp_path, monkeypatch):
    wrong = z3.BoolVal(name == "surely")
    monkeypatch.setattr(variable, name, lambda *_: wrong)
    rules = [rule(f"r{number}", "allow", when=test) for number, test in enumerate(TESTS)]
    early = {item.rules for item in found(made(tmp_path, rules)) if item.kind == "premature"}
    assert (f"t/r{number}",) in early


def test_what_stays_open_though_everything_is_told_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(Single, "surely", lambda *_: z3.BoolVal(False))
    engine = made(tmp_path, [rule("a", "allow", when={"flag_a": True})])
    (one,) = found(engine)
    assert (one.kind, one.answer) == ("stuck", "undecided")  # the engine itself is not stuck, and does not confirm it


def test_answers_are_kept_until_what_they_rest_on_changes(tmp_path, monkeypatch):
    against = rule("against", "other", when={"size": {"le": 10}})
    first = made(tmp_path / "rules", [ALLOW, against])
    matter, folder = first.rulesets.matters["permit"], tmp_path / "cache"
    fresh = verify(first, matter, "cn", DAY, overlaps=True, cache=Cache(folder))
    monkeypatch.setattr(verifier, "_verify", lambda *_, **__: pytest.fail("worked out again"))
    again = made(tmp_path / "rules", [ALLOW, against])
    assert verify(again, matter, "cn", DAY, overlaps=True, cache=Cache(folder)) == fresh
    monkeypatch.undo()
    changed = made(tmp_path / "rules", [ALLOW, {**against, "when": {"size": {"lt": 10}}}])
    assert verify(changed, matter, "cn", DAY, overlaps=True, cache=Cache(folder)).findings == ()
    assert len(list(folder.glob("*.json"))) == 2
    for path in folder.glob("*.json"):
        path.write_text("{", encoding="utf-8")
    assert verify(first, matter, "cn", DAY, overlaps=True, cache=Cache(folder)) == fresh


def test_a_name_of_an_answer_is_the_same_in_every_process(tmp_path):
    made(
        tmp_path,
        [rule("a", "allow", when={"colour": {"in": ["red", "green", "blue"]}, "tags": {"any_of": ["x", "y", "z"]}})],
    )
    program = (
        "from datetime import date; from eco_rules import *; from eco_rules.analysis.verify.fingerprint import fingerprint;"
        f"e = Engine(load_rulesets({str(BASE)!r}, {str(tmp_path)!r}));"
        "print(fingerprint(e, e.rulesets.matters['permit'], 'cn', date(2020, 1, 1), {}))"
    )
    names = {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(names) == 1


def test_what_a_derived_fact_starts_from_is_part_of_the_case(tmp_path):
    engine = made(tmp_path, [rule("a", "allow", when={"limit_day": {"lt": "2020-06-01"}})], "bare")
    (one,) = found(engine, "bare")
    assert (one.kind, one.answer, list(one.case.facts)) == ("gap", "witness", ["day"])
