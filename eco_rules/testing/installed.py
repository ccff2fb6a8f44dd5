"""Whether scenarios can be run here: they need the `bdd` extra, which deciding does not."""

from __future__ import annotations

from importlib.util import find_spec

from eco_rules.diagnostics import Diagnostic
from eco_rules.errors import UsageError
from eco_rules.words import Text


def require_bdd() -> None:
    """Say how to install what reads feature files, where it is missing.

    Raises:
        UsageError: pytest-bdd is not installed (E606).
    """
    if find_spec("pytest_bdd") is None:
        message = Text("没有安装运行场景所需的 pytest-bdd", "pytest-bdd, which runs scenarios, is not installed")
        raise UsageError([Diagnostic("E606", message, None, Text(_INSTALL, _INSTALL))])


_INSTALL = "pip install 'eco_rules[bdd]'"
