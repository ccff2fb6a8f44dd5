"""`eco-rules batch`: decide the rows of a table."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eco_rules.cli.console import OK, WRONG_USE, exit_code, fail_with, language, put, report
from eco_rules.cli.options import LangOption, RulesetsOption

if TYPE_CHECKING:
    from eco_rules.batch.job import Job
    from eco_rules.batch.run import Runner
    from eco_rules.batch.summary import Summary


def command(
    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="IN", help="CSV、XLSX、Parquet、JSONL 文件，或 Parquet 文件夹 / a table, or a folder of Parquet"
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="OUT", help="结果文件 / the answers")] = None,
    matter: Annotated[str | None, typer.Option(help="事项 / the matter")] = None,
    template: Annotated[
        str | None, typer.Option(metavar="MATTER", help="写出该事项的填报模板 / write a workbook to fill in")
    ] = None,
    jurisdiction: Annotated[str | None, typer.Option(help="没有辖区列时的辖区 / place of rows that name none")] = None,
    act_date: Annotated[str | None, typer.Option(help="同上，行为日 / likewise the end of the act")] = None,
    decision_date: Annotated[str | None, typer.Option(help="同上，决定日 / likewise the day of the decision")] = None,
    keep_unknown: Annotated[
        bool, typer.Option("--keep-unknown", help="其他列原样带到结果 / carry other columns to the output")
    ] = False,
    brief: Annotated[bool, typer.Option("--brief", help="不列出待补充事实 / do not name missing facts")] = False,
    warnings: Annotated[bool, typer.Option("--warnings", help="加上提醒，较慢 / add warnings; slower")] = False,
    rowwise: Annotated[bool, typer.Option("--rowwise", help="逐件判断，不用列式 / never decide in columns")] = False,
    jobs: Annotated[int, typer.Option(min=1, help="进程数 / processes")] = 1,
    engine: Annotated[str, typer.Option(help="local | dask")] = "local",
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Dask 调度器地址 / address of a Dask scheduler")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="汇总：text | json / of the summary")] = "text",
    rulesets: RulesetsOption = None,
    lang: LangOption = "zh",
) -> None:
    """批量判断一张表；读不出的行另存，中断后可续 / decide a table; bad rows are set aside, runs resume."""
    from eco_rules.batch.job import Job
    from eco_rules.errors import EcoRulesError

    words = language(lang)
    if engine not in ("local", "dask"):
        fail_with("--engine: local | dask", WRONG_USE)
    if form not in ("text", "json"):
        fail_with("--format: text | json", WRONG_USE)
    folders = tuple(map(str, rulesets or ()))
    try:
        if template is not None:
            _template(template, output, Job(template, folders, words))
            raise typer.Exit(OK)
        if source is None or output is None or matter is None:
            fail_with("用法 / usage: eco-rules batch IN -o OUT --matter MATTER", WRONG_USE)
        job = Job(matter, folders, words, jurisdiction, act_date, decision_date, keep_unknown, brief, warnings, rowwise)
        summary = _run(source, output, job, _runner(engine, scheduler, jobs))
    except EcoRulesError as error:
        report(error.diagnostics, words)
        raise typer.Exit(exit_code(error)) from None
    if form == "json":
        put(json.dumps({"format": 1, "summary": summary.as_dict()}, ensure_ascii=False, indent=1))
    else:
        typer.echo(summary.text(words))
    raise typer.Exit(WRONG_USE if summary.rejected else OK)


def _runner(engine: str, scheduler: str | None, jobs: int) -> Runner:
    if engine == "dask":
        from eco_rules.batch.cluster import on_dask

        return on_dask(scheduler, max(jobs, 2))
    from eco_rules.batch.run import local

    return local(jobs)


def _run(source: Path, output: Path, job: Job, runner: Runner) -> Summary:
    from eco_rules.batch.run import Plan, run

    with typer.progressbar(length=1, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def progress(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        return run(Plan(source, output, job), runner, progress)


def _template(name: str, output: Path | None, job: Job) -> None:
    from eco_rules.batch.job import engine_of, matter_of, require
    from eco_rules.batch.template import write_template

    require()
    engine = engine_of(job.rulesets, job.lang)
    matter = matter_of(engine, name)
    target = output or Path(f"{matter.id}.xlsx")
    write_template(engine, matter, target, job.lang)
    typer.echo(str(target))
