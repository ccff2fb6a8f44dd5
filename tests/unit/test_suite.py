"""Scenarios run without pytest: the same examples and the same verdicts as with it; mistakes are found while reading."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from eco_rules import Engine
from eco_rules.errors import FeatureError, UsageError
from eco_rules.testing.steps import WORDINGS
from eco_rules.testing.suite import Example, collect, read, run
from tests.conftest import ROOT

SAMPLES = """# language: zh-CN
功能: 样本
  背景:
    假如地点是"赣州市"
    而且决定日期是 2024-06-03
    而且以下事实
      | 名录项目类别               | 3  |
      | 规模化畜禽养殖             | 是 |
      | 无出栏量的存栏量（折合猪） | 0  |
      | 涉及的环境敏感区           | 无 |

  场景大纲: 按出栏量
    假如"年出栏量（折合猪）"是"<出栏>"
    当判断"环评分类"
    那么结论是"<结论>"

    例子:
      | 出栏 | 结论   |
      | 4999 | 登记表 |
      | 5000 | 登记表 |

    例子:
      | 出栏 | 结论   |
      | 5001 | 报告书 |

  @skip
  场景: 还没有写完
    当判断"环评分类"
    那么结论是"报告书"

  场景: 事实项写错
    假如"年出栏"是"1"
    当判断"环评分类"
    那么结论是"登记表"

  场景: 预料之中的错误
    假如"年出栏"是"1"
    当判断"环评分类"
    那么报错"E701"

  场景: 三列的事实表
    假如以下事实
      | 年出栏量（折合猪） | 1 | 头 |
    当判断"环评分类"
    那么不缺事实
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "sample.feature"
    path.write_text(text, encoding="utf-8")
    return path


def scenario(*steps: str) -> str:
    lines = ["# language: zh-CN", "功能: 样本", "  场景: 一", *(f"    {step}" for step in steps), "    那么不缺事实"]
    return "\n".join(lines) + "\n"


def pytest_run(*arguments: str | Path) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT).stdout


def test_pytest_finds_the_same_number_of_scenarios_in_every_bundled_file() -> None:
    found: dict[str, int] = {}
    for example in read([ROOT / "features"]):
        name = str(example.path.relative_to(ROOT))
        found[name] = found.get(name, 0) + 1
    listed = pytest_run("--collect-only", "features").splitlines()
    assert found == {name: int(count) for name, _, count in (line.partition(": ") for line in listed if ": " in line)}


def verdict(example: Example, engine: Engine) -> str:
    if example.skipped:
        return "skipped"
    return "failure" if run(example, engine) else "passed"


def test_pytest_comes_to_the_same_verdicts(tmp_path: Path, engine: Engine) -> None:
    path = write(tmp_path, SAMPLES)
    pytest_run("-p", "no:xdist", f"--junit-xml={tmp_path / 'out.xml'}", path)
    cases = ET.parse(tmp_path / "out.xml").iter("testcase")
    theirs = [next((child.tag for child in case if child.tag != "properties"), "passed") for case in cases]
    ours = [verdict(example, engine) for example in read([path])]
    assert ours == theirs
    assert sorted(ours) == ["failure", "failure", "failure", "passed", "passed", "passed", "skipped"]


def test_a_failure_says_what_was_wanted_found_and_decided(tmp_path: Path, engine: Engine) -> None:
    example = read([write(tmp_path, SAMPLES)])[1]
    assert (example.feature, example.name, example.line) == ("样本", "按出栏量 [5000-登记表]", 20)
    failure = run(example, engine)
    assert failure is not None
    assert (failure.step, failure.line) == ('结论是"登记表"', 15)
    assert (failure.wanted, failure.found) == ("registration_form", "report_book")
    assert [decision.outcome for decision in failure.decisions] == ["report_book"]


@pytest.mark.parametrize(
    ("step", "found"),
    [
        ("不缺事实", ["annual_pig_output"]),
        ('首先询问"涉及的环境敏感区"', ["annual_pig_output"]),
        ('"公示"的期限是 2024-07-01', []),
    ],
)
def test_a_failure_about_several_values_says_them(step: str, found: list[str], tmp_path: Path, engine: Engine) -> None:
    text = SAMPLES.replace('    那么结论是"<结论>"', f"    那么{step}").replace(
        '    假如"年出栏量（折合猪）"是"<出栏>"\n', ""
    )
    failure = run(read([write(tmp_path, text)])[0], engine)
    assert failure is not None
    assert failure.found == found


def test_an_error_of_the_case_is_a_failure_that_says_so(tmp_path: Path, engine: Engine) -> None:
    example = next(item for item in read([write(tmp_path, SAMPLES)]) if item.name == "事实项写错")
    failure = run(example, engine)
    assert failure is not None
    assert "E701" in failure.message
    assert failure.decisions == ()


MISTAKES = {
    "unknown step": (scenario("假如地点是“36”"), "E602", 4, '`地点是"{place}"`'),
    "under another keyword": (scenario('当结论是"报告书"'), "E602", 4, "“那么”"),
    "no table": (scenario("假如以下事实"), "E603", 4, None),
    "a table nobody reads": (scenario('假如地点是"36"', "  | 一 | 二 |"), "E603", 4, None),
    "a repeated name": (scenario() + scenario().partition("本\n")[2], "E604", 5, None),
    "no keyword": (scenario('地点是"36"').replace("那么", ""), "E605", 3, "假如、当、那么"),
    "uneven rows": (
        scenario('假如"既往违法记录"有以下记录', "  | 一 | 二 |", "  | 一 |"),
        "E601",
        6,
        "# language: zh-CN",
    ),
    "no feature": ("", "E601", 1, "# language: zh-CN"),
    "no language": (scenario('假如地点是"36"').replace("# language: zh-CN", ""), "E601", 2, "# language: zh-CN"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_reported_with_its_line_and_a_way_out(name: str, tmp_path: Path) -> None:
    text, code, line, hint = MISTAKES[name]
    with pytest.raises(FeatureError) as raised:
        read([write(tmp_path, text)])
    (found,) = raised.value.diagnostics
    assert found.span is not None
    assert (found.code, found.span.line) == (code, line)
    assert hint is None or hint in (found.help.zh if found.help else "")


def test_a_wrong_file_or_scenario_does_not_stop_the_others(tmp_path: Path) -> None:
    write(tmp_path, SAMPLES.replace('那么报错"E701"', "那么报了错"))
    (tmp_path / "gbk.feature").write_bytes("功能: 样本".encode("gbk"))
    collected = collect([tmp_path])
    assert [item.code for item in collected.diagnostics] == ["E103", "E602"]
    assert len(collected.examples) == 6


def test_a_path_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="absent"):
        collect([tmp_path, tmp_path / "absent.feature"])


def test_no_wording_can_be_taken_for_another() -> None:
    """pytest and the suite each take one of several that match; there must be one only."""
    for wording in WORDINGS:
        text = wording.parser.name.replace("{", "").replace("}", "")
        same = [item for item in WORDINGS if item.kind == wording.kind and item.parser.is_matching(text)]
        assert [item.parser.name for item in same] == [wording.parser.name]
