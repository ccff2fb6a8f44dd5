"""Lint: every check has a page whose wrong sample it finds and whose right sample it passes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from eco_rules import load_rulesets
from eco_rules.analysis.lint.linter import TITLES, lint
from eco_rules.cli.app import app
from eco_rules.ir.checks import check
from tests.conftest import ROOT

BASE = ROOT / "tests" / "conformance" / "_base"
DOCS = ROOT / "docs" / "diagnostics"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("L*.md"))}
BLOCK = re.compile(r"^```yaml (bad|good)-ruleset path=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SARIF = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "minItems": 1,
            "items": {
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "required": ["driver"],
                        "properties": {"driver": {"required": ["name", "version", "rules"]}},
                    },
                    "results": {
                        "minItems": 1,
                        "items": {
                            "required": ["ruleId", "level", "message", "locations"],
                            "properties": {
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": {"required": ["text"]},
                            },
                        },
                    },
                },
            },
        },
    },
}


def write(mood: str, code: str) -> None:
    for word, path, text in BLOCK.findall(PAGES[code]):
        if word == mood:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_text(text, encoding="utf-8")


def found_in(mood: str, code: str) -> list[str]:
    write(mood, code)
    corpus = load_rulesets(BASE, Path())
    check(corpus)
    return [replace(item, help=None).render().splitlines()[0] for item in lint(corpus).within([Path()]).findings]


def test_checks_pages_and_index_are_the_same() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(L\d{3})\]\(\1\.md\) \| (.+?) \| .+ \|$", index, re.MULTILINE)
    assert {code: f"{title.zh} / {title.en}" for code, title in TITLES.items()} == dict(rows)
    assert [f"# {code} {title}" for code, title in rows] == [page.splitlines()[0] for page in PAGES.values()]


@pytest.mark.parametrize("code", PAGES)
def test_the_wrong_sample_is_found_and_the_right_one_passes(code: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = found_in("bad", code)
    assert [line for line in found if f"[{code}]" in line] == found
    assert f"```text\n{found[0]}\n```" in PAGES[code]
    assert found_in("good", code) == []


def test_the_bundled_rulesets_have_no_error_and_no_warning(corpus) -> None:
    report = lint(corpus)
    assert [item.render() for item in report.findings if item.severity != "info"] == []


def test_codes_are_selected_and_ignored_by_prefix(corpus) -> None:
    everything = {item.code for item in lint(corpus).findings}
    assert everything == {"L403", "L410"}
    assert {item.code for item in lint(corpus, select=["L403"]).findings} == {"L403"}
    assert not lint(corpus, select=["L404"]).findings
    assert {item.code for item in lint(corpus, ignore=["L403"]).findings} == {"L410"}
    assert not lint(corpus, ignore=["L4"]).findings


def test_an_ignore_that_ignores_nothing_is_found(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("good", "L407")
    path = Path("cn/permit/2020-01-01.yaml")
    path.write_text(path.read_text(encoding="utf-8") + "# eco-rules: ignore[L401] 没有这个问题\n", encoding="utf-8")
    found = lint(load_rulesets(BASE, Path())).within([Path()]).findings
    assert [item.code for item in found] == ["L490"]
    assert "没有 L401 可以忽略" in found[0].message.zh


@pytest.mark.parametrize(("operator", "said", "wrong"), [
    ("ge", "100吨及以上", False), ("gt", "100吨及以上", True), ("lt", "100吨及以上", False),
    ("gt", "超过100吨", False), ("ge", "超过100吨", True),
    ("lt", "不足100吨", False), ("le", "不足100吨", True),
    ("le", "不超过100吨", False), ("lt", "不超过100吨", True),
    ("lt", "100吨以下", False), ("le", "100吨以下", True),
    ("gt", "100吨（不含）以上", False), ("ge", "100吨（不含）以上", True),
    ("ge", "200吨以上", False), ("gt", "约100吨", False),
])  # fmt: skip
def test_the_side_of_a_bound_follows_the_words(operator, said, wrong, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("bad", "L404")
    for path, old, new in (
        ("_instruments/old-law.yaml", "100吨以上", said),
        ("cn/permit/2020-01-01.yaml", "gt: 100", f"{operator}: 100"),
    ):
        text = Path(path).read_text(encoding="utf-8")
        assert old in text
        Path(path).write_text(text.replace(old, new), encoding="utf-8")
    found = lint(load_rulesets(BASE, Path()), select=["L404"]).within([Path()]).findings
    assert bool(found) is wrong


LIST = """format: 1
id: late-list
title: 示例清单
issuer: 行政甲
level: regulation
effective: {from: 2022-06-01, until: 2023-05-31}
provenance: verified
bounds: {以上: inclusive, 以下: exclusive}
clauses:
  a: {locator: 第一条, text: 规模100吨以上、不足200吨的，许可。}
  b: {locator: 第二条, text: 停工三个月以上的；规模10万吨以下的；比例10%以上的。}
  c: {locator: 第三条, text: 转述。, provenance: secondary}
