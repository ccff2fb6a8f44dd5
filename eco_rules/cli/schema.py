"""`eco-rules schema`: JSON Schema for editors and programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from eco_rules.cli.console import (
    WRONG_USE,
    exit_code,
    fail_with,
    language,
    load_checked,
    put,
    report,
    save,
)
from eco_rules.cli.options import LangOption, RulesetsOption


def command(
    name: Annotated[
        str | None, typer.Argument(help="ruleset | case | decision | facts | matter | instrument …")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="全部写到文件夹，并打印编辑器设置 / write all into this folder, print the editor's settings",
        ),
    ] = None,
    rulesets: RulesetsOption = None,
    lang: LangOption = "zh",
) -> None:
    """导出 JSON Schema / export JSON Schema."""
    from eco_rules.errors import EcoRulesError
    from eco_rules.reporting.schema import editor_settings, file_name, schemas

    words = language(lang)
    try:
        made = schemas(load_checked(rulesets))
    except EcoRulesError as error:
        report(error.diagnostics, words)
        raise typer.Exit(exit_code(error)) from None
    if output is not None:
        for key, schema in made.items():
            save(output / file_name(key), json.dumps(schema, ensure_ascii=False, indent=1) + "\n")
        put(json.dumps(editor_settings(output.as_posix()), ensure_ascii=False, indent=2))
        return
    if name not in made:
        fail_with(f"`{name or ''}`: {' | '.join(made)}", WRONG_USE)
    put(json.dumps(made[name], ensure_ascii=False, indent=1))
