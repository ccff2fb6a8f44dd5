"""A run: cut, decide, put together. What a killed run had finished is not decided again."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from eco_rules.batch.job import Job, engine_of, matter_of, require
from eco_rules.batch.outputs import assemble, check_output
from eco_rules.batch.shard import Shard, evaluate, rejects_path, whole
from eco_rules.batch.split import Cut, cut, inputs
from eco_rules.batch.summary import Summary, summarise
from eco_rules.batch.tables import unreadable

ROWS = 200_000
"""Rows of a shard: enough to keep columns busy, little enough to lose and to hold in memory."""

Task = tuple[Shard, Path, Job]


class Runner(Protocol):
    """Evaluates shards somewhere, and yields once for each that is done."""

    def __call__(self, tasks: Sequence[Task]) -> Iterator[None]:
        """Evaluate every task; the answers are files."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a run reads and writes."""

    source: Path
    target: Path
    job: Job
    rows: int = ROWS

    @property
    def parts(self) -> Path:
        """The folder of unfinished work, beside the output so that renaming stays on one disk."""
        return self.target.with_name(f"{self.target.name}.parts")


def run(plan: Plan, runner: Runner, progress: Callable[[int, int], None] | None = None) -> Summary:
    """Decide a table or a folder of Parquet files.

    Args:
        plan: what to read, where to write, what to decide.
        runner: where shards are evaluated.
        progress: called with shards done and shards in all.

    Raises:
        BackendError: a package is missing (E801).
        CaseError: the input cannot be read, or the output cannot hold the answers.
        RulesetError: the rulesets are wrong.
    """
    require()
    check_output(plan.target)
    engine = engine_of(plan.job.rulesets, plan.job.lang)
    matter = matter_of(engine, plan.job.matter)
    try:
        files = inputs(plan.source)
        mark = _mark(files, plan, [stamp.sha256 for stamp in engine.rulesets.stamps])
    except OSError as error:
        raise unreadable(plan.source, error) from None
    made = _cut_once(
        plan, mark, lambda: cut(files, plan.source, plan.parts, plan.rows, plan.job, engine.vocabularies[matter.id])
    )
    tasks = [(shard, plan.parts / f"out-{index:05}.parquet", plan.job) for index, shard in enumerate(made.shards)]
    waiting = [task for task in tasks if not task[1].exists()]
    report = progress or _silent
    report(len(tasks) - len(waiting), len(tasks))
    for done, _ in enumerate(runner(waiting), len(tasks) - len(waiting) + 1):
        report(done, len(tasks))
    outs = [out for _, out, _ in tasks]
    rejects = [*map(rejects_path, outs), *sorted(plan.parts.glob("in-*.rejects.parquet"))]
    summary = summarise(outs, rejects, matter, len(tasks) - len(waiting), made.unread_sheets)
    assemble(outs, rejects, plan.target, plan.job, matter, several=plan.source.is_dir())
    shutil.rmtree(plan.parts)
    return summary


def _silent(_done: int, _of: int) -> None:
    """Nobody watches."""


def _mark(files: Sequence[Path], plan: Plan, stamps: Sequence[str]) -> str:
    """Tells whether leftovers belong to this run: same input, same question, same rulesets, same program."""
    found = [(str(file.resolve()), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    whole_run = [found, asdict(plan.job), plan.rows, sorted(stamps), version("eco_rules")]
    return hashlib.sha256(json.dumps(whole_run, ensure_ascii=False).encode()).hexdigest()


def _cut_once(plan: Plan, mark: str, work: Callable[[], Cut]) -> Cut:
    """The shards, those of an interrupted run where they are the same."""
    manifest = plan.parts / "run.json"
    if manifest.exists():
        known = json.loads(manifest.read_text(encoding="utf-8"))
        if known["mark"] == mark:
            return Cut([Shard(**item) for item in known["shards"]], known["unread_sheets"])
    shutil.rmtree(plan.parts, ignore_errors=True)
    plan.parts.mkdir(parents=True)
    made = work()
    content = {"mark": mark, "shards": [asdict(item) for item in made.shards], "unread_sheets": made.unread_sheets}
    with whole(manifest) as path:
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return made


def local(jobs: int = 1) -> Runner:
    """Evaluate here: in this process, or in several."""

    def here(tasks: Sequence[Task]) -> Iterator[None]:
        for task in tasks:
            evaluate(*task)
            yield

    def pooled(tasks: Sequence[Task]) -> Iterator[None]:
        from concurrent.futures import ProcessPoolExecutor, as_completed
        from multiprocessing import get_context

        # Threads of Polars do not survive a fork.
        with ProcessPoolExecutor(min(jobs, max(len(tasks), 1)), get_context("spawn")) as pool:
            futures = [pool.submit(evaluate, *task) for task in tasks]
            try:
                for future in as_completed(futures):
                    future.result()
                    yield
            finally:
                pool.shutdown(cancel_futures=True)

    return here if jobs == 1 else pooled
