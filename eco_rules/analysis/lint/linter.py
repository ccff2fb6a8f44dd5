"""Runs the checks over a corpus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eco_rules.analysis.lint.check import sources
from eco_rules.analysis.lint.checks import CHECKS
from eco_rules.analysis.lint.ignores import CODE, put_aside
from eco_rules.diagnostics import Diagnostic
from eco_rules.loading.corpus import Corpus
from eco_rules.words import Text

TITLES = {check.code: check.title for check in CHECKS} | {
    CODE: Text("忽略检查的注释没有理由或者没有用", "an ignore without a reason or a use")
}
"""Every code lint may find, and what it is about."""


@dataclass(frozen=True, slots=True)
class Report:
    """What lint found, by file and place, and what comments put aside."""

    findings: tuple[Diagnostic, ...]
    ignored: tuple[Diagnostic, ...] = ()

    def within(self, folders: Sequence[Path]) -> Report:
        """Only what lies in some folders."""

        def inside(item: Diagnostic) -> bool:
            path = Path(item.span.source.name).resolve() if item.span else None
            return path is not None and any(path.is_relative_to(folder.resolve()) for folder in folders)

        return Report(tuple(filter(inside, self.findings)), tuple(filter(inside, self.ignored)))


def lint(corpus: Corpus, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Report:
    """Run the checks: all of them, those selected, or all but those ignored. A code may be given as a prefix."""
    found = [item for check in CHECKS for item in check.diagnostics(corpus)]
    left, ignored = put_aside(found, sources(corpus).values())
    wanted = [item for item in left if _wanted(item.code, select, ignore)]
    return Report(tuple(sorted(wanted, key=_place)), tuple(sorted(ignored, key=_place)))


def _wanted(code: str, select: Iterable[str], ignore: Iterable[str]) -> bool:
    chosen = tuple(select)
    return (not chosen or code.startswith(chosen)) and not code.startswith(tuple(ignore) or ("-",))


def _place(item: Diagnostic) -> tuple[str, int, int, str]:
    assert item.span is not None  # every check names a place
    return (item.span.source.name, item.span.line, item.span.column, item.code)
