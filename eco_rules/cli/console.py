"""What every command shares: safe output, the language, loading, errors and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, cast

import typer

from eco_rules.words import Lang

if TYPE_CHECKING:
    from eco_rules.diagnostics import Diagnostic
    from eco_rules.errors import EcoRulesError
    from eco_rules.loading.corpus import Corpus

OK, FAILED, WRONG_USE, WRONG_RULES, UNDETERMINED, NO_ANSWER = 0, 1, 2, 3, 4, 5

RulesetsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--rulesets",
        envvar="ECO_RULES_PATH",
        help="叠加在内置规则之上的文件夹 / folder laid over the bundled rules",
        metavar="DIR",
    ),
]
LangOption = Annotated[
    str, typer.Option("--lang", envvar="ECO_RULES_LANG", help="zh | en：程序用语 / the program's own words")
]


def make_safe() -> None:
    """Never fail on a console that cannot show a character; it is escaped instead."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def language(wanted: str) -> Lang:
    """The language, or exit 2."""
    if wanted not in ("zh", "en"):
        fail_with(f"--lang: zh | en，不是 / not `{wanted}`", WRONG_USE)
    return cast(Lang, wanted)


def fail_with(message: str, code: int) -> NoReturn:
    """One line on standard error, and the exit code."""
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(code)


def report(diagnostics: Sequence[Diagnostic], lang: Lang) -> None:
    """Diagnostics on standard error."""
    for item in diagnostics:
        typer.echo(item.render(lang), err=True)


def exit_code(error: EcoRulesError) -> int:
    """The exit code an error stands for."""
    from eco_rules.errors import CaseError, RulesetError

    if isinstance(error, RulesetError):
        return WRONG_RULES
    return WRONG_USE if isinstance(error, CaseError) else FAILED


def load(overlays: Sequence[Path] | None) -> Corpus:
    """The bundled rulesets with overlays; references are checked by the engine made from them.

    Raises:
        RulesetError: some file is wrong.
    """
    from eco_rules.loading.loader import bundled_rulesets

    folders = [part for item in overlays or () for part in str(item).split(os.pathsep) if part]
    return bundled_rulesets(*folders)


def load_checked(overlays: Sequence[Path] | None) -> Corpus:
    """The bundled rulesets with overlays, every reference checked.

    Raises:
        RulesetError: some file is wrong.
    """
    from eco_rules.ir.checks import check

    corpus = load(overlays)
    check(corpus)
    return corpus


def styled(text: str, tone: str) -> str:
    """Colour for terminals; Typer leaves it out elsewhere."""
    if not sys.stdout.isatty() or "NO_COLOR" in os.environ:
        return text
    colour = {"headline": typer.colors.GREEN, "warn": typer.colors.YELLOW, "ask": typer.colors.CYAN}.get(tone)
    return typer.style(text, fg=colour, bold=tone in ("title", "headline"))
