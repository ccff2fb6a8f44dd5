"""`eco-rules list`: what there is."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from eco_rules.cli.console import WRONG_USE, exit_code, fail_with, language, load_checked, put, report
from eco_rules.cli.options import FormatOption, LangOption, RulesetsOption


def command(
    kind: Annotated[str, typer.Argument(help="matters | rulesets | rules | facts | instruments | places")] = "matters",
    matter: Annotated[str | None, typer.Option(help="只列某事项 / only this matter")] = None,
    output: FormatOption = "text",
    rulesets: RulesetsOption = None,
    lang: LangOption = "zh",
) -> None:
    """列出事项、规则集、规则、事实项、法律文件或地区 / list what there is."""
    from eco_rules.errors import EcoRulesError
    from eco_rules.reporting.catalogue import KINDS, catalogue

    words = language(lang)
    if kind not in KINDS:
        fail_with(f"`{kind}`: {' | '.join(KINDS)}", WRONG_USE)
    try:
        rows = catalogue(load_checked(rulesets), kind, matter, words)
    except EcoRulesError as error:
        report(error.diagnostics, words)
        raise typer.Exit(exit_code(error)) from None
    if output == "json":
        put(json.dumps({"format": 1, kind: [row.as_dict() for row in rows]}, ensure_ascii=False, indent=1))
        return
    for row in rows:
        typer.echo(f"{row.id}  {row.label}" + (f"  [{row.detail}]" if row.detail else ""))
