"""`eco-rules check`: decide cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from eco_rules.cli.cases import engine_of, read_groups
from eco_rules.cli.console import (
    FAILED,
    NO_ANSWER,
    OK,
    UNDETERMINED,
    WRONG_USE,
    exit_code,
    fail_with,
    language,
    put,
    report,
    styled,
)
from eco_rules.cli.options import (
    ActDateOption,
    BackendOption,
    CasesArgument,
    CrossCheckOption,
    DecisionDateOption,
    FactOption,
    JurisdictionOption,
    LangOption,
    MatterOption,
    RulesetsOption,
)

if TYPE_CHECKING:
    from eco_rules.decision.decision import Decision
    from eco_rules.diagnostics import Diagnostic
    from eco_rules.words import Lang

_FORMATS = ("text", "json", "markdown", "html")


def command(
    cases: CasesArgument = None,
    matter: MatterOption = None,
    jurisdiction: JurisdictionOption = None,
    act_date: ActDateOption = None,
    decision_date: DecisionDateOption = None,
    fact: FactOption = None,
    output: Annotated[str, typer.Option("--format", help="text | json | markdown | html")] = "text",
    backend: BackendOption = "compiled",
    cross_check: CrossCheckOption = None,
    rulesets: RulesetsOption = None,
    lang: LangOption = "zh",
) -> None:
    """判断个案：结论、依据、待补充的事实、提醒 / decide cases."""
    from eco_rules.errors import EcoRulesError

    words = language(lang)
    if output not in _FORMATS:
        fail_with(f"--format: {' | '.join(_FORMATS)}", WRONG_USE)
    changes = {
        "matter": tuple(matter) if matter else None,
        "jurisdiction": jurisdiction,
        "act_date": act_date,
        "decision_date": decision_date,
    }
    errors: list[Diagnostic] = []
    decisions: list[Decision] = []
    code = OK
    try:
        engine = engine_of(rulesets, backend, cross_check, words)
    except EcoRulesError as error:
        _print([], list(error.diagnostics), output, words)
        raise typer.Exit(exit_code(error)) from None
    try:
        groups = read_groups(cases, changes, fact, errors)
    except EcoRulesError as error:
        _print([], list(error.diagnostics), output, words)
        raise typer.Exit(exit_code(error)) from None
    for group in groups:
        decided: list[Decision] = []
        for case in group:
            try:
                decided += engine.decide_all(case)
            except EcoRulesError as error:
                errors += error.diagnostics
                code = FAILED if code == FAILED else exit_code(error)
        decisions += engine.link(decided)
    _print(decisions, errors, output, words)
    if errors:
        raise typer.Exit(code if code == FAILED else WRONG_USE)
    raise typer.Exit(
        outcome_code(decisions, asked=bool(matter) or any(case.matter for group in groups for case in group))
    )


def _print(decisions: list[Decision], errors: list[Diagnostic], output: str, lang: Lang) -> None:
    from eco_rules.reporting import formats

    if output == "json":
        put(formats.to_json(decisions, errors, lang))
        return
    if decisions:
        if output == "text":
            typer.echo(formats.to_text(decisions, lang, styled), nl=False)
        elif output == "markdown":
            typer.echo(formats.to_markdown(decisions, lang))
        else:
            put(formats.to_html(decisions, lang))
    report(errors, lang)


def outcome_code(decisions: list[Decision], *, asked: bool) -> int:
    """The exit code decisions stand for; `asked`: the matter was asked for by name."""
    statuses = {decision.status for decision in decisions}
    if statuses & {"conflict", "no_rule"} or (asked and "not_applicable" in statuses):
        return NO_ANSWER
    return UNDETERMINED if "undetermined" in statuses else OK
