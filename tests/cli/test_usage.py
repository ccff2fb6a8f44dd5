"""Wrong usage is told from a failure, in the format asked for; JSON and HTML are UTF-8 everywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_bad_input import GOOD
from tests.conftest import ROOT, Run


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A case file without mistakes."""
    path = tmp_path / "case.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.mark.parametrize("output", ["json", "html"])
def test_json_and_html_are_utf8_on_any_console(good: Path, output: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "eco_rules", "check", str(good), "--format", output],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "gbk"},
    )
    assert "广东省" in done.stdout.decode("utf-8")


@pytest.mark.parametrize(
    ("extra", "code"),
    [(("--backend", "foo"), "E802"), (("--rulesets", "no-such-folder"), "E101"), (("--bogus",), "E901")],
)
def test_a_slip_in_the_options_is_wrong_usage(cli: Run, good: Path, extra: tuple[str, ...], code: str) -> None:
    assert cli("check", good, *extra).returncode == 2
    done = cli("check", good, *extra, "--format", "json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["errors"][0]["code"] == code


def test_a_missing_argument_is_json_too(cli: Run) -> None:
    done = cli("check", "--format", "json")
    (error,) = json.loads(done.stdout)["errors"]
    assert (done.returncode, error["code"], done.stderr) == (2, "E901", "")
    assert error["help"]


def test_rete_is_checked_against_the_compiled_backend(cli: Run, good: Path) -> None:
    pytest.importorskip("durable_rules_engine")
    done = cli("check", good, "--backend", "rete", "--format", "json")
    (decision,) = json.loads(done.stdout)["decisions"]
    assert (decision["receipt"]["backend"], decision["receipt"]["cross_check"]) == ("rete", "agreed")


def test_a_label_on_the_command_line_overrides_the_id_in_the_file(cli: Run, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(GOOD + "  first_in_past_year: true\n", encoding="utf-8")
    by_id, by_label = (
        json.loads(cli("check", path, "--fact", f"{name}=0.05", "--format", "json").stdout)
        for name in ("exceedance_ratio", "超标倍数")
    )
    assert by_id["decisions"] == by_label["decisions"]


def test_a_device_is_refused_at_once(cli: Run) -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no such device here")
    done = cli("check", "/dev/zero")
    assert done.returncode == 2
    assert "E101" in done.stderr.splitlines()[0]


def test_standard_input_is_read_up_to_the_limit(cli: Run) -> None:
    done = cli("check", "-", stdin=b"# " + b"x" * (5 * 1024 * 1024))
    assert done.returncode == 2
    assert "E102" in done.stderr.splitlines()[0]
