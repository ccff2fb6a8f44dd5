"""`eco-rules schema`: JSON Schema for editors and programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from eco_rules.cli.console import (
    WRONG_USE,
    LangOption,
    RulesetsOption,
    exit_code,
    fail_with,
    language,
    load_checked,
    put,
    report,
)


def command(
    name: Annotated[
        str | None, typer.Argument(help="ruleset | case | decision | facts | matter | instrument | verify")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="写到文件夹 / write all into this folder")
    ] = None,
    rulesets: RulesetsOption = None,
    lang: LangOption = "zh",
) -> None:
    """导出 JSON Schema / export JSON Schema."""
    from eco_rules.errors import EcoRulesError
    from eco_rules.reporting.schemas import schemas

    words = language(lang)
    try:
        made = schemas(load_checked(rulesets))
    except EcoRulesError as error:
        report(error.diagnostics, words)
        raise typer.Exit(exit_code(error)) from None
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        for key, schema in made.items():
            text = json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
            (output / f"{key}.v1.json").write_text(text, encoding="utf-8")
        return
    if name not in made:
        fail_with(f"`{name or ''}`: {' | '.join(made)}", WRONG_USE)
    put(json.dumps(made[name], ensure_ascii=False, indent=1))
