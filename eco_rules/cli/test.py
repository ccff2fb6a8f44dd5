"""`eco-rules test`: run scenarios."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    from eco_rules.testing.trials import Trial
    from eco_rules.words import Lang


def command(
    paths: FeaturesArgument = None,
    word: Annotated[
        str | None, typer.Option("-k", help="只运行名称、文件名或标签含此词的 / only scenarios with this word")
    ] = None,
    output: FormatOption = "text",
    junit: Annotated[Path | None, typer.Option("--junit", help="另写 JUnit XML / write JUnit XML too")] = None,
    rulesets: RulesetsOption = None,
    lang: LangOption = "zh",
) -> None:
    """运行场景，说明哪一步不对、为什么 / run scenarios; say which step fails, and why."""
    from eco_rules.errors import EcoRulesError
    from eco_rules.testing.installed import require_bdd

    words = language(lang)
    if output not in ("text", "json"):
        fail_with("--format: text | json", WRONG_USE)
    try:
        require_bdd()
        from eco_rules.engine.engine import Engine
        from eco_rules.testing import report as formats
        from eco_rules.testing.suite import collect
        from eco_rules.testing.trials import chosen, try_all

        engine = Engine(load(rulesets))  # scenarios quote its words: they come out alike in every language
        collected = collect(paths or [Path("features")])
    except EcoRulesError as error:
        report(error.diagnostics, words)
        raise typer.Exit(exit_code(error)) from None
    examples = chosen(collected.examples, word)
    if output == "text":
        report(collected.diagnostics, words)
    if not examples and not collected.diagnostics:
        fail_with("没有场景 / no scenarios", WRONG_USE)
    say = (lambda trial: _say(trial, words)) if output == "text" else (lambda _trial: None)
    found = try_all(examples, collected.diagnostics, engine, progress(len(examples), words, say))
    if junit is not None:
        save(junit, formats.to_junit(found, words))
    if output == "json":
        put(formats.to_json(found, words))
    else:
        typer.echo(styled(formats.summary(found, words), "headline" if found.good else "warn"))
    raise typer.Exit(OK if found.good else WRONG_RULES)


def _say(trial: Trial, lang: Lang) -> None:
    from eco_rules.testing.report import failure_text

    if trial.failure:
        typer.echo(failure_text(trial.example, trial.failure, lang, styled))


def progress(total: int, lang: Lang, then: Callable[[Trial], None]) -> Callable[[Trial], None]:
    """Count scenarios on a terminal while they run; `then` hears of each when the line is free."""
    from eco_rules.words import Text

    done = 0

    def tell(trial: Trial) -> None:
        nonlocal done
        done += 1
        if sys.stderr.isatty():
            typer.echo("\r\033[K", nl=False, err=True)
        then(trial)
        if sys.stderr.isatty() and done < total:
            typer.echo(Text(f"{done}/{total} 个场景", f"{done}/{total} scenarios").to(lang), nl=False, err=True)

    return tell
