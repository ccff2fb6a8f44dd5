"""What counts as exercised: worked out by hand for one small ruleset, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from eco_rules import Case, Corpus, Engine, load_rulesets
from eco_rules.testing.coverage import Sheet, share, sheets
from eco_rules.testing.coverage_page import pages
from eco_rules.testing.coverage_report import to_text
from eco_rules.testing.points import label, line_of
from eco_rules.testing.watch import Watch
from tests.conftest import ROOT

RULESET = """format: 1
id: t.permit
title: 合成规则
matter: permit
jurisdiction: cn
effective: {from: 2010-01-01}
complete: true
parameters:
  limit: {value: 5, label: 限值, source: 合成}
conditions:
  marked:
    title: 有标记
    when: {tags: x}
rules:
  - id: red
    title: 红的
    cites: ["law-1#a"]
    applies: {colour: red}
    when:
      all:
        - any: [{flag_a: true}, {not: {flag_b: true}}]
        - size: {lt: $limit}
    unless: [marked]
    then: {outcome: allow, modality: must}
  - id: green
    title: 绿的
    cites: ["law-1#b"]
    applies: {colour: green}
    when: {day: {between: [2020-01-10, 2020-02-10]}, number: {ge: 10}}
    overrides: [always]
    then: {outcome: refuse, modality: must}
  - id: always
    title: 总是
    cites: ["list-1#a"]
    then: {outcome: other}
