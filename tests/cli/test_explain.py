"""`eco-rules explain` and `eco-rules diff` as a user runs them, on bundled cases."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run

DEMO = ROOT / "examples" / "cases" / "wastewater-first-exceedance.yaml"
UNKNOWN = ROOT / "examples" / "cases" / "wastewater-ratio-unknown.yaml"
ITEMS = ROOT / "rulesets" / "cn-44" / "minor-violation" / "2022-01-01" / "items.yaml"


def test_every_test_of_the_rule_is_ticked_off(cli: Run) -> None:
    done = cli("explain", DEMO)
    assert (done.returncode, done.stderr) == (0, "")
    assert "✓ 超标倍数小于0.1 倍（现为：0.08 倍）" in done.stdout
    assert "？ pH 值不小于5（现为：未知）" in done.stdout
    assert "粤环发〔2021〕7号" in done.stdout
    assert "改变哪些事实" not in done.stdout


def test_what_would_change_it(here: Run) -> None:
    done = here("explain", DEMO, "--what-if", "--fact", "超标倍数=0.12", "--fact", "first_violation=false")
    assert done.returncode == 0
    assert "当事人有证据足以证明没有主观过错为“是”（现 否） → 应当不予行政处罚" in done.stdout
    assert "可以通过：提交足以证明没有主观过错的证据" in done.stdout
    assert "超标倍数小于0.1 倍（现 0.12 倍，差 0.02 倍） → 应当不予行政处罚" in done.stdout


def test_an_undetermined_case_is_told_which_answers_lead_where(here: Run) -> None:
    done = here("explain", UNKNOWN, "--what-if", "--format", "json")
    assert done.returncode == 0  # it was explained, though it is not settled
    (told,) = json.loads(done.stdout)["explained"]
    first = told["what_if"]["proposals"][0]
    assert (first["changes"][0]["fact"], first["outcome"], first["modality"]) == (
        "exceedance_ratio",
        "no_penalty",
        "must",
    )
    assert first["changes"][0]["high"] == {"at": "0.1", "inclusive": False}
    assert told["rules"][0]["conditions"]["parts"]


def test_other_formats_and_languages(here: Run) -> None:
    done = here("explain", DEMO, "--what-if", "--format", "markdown", "--lang", "en")
    assert "## " in done.stdout
    assert "What would change the result" in done.stdout
    assert here("explain", DEMO, "--format", "html").returncode == 2


def test_wrong_cases_are_named_and_the_others_explained(here: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(DEMO.read_text(encoding="utf-8").replace("exceedance_ratio", "exceedence_ratio"), encoding="utf-8")
    done = here("explain", wrong, DEMO)
    assert done.returncode == 2
    assert "E701" in done.stderr
    assert "应当不予行政处罚" in done.stdout
    assert here("explain", "no-such-file.yaml").returncode == 2


@pytest.fixture
def looser(tmp_path: Path) -> Path:
    """The Guangdong list with another threshold, and comments and layout changed."""
    path = tmp_path / "looser.yaml"
    text = ITEMS.read_text(encoding="utf-8").replace("ratio_limit: {value: 0.1,", "ratio_limit: {value: 0.2,")
    path.write_text("# 另一个版本\n" + text, encoding="utf-8")
    return path


def test_two_versions_of_a_file(cli: Run, looser: Path) -> None:
    done = cli("diff", ITEMS, looser, "--cases", DEMO, "--matter", "minor-violation")
    assert (done.returncode, done.stderr) == (0, "")
    assert "超标倍数：小于0.1 倍 → 小于0.2 倍" in done.stdout
    assert "超标倍数=0.1 倍" in done.stdout
    assert "不适用免罚（按一般程序裁量） → 应当不予行政处罚" in done.stdout
    assert "判断 1 项，0 项结论不同" in done.stdout


def test_decisions_that_flip(here: Run, looser: Path, tmp_path: Path) -> None:
    case = tmp_path / "cases" / "case.yaml"
    case.parent.mkdir()
    case.write_text(DEMO.read_text(encoding="utf-8").replace("0.08", "0.15"), encoding="utf-8")
    overlay = tmp_path / "overlay" / "cn-44" / "minor-violation" / "2022-01-01"
    overlay.mkdir(parents=True)
    shutil.copy(looser, overlay / "items.yaml")
    done = here("diff", "bundled", tmp_path / "overlay", "--cases", case.parent, "--format", "json")
    shown = json.loads(done.stdout)
    assert shown["cases"]["decided"] == 1
    assert shown["cases"]["by_place"] == {"广东省": 1}
    (flip,) = shown["cases"]["flips"]
    assert flip["after"] == {"status": "determined", "outcome": "no_penalty", "modality": "must"}
    assert {item["name"]: item["found"] for item in shown["witnesses"]} == {
        "cn-44.minor-violation/water-exceedance": True,
        "cn-44.minor-violation/air-exceedance": True,
    }


def test_layout_and_comments_are_no_difference(here: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("# 注释\n\n" + ITEMS.read_text(encoding="utf-8") + "\n# 完\n", encoding="utf-8")
    done = here("diff", ITEMS, other)
    assert done.returncode == 0
    assert "没有影响结论的变化" in done.stdout


def test_a_git_revision_is_a_version(here: Run, looser: Path, tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()

    def git(*arguments: str) -> None:
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", str(folder), *arguments]
        subprocess.run(command, check=True, capture_output=True)

    git("init", "-q")
    shutil.copy(ITEMS, folder / "items.yaml")
    git("add", "-A")
    git("commit", "-q", "-m", "one")
    found = here("diff", "HEAD:items.yaml", looser, "--format", "json", GIT_DIR=str(folder / ".git"))
    assert "cn-44.minor-violation/$ratio_limit" in [item["name"] for item in json.loads(found.stdout)["differences"]]


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("no-such", "bundled"), 2, "E101"),
        (("no-such-revision:rulesets", "bundled"), 2, "E101"),
        (("--output=x:y", "bundled"), 2, ""),
        (("bundled", "bundled", "--matter", "nothing"), 2, "nothing"),
        (("bundled", "bundled", "--jurisdiction", "99"), 2, "99"),
        (("bundled", "bundled", "--format", "html"), 2, "--format"),
        (("bundled", "bundled", "--cases", "no-such.yaml"), 2, "E101"),
    ],
)
def test_wrong_usage(here: Run, arguments: tuple[str, ...], code: int, text: str) -> None:
    done = here("diff", *arguments)
    assert done.returncode == code
    assert text in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_ruleset_is_an_invalid_ruleset(here: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(ITEMS.read_text(encoding="utf-8").replace("{lt: $ratio_limit}", "{less: 3}"), encoding="utf-8")
    done = here("diff", ITEMS, wrong)
    assert (done.returncode, "E204" in done.stderr) == (3, True)
    neither = tmp_path / "neither.yaml"
    neither.write_text("a: 1\n", encoding="utf-8")
    assert here("diff", neither, ITEMS).returncode == 3
