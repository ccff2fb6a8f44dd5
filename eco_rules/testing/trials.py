"""Many examples run one after the other, and what came of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Literal, TypeAlias

from eco_rules.diagnostics import Diagnostic
from eco_rules.engine.engine import Engine
from eco_rules.testing.suite import Example, Failure, run

Outcome: TypeAlias = Literal["passed", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Trial:
    """One example, what came of it, and how long it took."""

    example: Example
    failure: Failure | None
    seconds: float

    @property
    def outcome(self) -> Outcome:
        """Passed, failed, or put aside by its author."""
        if self.example.skipped:
            return "skipped"
        return "failed" if self.failure else "passed"


@dataclass(frozen=True, slots=True)
class Trials:
    """Every example that was run, and what could not be run."""

    trials: tuple[Trial, ...]
    diagnostics: tuple[Diagnostic, ...]

    def count(self, outcome: Outcome) -> int:
        """How many came to this."""
        return sum(trial.outcome == outcome for trial in self.trials)

    @property
    def failures(self) -> tuple[tuple[Example, Failure], ...]:
        """The examples that failed, with the step that did not hold."""
        return tuple((trial.example, trial.failure) for trial in self.trials if trial.failure)

    @property
    def good(self) -> bool:
        """Whether everything could be run and nothing failed."""
        return not self.diagnostics and not self.failures


def chosen(examples: Iterable[Example], word: str | None) -> list[Example]:
    """The examples whose path, feature, name or tags have a word in them; all where no word is given."""
    wanted = (word or "").casefold()
    return [item for item in examples if wanted in _names(item).casefold()]


def _names(example: Example) -> str:
    return "\n".join([str(example.path), example.feature, example.name, *(f"@{tag}" for tag in sorted(example.tags))])


def try_all(
    examples: Iterable[Example], diagnostics: Sequence[Diagnostic], engine: Engine, each: Callable[[Trial], None]
) -> Trials:
    """Run examples in order; `each` is told of every one as it ends."""
    trials = []
    for example in examples:
        start = perf_counter()
        failure = None if example.skipped else run(example, engine)
        trials.append(Trial(example, failure, perf_counter() - start))
        each(trials[-1])
    return Trials(tuple(trials), tuple(diagnostics))
