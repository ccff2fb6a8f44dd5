"""`eco-rules docs`: a handbook of the rules, for reading, following up and printing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eco_rules.cli.console import WRONG_USE, exit_code, fail_with, language, load_checked, report, save
from eco_rules.cli.options import LangOption, RulesetsOption
from eco_rules.words import Text

if TYPE_CHECKING:
    from eco_rules.loading.corpus import Corpus


def command(
    output: Annotated[Path, typer.Option("--output", "-o", help="写到哪个文件夹 / folder to write to", metavar="DIR")],
    matter: Annotated[
        list[str] | None, typer.Option("--matter", help="只要这些事项，可重复 / these matters only, repeatable")
    ] = None,
    place: Annotated[
        str | None, typer.Option("--place", help="只要适用于一地的规则 / only what applies in one place")
    ] = None,
    day: Annotated[
        str | None, typer.Option("--date", help="只要一日在效的规则 / only what is in force on a day", metavar="DATE")
    ] = None,
    rulesets: RulesetsOption = None,
    lang: LangOption = "zh",
) -> None:
    """把规则写成手册：网页，可点、可印 / write the rules as a handbook: pages to read, follow and print."""
    from eco_rules.errors import EcoRulesError

    words = language(lang)
    try:
        from eco_rules.reporting.handbook.site import handbook

        corpus = load_checked(rulesets)
        made = handbook(corpus, words, _matters(corpus, matter or []), _place(corpus, place), _day(day))
    except EcoRulesError as error:
        report(error.diagnostics, words)
        raise typer.Exit(exit_code(error)) from None
    except ModuleNotFoundError as error:
        if error.name not in ("jinja2", "markupsafe", "pypinyin"):
            raise
        fail_with("pip install 'eco_rules[docs]'（jinja2, pypinyin）", WRONG_USE)
    for name, content in made.items():
        save(output / name, content)
    pages = sum(name.endswith(".html") for name in made)
    start = output / "index.html"
    typer.echo(Text(f"写了 {pages} 页，从 {start} 读起", f"{pages} pages written, start with {start}").to(words))


def _matters(corpus: Corpus, names: list[str]) -> tuple[str, ...]:
    """Ids for ids or labels of matters, or exit 2."""
    labels = {item.label: item.id for item in corpus.matters.values()}
    found = tuple(labels.get(name, name) for name in names)
    if unknown := [name for name in found if name not in corpus.matters]:
        fail_with(f"--matter: `{unknown[0]}`: {' | '.join(corpus.matters)}", WRONG_USE)
    return found


def _place(corpus: Corpus, text: str | None) -> str | None:
    """The code of a place, or exit 2."""
    code = corpus.places.find(text) if text is not None else None
    if text is not None and code is None:
        fail_with(f"--place: 未知辖区 / unknown place `{text}`", WRONG_USE)
    return code


def _day(text: str | None) -> date | None:
    """A day, or exit 2."""
    from eco_rules.values.dates import parse_date

    found = parse_date(text) if text is not None else None
    if text is not None and not isinstance(found, date):
        fail_with(f"--date: 2026-08-15，不是 / not `{text}`", WRONG_USE)
    return found if isinstance(found, date) else None
