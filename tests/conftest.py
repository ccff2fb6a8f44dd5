"""Fixtures every test may use."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from eco_rules import Corpus, Engine, bundled_rulesets

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """The bundled rulesets."""
    return bundled_rulesets()


@pytest.fixture(scope="session")
def engine(corpus: Corpus) -> Engine:
    """The default engine over the bundled rulesets."""
    return Engine(corpus)


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def cli() -> Run:
    """Run `eco-rules` as a process, the way a user does; 20 seconds are a hang."""

    def run(*arguments: str | Path, stdin: bytes | None = None, **environment: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "eco_rules", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            timeout=20,
            check=False,
            cwd=ROOT,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        )
        encoding = environment.get("PYTHONIOENCODING", "utf-8").partition(":")[0]
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(encoding, "replace"), done.stderr.decode(encoding, "replace")
        )

    return run


@pytest.fixture
def here(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same as `cli` within this process and with bundled rulesets that were read once: for what no process can change.

    An error that is not caught is raised here, where `eco-rules` would show E900.
    """
    from eco_rules.analysis import versions
    from eco_rules.cli.app import app
    from eco_rules.loading import loader

    def bundled(*folders: Path | str) -> Corpus:
        return bundled_rulesets(*folders) if folders else corpus

    monkeypatch.setattr(loader, "bundled_rulesets", bundled)
    monkeypatch.setattr(versions, "bundled_rulesets", bundled)
    monkeypatch.chdir(ROOT)

    def run(*arguments: str | Path, stdin: bytes | None = None, **environment: str) -> Any:
        words = [str(item) for item in arguments]
        monkeypatch.setattr(sys, "argv", ["eco-rules", *words])  # the command line also says how errors are told
        done = CliRunner().invoke(app, words, input=stdin, env=environment, catch_exceptions=False)
        return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)

    return run
