"""Rules written otherwise: proven to mean the same, or shown to differ; what is not proven is not claimed."""

from __future__ import annotations

import sys
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eco_rules import Case, Engine
from eco_rules.analysis.diff import Diff, diff
from eco_rules.analysis.results import result_of
from eco_rules.reporting.differences import as_dict, page_of
from eco_rules.reporting.pages import pages_as_text
from tests.support.generated import GRADE, corpus_of, facts, rulesets
from tests.unit.test_diff import BASE, changed, witnesses

SMALL = BASE["rules"][0]["when"]["all"]
MORGAN = {"not": {"any": [{"size": {"ge": "$limit"}}, {"not": {"holds": "good"}}, {"tags": {"any_of": ["z"]}}]}}
NARROW = {"all": [*SMALL, {"size": {"lt": 11}}]}
SPLIT = [
    {**BASE["rules"][0], "id": "small-b", "when": {"all": [SMALL[0], {"flag_b": True}, SMALL[2]]}},
    {**BASE["rules"][0], "id": "small-red", "when": {"all": [SMALL[0], {"colour": "red"}, SMALL[2]]}},
    BASE["rules"][1],
]


def compared(new: dict[str, Any], *others: tuple[dict[str, Any], dict[str, Any]]) -> Diff:
    old = [one for one, _ in others]
    return diff(corpus_of(BASE, *old, GRADE), corpus_of(new, *[other for _, other in others], GRADE), "zh")


def reworded(found: Diff) -> list[str]:
    return [item.name for item in found.comparison.differences if item.reworded]


@pytest.mark.parametrize("when", [MORGAN, NARROW, {"all": [*SMALL, SMALL[0]]}])
def test_a_condition_written_otherwise(when: dict[str, Any]) -> None:
    found = compared(changed(rules__0__when=when))
    assert found.tried == ()
    assert reworded(found) == (["d.permit/small"] if when is NARROW else [])  # the others have the same form


def test_it_is_told_apart_from_words() -> None:
    found = compared(changed(rules__0__when=NARROW))
    corpora = corpus_of(BASE, GRADE), corpus_of(changed(rules__0__when=NARROW), GRADE)
    text = pages_as_text([page_of(found, *corpora, ("A", "B"), "en")], "en")
    assert "nothing that bears on decisions changed" in text
    assert "1 are reworded and mean the same" in text
    assert "Reworded, means the same (proven):" in text
    (item,) = as_dict(found, ("A", "B"), "en")["differences"]
    assert [part["proven_same"] for part in item["details"]] == [True]


def test_a_named_condition_written_otherwise_affects_no_rule() -> None:
    good = {"not": {"all": [{"flag_b": False}, {"colour": {"not_in": ["red"]}}]}}
    found = compared(changed(conditions__good__when=good))
    assert reworded(found) == ["d.permit/good"]
    assert found.tried == ()


def test_what_is_the_same_for_known_facts_only_is_not_the_same() -> None:
    """While size is unknown `less than 5 or at least 5` is unknown, too: more is asked."""
    idle = {"any": [{"number": {"lt": 5}}, {"number": {"ge": 5}}]}
    found = compared(changed(rules__0__when={"all": [*SMALL, idle]}))
    assert reworded(found) == []
    (item,) = found.tried
    assert not item.proven


def test_a_rule_that_was_split_leads_to_the_same_results() -> None:
    found = compared(changed(rules=SPLIT))
    assert {item.name: item.proven for item in found.tried} == {
        "d.permit/small": True, "d.permit/small-b": True, "d.permit/small-red": True,
    }  # fmt: skip


def test_a_split_that_forgets_something_has_a_witness() -> None:
    found = compared(changed(rules=[SPLIT[0], SPLIT[2]]))
    assert not any(item.proven for item in found.tried)
    assert any(witnesses(found).values())


def test_a_split_with_another_basis_is_not_the_same() -> None:
    other = deepcopy(SPLIT)
    other[1]["cites"] = ["law-2#a"]
    assert not any(item.proven for item in compared(changed(rules=other)).tried)


ELSEWHERE = {
    **{key: BASE[key] for key in ("title", "matter", "jurisdiction", "complete")},
    "id": "d.other",
    "rules": [],
}


def test_a_condition_of_another_ruleset_is_not_spelled_out() -> None:
    """It may be in force at other times: to write out what it says today is not the same."""
    there = {**ELSEWHERE, "effective": {"from": "2020-01-01"}}
    there["conditions"] = {"bright": {"title": "亮", "when": {"colour": "red"}}}
    rule = {**BASE["rules"][1], "id": "bright", "when": {"holds": "d.other/bright"}}
    spelled = {**rule, "when": {"colour": "red"}}
    one, other = changed(rules=[*BASE["rules"], rule]), changed(rules=[*BASE["rules"], spelled])
    found = diff(corpus_of(one, there, GRADE), corpus_of(other, there, GRADE), "zh")
    assert reworded(found) == []
    assert [item.name for item in found.tried] == ["d.permit/bright"]
    assert found.tried[0].witness is not None  # before 2020 nothing held


def test_a_condition_of_another_ruleset_that_changed_is_not_the_same() -> None:
    there = {**ELSEWHERE, "effective": {"from": "2000-01-01"}}
    there["conditions"] = {"bright": {"title": "亮", "when": {"colour": "red"}}}
    dark = {**there, "conditions": {"bright": {"title": "亮", "when": {"colour": "blue"}}}}
    same = {**there, "conditions": {"bright": {"title": "亮", "when": {"not": {"not": {"colour": {"in": ["red"]}}}}}}}
    rule = {**BASE["rules"][1], "id": "bright", "when": {"holds": "d.other/bright"}}
    mine = changed(rules=[*BASE["rules"], rule])
    found = diff(corpus_of(mine, there, GRADE), corpus_of(mine, dark, GRADE), "zh")
    assert witnesses(found) == {"d.permit/bright": True}
    assert diff(corpus_of(mine, there, GRADE), corpus_of(mine, same, GRADE), "zh").tried == ()


def test_without_the_solver_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("eco_rules.analysis.verify.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "z3", None)
    found = compared(changed(rules__0__when=NARROW))
    assert reworded(found) == []
    assert [(item.name, item.proven, item.witness) for item in found.tried] == [("d.permit/small", False, None)]


@given(rulesets(), st.data(), st.lists(facts(), min_size=1, max_size=6))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_proven_the_same_decides_the_same(one: dict[str, Any], data: st.DataObject, known: list[Any]) -> None:
    """Any ruleset against itself with one rule taken from another: never proven where some case tells them apart."""
    other = deepcopy(one)
    other["rules"][0]["when"] = data.draw(rulesets())["rules"][0]["when"]
    if "holds" in str(other["rules"][0]["when"]):
        return
    corpora = corpus_of(one, GRADE), corpus_of(other, GRADE)
    found = diff(*corpora, "zh")
    if any(not item.proven for item in found.tried):
        return
    engines = [Engine(corpus) for corpus in corpora]
    for given_facts in known:
        case = Case(matter="permit", jurisdiction="cn", decision_date="2024-06-01", facts=given_facts)
        before, after = (result_of(engine.decide(case)) for engine in engines)
        assert before == after
