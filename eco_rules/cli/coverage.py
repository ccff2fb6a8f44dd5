"""`eco-rules coverage`: what the scenarios exercise of the rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eco_rules.cli.console import (
    OK,
    WRONG_RULES,
    WRONG_USE,
    exit_code,
    fail_with,
    language,
    load,
    put,
    report,
    save,
    styled,
)
from eco_rules.cli.options import FeaturesArgument, FormatOption, LangOption, RulesetsOption
from eco_rules.cli.test import progress
from eco_rules.words import Text


def command(
    paths: FeaturesArgument = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="另写网页到文件夹 / write pages too", metavar="DIR")
    ] = None,
    fail_under: Annotated[
        float, typer.Option("--fail-under", help="低于此百分比时退出码为 3 / exit 3 below this percentage")
    ] = 0,
    output: FormatOption = "text",
    rulesets: RulesetsOption = None,
    lang: LangOption = "zh",
) -> None:
    """场景用到了规则的哪些部分，哪些没有 / what the scenarios exercise of the rules, and what not."""
    from eco_rules.errors import EcoRulesError
    from eco_rules.testing.installed import require_bdd

    words = language(lang)
    if output not in ("text", "json"):
        fail_with("--format: text | json", WRONG_USE)
    try:
        require_bdd()
        from eco_rules.engine.engine import Engine
        from eco_rules.testing import coverage_report as formats
        from eco_rules.testing.coverage import share, sheets
        from eco_rules.testing.coverage_page import pages
        from eco_rules.testing.suite import collect
        from eco_rules.testing.trials import try_all
        from eco_rules.testing.watch import Watch

        corpus = load(rulesets)
        watch = Watch(corpus)
        engine = Engine(corpus, observer=watch)
        collected = collect(paths or [Path("features")])
    except EcoRulesError as error:
        report(error.diagnostics, words)
        raise typer.Exit(exit_code(error)) from None
    if not collected.examples and not collected.diagnostics:
        fail_with("没有场景 / no scenarios", WRONG_USE)
    total = len(collected.examples)
    found = try_all(collected.examples, collected.diagnostics, engine, progress(total, words, lambda _trial: None))
    made, failed = sheets(corpus, watch.seen), found.count("failed")
    for name, page in (pages(made, words) if html is not None else {}).items():
        save(html / name, page)  # type: ignore[operator]  # there are pages only where there is a folder
    if output == "json":
        put(formats.to_json(made, failed, found.diagnostics, words))
    else:
        report(found.diagnostics, words)
        typer.echo(formats.to_text(made, words, styled), nl=False)
        if failed:
            typer.echo(Text(f"{failed} 个场景未通过，见 eco-rules test", _FAILED.format(failed)).to(words), err=True)
    good = not found.diagnostics and share(made).percent >= fail_under
    raise typer.Exit(OK if good else WRONG_RULES)


_FAILED = "{} scenarios failed, see eco-rules test"
