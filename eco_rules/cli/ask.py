"""`eco-rules ask`: an interview for one matter."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eco_rules.cli.check import outcome_code
from eco_rules.cli.console import WRONG_USE, exit_code, fail_with, language, load, report, save, styled
from eco_rules.cli.options import ActDateOption, DecisionDateOption, JurisdictionOption, LangOption, RulesetsOption
from eco_rules.words import Text, marks

if TYPE_CHECKING:
    from eco_rules.decision.decision import MissingFact
    from eco_rules.engine.interview import Interview
    from eco_rules.model.case import Case
    from eco_rules.words import Lang

_MANY = 30


def command(
    matter: Annotated[str, typer.Argument(help="事项 / matter")],
    jurisdiction: JurisdictionOption = None,
    act_date: ActDateOption = None,
    decision_date: DecisionDateOption = None,
    case: Annotated[Path | None, typer.Option("--case", help="接着问这个个案文件 / go on with this case file")] = None,
    save_as: Annotated[
        Path | None, typer.Option("--save", help="答案存为个案文件 / keep the answers as a case file")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option("--answers", help="从文件回答（事实: 值）/ answers from a file (fact: value)")
    ] = None,
    rulesets: RulesetsOption = None,
    lang: LangOption = "zh",
) -> None:
    """逐项询问，只问还能改变结论的 / ask only what can still change the outcome."""
    from eco_rules.engine.engine import Engine
    from eco_rules.engine.interview import Interview
    from eco_rules.errors import EcoRulesError
    from eco_rules.reporting import formats

    words = language(lang)
    given = {"jurisdiction": jurisdiction, "act_date": act_date, "decision_date": decision_date}
    try:
        start = _start(case, matter, {name: value for name, value in given.items() if value is not None})
        interview = Interview(Engine(load(rulesets), cross_check="auto", lang=words), start)
        if answers is not None:
            _from_file(interview, answers)
        else:
            _in_turn(interview, words)
    except EcoRulesError as error:
        report(list(error.diagnostics), words)
        raise typer.Exit(exit_code(error)) from None
    if save_as is not None:
        _save(interview.case, save_as)
    typer.echo(formats.to_text([interview.decision], words, styled), nl=False)
    raise typer.Exit(outcome_code([interview.decision], asked=True))


def _start(path: Path | None, matter: str, given: dict[str, Any]) -> Case:
    from eco_rules.loading.cases import read_cases
    from eco_rules.model.case import Case

    if path is None:
        if len(given.keys() & {"jurisdiction", "decision_date"}) < 2:
            fail_with("须有 --jurisdiction 和 --decision-date，或者 --case / give both, or --case", WRONG_USE)
        return Case(matter=matter, **given)
    found = read_cases(path)
    if len(found) != 1:
        fail_with(f"`{path}` 应只有一个个案 / must hold one case", WRONG_USE)
    return replace(found[0], matter=matter, **given)


def _from_file(interview: Interview, path: Path) -> None:
    """Answer from a mapping of facts to values; what is asked and not there stays open."""
    from eco_rules.diagnostics import Problems
    from eco_rules.errors import CaseError
    from eco_rules.loading.yamldoc import parse, read_source

    problems = Problems()
    source = read_source(path, problems)
    documents = parse(source, problems) if source else []
    if problems or len(documents) != 1 or not isinstance(documents[0].value, dict):
        if not problems:
            message = Text("答案文件应是“事实: 值”的一份 YAML", "an answers file is one YAML mapping of fact to value")
            problems.add("E702", message, None, Text("每行写一个 事实: 值", "write one fact: value a line"))
        raise CaseError(problems.items)
    known = documents[0].value
    while (question := interview.question) is not None:
        interview.skip(question.fact)  # a file has one answer, even to what is then still open
        name = next((name for name in (question.fact, question.label) if name in known), None)
        if name is not None:
            interview.answer(question.fact, known[name])


def _in_turn(interview: Interview, lang: Lang) -> None:
    """Ask in the terminal, or take lines from standard input; its end ends the interview."""
    from eco_rules.errors import CaseError

    number = 0
    while (question := interview.question) is not None:
        number += 1
        _put(question, number, lang)
        value = _reply(question, interview, lang)
        if value is _END:
            return
        if value is None:
            interview.skip(question.fact)
            continue
        try:
            interview.answer(question.fact, value)
        except CaseError as error:
            if not sys.stdin.isatty():
                raise
            report(list(error.diagnostics), lang)


_END = object()


def _put(question: MissingFact, number: int, lang: Lang) -> None:
    unit = marks(lang).bracket(question.unit) if question.unit else ""
    typer.echo(styled(f"\n{number}. {question.question}{unit}  [{question.fact}]", "ask"))
    if question.type == "boolean":
        typer.echo(f"   {Text('是 / 否', 'yes / no').to(lang)}")
    elif question.values and len(question.values) <= _MANY:
        typer.echo("".join(f"   {name} = {label}\n" for name, label in question.values.items()), nl=False)
    elif question.values:
        typer.echo(
            f"   {Text('输入编号、行业代码或者名称里的几个字', 'an id, an industry code or a few words').to(lang)}"
        )
    hint = Text("回车 = 不知道，? = 为什么问，q = 结束", "enter = unknown, ? = why, q = stop").to(lang)
    typer.echo(f"   {hint}")


def _reply(question: MissingFact, interview: Interview, lang: Lang) -> Any:
    """An answer; None when unknown, `_END` when the interview is over."""
    from eco_rules.engine.interview import NONE, candidates, read_answer

    while True:
        try:
            text = input("> ").strip()
        except (EOFError, KeyboardInterrupt):
            return _END
        if text == "q":
            return _END
        if text in ("?", "？"):
            rules = {rule.id: rule.title for file in interview.engine.rulesets.rulesets for rule in file.ruleset.rules}
            for name in question.would_settle:
                typer.echo(f"   {rules.get(name.partition('/')[2], name)}{marks(lang).bracket(name)}")
            continue
        if len(question.values) <= _MANY or text in NONE or not text:
            return read_answer(text, question.type, question.values)
        value = read_answer(text, question.type, question.values)
        parts = value if isinstance(value, list) else [value]
        if all(part in question.values or part in question.values.values() for part in parts):
            return value
        for name in candidates(text, question.values) or ["—"]:
            typer.echo(f"   {name} = {question.values.get(name, Text('没有相近的', 'nothing close').to(lang))}")


def _save(case: Case, path: Path) -> None:
    """Write the case as a file that `check` and `ask --case` read, in one step."""
    import yaml

    kept = {
        "id": case.id,
        "file_id": case.file_id,
        "matter": case.matter,
        "jurisdiction": case.jurisdiction,
        "act_date": case.act_date,
        "decision_date": case.decision_date,
        "facts": dict(case.facts),
        "evidence": dict(case.evidence),
        "note": case.note,
    }
    text = yaml.safe_dump({name: value for name, value in kept.items() if value}, allow_unicode=True, sort_keys=False)
    save(path, text)
