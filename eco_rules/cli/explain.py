"""`eco-rules explain`: a decision rule by rule, and what would change it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eco_rules.cli.cases import engine_of, read_groups
from eco_rules.cli.console import OK, WRONG_USE, exit_code, fail_with, language, put, report, styled
from eco_rules.cli.options import (
    ActDateOption,
    CasesArgument,
    DecisionDateOption,
    FactOption,
    JurisdictionOption,
    LangOption,
    MatterOption,
    PageFormatOption,
    RulesetsOption,
)

if TYPE_CHECKING:
    from eco_rules.analysis.account import Account
    from eco_rules.analysis.whatif import WhatIf
    from eco_rules.diagnostics import Diagnostic
    from eco_rules.engine.engine import Engine
    from eco_rules.model.case import Case
    from eco_rules.words import Lang

_FORMATS = ("text", "json", "markdown")


def command(
    cases: CasesArgument = None,
    matter: MatterOption = None,
    jurisdiction: JurisdictionOption = None,
    act_date: ActDateOption = None,
    decision_date: DecisionDateOption = None,
    fact: FactOption = None,
    what_if: Annotated[
        bool, typer.Option("--what-if", help="改变哪些事实会改变结论 / which changes of facts change the result")
    ] = False,
    changes: Annotated[
        int, typer.Option(min=1, max=4, help="至多同时改几项事实 / how many facts may change at once")
    ] = 2,
    every_fact: Annotated[
        bool, typer.Option("--every-fact", help="不能改变的事实也试 / also facts that cannot be changed")
    ] = False,
    output: PageFormatOption = "text",
    rulesets: RulesetsOption = None,
    lang: LangOption = "zh",
) -> None:
    """逐条说明结论的理由；改变什么会改变结论 / explain decisions rule by rule, and what would change them."""
    from eco_rules.errors import EcoRulesError

    words = language(lang)
    if output not in _FORMATS:
        fail_with(f"--format: {' | '.join(_FORMATS)}", WRONG_USE)
    header = {
        "matter": tuple(matter) if matter else None,
        "jurisdiction": jurisdiction,
        "act_date": act_date,
        "decision_date": decision_date,
    }
    errors: list[Diagnostic] = []
    told: list[tuple[Account, WhatIf | None]] = []
    try:
        engine = engine_of(rulesets, "compiled", False, words)
        groups = read_groups(cases, header, fact, errors)
    except EcoRulesError as error:
        report(error.diagnostics, words)
        raise typer.Exit(exit_code(error)) from None
    code = OK
    for case in (case for group in groups for case in group):
        try:
            told += _told(engine, case, changes if what_if or every_fact else 0, every_fact, words)
        except EcoRulesError as error:
            errors += error.diagnostics
            code = max(code, exit_code(error))
    _print(told, errors, output, words)
    raise typer.Exit(WRONG_USE if errors and code == OK else code)


def _told(engine: Engine, case: Case, most: int, every: bool, lang: Lang) -> list[tuple[Account, WhatIf | None]]:
    """Every matter of a case explained; what would change it where `most` changes may be tried."""
    from eco_rules.analysis.account import account
    from eco_rules.analysis.whatif import what_if

    found = []
    for decision in engine.decide_all(case):
        one = replace(case, matter=decision.matter)
        searched = what_if(engine, one, decision, most, every=every) if most else None
        found.append((account(engine, one, decision, lang), searched))
    return found


def _print(told: list[tuple[Account, WhatIf | None]], errors: list[Diagnostic], output: str, lang: Lang) -> None:
    from eco_rules.reporting import accounts, pages

    if output == "json":
        shown: dict[str, Any] = {"format": 1}
        if told or not errors:
            shown["explained"] = [accounts.as_dict(*item) for item in told]
        if errors:
            shown["errors"] = [error.as_dict(lang) for error in errors]
        put(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    made = [accounts.page_of(*item, lang) for item in told]
    if made and output == "text":
        typer.echo(pages.pages_as_text(made, lang, styled), nl=False)
    elif made:
        typer.echo(pages.pages_as_markdown(made))
    report(errors, lang)
