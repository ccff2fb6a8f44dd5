"""What is installed is what was tested: the wheel carries the rulesets and decides a case away from the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


def test_the_wheel_decides_a_bundled_case(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(site)
    assert "eco_rules/_rulesets/cn-44/minor-violation/2022-01-01/items.yaml" in names
    assert "eco_rules/py.typed" in names
    assert "eco_rules/testing/vocabulary.yaml" in names
    assert "eco_rules/reporting/handbook/handbook.css" in names
    assert "eco_rules/reporting/handbook/templates/ruleset.html" in names
    code = "import eco_rules; from eco_rules.cli import main; assert 'site' in eco_rules.__file__; main()"
    case = ROOT / "examples" / "cases" / "wastewater-first-exceedance.yaml"
    done = subprocess.run(
        [sys.executable, "-c", code, "check", str(case)],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(site), "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "应当不予行政处罚" in done.stdout.decode()
