"""Bad input: a first line that is enough by itself, a suggestion, exit 2 or 3, no traceback, under two seconds."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.conftest import Run

GOOD = """\
id: demo
matter: minor-violation
jurisdiction: "440000"
act_date: 2024-03-01
decision_date: 2024-04-10
facts:
  violation_type: water_pollutant_exceedance
  exceedance_ratio: 0.08
"""

# name, content, code, words of the first line
FILES = [
    ("wrong type", GOOD.replace("0.08", "很多"), "E702", "超标倍数"),
    ("unknown fact", GOOD + "  exceedance_rate: 1\n", "E701", "exceedance_ratio"),
    ("unknown Chinese fact", GOOD + "  超标倍率: 1\n", "E701", "超标倍数"),
    (
        "misspelt enum",
        GOOD.replace("water_pollutant_exceedance", "water_pollutant_exceedence"),
        "E703",
        "water_pollutant_exceedance",
    ),
    ("wrong unit", GOOD + "  hazardous_waste_qty: 3 米\n", "E704", "应是 t"),
    ("unit where there is none", GOOD + "  ph: 7 kg\n", "E704", "没有单位"),
    ("impossible date", GOOD.replace("2024-03-01", "2024-02-30"), "E705", "2024-02-30"),
    ("decision before act", GOOD.replace("2024-04-10", "2024-02-10"), "E712", "早于"),
    ("out of range", GOOD + "  ph: 15\n", "E706", "[0, 14]"),
    ("not a number", GOOD.replace("0.08", ".nan"), "E702", "数字"),
    ("huge exponent", GOOD.replace("0.08", "1e999"), "E702", "数字"),
    ("negative ratio", GOOD.replace("0.08", "-0.1"), "E706", "超标倍数"),
    ("missing decision date", GOOD.replace("decision_date: 2024-04-10\n", ""), "E710", "decision_date"),
    ("missing place", GOOD.replace('jurisdiction: "440000"\n', ""), "E710", "jurisdiction"),
    ("unknown place", GOOD.replace("440000", "990000"), "E709", "GB/T 2260"),
    ("unknown matter", GOOD.replace("minor-violation", "minor-violations"), "E708", "minor-violation"),
    ("unknown key", GOOD.replace("act_date", "act_day"), "E201", "act_date"),
    ("facts as a list", "jurisdiction: '44'\ndecision_date: 2024-01-01\nfacts: [1, 2]\n", "E702", "映射"),
    ("facts with full-width colons", GOOD.partition("  violation")[0] + "  超标倍数：0.08\n", "E702", "英文冒号"),
    ("a full-width colon after a key", GOOD.replace("id: demo", "id：demo"), "E108", "英文冒号"),
    ("full-width quotes", GOOD.replace("0.08", "“0.08”"), "E702", "中文标点"),
    ("duplicate key", GOOD + "  exceedance_ratio: 0.9\n", "E107", "第 8 行"),
    ("tab", GOOD.replace("  violation", "\tviolation"), "E104", "制表符"),
    ("unclosed bracket", GOOD + "  zones: [a\n", "E104", "括号"),
    ("empty", "", "E109", "空"),
    ("only a comment", "# nothing\n", "E109", "空"),
    ("a scalar", "42\n", "E702", "映射"),
    ("alias bomb", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "E106", "锚点"),
    ("a Python tag", "a: !!python/object/apply:os.system [echo]\n", "E106", "标签"),
    ("nested brackets", "[" * 200_000, "E105", "层"),
    ("nested braces", "{a: " * 200_000, "E105", "层"),
    ("control characters", "a: \x01\n", "E104", "控制字符"),
    ("boolean written as a number", GOOD + "  refused_to_correct: 1\n", "E702", "true 或 false"),
    ("records as text", GOOD + "  prior_violations: 没有\n", "E702", "[]"),
    ("unknown record field", GOOD + "  prior_violations: [{when: 2024-01-01}]\n", "E701", "found_on"),
    ("negative ratio, one bound", GOOD.replace("0.08", "-0.1"), "E706", "不小于 0"),
    ("boolean for a number", GOOD.replace("0.08", "true"), "E702", "`true`"),
    ("mapping for a number", GOOD.replace("0.08", "{a: 1}"), "E702", "`{a: 1}`"),
    ("act date of another shape", GOOD.replace("2024-03-01", "{from: 2024-03-01}"), "E705", "to"),
    ("act date upside down", GOOD.replace("2024-03-01", "{from: 2024-03-01, to: 2024-02-01}"), "E705", "早于"),
    ("matter of another shape", GOOD.replace("minor-violation", "{a: 1}"), "E708", "列表"),
    ("other subject", GOOD + "subject: project\n", "E708", "主体"),
    ("fact twice", GOOD + "  超标倍数: 0.09\n", "E107", "写了两次"),
    ("flow map, wide comma", GOOD.replace("2024-03-01", "{from: 2024-03-01，to: 2024-03-02}"), "E104", "中文标点 `，`"),
    ("flow list, wide bracket", GOOD + "  zones: [a］\n", "E104", "］"),
    ("wide brackets", GOOD + "  zones: ［］\n", "E703", "英文方括号"),
    ("wide braces", GOOD.replace("2024-03-01", "｛from: 2024-03-01，to: 2024-03-02｝"), "E104", "英文花括号"),
    ("value ending in a comma", GOOD.replace("0.08", "0.08，"), "E704", "中文标点 `，`"),
    ("enum ending in a comma", GOOD.replace("_exceedance\n", "_exceedance，\n"), "E703", "中文标点 `，`"),
    ("date ending in a comma", GOOD.replace("2024-03-01", "2024-03-01，"), "E705", "中文标点 `，`"),
    ("a date among the facts", GOOD + "  corrected_at: 2024-03-01，\n", "E705", "中文标点 `，`"),
    ("unit ending in a comma", GOOD + "  hazardous_waste_qty: 3 t，\n", "E704", "英文逗号"),
    ("quoted place", GOOD.replace('"440000"', "“广东省”"), "E709", "英文引号"),
    ("quoted matter", GOOD.replace("minor-violation", "“minor-violation”"), "E708", "英文引号"),
    ("quoted fact name", GOOD.replace("exceedance_ratio", "“exceedance_ratio”"), "E701", "英文引号"),
    ("wide indentation", GOOD.replace("  exceedance_ratio", "　　exceedance_ratio"), "E201", "全角空格"),
    ("wide indentation, no colon", GOOD.replace("  exceedance_ratio:", "　　exceedance_ratio"), "E104", "全角空格"),
    ("wide space after a colon", GOOD.replace("ratio: 0", "ratio:　0"), "E104", "全角空格"),
    (
        "stated and derived disagree",
        GOOD + "  corrected_at: 2024-04-01\n  order_deadline: 2024-03-20\n  corrected_within_order: true\n",
        "E707",
        "推得",
    ),
]


SLOWER = 4 if any(name.startswith("COVERAGE_PROCESS") for name in os.environ) else 1
"""Measuring coverage traces the programs run as well."""


@pytest.mark.parametrize(("content", "code", "words"), [row[1:] for row in FILES], ids=[row[0] for row in FILES])
def test_a_wrong_case_file_is_explained(
    cli: Run, here: Run, tmp_path: Path, content: str, code: str, words: str
) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(content, encoding="utf-8")
    started = os.times()
    done = cli("check", path)
    ended = os.times()
    # Processor time: on a busy machine, or with cold disks, the clock says little about the program.
    worked = ended.children_user + ended.children_system - started.children_user - started.children_system
    first = done.stderr.splitlines()[0]
    assert f"error[{code}]" in first
    assert words in first
    assert str(path) in first
    assert "Traceback" not in done.stderr
    assert done.returncode == 2
    assert worked < 2 * SLOWER
    as_json = here("check", path, "--format", "json")
    assert all(error["help"] for error in json.loads(as_json.stdout)["errors"])


BYTES = [
    ("GBK", GOOD.replace("demo", "赣州").encode("gbk"), "GBK"),
    ("UTF-16", GOOD.encode("utf-16"), "UTF-16"),
    ("binary", bytes(range(256)) * 40, "二进制"),
    ("zeros", b"\x00" * 5000, "UTF-16"),
]


@pytest.mark.parametrize(("content", "words"), [row[1:] for row in BYTES], ids=[row[0] for row in BYTES])
def test_another_encoding_is_named(cli: Run, tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(content)
    done = cli("check", path)
    assert done.returncode == 2
    assert "E103" in done.stderr.splitlines()[0]
    assert words in done.stderr.splitlines()[0]
    assert "UTF-8" in done.stderr.splitlines()[0]


def test_a_byte_order_mark_is_accepted(here: Run, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert here("check", path).returncode == 4


def test_a_huge_file_is_refused_at_once(cli: Run, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    done = cli("check", path)
    assert done.returncode == 2
    assert "E102" in done.stderr.splitlines()[0]


def test_thousands_of_unknown_facts_are_told_in_time(cli: Run, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(GOOD + "".join(f"  exceedance_rate_{number}: 1\n" for number in range(5000)), encoding="utf-8")
    started = os.times()
    done = cli("check", path, "--format", "json")
    ended = os.times()
    errors = json.loads(done.stdout)["errors"]
    assert "exceedance_ratio" in errors[0]["help"]
    assert len(errors) == 100
    assert all(error["help"] for error in errors)
    assert ended.children_user - started.children_user < 2.5 * SLOWER


@pytest.mark.parametrize("target", ["missing.yaml", "."])
def test_an_unreadable_path_is_named(here: Run, target: str) -> None:
    done = here("check", target)
    assert done.returncode == 2
    assert "E101" in done.stderr.splitlines()[0]


def test_a_wrong_file_among_several_does_not_stop_the_others(here: Run, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(GOOD, encoding="utf-8")
    bad.write_text("id: x\n", encoding="utf-8")
    done = here("check", bad, good, "--format", "json")
    answer = json.loads(done.stdout)
    assert done.returncode == 2
    assert [decision["case_id"] for decision in answer["decisions"]] == ["demo"]
    assert {error["code"] for error in answer["errors"]} == {"E710"}
    assert answer["errors"][0]["line"] == 1


def test_errors_are_json_too(here: Run, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(GOOD + "  nonsense: 1\n", encoding="utf-8")
    done = here("check", path, "--format", "json")
    (error,) = json.loads(done.stdout)["errors"]
    assert (error["code"], error["line"], error["column"]) == ("E701", 9, 3)
    assert error["file"] == str(path)
    assert error["help"]


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "latin-1"])
def test_output_never_fails_on_a_narrow_console(cli: Run, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(GOOD, encoding="utf-8")
    for arguments in (
        ("check", path),
        ("check", path, "--format", "html"),
        ("list", "facts"),
        ("show", "water-exceedance"),
        ("check", tmp_path / "no.yaml"),
    ):
        done = cli(*arguments, PYTHONIOENCODING=encoding)
        assert "Traceback" not in done.stderr
        assert done.returncode in (0, 2, 4)


def test_english_words_for_an_error(here: Run, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(GOOD + "  nonsense: 1\n", encoding="utf-8")
    assert "unknown fact `nonsense`" in here("check", path, "--lang", "en").stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "x.yaml", "--format", "pdf"),
        ("check", "x.yaml", "--lang", "fr"),
        ("show", "nothing-like-it"),
        ("list", "sheep"),
        ("schema", "x"),
    ],
)
def test_wrong_usage_exits_2(cli: Run, arguments: tuple[str, ...]) -> None:
    done = cli(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
