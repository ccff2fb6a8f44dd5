"""`eco-rules test`: an author sees which step fails and why, and a program gets JSON and JUnit XML."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run
from tests.unit.test_suite import SAMPLES


@pytest.fixture
def features(tmp_path: Path) -> Path:
    """A folder with passing, failing and skipped scenarios, and one step nobody knows."""
    folder = tmp_path / "features"
    folder.mkdir()
    (folder / "one.feature").write_text(SAMPLES, encoding="utf-8")
    (folder / "two.feature").write_text(
        '# language: zh-CN\n功能: 另一个\n  场景: 写错\n    那么结论“报告书”\n  场景: \u0001<&>\n    那么结论是"报告书"\n',
        encoding="utf-8",
    )
    return folder


def test_a_failure_shows_step_place_both_values_and_the_law(cli: Run, features: Path) -> None:
    done = cli("test", features)
    assert done.returncode == 3
    assert f"未通过 {features / 'one.feature'}:15  按出栏量 [5000-登记表]" in done.stdout
    assert '步骤：结论是"登记表"' in done.stdout
    assert "应为 登记表，实为 报告书" in done.stdout
    assert "《建设项目环境影响评价分类管理名录（2021年版）》" in done.stdout
    assert "场景 8 个：通过 3，未通过 4，跳过 1；功能文件有 1 处错误" in done.stdout
    assert f"{features / 'two.feature'}:4:5: error[E602]" in done.stderr
    assert '`结论是"{outcome}"`' in done.stderr


def test_only_scenarios_with_a_word(cli: Run, features: Path) -> None:
    done = cli("test", features / "one.feature", "-k", "预料", "--lang", "en")
    assert (done.returncode, done.stdout.split(" (")[0]) == (0, "1 scenarios: 1 passed, 0 failed, 0 skipped")


def test_verdicts_are_the_same_in_every_language(here: Run) -> None:
    """Scenarios quote what the engine says; the language of the report is another matter."""
    quoting = ROOT / "features" / "cn-4407" / "minor-violation" / "09-validity.feature"
    assert "已于 2025-01-31 失效" in quoting.read_text(encoding="utf-8")
    assert [here("test", quoting, "--lang", lang).returncode for lang in ("zh", "en")] == [0, 0]


def test_json(cli: Run, features: Path) -> None:
    done = cli("test", features, "--format", "json")
    shown = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (3, "")
    assert shown["summary"] == {"passed": 3, "failed": 4, "skipped": 1}
    failure = shown["scenarios"][1]["failure"]
    assert (failure["line"], failure["expected"], failure["found"]) == (15, "registration_form", "report_book")
    assert failure["decisions"][0]["outcome"] == "report_book"
    assert [item["code"] for item in shown["errors"]] == ["E602"]


def test_junit(cli: Run, features: Path, tmp_path: Path) -> None:
    out = tmp_path / "reports" / "junit.xml"
    assert cli("test", features, "--junit", out).returncode == 3
    suites = {suite.get("name"): suite for suite in ET.parse(out).getroot()}
    one = suites[str(features / "one.feature")]
    assert [one.get(key) for key in ("tests", "failures", "errors", "skipped")] == ["7", "3", "0", "1"]
    failure = one.find("testcase/failure")
    assert failure is not None
    assert "应为 登记表，实为 报告书" in (failure.get("message") or "")
    assert ET.parse(out).find(".//error") is not None


@pytest.mark.parametrize("arguments", [("no-such-folder",), (".ci",), ("--format", "html")])
def test_nothing_to_run_is_wrong_usage(cli: Run, arguments: tuple[str, ...]) -> None:
    done = cli("test", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "error" in done.stderr


def test_without_the_extra_it_says_how_to_install_it(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['pytest_bdd'] = None\n")
    done = cli("test", "features", PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'eco_rules[bdd]'" in done.stderr
