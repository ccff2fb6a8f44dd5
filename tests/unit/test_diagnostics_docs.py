"""Every diagnostic has a page, every page a row in the index, and the examples on the pages are true."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from eco_rules import EcoRulesError, Engine, load_rulesets
from eco_rules.diagnostics import Diagnostic
from eco_rules.loading.cases import parse_cases
from eco_rules.testing.suite import read
from tests.conftest import ROOT

DOCS = ROOT / "docs" / "diagnostics"
BASE = ROOT / "tests" / "conformance" / "_base"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("E*.md"))}
BLOCK = re.compile(r"^```(?:yaml|gherkin) (bad|good)-(case|feature|ruleset)(?: path=(\S+))?\n(.*?)^```$", re.M | re.S)

NO_EXAMPLE = {
    "E101": "a path that cannot be read",
    "E102": "a file of megabytes",
    "E103": "bytes that are no UTF-8, which a page cannot hold",
    "E606": "depends on what is installed",
    "E720": "a row of a table",
    "E721": "the header row of a table",
    "E722": "a file that is no table",
    "E801": "depends on what is installed",
    "E802": "the name of a backend, on the command line",
    "E803": "a failure inside the C engine",
    "E804": "two evaluators that differ: a defect",
    "E900": "a defect",
    "E901": "a command line",
}


def said_about(blocks: Sequence[tuple[str, str, str]], engine: Engine) -> tuple[Diagnostic, ...]:
    """What the program says about a case, a feature file, or about ruleset files laid over the base; both lie in this folder."""
    try:
        for kind, path, text in blocks:
            if kind == "case":
                engine.decide_file(parse_cases(text.encode(), "case.yaml"))
            elif kind == "feature":
                Path("sample.feature").write_text(text, encoding="utf-8")
                read(["sample.feature"])
            else:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
                Path(path).write_text(text, encoding="utf-8")
        Engine(load_rulesets(BASE, Path()))
    except EcoRulesError as error:
        return error.diagnostics
    return ()


def test_codes_pages_and_index_are_the_same() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "eco_rules").rglob("*.py")]
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(E\d{3})\]\(\1\.md\) \| (.+?) \| .+ \|$", index, re.M)
    assert {code for text in sources for code in re.findall(r"\bE\d{3}\b", text)} == set(PAGES)
    assert [f"# {code} {title}" for code, title in rows] == [page.splitlines()[0] for page in PAGES.values()]


@pytest.mark.parametrize("code", PAGES)
def test_a_page_shows_the_error_and_how_to_mend_it(code: str) -> None:
    assert re.search(rf"^```text\n.*error\[{code}\]", PAGES[code], re.M)
    assert "\n## 改正\n" in PAGES[code]
    assert {block[0] for block in BLOCK.findall(PAGES[code])} == (set() if code in NO_EXAMPLE else {"bad", "good"})


@pytest.mark.parametrize("code", [code for code in PAGES if code not in NO_EXAMPLE])
@pytest.mark.parametrize("mood", ["bad", "good"])
def test_an_example_is_true(
    mood: str, code: str, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wrong one says what the page shows (but for the hint, which follows the vocabulary); the right one, nothing."""
    monkeypatch.chdir(tmp_path)
    found = said_about(
        [(kind, path, text) for word, kind, path, text in BLOCK.findall(PAGES[code]) if word == mood], engine
    )
    if mood == "good":
        assert not found
    else:
        lines = [replace(item, help=None).render().splitlines()[0] for item in found if item.code == code]
        assert lines, found
        assert f"```text\n{lines[0]}" in PAGES[code]
