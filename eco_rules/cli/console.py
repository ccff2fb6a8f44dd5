"""What every command shares: safe output, the language, loading, errors and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, cast

import typer

from eco_rules.words import Lang

if TYPE_CHECKING:
    from eco_rules.diagnostics import Diagnostic
    from eco_rules.errors import EcoRulesError
    from eco_rules.loading.corpus import Corpus

OK, FAILED, WRONG_USE, WRONG_RULES, UNDETERMINED, NO_ANSWER = 0, 1, 2, 3, 4, 5


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
    """One line on standard error, or JSON where the command was asked for it; and the exit code."""
    if wants_json():
        complain_in_json(message)
    else:
        typer.echo(f"error: {message}", err=True)
    raise typer.Exit(code)


def complain_in_json(message: str, code: str = "E901", lang: Lang = "zh") -> None:
    """What is wrong with the command line, as a program reads it."""
    from eco_rules.diagnostics import Diagnostic
    from eco_rules.reporting.formats import to_json
    from eco_rules.words import Text

    hint = Text("用法见 eco-rules --help", "see eco-rules --help") if code == "E901" else None
    put(to_json([], [Diagnostic(code, Text(message, message), None, hint)], lang))


def put(text: str) -> None:
    """Print what is UTF-8 by definition (JSON, HTML), whatever the console's encoding is."""
    typer.echo(text.encode("utf-8", "backslashreplace"))


def save(path: Path, text: str) -> None:
    """Write a file in one step, or exit 2."""
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        fail_with(f"写不了 `{path}`：{error.strerror} / cannot write it", WRONG_USE)


def wants_json() -> bool:
    """Whether the command line asks for JSON; it must be known even where the line cannot be parsed."""
    pairs = zip(sys.argv, [*sys.argv[1:], ""], strict=True)
    return any(one == "--format=json" or (one, two) == ("--format", "json") for one, two in pairs)


def report(diagnostics: Sequence[Diagnostic], lang: Lang) -> None:
    """Diagnostics on standard error, or as JSON where the command was asked for it."""
    if diagnostics and wants_json():
        from eco_rules.reporting.formats import to_json

        put(to_json([], diagnostics, lang))
        return
    for item in diagnostics:
        typer.echo(item.render(lang), err=True)


def exit_code(error: EcoRulesError) -> int:
    """The exit code an error stands for."""
    from eco_rules.errors import CaseError, RulesetError, UsageError

    if isinstance(error, RulesetError):
        return WRONG_RULES
    # An unknown backend (E802) is a slip on the command line, not a failure of the tool.
    return WRONG_USE if isinstance(error, CaseError | UsageError) or error.code == "E802" else FAILED


def load(overlays: Sequence[Path] | None) -> Corpus:
    """The bundled rulesets with overlays; references are checked by the engine made from them.

    Raises:
        UsageError: there is no such folder.
        RulesetError: some file is wrong.
    """
    from eco_rules.loading.loader import bundled_rulesets

    folders = [part for item in overlays or () for part in str(item).split(os.pathsep) if part]
    if absent := [folder for folder in folders if not Path(folder).is_dir()]:
        raise _no_folders(absent)
    return bundled_rulesets(*folders)


def _no_folders(folders: Sequence[str]) -> EcoRulesError:
    from eco_rules.diagnostics import Diagnostic
    from eco_rules.errors import UsageError
    from eco_rules.words import Text

    hint = Text("请检查 --rulesets 或 ECO_RULES_PATH", "check --rulesets or ECO_RULES_PATH")
    return UsageError(
        [
            Diagnostic("E101", Text(f"找不到规则文件夹 `{name}`", f"no such rulesets folder: `{name}`"), None, hint)
            for name in folders
        ]
    )


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
