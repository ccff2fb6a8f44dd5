"""The error family. Bad input raises one of these, with every problem found; bad luck is a value."""

from __future__ import annotations

from collections.abc import Sequence

from eco_rules.diagnostics import Diagnostic
from eco_rules.words import Lang


class EcoRulesError(Exception):
    """Base of all errors of this package; carries the diagnostics that explain it."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(self.render())

    @property
    def code(self) -> str:
        """The code of the first diagnostic."""
        return self.diagnostics[0].code if self.diagnostics else ""

    def render(self, lang: Lang = "zh") -> str:
        """Every diagnostic as text."""
        return "\n".join(item.render(lang) for item in self.diagnostics)


class RulesetError(EcoRulesError):
    """A ruleset, vocabulary, matter or instrument file is wrong (E1xx, E2xx, E3xx)."""


class CaseError(EcoRulesError):
    """A case is wrong: unreadable file, unknown fact, wrong type or unit (E1xx, E7xx)."""


class FeatureError(EcoRulesError):
    """A feature file is wrong: it cannot be read, or a step is unknown (E1xx, E6xx)."""


class UsageError(EcoRulesError):
    """The command line is wrong: an argument missing or unknown, a folder that is not there (E101, E901)."""


class BackendError(EcoRulesError):
    """An evaluator is unavailable, cannot take this program, or failed (E8xx)."""
