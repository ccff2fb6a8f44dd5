"""What every scenario reads of the rules as they are: who could notice a change of what."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eco_rules.engine.engine import Engine
from eco_rules.ir.lower import Stack
from eco_rules.loading.corpus import Corpus
from eco_rules.testing.suite import Example, run
from eco_rules.truth import Truth
from eco_rules.values.kinds import Value


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One matter judged under the law of one day: the value of every slot, the truth of every expression."""

    stack: Stack
    values: Sequence[Value]
    truths: Sequence[Truth]


@dataclass(slots=True)
class Read:
    """The evaluations the decisions of one example rested on."""

    evaluations: list[Evaluation] = field(default_factory=list)

    @property
    def matters(self) -> frozenset[str]:
        """The matters that were judged."""
        return frozenset(item.stack.matter.id for item in self.evaluations)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The examples that pass on the rules as they are, what each read, and the names of those that do not pass."""

    corpus: Corpus
    examples: tuple[Example, ...]
    read: tuple[Read, ...]
    failing: tuple[str, ...]
    marks: dict[str, str]
    """The hash of each feature file, by its path."""


def name_of(example: Example) -> str:
    """How an example is named in reports and in the state file."""
    return f"{example.path.as_posix()}:{example.line}"


def baseline(corpus: Corpus, examples: Iterable[Example]) -> Baseline:
    """Run every example once and note what it reads."""
    passing: list[Example] = []
    reads: list[Read] = []
    failing: list[str] = []
    listener = _Listener()
    engine = Engine(corpus, observer=listener)
    for example in examples:
        if example.skipped:
            continue
        listener.read = Read()
        if run(example, engine) is None:
            passing.append(example)
            reads.append(listener.read)
        else:
            failing.append(name_of(example))
    paths = {example.path for example in passing}
    marks = {path.as_posix(): _hash(path) for path in sorted(paths)}
    return Baseline(corpus, tuple(passing), tuple(reads), tuple(failing), marks)


class _Listener:
    """Hands every evaluation to the example that is running."""

    def __init__(self) -> None:
        self.read = Read()

    def __call__(self, stack: Stack, values: Sequence[Value], truths: Sequence[Truth]) -> None:
        self.read.evaluations.append(Evaluation(stack, tuple(values), tuple(truths)))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
