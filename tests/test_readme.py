"""What the READMEs show is what the program prints; an ellipsis stands for lines or words left out."""

import doctest
import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from eco_rules.cli import app
from eco_rules.loading.loader import bundled_rulesets

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(name: str, language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall((ROOT / name).read_text(encoding="utf-8")) if kind == language]


def commands() -> list:
    found = []
    for name in READMES:
        for block in blocks(name, "console"):
            for shown in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, output = shown.partition("\n")
                found.append(pytest.param(command, output, id=f"{name}: {command}"))
    return found


def as_pattern(shown: str) -> str:
    escaped = re.escape(shown.rstrip("\n"))
    return re.sub(r"…", ".*?", escaped.replace(r"\…", "…"))


@pytest.mark.parametrize(("command", "shown"), commands())
def test_the_output_shown_is_the_output(command, shown, monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    if importlib.util.find_spec("durable_rules_engine") is None:
        shown = shown.replace("两个引擎一致", "第二引擎未安装")
    program, *arguments = shlex.split(command.replace(" -o ", f" -o {tmp_path}/"))
    assert program == "eco-rules"
    result = CliRunner().invoke(app, arguments)
    assert re.fullmatch(as_pattern(shown), result.output.rstrip("\n"), re.DOTALL), result.output


@pytest.mark.parametrize("name", READMES)
def test_the_python_shown_runs(name):
    (block,) = blocks(name, "pycon")
    test = doctest.DocTestParser().get_doctest(block, {}, name, name, 0)
    assert doctest.DocTestRunner(verbose=False).run(test).failed == 0


@pytest.mark.parametrize("name", READMES)
def test_the_overlay_shown_is_accepted(name, tmp_path):
    (block,) = [text for text in blocks(name, "yaml") if text.startswith("# local/parameters.yaml")]
    (tmp_path / "parameters.yaml").write_text(block, encoding="utf-8")
    assert [item.target for item in bundled_rulesets(tmp_path).replacements] == ["cn-3607.minor-violation/$ratio_limit"]


@pytest.mark.parametrize("name", READMES)
def test_the_case_shown_is_the_file(name):
    (block,) = [text for text in blocks(name, "yaml") if text.startswith("id: ")]
    case = yaml.safe_load((ROOT / "examples/published/PEN-HN-027.yaml").read_text(encoding="utf-8"))
    assert yaml.safe_load(block) == {key: case[key] for key in yaml.safe_load(block)}


def test_both_show_the_same():
    for language in ("bash", "pycon", "gherkin"):
        assert blocks(READMES[0], language) == blocks(READMES[1], language)


@pytest.mark.parametrize("name", READMES)
def test_the_scenario_shown_passes(name, tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\neco_features = features\n", encoding="utf-8")
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "shown.feature").write_text(blocks(name, "gherkin")[0], encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "1 passed" in done.stdout, done.stdout + done.stderr
