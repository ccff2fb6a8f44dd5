"""`eco-rules lint`: what rulesets that load may still get wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eco_rules.cli.console import OK, WRONG_RULES, WRONG_USE, exit_code, fail_with, language, load_checked, put, report
from eco_rules.cli.options import LangOption, RulesetsOption

_LEVELS = ("error", "warning", "info")
_FORMATS = ("text", "json", "sarif")


def command(
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="DIR…", help="只报这些文件夹里的 / only what lies in these folders")
    ] = None,
    output: Annotated[str, typer.Option("--format", help="text | json | sarif")] = "text",
    select: Annotated[list[str] | None, typer.Option(help="只查这些代码 / only these codes")] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="不查这些代码 / not these codes")] = None,
    fail_level: Annotated[str, typer.Option(help="error | warning | info")] = "warning",
    rulesets: RulesetsOption = None,
    lang: LangOption = "zh",
) -> None:
    """检查规则文件：失效的依据、划错边的界限、没有用到的名称 / lint rulesets."""
    from eco_rules.analysis.lint.linter import TITLES, Report, lint
    from eco_rules.errors import RulesetError, UsageError
    from eco_rules.reporting.findings import findings_json, findings_sarif, summary

    words = language(lang)
    if output not in _FORMATS or fail_level not in _LEVELS:
        fail_with(f"--format: {' | '.join(_FORMATS)}; --fail-level: {' | '.join(_LEVELS)}", WRONG_USE)
    if unknown := [code for code in (*(select or ()), *(ignore or ())) if not any(c.startswith(code) for c in TITLES)]:
        fail_with(f"{'、'.join(unknown)}: {' '.join(TITLES)}", WRONG_USE)
    try:
        found = lint(load_checked([*(rulesets or []), *(folders or [])]), select or (), ignore or ())
    except UsageError as error:
        report(error.diagnostics, words)
        raise typer.Exit(exit_code(error)) from None
    except RulesetError as error:  # what does not load is found as well
        found = Report(error.diagnostics)
    if folders:
        found = found.within(folders)
    if output == "json":
        put(findings_json(found.findings, len(found.ignored), words))
    elif output == "sarif":
        put(findings_sarif(found.findings, TITLES, words))
    else:
        for item in found.findings:
            typer.echo(item.render(words))
        typer.echo(summary(found.findings, len(found.ignored), words))
    counted = _LEVELS[: _LEVELS.index(fail_level) + 1]
    raise typer.Exit(WRONG_RULES if any(item.severity in counted for item in found.findings) else OK)
