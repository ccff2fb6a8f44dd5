"""`eco-rules show`: read one thing aloud."""

from __future__ import annotations

from typing import Annotated

import typer

from eco_rules.cli.console import WRONG_USE, exit_code, fail_with, language, load_checked, report
from eco_rules.cli.options import LangOption, RulesetsOption


def command(
    name: Annotated[str, typer.Argument(help="程序列出或写出的任何 id / any id the program prints")],
    rulesets: RulesetsOption = None,
    lang: LangOption = "zh",
) -> None:
    """把一条规则、条款或事实项读成中文 / read a rule, clause or fact aloud."""
    from eco_rules.errors import EcoRulesError
    from eco_rules.reporting.aloud import find_names, read_aloud
    from eco_rules.words import Text

    words = language(lang)
    try:
        corpus = load_checked(rulesets)
        text = read_aloud(corpus, name, words)
    except EcoRulesError as error:
        report(error.diagnostics, words)
        raise typer.Exit(exit_code(error)) from None
    if text is None:
        near = find_names(corpus, name)
        message = Text(f"没有叫 `{name}` 的", f"nothing is called `{name}`").to(words)
        hint = Text(f"：{'、'.join(near)}？", f": {', '.join(near)}?").to(words)
        fail_with(message + (hint if near else ""), WRONG_USE)
    typer.echo(text)
