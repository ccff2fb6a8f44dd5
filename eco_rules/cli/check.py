"""`eco-rules check`: decide cases."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eco_rules.cli.console import (
    FAILED,
    NO_ANSWER,
    OK,
    UNDETERMINED,
    WRONG_USE,
    LangOption,
    RulesetsOption,
    exit_code,
    fail_with,
    language,
    load,
    put,
    report,
    styled,
)

if TYPE_CHECKING:
    from eco_rules.decision.decision import Decision
    from eco_rules.diagnostics import Diagnostic
    from eco_rules.engine.engine import Engine
    from eco_rules.model.case import Case
    from eco_rules.words import Lang

_FORMATS = ("text", "json", "markdown", "html")


def command(
    cases: Annotated[
        list[str] | None,
        typer.Argument(metavar="CASE…", help="个案文件；- 为标准输入 / case files; - reads standard input"),
    ] = None,
    matter: Annotated[list[str] | None, typer.Option("--matter", help="事项，可重复 / matter, repeatable")] = None,
    jurisdiction: Annotated[str | None, typer.Option(help="辖区代码或名称 / place")] = None,
    act_date: Annotated[str | None, typer.Option(help="行为终了之日 / end of the act")] = None,
    decision_date: Annotated[str | None, typer.Option(help="决定日 / day of the decision")] = None,
    fact: Annotated[
        list[str] | None, typer.Option("--fact", metavar="ID=VALUE", help="补充或改写事实 / a fact")
    ] = None,
    output: Annotated[str, typer.Option("--format", help="text | json | markdown | html")] = "text",
    backend: Annotated[str, typer.Option(help="compiled | reference | rete")] = "compiled",
    cross_check: Annotated[
        bool | None,
        typer.Option("--cross-check/--no-cross-check", help="用 Rete 引擎再判一次 / decide again with Rete"),
    ] = None,
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
        engine = _engine(rulesets, backend, cross_check, words)
    except EcoRulesError as error:
        _print([], list(error.diagnostics), output, words)
        raise typer.Exit(exit_code(error)) from None
    try:
        facts = _facts(fact or [])
        groups = _read(cases or [], changes, facts, errors)
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


def _engine(rulesets: list[Path] | None, backend: str, cross_check: bool | None, lang: Lang) -> Engine:
    from eco_rules.engine.engine import Engine

    second: Any = None if cross_check is False else "rete" if cross_check else "auto"
    return Engine(load(rulesets), backend=backend, cross_check=second, lang=lang)  # type: ignore[arg-type]


def _facts(pairs: list[str]) -> dict[str, Any]:
    """Facts given as `id=value`; a value is read like a value in a case file."""
    from eco_rules.diagnostics import Diagnostic, Problems
    from eco_rules.errors import CaseError
    from eco_rules.loading.yamldoc import parse
    from eco_rules.source import Source
    from eco_rules.words import Text

    found: dict[str, Any] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if name.count("(") > name.count(")"):  # `prior_same_kind(months=12)=0`: the first `=` is inside
            inner, _, value = value.partition(")=")
            name = f"{name}={inner})"
        problems = Problems()
        documents = parse(Source("--fact", value), problems) if sign else []
        if not sign or problems:
            message = Text(f"`--fact` 应写作 id=值，写的是 `{pair}`", f"`--fact` is id=value, found `{pair}`")
            hint = Text("如 --fact 超标倍数=0.08", "e.g. --fact exceedance_ratio=0.08")
            raise CaseError([Diagnostic("E702", message, None, hint)])
        found[name.strip()] = documents[0].value
    return found


def _read(
    paths: list[str], changes: dict[str, Any], facts: dict[str, Any], errors: list[Diagnostic]
) -> list[list[Case]]:
    """Cases, one group a file; a wrong file is reported and the others are still read."""
    from eco_rules.errors import CaseError
    from eco_rules.limits import MAX_FILE_BYTES
    from eco_rules.loading.cases import parse_cases, read_cases
    from eco_rules.model.case import Case

    given = {name: value for name, value in changes.items() if value is not None}
    if not paths:
        if not facts:
            fail_with("缺少个案文件 / a case file is missing", WRONG_USE)
        base = {"jurisdiction": "", "decision_date": None, **given}
        return [[Case(**base, facts=facts)]]
    groups = []
    for path in paths:
        try:
            cases = parse_cases(sys.stdin.buffer.read(MAX_FILE_BYTES + 1)) if path == "-" else read_cases(path)
        except CaseError as error:
            errors += error.diagnostics
            continue
        names = frozenset([*given, *facts])
        groups.append([replace(case, **given, facts={**case.facts, **facts}, given=names) for case in cases])
    return groups


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
