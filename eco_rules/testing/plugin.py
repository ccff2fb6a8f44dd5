"""A pytest plugin: `.feature` files are tests by themselves.

Folders named in the ini option `eco_features` are collected, and feature files named on the command line.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where features and local rulesets lie."""
    parser.addini("eco_features", "folders of feature files that are run as tests", type="linelist", default=[])
    parser.addini("eco_rulesets", "folders laid over the bundled rulesets", type="linelist", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Register the steps, where pytest-bdd is installed."""
    try:
        from eco_rules.testing import steps
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "pytest_bdd":
            raise
        return
    config.pluginmanager.register(steps, "eco_rules_steps")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> FeatureFile | None:
    """A feature file in a configured folder, or named on the command line."""
    if file_path.suffix != ".feature":
        return None
    config = parent.config
    folders = [config.rootpath / folder for folder in config.getini("eco_features")]
    named = {Path(str(item).partition("::")[0]).resolve() for item in config.args}
    wanted = any(file_path.is_relative_to(folder) for folder in folders) or any(
        file_path == item or (item.is_dir() and file_path.is_relative_to(item) and item != config.rootpath)
        for item in named
    )
    if not wanted:
        return None
    feature: FeatureFile = FeatureFile.from_parent(parent, path=file_path)
    return feature


class FeatureFile(pytest.Module):
    """A feature file as a module of test functions, one a scenario."""

    def _getobj(self) -> ModuleType:
        module = ModuleType(self.path.stem.replace("-", "_"))
        module.__file__ = str(self.path)
        vars(module)["feature"] = str(self.path)
        code = "from pytest_bdd import scenarios\nscenarios(feature)"
        exec(compile(code, str(self.path), "exec"), vars(module))  # noqa: S102 - a fixed text; pytest-bdd fills the caller's namespace
        return module