"""
RULESET = """format: 1
id: t.local
title: 示例规则集
matter: waiver
jurisdiction: "91"
effective: {{from: {since}}}
complete: true
{extra}
rules:
  - id: spare
    title: 不罚
    cites: [{cites}]
    applies: {{colour: red}}
    when: {when}
    then: {{outcome: spare}}
"""
ABOVE = """format: 1
id: t.above
title: 示例规则集
matter: waiver
jurisdiction: cn
effective: {from: 2020-01-01}
complete: true
rules:
  - id: punish
    title: 罚
    cites: [law-1#a]
    applies: {colour: red}
    when: {flag_b: true}
    then: {outcome: punish, modality: must}
"""
DUTY = "obligations:\n  - {id: tell, label: 告知, cites: ['late-list#a']WHEN}\n"
CONDITION = "conditions:\n  big: {title: 大, cites: ['late-list#a'], when: {size: {OP: 100}}}\n"
BIG = "{holds: big}"
PARAMETER = "parameters:\n  limit: {value: 100, label: 限值, cites: ['late-list#a']}\n"


@pytest.fixture
def linted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The codes found in a local ruleset below a mandatory rule."""
    monkeypatch.chdir(tmp_path)

    def codes(
        extra: str = "",
        when: str = "{flag_a: true}",
        cites: str = "law-1#a",
        *,
        above: str = "",
        more: str = "",
        since: str = "2020-01-01",
    ) -> list[str]:
        files = {
            "_instruments/late-list.yaml": LIST + more,
            f"cn-91/waiver/{since}.yaml": RULESET.format(extra=extra, when=when, cites=cites, since=since),
            **({"cn/waiver/2020-01-01.yaml": above} if above else {}),
        }
        for path, text in files.items():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_text(text, encoding="utf-8")
        corpus = load_rulesets(BASE, Path())
        check(corpus)
        return [item.code for item in lint(corpus).within([Path()]).findings]

    return codes


def test_nothing_is_found_in_a_plain_ruleset(linted) -> None:
    assert linted() == []
    assert linted(CONDITION.replace("OP", "ge"), when=BIG) == []


@pytest.mark.parametrize(("extra", "when", "cites"), [
    (CONDITION.replace("OP", "gt"), BIG, "law-1#a"),
    (PARAMETER, "{size: {gt: $limit}}", "law-1#a"),
    ("", "{size: {between: [100, 200]}}", "law-1#a, late-list#a"),
    ("", "{number: {gt: 3}}", "law-1#a, late-list#b"),
    ("", "{size: {le: 100000}}", "law-1#a, late-list#b"),
    ("", "{share: {gt: 0.1}}", "law-1#a, late-list#b"),
    (DUTY.replace("WHEN", ", when: {size: {gt: 100}, decision_date: {ge: 2022-06-01}}"), "{flag_a: true}", "law-1#a"),
])  # fmt: skip
def test_bounds_are_compared_wherever_clauses_are_cited(linted, extra: str, when: str, cites: str) -> None:
    assert linted(extra, when, cites) == ["L404"]


def test_a_derived_fact_is_held_against_its_reading(linted) -> None:
    facts = Path("_facts/more.yaml")
    facts.parent.mkdir()
    text = """format: 1
subject: thing
label: 合成对象
facts:
  long_stop:
    label: 长期停工
    type: boolean
    derive: {when: {number: {gt: 3}}}
    reading: {cites: ["late-list#b"], note: 示例}
"""
    facts.write_text(text, encoding="utf-8")
    assert linted(when="{long_stop: true}") == ["L404"]
    facts.write_text(text.replace("gt: 3", "ge: 3"), encoding="utf-8")
    assert linted(when="{long_stop: true}") == []


@pytest.mark.parametrize(("extra", "codes"), [
    (DUTY.replace("WHEN", ""), ["L402", "L410"]),
    (DUTY.replace("WHEN", ", when: {decision_date: {between: [2022-06-01, 2023-05-31]}}"), []),
    ("warnings:\n  - {id: tell, message: 注意, cites: ['late-list#a']}\n", []),
])  # fmt: skip
def test_a_duty_needs_a_basis_on_every_day_it_is_due(linted, extra: str, codes: list[str]) -> None:
    assert linted(extra) == codes


@pytest.mark.parametrize(("extra", "when"), [
    ("authority: ['old-law#a']", "{flag_a: true}"),
    (CONDITION.replace("OP", "ge").replace("late-list", "old-law"), BIG),
    (PARAMETER.replace("late-list", "old-law"), "{size: {ge: $limit}}"),
    (DUTY.replace("late-list", "old-law").replace("WHEN", ""), "{flag_a: true}"),
    ("warnings:\n  - {id: tell, message: 注意, cites: ['old-law#a']}\n", "{flag_a: true}"),
])  # fmt: skip
def test_every_citation_is_in_force_some_day(linted, extra: str, when: str) -> None:
    assert linted(extra, when, since="2025-01-01") == ["L401"]


def test_a_fact_named_only_in_words_is_not_read(linted) -> None:
    facts = Path("_facts/more.yaml")
    facts.parent.mkdir()
    facts.write_text(
        "format: 1\nsubject: thing\nlabel: 合成对象\n"
        "facts:\n  idle: {label: 闲置, type: boolean, question: 有吗？, note: idle idle}\n",
        encoding="utf-8",
    )
    assert linted() == ["L405"]


def test_a_local_rule_below_a_mandatory_one_is_milder_where_both_are_about_the_same(linted) -> None:
    assert linted(above=ABOVE) == ["L408"]
    assert linted("authority: ['law-1#b']", above=ABOVE) == []
    assert linted(above=ABOVE.replace("colour: red", "colour: blue")) == []


def test_a_clause_is_no_better_known_than_its_instrument_or_its_sources(linted) -> None:
    assert linted(more="  d: {locator: 第四条, text: 拼成, sources: [某文]}\n") == ["L411"]
    assert linted(more="  d: {locator: 第四条, text: 转述, provenance: secondary, sources: [某文]}\n") == []
    assert linted("parameters:\n  limit: {value: 5, label: 限值, cites: ['late-list#c']}", "{size: {lt: $limit}}") == ["L411"]  # fmt: skip
    reconstruction = LIST.replace("provenance: verified", "provenance: reconstruction").replace(
        "。}", "。, sources: [某文]}"
    )
    path = Path("_instruments/found.yaml")
    path.write_text(
        reconstruction.replace("late-list", "found").replace("secondary", "verified, sources: [某文]"), encoding="utf-8"
    )
    assert linted() == ["L411"]


def run(*arguments: str):
    return CliRunner().invoke(app, ["lint", *arguments])


def test_the_command_reports_and_fails_at_a_level() -> None:
    assert run().exit_code == 0
    assert run("--fail-level", "info").exit_code == 3
    assert "提示 21" in run().output
    assert run("--fail-level", "grave").exit_code == 2
    assert run("--select", "L999").exit_code == 2
    assert run("no-such-folder").exit_code == 2


def test_sarif_names_rules_levels_and_places(tmp_path: Path, monkeypatch) -> None:
    found = json.loads(run("--format", "sarif").output)
    jsonschema.validate(found, SARIF)
    (result, *_) = found["runs"][0]["results"]
    assert result["ruleId"] == "L403"
    assert result["level"] == "note"
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 6


def test_what_does_not_load_is_found_too(tmp_path: Path) -> None:
    folder = tmp_path / "cn" / "eia-exemption"
    folder.mkdir(parents=True)
    (folder / "2021-01-01.yaml").write_text("format: 1\nid: broken\n", encoding="utf-8")
    result = run(str(tmp_path), "--format", "json")
    assert result.exit_code == 3
    assert {item["code"] for item in json.loads(result.output)["findings"]} == {"E202"}
