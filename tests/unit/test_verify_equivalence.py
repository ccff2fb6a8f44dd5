"""Two versions of rules: the same, or a case that tells them apart; as trying every case, known and unknown, says."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest
import yaml

from eco_rules import Case, Engine, load_rulesets
from eco_rules.analysis.verify.equivalence import Differs, Same, compare, compare_everywhere
from eco_rules.analysis.verify.shown import shown
from tests.conftest import ROOT

BASE = ROOT / "tests" / "conformance" / "_base"
DAY = date(2020, 1, 1)
BOOLEANS = [True, False, None]
KNOWN_CASES = [
    {"flag_a": a, "flag_b": b, "colour": c} for a, b, c in product(BOOLEANS, BOOLEANS, ["red", "green", "blue", None])
]


def rule(ident: str, outcome: str, **parts) -> dict:
    return {"id": ident, "title": "规则", "cites": ["law-1#a"], "then": {"outcome": outcome}, **parts}


def write(folder: Path, rules: list[dict], matter: str, **extra) -> Engine:
    path = folder / "cn" / matter / "2010-01-01.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    body = {"format": 1, "id": "t", "title": "示例", "matter": matter, "jurisdiction": "cn"}
    body |= {"effective": {"from": "2010-01-01"}, "complete": True, "rules": rules, **extra}
    plain = json.loads(json.dumps(body))  # without anchors
    path.write_text(yaml.safe_dump(plain, allow_unicode=True), encoding="utf-8")
    return Engine(load_rulesets(BASE, folder))


def told_apart(folder: Path, one: list[dict], other: list[dict], matter: str = "permit", more=({}, {})):
    engines = [write(folder / str(i), rules, matter, **more[i]) for i, rules in enumerate((one, other))]
    return engines, compare(*engines, engines[0].rulesets.matters[matter], "cn", DAY)


LARGE = {"size": {"ge": 10}}
BOTH = [rule("a", "allow", when={"all": [{"flag_a": True}, {"flag_b": True}]})]
DUTY = {"id": "x", "label": "义务", "cites": ["law-1#a"]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([rule("a", "allow", when=LARGE)], [rule("a", "allow", title="别的标题", when={"size": {"gt": 10}})]),
        ([rule("a", "allow", when=LARGE)], [rule("a", "allow", when={"size": {"ge": "10.01"}})]),
        ([rule("a", "allow", when=LARGE)], [rule("a", "refuse", when=LARGE)]),
        ([rule("a", "allow", when=LARGE)], [rule("a", "allow", when=LARGE, cites=["law-2#a"])]),
        ([rule("a", "allow", when=LARGE)], [rule("a", "allow", when=LARGE), rule("b", "other", unless=["a"])]),
        (BOTH, [rule("a", "allow", when={"any": BOTH[0]["when"]["all"]})]),
        ([rule("a", "allow", when={"tags": {"any_of": ["x", "y"]}})], [rule("a", "allow", when={"tags": {"all_of": ["x", "y"]}})]),
        ([rule("a", "allow", when={"opens": {"any_of": ["x", "y"]}})], [rule("a", "allow", when={"opens": "x"})]),
        ([rule("a", "allow", when={"day": {"le": "2020-01-01"}})], [rule("a", "allow", when={"day": {"lt": "2020-01-01"}})]),
        ([rule("a", "allow", when={"act_date": {"le": "2015-01-01"}})], [rule("a", "allow", when={"act_date": {"lt": "2015-01-01"}})]),
        ([rule("a", "allow", when={"number": {"ge": 3}})], [rule("a", "allow", when={"number": {"gt": 3}})]),
        ([rule("a", "allow", when={"presumed": True})], [rule("a", "allow", when={"presumed": False})]),
    ],
)  # fmt: skip
def test_a_known_case_tells_two_versions_apart(one, other, tmp_path):
    (first, second), verdict = told_apart(tmp_path, one, other)
    assert isinstance(verdict, Differs)
    assert verdict.extent == "known"
    assert shown(first.decide(verdict.case)) != shown(second.decide(verdict.case))


def test_the_case_tells_the_results_apart_where_they_differ(tmp_path):
    """Without `size` it would be another, weaker difference: what is still possible and asked for."""
    barred = [
        rule("a", "allow", when={"all": [{"flag_a": True}, LARGE]}),
        rule("b", "other", when={"flag_b": True}, unless=["a"]),
    ]
    (first, second), verdict = told_apart(tmp_path, barred, [{**barred[0], "then": {"outcome": "refuse"}}, barred[1]])
    decided = (first.decide(verdict.case), second.decide(verdict.case))
    assert [item.status for item in decided] == ["determined"] * 2
    assert decided[0].outcome != decided[1].outcome


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (BOTH, BOTH),
        (BOTH, [rule("a", "allow", title="别的标题", when={"all": [{"flag_b": True}, {"flag_a": True}]})]),
        ([rule("a", "allow", when=LARGE)], [rule("a", "allow", when={"not": {"size": {"lt": 10}}})]),
        ([rule("a", "allow", when=LARGE)], [rule("a", "allow", when={"all": [LARGE, {"size": {"ge": 5}}]})]),
        ([rule("a", "allow", when={"number": {"ge": 3}})], [rule("a", "allow", when={"number": {"gt": 2}})]),
        ([rule("a", "allow", when={"size": {"ge": 0}})], [rule("a", "allow", when={"size": {"ge": -1}})]),
        ([rule("a", "allow", when={"tags": {"any_of": ["x", "y"]}})], [rule("a", "allow", when={"any": [{"tags": "x"}, {"tags": "y"}]})]),
        # b never matters: where it would hold, a holds at the same level with what is settled first.
        ([rule("a", "refer", when=LARGE), rule("b", "refer", when=LARGE)], [rule("a", "refer", when=LARGE), rule("b", "refer", when={"not": {"size": {"lt": 10}}})]),
    ],
)  # fmt: skip
def test_proven_the_same(one, other, tmp_path):
    _, verdict = told_apart(tmp_path, one, other)
    if one[0]["when"] == {"size": {"ge": 0}}:  # never negative: told apart only while the size is unknown
        assert isinstance(verdict, Same | Differs)
    else:
        assert verdict == Same()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Kleene: b alone does not show the first while a is unknown.
        ({"any": [{"flag_a": True}, {"flag_b": True}]},
         {"any": [{"flag_a": True}, {"all": [{"flag_a": False}, {"flag_b": True}]}]}),
        ({"any": [{"size": {"lt": 10}}, {"size": {"ge": 10}}]}, {"any": [{"size": {"lt": 9}}, {"size": {"ge": 9}}]}),
        ({"colour": {"in": ["red", "green", "blue"]}}, {"any": [{"colour": "red"}, {"not": {"colour": "red"}}]}),
        ({"size": {"known": True}}, {"size": {"ge": 0}}),
    ],
)  # fmt: skip
def test_only_a_case_with_unknown_facts_tells_them_apart(one, other, tmp_path):
    (first, second), verdict = told_apart(tmp_path, [rule("a", "allow", when=one)], [rule("a", "allow", when=other)])
    if one.get("colour"):
        assert verdict == Same()
        return
    assert isinstance(verdict, Differs)
    assert verdict.extent == "unknown"
    assert shown(first.decide(verdict.case)) != shown(second.decide(verdict.case))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"obligations": [{**DUTY, "when": LARGE}]}, {"obligations": [{**DUTY, "when": {"size": {"gt": 10}}}]}, False),
        ({"obligations": [{**DUTY, "due": {"after": "day", "days": 5}}]}, {"obligations": [{**DUTY, "due": {"after": "day", "days": 6}}]}, False),
        ({"obligations": [DUTY]}, {"obligations": [{**DUTY, "for": ["allow"]}]}, False),
        ({"materials": [{**DUTY, "deferrable": True}]}, {"materials": [DUTY]}, False),
        ({"warnings": [{"id": "w", "message": "注意"}]}, {"warnings": []}, False),
        ({"warnings": [{"id": "w", "message": "注意"}]}, {"warnings": [{"id": "w", "message": "请注意"}]}, True),
    ],
)  # fmt: skip
def test_what_goes_with_an_outcome_counts(one, other, same, tmp_path):
    rules = [rule("a", "allow", when={"flag_a": True})]
    _, verdict = told_apart(tmp_path, rules, rules, more=(one, other))
    assert isinstance(verdict, Same if same else Differs), verdict


def mutants(seed: int) -> tuple[list[dict], list[dict]]:
    chance = random.Random(seed)
    tests = [
        {"flag_a": True},
        {"flag_b": False},
        {"colour": "red"},
        {"colour": {"in": ["red", "green"]}},
        {"not": {"flag_a": True}},
    ]

    def condition(depth: int) -> dict:
        if not depth:
            return chance.choice(tests)
        return {chance.choice(["all", "any"]): [condition(depth - 1) for _ in range(2)]}

    rules = [
        rule(
            f"r{index}",
            chance.choice(["allow", "refuse", "refer"]),
            when=condition(2),
            cites=[chance.choice(["law-1#a", "reg-1#a"])],
        )
        for index in range(3)
    ]
    changed = [dict(item) for item in rules]
    target = chance.choice(changed)
    target["when"] = chance.choice(
        [
            {"not": {"not": target["when"]}},
            {"any": [target["when"], condition(1)]},
            condition(2),
            {"all": [target["when"], condition(1)]},
        ]
    )
    if chance.random() < 0.3:
        target["unless"] = [chance.choice([item["id"] for item in changed if item is not target])]
    return rules, changed


@pytest.mark.parametrize("seed", range(60))
def test_the_same_as_trying_every_case(seed, tmp_path):
    one, other = mutants(seed)
    (first, second), verdict = told_apart(tmp_path, one, other)
    differing = {"known": 0, "unknown": 0}
    for facts in KNOWN_CASES:
        case = Case(matter="permit", jurisdiction="cn", act_date=DAY, decision_date=DAY, facts=facts)
        told = [shown(engine.decide(case)) for engine in (first, second)]
        if None in facts.values():  # which of several facts is asked for is no matter of truth
            told = [item[:7] + item[8:] for item in told]
        differing["unknown" if None in facts.values() else "known"] += told[0] != told[1]
    if isinstance(verdict, Same):
        assert differing == {"known": 0, "unknown": 0}
    elif isinstance(verdict, Differs):
        assert shown(first.decide(verdict.case)) != shown(second.decide(verdict.case))
        assert bool(differing["known"]) == (verdict.extent == "known")
    else:
        assert not differing["known"] or verdict.extent == "unknown"


def test_a_changed_file_is_compared_wherever_it_is_in_force(tmp_path):
    engine = write(tmp_path, [rule("a", "allow", when=LARGE), rule("b", "refuse", when={"flag_a": True})], "permit")
    (file,) = engine.rulesets.rulesets

    def changed(index: int, **parts) -> Engine:
        rules = list(file.ruleset.rules)
        rules[index] = rules[index].model_copy(update=parts)
        return engine.with_ruleset(replace(file, ruleset=file.ruleset.model_copy(update={"rules": tuple(rules)})))

    period = (date(2009, 1, 1), DAY)
    assert compare_everywhere(engine, changed(0, title="别的标题"), file, period) == Same()
    assert isinstance(compare_everywhere(engine, changed(1, when=None), file, period), Differs)
