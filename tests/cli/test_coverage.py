"""`eco-rules coverage`: a table, JSON and pages, and an exit code for those who want a floor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.unit.test_suite import SAMPLES

LIVESTOCK = "cn.eia-classification.02-livestock@2021-01-01"


@pytest.fixture
def feature(tmp_path: Path) -> Path:
    path = tmp_path / "one.feature"
    path.write_text(SAMPLES, encoding="utf-8")
    return path


def test_a_table_with_what_is_missing(cli: Run, feature: Path) -> None:
    done = cli("coverage", feature)
    assert done.returncode == 0
    row = next(line for line in done.stdout.splitlines() if line.startswith(LIVESTOCK))
    assert "规则 3/4" in row
    assert "02-livestock.yaml:20  item-3-book  large_scale_livestock: true：没有不成立过" in done.stdout
    assert "3 个场景未通过" in done.stderr


def test_json_and_pages_and_a_floor(cli: Run, feature: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    done = cli("coverage", feature, "--format", "json", "--html", folder, "--fail-under", "50")
    shown = json.loads(done.stdout)
    assert done.returncode == 3
    assert 0 < shown["percent"] < 50
    assert shown["failed_scenarios"] == 3
    ruleset = next(item for item in shown["rulesets"] if item["ruleset"] == LIVESTOCK)
    assert ruleset["rules"] == {"covered": 3, "total": 4}
    assert "_facts/case" in {item["facts"] for item in shown["facts"]}
    page = (folder / f"{LIVESTOCK}.html").read_text(encoding="utf-8")
    assert "large_scale_livestock" in page
    assert f'href="{LIVESTOCK}.html"' in (folder / "index.html").read_text(encoding="utf-8")
    assert 'href="_facts/case.html"' in (folder / "index.html").read_text(encoding="utf-8")
    assert (folder / "_facts" / "case.html").is_file()
    assert not list(folder.rglob("*.part"))


def test_a_wrong_step_is_reported_and_the_exit_code_says_so(cli: Run, feature: Path) -> None:
    feature.write_text(SAMPLES.replace('那么报错"E701"', '那么报了错"E701"'), encoding="utf-8")
    done = cli("coverage", feature)
    assert done.returncode == 3
    assert "E602" in done.stderr
    assert LIVESTOCK in done.stdout
