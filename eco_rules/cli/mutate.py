"""`eco-rules mutate`: would the scenarios notice a small mistake in the rules?"""

from __future__ import annotations

import os
import sys
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
    load_checked,
    put,
    report,
)
from eco_rules.cli.options import FeaturesArgument, FormatOption, LangOption, RulesetsOption
from eco_rules.words import Text

if TYPE_CHECKING:
    from eco_rules.testing.mutation.mutant import Mutant
    from eco_rules.testing.mutation.state import State
    from eco_rules.testing.mutation.trial import Result
    from eco_rules.testing.mutation.work import Job


def command(
    paths: FeaturesArgument = None,
    matter: Annotated[list[str] | None, typer.Option(help="只改动这些事项的规则 / only these matters")] = None,
    ruleset: Annotated[list[str] | None, typer.Option(help="只改动这些规则集 / only these rulesets")] = None,
    state: Annotated[
        Path | None, typer.Option(metavar="FILE", help="记录进度，中断后接着做 / keeps results; runs resume")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="进程数 / processes")] = 1,
    fail_under: Annotated[
        float, typer.Option("--fail-under", help="察觉的百分比低于此数时退出码为 3 / exit 3 below this percentage")
    ] = 95,
    prove: Annotated[
        bool,
        typer.Option(
            help="证明无人察觉的改动等价，或给出场景 / prove what nobody noticed equivalent, or show a scenario"
        ),
    ] = True,
    output: FormatOption = "text",
    rulesets: RulesetsOption = None,
    lang: LangOption = "zh",
) -> None:
    """逐一改动规则，看场景能否察觉 / change the rules a little, one by one: would a scenario notice?"""
    from eco_rules.errors import EcoRulesError
    from eco_rules.testing.installed import require_bdd

    words = language(lang)
    if output not in ("text", "json"):
        fail_with("--format: text | json", WRONG_USE)
    try:
        require_bdd()
        from eco_rules.testing.mutation import report as formats
        from eco_rules.testing.mutation.state import State
        from eco_rules.testing.mutation.work import Job, basis_of, failing_scenarios, wanted_mutants
        from eco_rules.testing.suite import read

        corpus = load_checked(rulesets)
        folders = tuple(part for item in rulesets or () for part in str(item).split(os.pathsep) if part)
        features = paths or [Path("features")]
        if not read(features):
            fail_with("没有场景 / no scenarios", WRONG_USE)
        job = Job(folders, tuple(map(str, features)), prove and _can_prove(), words)
        if failing := failing_scenarios(job):
            fail_with(f"{_FAILING} {' '.join(failing[:5])}", WRONG_RULES)
        kept = State(state, basis_of(job))
    except EcoRulesError as error:
        report(error.diagnostics, words)
        raise typer.Exit(exit_code(error)) from None
    wanted = wanted_mutants(corpus, matter or (), ruleset or ())
    if not wanted:
        known = sorted({item for file in corpus.rulesets for item in (file.ruleset.matter, file.ruleset.id)})
        fail_with(f"--matter, --ruleset: {' '.join(known)}", WRONG_USE)
    found = _found(job, wanted, kept, jobs)
    put(formats.to_json(found, words)) if output == "json" else typer.echo(formats.to_text(found, words), nl=False)
    good = formats.score(result for _, result in found).percent >= fail_under
    raise typer.Exit(OK if good else WRONG_RULES)


def _can_prove() -> bool:
    from importlib.util import find_spec

    if find_spec("z3") is None:
        fail_with("pip install 'eco_rules[verify]'（z3-solver），或 / or --no-prove", WRONG_USE)
    return True


def _found(job: Job, wanted: list[Mutant], state: State, jobs: int) -> list[tuple[Mutant, Result]]:
    """What became of each mutant, in the order of the files; what still holds is not tried again."""
    from eco_rules.testing.mutation.work import tried

    todo = [mutant for mutant in wanted if not state.holds(mutant)]
    done = len(wanted) - len(todo)
    if done:
        typer.echo(Text(f"{done} 处改动的结果仍然有效", f"{done} results still hold").to(job.lang), err=True)
    label = Text("改动", "mutants").to(job.lang)
    hidden = not sys.stderr.isatty()
    with typer.progressbar(length=len(wanted), label=label, file=sys.stderr, hidden=hidden, show_pos=True) as bar:
        bar.update(done)
        new = tried(job, todo, state, jobs, lambda: bar.update(1))
    return [(mutant, new[mutant.id] if mutant.id in new else state.known(mutant)) for mutant in wanted]


_FAILING = "先修好未通过的场景（eco-rules test）/ first repair the scenarios that fail:"
