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
    assert everything == {"L403"}
    assert {item.code for item in lint(corpus, select=["L403"]).findings} == {"L403"}
    assert not lint(corpus, select=["L404"]).findings
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


def run(*arguments: str):
    return CliRunner().invoke(app, ["lint", *arguments])


def test_the_command_reports_and_fails_at_a_level() -> None:
    assert run().exit_code == 0
    assert run("--fail-level", "info").exit_code == 3
    assert "提示 4" in run().output
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
