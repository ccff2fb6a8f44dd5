"""Every mistake of a ruleset is found at once, with file, line, column and what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from eco_rules import Engine, RulesetError, bundled_rulesets, load_rulesets

BASE = Path(__file__).parent.parent / "conformance" / "_base"

GOOD = """\
format: 1
id: t.bare
title: 合成规则集
matter: bare
jurisdiction: cn
effective: {from: 2020-01-01}
complete: true
parameters:
  limit: {value: 10, label: 上限, unit: t, cites: ["law-1#a"]}
conditions:
  big: {title: 大, when: {size: {ge: $limit}}}
rules:
  - id: allow
    title: 许可
    cites: ["law-1#a"]
    when: {all: [{flag_a: true}, {holds: big}]}
    then: {outcome: allow, modality: must}
"""

# name, change, code, line, words
MISTAKES = [
    ("unknown operator", ("ge: $limit", "gte: $limit"), "E204", 11, "`ge`"),
    ("unknown key", ("title: 许可", "titel: 许可"), "E201", 14, "`title`"),
    ("missing key", ('    cites: ["law-1#a"]\n', ""), "E202", 13, "cites"),
    ("wrong value", ("modality: must", "modality: shall"), "E203", 17, "must"),
    ("not a condition", ("{flag_a: true}", "flag_a"), "E205", 16, "事实项: 值"),
    ("empty list", ("{all: [{flag_a: true}, {holds: big}]}", "{all: []}"), "E205", 16, "非空列表"),
    ("between without two ends", ("ge: $limit", "between: [1]"), "E205", 11, "下限, 上限"),
    (
        "at_least more than there are",
        ("{holds: big}", "{at_least: {n: 3, of: [{flag_b: true}]}}"),
        "E205",
        16,
        "at_least",
    ),
    ("a boolean as YAML 1.1 wrote it", ("complete: true", "complete: no"), "E203", 7, "true 或 false"),
    ("unknown fact", ("flag_a: true", "flag_x: true"), "E301", 16, "flag_a"),
    ("unknown value", ("flag_a: true", "colour: purple"), "E302", 16, "red"),
    ("operator of another type", ("flag_a: true", "flag_a: {gt: 1}"), "E303", 16, "eq ne known"),
    ("literal of another type", ("flag_a: true", "flag_a: 很多"), "E303", 16, "true 或 false"),
    ("unit of another dimension", ("ge: $limit", "ge: 3 元"), "E303", 11, "t"),
    ("comparison of unlike facts", ("ge: $limit", "ge: {fact: day}"), "E303", 11, "类型或单位"),
    ("unknown condition", ("holds: big", "holds: bag"), "E304", 16, "t.bare/big"),
    ("unknown rule in unless", ("    then:", "    unless: [nothing]\n    then:"), "E304", 17, "nothing"),
    ("unknown clause", ('cites: ["law-1#a"]\n    when', 'cites: ["law-1#z"]\n    when'), "E305", 15, "law-1#a"),
    ("unknown instrument", ('cites: ["law-1#a"]\n    when', 'cites: ["law-9#a"]\n    when'), "E305", 15, "law-1"),
    ("unknown outcome", ("outcome: allow", "outcome: alow"), "E306", 17, "allow"),
    ("unknown matter in outcome_of", ("{holds: big}", "{outcome_of: {nothing: x}}"), "E306", 16, "grade"),
    ("unknown parameter", ("ge: $limit", "ge: $limits"), "E307", 11, "limit"),
    ("a condition that needs itself", ("{size: {ge: $limit}}", "{holds: big}"), "E308", 11, "循环"),
    ("a rule and a condition of one name", ("  big: {", "  allow: {"), "E203", 1, "allow"),
    ("no place at all", ("jurisdiction: cn", "jurisdiction: moon"), "E203", 5, "GB/T 2260"),
    ("path and header differ", ("from: 2020-01-01", "from: 2021-01-01"), "E312", 5, "2021-01-01"),
    ("parameter without a source", (', cites: ["law-1#a"]}', "}"), "E203", 9, "来源"),
    ("sanction without a fine", ("{outcome: allow, modality: must}", '{sanction: "law-1#a"}'), "E305", 17, "罚则"),
    (
        "outcome and sanction",
        ("{outcome: allow, modality: must}", '{outcome: allow, sanction: "law-1#fine"}'),
        "E203",
        17,
        "二选一",
    ),
    ("duplicate key", ("complete: true", "complete: true\ncomplete: false"), "E107", 8, "第 7 行"),
    ("impossible date", ("from: 2020-01-01", "from: 2020-02-30"), "E203", 6, "日期"),
]


def load(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cn" / "bare" / "2020-01-01.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    Engine(load_rulesets(BASE, tmp_path))


def test_the_good_ruleset_is_good(tmp_path: Path) -> None:
    load(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("change", "code", "line", "words"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES]
)
def test_a_mistake_is_explained(tmp_path: Path, change: tuple[str, str], code: str, line: int, words: str) -> None:
    assert change[0] in GOOD
    with pytest.raises(RulesetError) as caught:
        load(tmp_path, GOOD.replace(change[0], change[1], 1))
    found = [item for item in caught.value.diagnostics if item.code == code]
    assert found, str(caught.value)
    first = found[0].render().splitlines()[0]
    assert words in first
    assert found[0].span is not None
    assert found[0].span.line == line
    assert found[0].span.column >= 1


@pytest.mark.parametrize(
    ("change", "folder", "code", "words"),
    [
        (("matter: bare", "matter: bear"), "cn/bear", "E306", "bare"),
        (("jurisdiction: cn", 'jurisdiction: "77"'), "cn-77/bare", "E311", "77"),
    ],
)
def test_a_mistake_of_the_header(tmp_path: Path, change: tuple[str, str], folder: str, code: str, words: str) -> None:
    path = tmp_path / folder / "2020-01-01.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(RulesetError) as caught:
        Engine(load_rulesets(BASE, tmp_path))
    assert code in {item.code for item in caught.value.diagnostics}
    assert words in str(caught.value)


def test_every_mistake_is_reported_at_once(tmp_path: Path) -> None:
    wrong = (
        GOOD.replace("flag_a: true", "flag_x: true")
        .replace("holds: big", "holds: bag")
        .replace('law-1#a"]\n    when', 'law-1#z"]\n    when')
    )
    with pytest.raises(RulesetError) as caught:
        load(tmp_path, wrong)
    assert {"E301", "E304", "E305"} <= {item.code for item in caught.value.diagnostics}


def test_a_snippet_points_under_chinese(tmp_path: Path) -> None:
    wrong = GOOD.replace(
        'title: 许可\n    cites: ["law-1#a"]\n    when: {all: [{flag_a: true}',
        'title: 许可\n    cites: ["law-1#a"]\n    when: {all: [{甲甲: true}',
    )
    with pytest.raises(RulesetError) as caught:
        load(tmp_path, wrong)
    text = str(caught.value)
    line = next(row for row in text.splitlines() if "甲甲" in row and row.startswith(" 16|"))
    carets = text.splitlines()[text.splitlines().index(line) + 1]
    assert carets.endswith("^^^^")


NARROWING = (
    GOOD.replace("t.bare", "t.local")
    .replace("jurisdiction: cn", 'jurisdiction: "91"')
    .replace('cites: ["law-1#a"]\n    when', 'cites: ["list-1#a"]\n    replaces: [t.bare/allow]\n    when')
)


@pytest.mark.parametrize(("authority", "fails"), [("", True), ('authority: ["law-1#b"]\n', False)])
def test_a_lower_rule_narrows_a_higher_must_only_by_authority(tmp_path: Path, authority: str, fails: bool) -> None:
    for place, text in (("cn", GOOD), ("cn-91", authority + NARROWING)):
        path = tmp_path / place / "bare" / "2020-01-01.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    if not fails:
        Engine(load_rulesets(BASE, tmp_path))
        return
    with pytest.raises(RulesetError) as caught:
        Engine(load_rulesets(BASE, tmp_path))
    assert caught.value.code == "E310"


def test_periods_of_one_ruleset_do_not_overlap(tmp_path: Path) -> None:
    for start in ("2020-01-01", "2021-01-01"):
        path = tmp_path / "cn" / "bare" / f"{start}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(GOOD.replace("2020-01-01", start), encoding="utf-8")
    with pytest.raises(RulesetError) as caught:
        load_rulesets(BASE, tmp_path)
    assert caught.value.code == "E309"


def test_a_presumption_must_cite(tmp_path: Path) -> None:
    path = tmp_path / "_facts" / "more.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(
        "format: 1\nsubject: thing\nlabel: 更多\nfacts:\n  extra: {label: 另, type: boolean, question: 另？, presume: {value: false, cites: []}}\n",
        encoding="utf-8",
    )
    with pytest.raises(RulesetError) as caught:
        load_rulesets(BASE, tmp_path)
    assert caught.value.code == "E207"


def test_the_bundled_rulesets_are_right() -> None:
    Engine(bundled_rulesets())