"""
RED = {"colour": "red", "flag_a": True, "flag_b": True, "size": 4, "tags": []}
GREEN = {"colour": "green", "day": "2020-01-10", "number": 10, "tags": []}

Seen = dict[tuple[str, str, str], set[str]]
Measure = Callable[..., Seen]


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    path = tmp_path / "cn" / "permit" / "2010-01-01.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(RULESET, encoding="utf-8")
    return load_rulesets(ROOT / "tests/conformance/_base", tmp_path)


def measured(corpus: Corpus, *cases: Mapping[str, Any]) -> Sheet:
    return next(sheet for sheet in every_sheet(corpus, *cases) if not sheet.of_facts)


def every_sheet(corpus: Corpus, *cases: Mapping[str, Any]) -> list[Sheet]:
    watch = Watch(corpus)
    engine = Engine(corpus, observer=watch)
    for facts in cases:
        engine.decide(Case(matter="permit", jurisdiction="cn", act_date="2020-01-01", decision_date="2020-01-02", facts=facts))  # fmt: skip
    return sheets(corpus, watch.seen)


@pytest.fixture
def measure(corpus: Corpus) -> Measure:
    """Decide cases; what was seen of each point, by owner, kind and text."""

    def run(*cases: Mapping[str, Any]) -> Seen:
        sheet = measured(corpus, *cases)
        found: Seen = {}
        for item in sheet.seen:
            key = (item.point.owner, item.point.kind, label(sheet.spans, item.point))
            found.setdefault(key, set()).update(item.sides, {"unknown"} if item.unknown else set())
        return found

    return run


def test_nothing_is_seen_without_cases(measure: Measure) -> None:
    seen = measure()
    assert not any(seen.values())
    assert {(owner, text) for owner, kind, text in seen if kind == "threshold"} == {
        ("red", "size: {lt: $limit}"),
        ("green", "day: {between: [2020-01-10, 2020-02-10]}"),
        ("green", "number: {ge: 10}"),
    }


def test_a_rule_counts_only_in_cases_it_is_about(measure: Measure) -> None:
    seen = measure({**RED, "number": 10})
    assert seen[("red", "rule", "red")] == {"held"}
    assert seen[("red", "item", "colour: red")] == {"true"}
    assert seen[("green", "item", "colour: green")] == {"false"}
    assert seen[("green", "rule", "green")] == set()
    assert seen[("green", "item", "number: {ge: 10}")] == set()
    assert seen[("always", "rule", "always")] == {"held"}


def test_every_item_of_a_condition_is_seen_true_false_and_unknown(measure: Measure) -> None:
    both = "any: [{flag_a: true}, {not: {flag_b: true}}]"
    first = measure(RED)
    assert first[("red", "item", "flag_a: true")] == {"true"}
    assert first[("red", "item", "flag_b: true")] == {"true"}
    second = measure(RED, {**RED, "flag_a": False}, {**RED, "flag_a": None, "flag_b": None})
    assert second[("red", "item", "flag_a: true")] == {"true", "false", "unknown"}
    assert second[("red", "item", "flag_b: true")] == {"true", "unknown"}
    assert next(sides for (_, _, text), sides in second.items() if text.startswith("- any") or text == both) == {
        "true",
        "false",
        "unknown",
    }
    assert second[("red", "rule", "red")] == {"held", "failed", "unknown"}


@pytest.mark.parametrize(
    ("size", "sides"),
    [("5", {"at"}), ("4.5", {"below"}), ("4.49", set()), ("5.1", {"above"}), ("900", {"above"}), ("0", set())],
)
def test_a_number_is_just_below_within_a_tenth_of_the_limit(measure: Measure, size: str, sides: set[str]) -> None:
    assert measure({**RED, "size": size})[("red", "threshold", "size: {lt: $limit}")] == sides


@pytest.mark.parametrize(
    ("day", "sides"),
    [
        ("2020-01-09", {"below"}),
        ("2020-01-08", set()),
        ("2020-01-10", {"at"}),
        ("2020-01-11", {"above"}),
        ("2020-02-10", {"above", "at"}),
        ("2020-02-09", {"above", "below"}),
        ("2020-01", set()),
    ],
)
def test_a_date_is_just_below_the_day_before(measure: Measure, day: str, sides: set[str]) -> None:
    """`between` has two limits, which share their text here; a date known roughly is on no side."""
    seen = measure({**GREEN, "day": day})
    assert seen[("green", "threshold", "day: {between: [2020-01-10, 2020-02-10]}")] == sides


def test_an_exception_counts_when_it_bars_a_rule_whose_condition_is_met(measure: Measure) -> None:
    assert measure(RED)[("red", "exception", "marked")] == set()
    assert measure({**RED, "size": 6, "tags": ["x"]})[("red", "exception", "marked")] == set()
    barred = measure({**RED, "tags": ["x"]})
    assert barred[("red", "exception", "marked")] == {"barred"}
    assert barred[("marked", "item", "tags: x")] == {"true"}
    assert barred[("red", "rule", "red")] == set()
    assert measure(GREEN)[("green", "exception", "always")] == {"barred"}


def test_a_named_condition_counts_where_a_rule_asks_for_it(measure: Measure) -> None:
    assert measure(GREEN)[("marked", "item", "tags: x")] == set()
    assert measure(RED)[("marked", "item", "tags: x")] == {"false"}


def test_shares_count_sides_and_round_down(corpus: Corpus) -> None:
    sheet = measured(corpus, RED)
    assert str(sheet.share("rule")) == "2/5"
    assert str(sheet.share("exception")) == "0/2"
    assert share([sheet]).rounded == f"{int(1000 * sheet.share().covered / sheet.share().total) / 10}%"
    assert 0 < share([sheet]).percent < 100


def test_what_is_missing_is_listed_with_its_line(corpus: Corpus) -> None:
    text = to_text([measured(corpus, RED)], "zh")
    lines = [line.strip() for line in RULESET.splitlines()]
    assert f"2010-01-01.yaml:{lines.index('- id: green') + 1}  green：没有场景用到" in text
    assert f"2010-01-01.yaml:{lines.index('unless: [marked]') + 1}  red  marked：没有排除过规则" in text
    assert "red  size: {lt: $limit}：没有不成立过" in text
    assert "always" not in text


FACTS = """format: 1
subject: thing
label: 合成对象
facts:
  heavy: {label: 重, type: boolean, derive: {when: {size: {ge: 10}}}}
  class_of:
    label: 类
    type: enum
    values: {one: 一, two: 二}
    derive:
      cases:
        - {when: {heavy: true}, value: one}
        - {when: {colour: red}, value: two}
  big_items:
    label: 大的记录
    type: integer
    parameters: [least]
    derive: {count: {of: items, where: {amount: {ge: $least}, done: true}}}
  last_day: {label: 期满日, type: date, derive: {days_after: [day, days_left]}}
  days_left: {label: 剩余日, type: integer, derive: {cases: [{when: {flag_c: true}, value: 1}]}}
"""
OF_FACTS = """format: 1
id: t.permit
title: 合成规则
matter: permit
jurisdiction: cn
effective: {from: 2010-01-01}
complete: true
rules:
  - id: by-class
    title: 按类
    cites: ["law-1#a"]
    applies: {flag_a: true}
    when: {class_of: one}
    then: {outcome: allow}
  - id: by-count
    title: 按数
    cites: ["law-1#a"]
    applies: {flag_b: true}
    when: {big_items: {with: {least: 5}, gt: 0}}
    then: {outcome: other}
obligations:
  - {id: report, label: 报告, cites: ["law-1#a"], when: {flag_d: true}, due: {fact: last_day}}
