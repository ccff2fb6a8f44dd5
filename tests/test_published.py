"""Published cases: the page is current, every fact rests on published words, and no rule knows a case."""

import runpy
from collections import Counter
from pathlib import Path

import pytest
import yaml

from eco_rules import read_cases

ROOT = Path(__file__).parent.parent
CASES = ROOT / "examples" / "published"
FILES = sorted(CASES.glob("[!_]*.yaml"))
OFFICIAL = yaml.safe_load((CASES / "_official.yaml").read_text(encoding="utf-8"))["cases"]


@pytest.fixture(scope="module")
def script() -> dict:
    return runpy.run_path(str(ROOT / "scripts" / "published_table.py"))


@pytest.fixture(scope="module")
def rows(script) -> list:
    return script["rows"]()


def test_the_page_is_what_the_script_writes(script):
    assert script["PAGE"].read_text(encoding="utf-8") == script["page"](), "run python scripts/published_table.py"


def test_every_record_has_a_file(rows):
    assert {path.stem for path in FILES} == set(OFFICIAL)
    parts = Counter({row.record: row.part for row in rows}.values())
    assert parts == {"enforcement": 15, "approval": 14, "review": 21}


def test_every_review_case_is_named_with_its_status(rows, script):
    reviewed = [row for row in rows if row.part == "review"]
    section = script["page"]().split(f"## {script['PARTS']['review']}")[1].split("\n## ")[0]
    lines = {line.split("]")[0].removeprefix("| ["): line for line in section.splitlines() if line.startswith("| [")}
    assert set(lines) == {row.case.id for row in reviewed}
    for row in reviewed:
        assert row.official["says"] in (row.decision.status, *row.warnings), row.case.id
        assert row.decision.status in lines[row.case.id]
        assert all(code in lines[row.case.id] for code in row.warnings)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_fact_rests_on_published_words(path):
    for case in read_cases(path):
        assert (case.file_id or case.id) == path.stem
        given = set(case.facts) | ({"act_date"} if case.act_date else set())
        assert given == set(case.evidence)
        assert all("“" in words for words in case.evidence.values()), "evidence quotes"
        assert case.note, "what was not published"


def test_no_rule_knows_a_case(rows):
    names = {row.case.id for row in rows} | set(OFFICIAL)
    for path in (ROOT / "rulesets").rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not [name for name in names if name in text], path


def test_what_does_not_agree_is_explained(rows):
    assert [row.case.id for row in rows if row.agreement != "agrees" and not row.official.get("why")] == []
