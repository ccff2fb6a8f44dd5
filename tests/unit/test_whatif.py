"""What would change a decision: nothing missed, nothing unconfirmed, strictness exact, only what can be altered."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eco_rules import Case, CaseError, Corpus, Engine
from eco_rules.analysis.account import account
from eco_rules.analysis.results import result_of
from eco_rules.analysis.whatif import WhatIf, changed, what_if
from eco_rules.model.facts import Alteration
from eco_rules.reporting.accounts import as_dict, change_said, page_of
from eco_rules.reporting.pages import pages_as_markdown, pages_as_text
from tests.support.generated import DAY, GRADE, corpus_of, rulesets

RULES: dict[str, Any] = {
    "id": "w.permit",
    "title": "试",
    "matter": "permit",
    "jurisdiction": "cn",
    "effective": {"from": "2000-01-01"},
    "complete": True,
    "conditions": {"bad": {"title": "不良", "when": {"tags": "z"}}},
    "rules": [
        {
            "id": "small",
            "title": "小",
            "cites": ["law-1#a"],
            "when": {"all": [{"size": {"lt": 10}}, {"flag_a": True}]},
            "unless": ["bad"],
            "then": {"outcome": "allow", "modality": "must"},
        },
        {
            "id": "fast",
            "title": "快",
            "cites": ["law-1#a"],
            "when": {"work_span": {"le": 5}},
            "then": {"outcome": "other"},
        },
    ],
}


def with_alterable(corpus: Corpus, **said: Any) -> Corpus:
    """The corpus with some facts alterable."""
    subject = corpus.subjects["thing"]
    facts = {
        name: spec.model_copy(update={"alterable": said[name]}) if name in said else spec
        for name, spec in subject.facts.items()
    }
    return replace(corpus, subjects={"thing": replace(subject, facts=facts)})


def search(facts: dict[str, Any], rules: dict[str, Any] = RULES, most: int = 2, **said: Any) -> tuple[Engine, WhatIf]:
    engine = Engine(with_alterable(corpus_of(rules, GRADE), **said))
    case = Case(matter="permit", jurisdiction="cn", act_date=DAY, decision_date=DAY, facts=facts)
    return engine, what_if(engine, case, engine.decide(case), most, every=not said)


BASE = {"size": "12", "flag_a": True, "tags": [], "day": "2024-05-20", "end": "2024-05-29"}


def said(found: WhatIf) -> list[tuple[list[str], str | None]]:
    return [([change_said(change, "zh") for change in item.changes], item.result.outcome) for item in found.proposals]


def test_the_limit_itself_is_on_the_right_side() -> None:
    _, found = search(BASE, size=True)
    assert said(found) == [(["规模小于10 t（现 12 t，差 2 t）"], "allow")]
    inclusive = {**RULES, "rules": [{**RULES["rules"][0], "when": {"size": {"le": 10}}}]}
    _, found = search(BASE, inclusive, size=True)
    assert said(found) == [(["规模不大于10 t（现 12 t，差 2 t）"], "allow")]


def test_at_the_limit_it_is_said() -> None:
    _, found = search({**BASE, "size": "10"}, size=True)
    assert said(found) == [(["规模小于10 t（现 10 t，正在界限上）"], "allow")]


def test_only_what_the_vocabulary_calls_alterable_is_proposed() -> None:
    _, found = search({**BASE, "flag_a": False}, size=True)
    assert found.proposals == ()  # flag_a would have to change as well
    _, found = search({**BASE, "flag_a": False}, size=True, flag_a=True)
    assert [len(item.changes) for item in found.proposals] == [2]
    assert {change.key.name for change in found.proposals[0].changes} == {"size", "flag_a"}


def test_how_is_said_in_the_right_direction_only() -> None:
    less = Alteration(by="缩小", toward="less")
    _, found = search(BASE, size=less)
    assert found.proposals[0].changes[0].how == "缩小"
    _, found = search({**BASE, "size": "5"}, size=less)
    assert found.proposals[0].changes[0].how is None


def test_a_deadline_in_working_days_is_found_through_the_dates() -> None:
    _, found = search({**BASE, "end": "2024-05-29"}, end=True)
    (proposal,) = [item for item in found.proposals if item.result.outcome == "other"]
    # 2024-05-20 is a Monday: five working days later is Monday 27.
    assert [change_said(change, "zh") for change in proposal.changes] == [
        "结束日不晚于2024-05-27（现 2024-05-29，差 2 日）"
    ]


def test_a_member_of_a_set_is_taken_out() -> None:
    _, found = search({**BASE, "size": "5", "tags": ["x", "z"]}, tags=True)
    assert said(found) == [(["标签不再有“丙标”（现 甲标、丙标）"], "allow")]


def test_an_open_decision_is_told_which_answers_lead_where() -> None:
    engine, found = search({"flag_a": True, "day": "2024-05-20", "end": "2024-06-29", "tags": []}, size=True)
    assert found.decision.status == "undetermined"
    assert said(found) == [(["规模小于10 t"], "allow"), (["规模不小于10 t"], "refuse")]
    told = account(engine, CASE, engine.decide(CASE), "zh")
    assert [(item.rule, item.standing) for item in told.rules] == [
        ("w.permit/small", "open"),
        ("w.permit/fast", "fails"),
    ]


CASE = Case(
    matter="permit",
    jurisdiction="cn",
    act_date=DAY,
    decision_date=DAY,
    facts={"flag_a": True, "day": "2024-05-20", "end": "2024-06-29", "tags": []},
)


def test_margins_are_told_of_numbers_nobody_can_change() -> None:
    _, found = search(BASE, flag_b=True)
    near = [(item.changes[0].key.name, item.result.outcome) for item in found.margins]
    assert ("size", "allow") in near
    assert ("end", "other") in near


def test_what_follows_from_a_changed_fact_changes_with_it() -> None:
    """`graded` is stated and follows from the size: it cannot be set otherwise by itself."""
    rules = {**RULES, "rules": [{**RULES["rules"][0], "when": {"graded": "small"}}]}
    _, found = search({"size": "12", "graded": "large", "tags": []}, rules, graded=True, size=True)
    (proposal,) = found.proposals
    assert [change.key.name for change in proposal.changes] == ["size"]
    assert [key.name for key in proposal.changes[0].outdated] == ["graded"]
    assert "graded" not in changed(CASE, proposal.changes).facts


def test_the_tree_ticks_off_every_test() -> None:
    engine = Engine(corpus_of(RULES, GRADE))
    case = replace(CASE, facts={**BASE, "size": "5", "tags": ["z"]})
    told = account(engine, case, engine.decide(case), "zh")
    (barred,) = [item for item in told.rules if item.rule == "w.permit/small"]
    assert (barred.standing, barred.obstacles[0].branch.truth) == ("barred", True)
    text = pages_as_text([page_of(told, None, "zh")], "zh")
    assert "✓ 规模小于10 t（现为：5 t）" in text
    assert "但书：“不良”（w.permit/bad）" in text
    assert "  - ✓ 规模小于10 t" in pages_as_markdown([page_of(told, None, "zh")])
    failing = account(engine, replace(case, facts=BASE), engine.decide(replace(case, facts=BASE)), "zh")
    (rule,) = [item for item in failing.rules if item.rule == "w.permit/small"]
    assert (rule.standing, rule.failing, rule.short_by) == ("fails", ("规模小于10 t",), 1)
    assert as_dict(failing, None)["rules"][0]["conditions"]["kind"] == "all"


SIZES = [
    Decimal(text) for text in ("0", "0.05", "0.1", "0.2", "4.9", "5", "6", "9.998", "9.999", "9.9995", "10", "10.0005")
]
SIZES += [Decimal(text) for text in ("10.001", "10.002", "50", "99.9", "100", "100.1", "1000")]
VALUES: dict[str, list[Any]] = {
    **{name: [True, False] for name in ("flag_a", "flag_b", "flag_c", "flag_d", "judged")},
    "colour": ["red", "green", "blue"],
    "size": [str(size) for size in SIZES],
}


def covered(found: WhatIf, fact: str, value: Any, result: object) -> bool:
    """Whether a proposal of this one fact covers the value with this result."""
    for item in found.proposals:
        (change,) = item.changes
        if change.key.name != fact or item.result != result:
            continue
        region = change.region
        if fact != "size":
            if value == region.value or value in region.others or value in item.also:
                return True
            continue
        number = Decimal(value)
        above = region.low is None or number > region.low.at or (region.low.inclusive and number == region.low.at)  # type: ignore[operator]
        below = region.high is None or number < region.high.at or (region.high.inclusive and number == region.high.at)  # type: ignore[operator]
        if above and below:
            return True
    return False


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(rulesets(), st.fixed_dictionaries({name: st.sampled_from(items) for name, items in VALUES.items()}))
def test_every_single_change_that_matters_is_found(ruleset: dict[str, Any], facts: dict[str, Any]) -> None:
    """Exhaustively: each other value of each fact; no proposal is wrong, and none is missing."""
    facts = {
        **facts,
        "other_size": "7",
        "tags": ["x"],
        "day": "2024-03-01",
        "items": [],
        "opens": {"includes": ["y"], "excludes": ["x", "z"]},
    }
    engine = Engine(with_alterable(corpus_of(ruleset, GRADE), **dict.fromkeys(VALUES, True)))
    case = Case(matter="permit", jurisdiction="cn", act_date=DAY, decision_date=DAY, facts=facts)
    decision = engine.decide(case)
    if decision.status == "undetermined":
        return
    found = what_if(engine, case, decision, 1)
    for item in found.proposals:
        assert result_of(engine.decide(changed(case, item.changes))) == item.result != result_of(decision)
    for fact, values in VALUES.items():
        for value in values:
            try:
                other = result_of(engine.decide(replace(case, facts={**facts, fact: value})))
            except CaseError:
                continue
            if other != result_of(decision):
                assert covered(found, fact, value, other), (fact, value, other)


def test_pairs_are_found_and_are_minimal() -> None:
    flags = ("flag_a", "flag_b", "flag_c")
    rules = {
        **RULES,
        "rules": [{**RULES["rules"][0], "when": {"at_least": {"n": 2, "of": [{name: True} for name in flags]}}}],
    }
    _, found = search({**dict.fromkeys(flags, False), "tags": []}, rules, **dict.fromkeys(flags, True))
    assert {frozenset(change.key.name for change in item.changes) for item in found.proposals} == {
        frozenset(pair) for pair in combinations(flags, 2)
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_exist_in_both_languages(lang: Any) -> None:
    engine, found = search(BASE, size=True)
    told = account(engine, replace(CASE, facts=BASE), found.decision, lang)
    assert pages_as_text([page_of(told, found, lang)], lang)
    shown = as_dict(told, found)["what_if"]["proposals"][0]["changes"][0]
    assert (shown["high"], shown["gap"], shown["alterable"]) == ({"at": "10", "inclusive": False}, "2", True)
