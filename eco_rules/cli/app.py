"""The Typer application: commands are registered here, their work is imported when they run."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from eco_rules.cli import (
    ask,
    batch,
    check,
    coverage,
    diff,
    docs,
    explain,
    lint,
    list_,
    mutate,
    schema,
    show,
    test,
    verify,
)

app = typer.Typer(
    help="生态环境行政事项规则引擎 / environmental administrative matters, decided from law written as YAML.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"eco_rules {version('eco_rules')}")
        raise typer.Exit


@app.callback()
def _root(
    _version_wanted: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="版本 / show the version")
    ] = False,
) -> None:
    """Options before the command."""


app.command("ask")(ask.command)
app.command("batch")(batch.command)
app.command("check")(check.command)
app.command("coverage")(coverage.command)
app.command("diff")(diff.command)
app.command("docs")(docs.command)
app.command("explain")(explain.command)
app.command("lint")(lint.command)
app.command("list")(list_.command)
app.command("mutate")(mutate.command)
app.command("schema")(schema.command)
app.command("show")(show.command)
app.command("test")(test.command)
app.command("verify")(verify.command)
