"""Many mutants tried, by one process or several."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

from eco_rules.loading.corpus import Corpus
from eco_rules.loading.loader import bundled_rulesets
from eco_rules.testing.mutation.baseline import Baseline, baseline
from eco_rules.testing.mutation.basis import Basis, basis
from eco_rules.testing.mutation.mutant import Mutant
from eco_rules.testing.mutation.rulesets import mutants
from eco_rules.testing.mutation.state import State
from eco_rules.testing.mutation.trial import Earlier, MutantTrials, Result
from eco_rules.testing.suite import collect
from eco_rules.words import Lang

_AT_ONCE = 8
"""Mutants a process takes at a time: those of one rule stand together, and who noticed one is asked first about the next.
An interrupted run waits for what is taken."""

Task: TypeAlias = tuple[str, tuple[tuple[str, Earlier | None], ...]]
"""A ruleset file, and of its mutants those to try, with what became of each the last time."""


@dataclass(frozen=True, slots=True)
class Job:
    """What every process works on."""

    overlays: tuple[str, ...]
    features: tuple[str, ...]
    prove: bool
    lang: Lang


def wanted_mutants(corpus: Corpus, matters: Sequence[str], rulesets: Sequence[str]) -> list[Mutant]:
    """The mutants of the matters and rulesets named; of all where none is."""
    return [
        mutant
        for file in corpus.rulesets
        if (not matters or file.ruleset.matter in matters) and (not rulesets or file.ruleset.id in rulesets)
        for mutant in mutants(corpus, file)
    ]


def failing_scenarios(job: Job) -> tuple[str, ...]:
    """The scenarios that fail on the rules as they are, and so can notice nothing."""
    return _base(job).failing


def basis_of(job: Job) -> Basis:
    """What results found now rest on."""
    return basis(_base(job), proofs=job.prove)


def tried(job: Job, todo: Sequence[Mutant], state: State, jobs: int, each: Callable[[], None]) -> dict[str, Result]:
    """What becomes of each mutant; `each` is called when one is known, and the state file has it by then."""
    found: dict[str, Result] = {}
    by_id = {mutant.id: mutant for mutant in todo}
    for result in _results(job, todo, state, jobs):
        found[result.id] = result
        state.keep(by_id[result.id], result)
        each()
    return found


def _results(job: Job, todo: Sequence[Mutant], state: State, jobs: int) -> Iterator[Result]:
    tasks = list(_tasks(todo, state))
    if jobs == 1 or len(tasks) == 1:
        for task in tasks:
            yield from _work(job, task)
        return
    pool = ProcessPoolExecutor(jobs, initializer=_begin_apart)
    try:
        for done in as_completed([pool.submit(_work, job, task) for task in tasks]):
            yield from done.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _tasks(todo: Iterable[Mutant], state: State) -> Iterator[Task]:
    by_file: dict[str, list[tuple[str, Earlier | None]]] = {}
    for mutant in todo:
        by_file.setdefault(mutant.file.stamp.path, []).append((mutant.id, state.earlier(mutant)))
    for path, items in by_file.items():
        for start in range(0, len(items), _AT_ONCE):
            yield path, tuple(items[start : start + _AT_ONCE])


def _begin_apart() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started the processes stops them


def _work(job: Job, task: Task) -> list[Result]:
    path, items = task
    trials, by_id = _trials(job), _by_id(job, path)
    return [trials(by_id[name], earlier) for name, earlier in items]


@cache
def _base(job: Job) -> Baseline:
    return baseline(bundled_rulesets(*job.overlays), collect(map(Path, job.features)).examples)


@cache
def _trials(job: Job) -> MutantTrials:
    return MutantTrials(_base(job), prove=job.prove, lang=job.lang)


@cache
def _by_id(job: Job, path: str) -> dict[str, Mutant]:
    corpus = _base(job).corpus
    return {
        mutant.id: mutant for file in corpus.rulesets if file.stamp.path == path for mutant in mutants(corpus, file)
    }
