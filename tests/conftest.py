"""Fixtures every test may use."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

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
