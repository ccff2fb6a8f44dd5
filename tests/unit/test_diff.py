"""Two versions of the rules: what changed in meaning, in words, and a confirmed case for each difference."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from eco_rules import Case, Corpus, Engine
from eco_rules.analysis.diff import Diff, diff
from eco_rules.analysis.results import result_of
from eco_rules.reporting.differences import as_dict, page_of
from eco_rules.reporting.pages import pages_as_markdown, pages_as_text
from tests.support.generated import DAY, GRADE, corpus_of, rulesets

BASE: dict[str, Any] = {
    "id": "d.permit",
    "title": "试",
    "matter": "permit",
    "jurisdiction": "cn",
    "effective": {"from": "2000-01-01"},
    "complete": True,
    "parameters": {"limit": {"value": 10, "label": "规模上限", "unit": "t", "source": "试"}},
    "conditions": {"good": {"title": "良好", "when": {"any": [{"flag_b": True}, {"colour": "red"}]}}},
    "rules": [
        {
            "id": "small",
            "title": "小",
            "cites": ["law-1#a"],
            "when": {"all": [{"size": {"lt": "$limit"}}, {"holds": "good"}, {"tags": {"none_of": ["z"]}}]},
            "then": {"outcome": "allow", "modality": "must"},
        },
        {
            "id": "told",
            "title": "转",
            "cites": ["law-1#a"],
            "when": {"flag_d": True},
            "then": {"outcome": "other"},
        },
    ],
}


def changed(**edits: Any) -> dict[str, Any]:
    """The ruleset with other contents at `rules_0_when`, `parameters_limit_value` and the like."""
    made = deepcopy(BASE)
    for path, value in edits.items():
        item: Any = made
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("__")]
        for step in steps:
            item = item[step]
        item[last] = value
    return made


def compared(new: dict[str, Any] | Corpus, cases: list[Case] | None = None) -> Diff:
    other = new if isinstance(new, Corpus) else corpus_of(new, GRADE)
    return diff(corpus_of(BASE, GRADE), other, "zh", cases=cases)


def details(found: Diff) -> dict[str, list[tuple[str, str | None, str | None]]]:
    return {
        item.name: [(part.aspect, part.before, part.after) for part in item.details]
        for item in found.comparison.differences
    }


def witnesses(found: Diff) -> dict[str, bool]:
    return {item.name: item.witness is not None for item in found.tried}


def test_a_version_does_not_differ_from_itself() -> None:
    found = compared(BASE)
    assert (found.comparison.differences, found.tried) == ((), ())
    assert "没有影响结论的变化" in shown(found)


def shown(found: Diff, lang: Any = "zh") -> str:
    corpora = corpus_of(BASE, GRADE), corpus_of(BASE, GRADE)
    page = page_of(found, *corpora, ("A", "B"), lang)
    assert pages_as_markdown([page])
    return pages_as_text([page], lang)


def test_order_and_nesting_and_double_negation_mean_nothing() -> None:
    when = {
        "all": [
            {"not": {"not": {"all": [{"tags": {"none_of": ["z"]}}, {"holds": "good"}]}}},
            {"not": {"size": {"ge": "10.0"}}},
        ]
    }
    found = compared(
        changed(rules__0__when=when, conditions__good__when={"any": [{"colour": "red"}, {"not": {"flag_b": False}}]})
    )
    assert (found.comparison.differences, found.tried) == ((), ())


def test_words_are_told_apart_from_meaning() -> None:
    found = compared(changed(rules__0__title="小型", conditions__good__title="很好"))
    assert {item.words_only for item in found.comparison.differences} == {True}
    assert found.tried == ()


def test_a_parameter_shows_where_it_is_used_and_has_a_witness() -> None:
    found = compared(changed(parameters__limit__value=20))
    assert details(found) == {
        "d.permit/$limit": [("value", "10", "20")],
        "d.permit/small": [("规模", "小于10 t", "小于20 t")],
    }
    (tried,) = found.tried
    assert tried.witness is not None
    assert tried.witness.case.facts["size"] == 10
    assert (tried.witness.before.outcome, tried.witness.after.outcome) == ("refuse", "allow")
    assert "规模=10 t" in shown(found)


def test_a_witness_is_confirmed_and_minimal() -> None:
    new = corpus_of(changed(parameters__limit__value=20), GRADE)
    (tried,) = compared(new).tried
    assert tried.witness is not None
    old_engine, new_engine = Engine(corpus_of(BASE, GRADE)), Engine(new)
    case = tried.witness.case
    assert result_of(old_engine.decide(case)) != result_of(new_engine.decide(case))
    for name in case.facts:
        fewer = replace(case, facts={other: value for other, value in case.facts.items() if other != name})
        before, after = old_engine.decide(fewer), new_engine.decide(fewer)
        assert "undetermined" in (before.status, after.status) or result_of(before) == result_of(after)


def test_a_changed_condition_is_told_once_and_affects_the_rules_that_use_it() -> None:
    found = compared(changed(conditions__good__when={"any": [{"flag_b": True}, {"colour": {"in": ["red", "green"]}}]}))
    assert details(found) == {"d.permit/good": [("颜色", "是“红”", "属于“红”、“绿”")]}
    assert witnesses(found) == {"d.permit/small": True}


def test_other_connectives_are_told_as_whole_sentences() -> None:
    found = compared(changed(conditions__good__when={"all": [{"flag_b": True}, {"colour": "red"}]}))
    assert details(found) == {
        "d.permit/good": [("when", "乙为“是”，或者颜色是“红”", "乙为“是”，且颜色是“红”")],
    }
    assert witnesses(found) == {"d.permit/small": True}


def test_modality_removal_and_addition() -> None:
    found = compared(changed(rules__0__then={"outcome": "allow", "modality": "may"}))
    assert details(found)["d.permit/small"] == [("then", "应当许可", "可以许可")]
    assert witnesses(found) == {"d.permit/small": True}
    found = compared(changed(rules=BASE["rules"][:1]))
    (item,) = found.comparison.differences
    assert (item.how, item.name) == ("removed", "d.permit/told")
    assert witnesses(found) == {"d.permit/told": True}
    extra = {**BASE["rules"][1], "id": "more", "when": {"flag_c": True}}
    found = compared(changed(rules=[*BASE["rules"], extra]))
    assert [(item.how, item.name) for item in found.comparison.differences] == [("added", "d.permit/more")]
    assert witnesses(found) == {"d.permit/more": True}


def test_dates_of_a_ruleset() -> None:
    found = compared(changed(effective={"from": "2000-01-01", "until": "2023-12-31"}))
    assert details(found)["d.permit"] == [("effective", "2000-01-01～", "2000-01-01～2023-12-31")]
    assert all(witnesses(found).values())


def test_a_difference_without_a_case_says_so() -> None:
    """Another way to write what is never true: the forms differ, the decisions do not."""
    never = {"all": [{"size": {"lt": 5}}, {"size": {"gt": 6}}]}
    found = compared(changed(rules=[*BASE["rules"], {**BASE["rules"][1], "id": "never", "when": never}]))
    assert witnesses(found) == {"d.permit/never": False}
    assert "未能判定" in shown(found)
    assert as_dict(found, ("A", "B"), "zh")["witnesses"][0]["found"] is False


def test_a_fact_derived_otherwise_affects_the_rules_that_read_it() -> None:
    rules = changed(rules__1__when={"graded": "small"})
    old = corpus_of(rules, GRADE)
    from eco_rules.model.derivation import parse_derivation

    subject = old.subjects["thing"]
    derive = parse_derivation({"cases": [{"when": {"size": {"lt": 20}}, "value": "small"}]})
    spec = subject.facts["graded"].model_copy(update={"derive": derive})
    new = replace(old, subjects={"thing": replace(subject, facts={**subject.facts, "graded": spec})})
    found = diff(old, new, "zh")
    assert [(item.what, item.name) for item in found.comparison.differences] == [("fact", "graded")]
    assert "d.permit/told" in witnesses(found)


def test_flips_are_counted_by_rule_and_place() -> None:
    facts = {"size": 15, "flag_b": True, "tags": [], "flag_d": False, "colour": "blue"}
    cases = [
        Case(
            id=name, matter="permit", jurisdiction=place, act_date=DAY, decision_date=DAY, facts={**facts, "size": size}
        )
        for name, place, size in (("one", "cn", 15), ("two", "cn", 5), ("three", "cn", 19))
    ]
    found = compared(changed(parameters__limit__value=20), cases)
    assert found.flips is not None
    assert (found.flips.decided, [flip.case.id for flip in found.flips.flips]) == (3, ["one", "three"])
    assert dict(found.flips.by_rule)["d.permit/small"] == 2
    assert found.flips.by_place == [("国家", 2)]
    wrong = replace(cases[0], facts={"no_such_fact": 1})
    found = compared(changed(parameters__limit__value=20), [wrong])
    assert found.flips is not None
    assert [error.code for flip in found.flips.flips for error in flip.errors] == ["E701"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(rulesets(), rulesets())
def test_witnesses_of_any_two_rulesets_are_confirmed(one: dict[str, Any], other: dict[str, Any]) -> None:
    old, new = corpus_of(one, GRADE), corpus_of(other, GRADE)
    engines = Engine(old), Engine(new)
    for tried in diff(old, new, "zh").tried:
        if tried.witness is not None:
            before, after = (engine.decide(tried.witness.case) for engine in engines)
            assert result_of(before) != result_of(after)
    assert diff(old, old, "zh").tried == ()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_exist_in_both_languages(lang: Any) -> None:
    assert "d.permit/small" in shown(compared(changed(parameters__limit__value=20)), lang)


def test_a_whole_ruleset_removed(tmp_path: Path) -> None:
    old = corpus_of(BASE, GRADE)
    new = replace(old, rulesets=tuple(file for file in old.rulesets if file.ruleset.id != "d.permit"))
    found = diff(old, new, "zh")
    assert [(item.what, item.how) for item in found.comparison.differences] == [("ruleset", "removed")]
    assert witnesses(found) == {"d.permit/small": True, "d.permit/told": True}