"""


@pytest.fixture
def derived(tmp_path: Path) -> Callable[..., dict[tuple[str, str], set[str]]]:
    """Decide cases; what was seen inside derived facts, by fact and text."""
    for path, text in (("cn/permit/2010-01-01.yaml", OF_FACTS), ("_facts/more.yaml", FACTS)):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    corpus = load_rulesets(ROOT / "tests/conformance/_base", tmp_path)

    def run(*cases: Mapping[str, Any]) -> dict[tuple[str, str], set[str]]:
        sheet = next(item for item in every_sheet(corpus, *cases) if item.id == "_facts/more")
        found: dict[tuple[str, str], set[str]] = {}
        for item in sheet.seen:
            key = (item.point.owner, label(sheet.spans, item.point))
            found.setdefault(key, set()).update(item.sides, {"unknown"} if item.unknown else set())
        return found

    return run


HEAVY, ONE, TWO = ("heavy", "size: {ge: 10}"), ("class_of", "heavy: true"), ("class_of", "colour: red")
AMOUNT, DONE = ("big_items", "amount: {ge: $least}"), ("big_items", "done: true")
LEFT = ("days_left", "flag_c: true")


def test_a_derived_fact_counts_where_a_rule_reads_it(derived: Measure) -> None:
    everything = {"size": "10", "colour": "red", "flag_c": True, "items": [{"amount": 5, "done": True}]}
    assert not any(derived({**everything, "flag_a": False, "flag_b": False}).values())
    seen = derived({**everything, "flag_a": True, "flag_b": False})
    assert set(seen) == {HEAVY, ONE, TWO, AMOUNT, DONE, LEFT}
    assert seen[HEAVY] == {"true", "at"}  # behind the fact the rule reads
    assert seen[ONE] == {"true"}
    assert seen[TWO] == set()  # the first case held already
    assert seen[AMOUNT] == seen[LEFT] == set()


def test_later_cases_count_when_the_earlier_ones_fail_or_are_open(derived: Measure) -> None:
    seen = derived({"flag_a": True, "size": "9.5", "colour": "red"}, {"flag_a": True})
    assert seen[HEAVY] == {"false", "below", "unknown"}
    assert seen[TWO] == {"true", "unknown"}


def test_a_condition_on_records_is_put_to_each_record(derived: Measure) -> None:
    records = [{"amount": 5, "done": True}, {"amount": "4.9", "done": False}, {"amount": 6}]
    seen = derived({"flag_b": True, "items": records})
    assert seen[AMOUNT] == {"true", "false", "at", "below", "above"}
    assert seen[DONE] == {"true", "false", "unknown"}
    assert derived({"flag_b": True, "items": []})[AMOUNT] == set()
    assert derived({"flag_b": True})[AMOUNT] == {"unknown"}


def test_a_deadline_counts_where_the_duty_is_due(derived: Measure) -> None:
    assert derived({"flag_c": False, "flag_d": True})[LEFT] == {"false"}
    assert derived({"flag_c": False, "flag_d": False})[LEFT] == set()


class _Rows(HTMLParser):
    """The class of every row, by its line."""

    def __init__(self) -> None:
        super().__init__()
        self.states: dict[int, str] = {}
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        if tag == "tr" and found.get("id"):
            self.states[int(str(found["id"])[1:])] = found.get("class") or ""


def test_a_page_marks_every_line_of_the_ruleset(corpus: Corpus) -> None:
    sheet = measured(corpus, RED, {**RED, "colour": "blue"})
    made = pages([sheet], "zh")
    assert set(made) == {"index.html", "t.permit@2010-01-01.html"}
    rows = _Rows()
    rows.feed(made["t.permit@2010-01-01.html"])
    assert list(rows.states) == list(range(1, len(RULESET.splitlines()) + 1))
    lines = {line_of(sheet.spans, item.point) for item in sheet.seen}
    assert {line for line, state in rows.states.items() if state} == lines
    by_text = {text.strip(): rows.states[number] for number, text in enumerate(RULESET.splitlines(), 1)}
    assert by_text["applies: {colour: red}"] == "all"
    assert by_text["- id: red"] == "some"
    assert by_text["- id: green"] == "none"
    assert not {"script", "link", "img"} & set(rows.tags)


def test_decisions_are_the_same_with_an_observer(corpus: Corpus) -> None:
    case = Case(matter="permit", jurisdiction="cn", decision_date="2020-01-02", facts=GREEN)
    assert Engine(corpus, observer=Watch(corpus)).decide(case) == Engine(corpus).decide(case)
