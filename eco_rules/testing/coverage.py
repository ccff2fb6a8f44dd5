"""How much of each ruleset the scenarios exercised, and what they did not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from eco_rules.loading.corpus import Corpus
from eco_rules.loading.yamldoc import SourceMap
from eco_rules.testing.points import Kind, Point, Side, points_of, points_of_fact
from eco_rules.testing.watched import Key

_FACTS = "_facts/"


@dataclass(frozen=True, slots=True)
class Share:
    """So many sides of so many."""

    covered: int
    total: int

    @property
    def percent(self) -> float:
        """All of nothing is all of it."""
        return 100 * self.covered / self.total if self.total else 100.0

    def __str__(self) -> str:
        return f"{self.covered}/{self.total}"

    @property
    def rounded(self) -> str:
        """The percentage, rounded down: only all is 100 %."""
        return f"{int(self.percent * 10) / 10:.1f}%"


@dataclass(frozen=True, slots=True)
class Seen:
    """A point and what was seen of it; `unknown` is reported, never demanded."""

    point: Point
    sides: frozenset[Side]
    unknown: bool

    @property
    def missing(self) -> tuple[Side, ...]:
        """The sides no scenario showed."""
        return tuple(side for side in self.point.sides if side not in self.sides)


@dataclass(frozen=True, slots=True)
class Hole:
    """A point with what is missing of it; `whole` when nothing of its rule or condition was seen at all."""

    point: Point
    missing: tuple[Side, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file, of rules or of facts, and what was seen of every point in it."""

    id: str
    title: str
    spans: SourceMap
    seen: tuple[Seen, ...]

    def share(self, kind: Kind | None = None) -> Share:
        """Sides covered, of one kind of point or of all."""
        return share([self], kind)

    @property
    def path(self) -> str:
        """The file's path."""
        return self.spans.source.name

    @property
    def of_facts(self) -> bool:
        """Whether the file defines facts; their derivations are what counts there."""
        return self.id.startswith(_FACTS)

    @property
    def unknown(self) -> Share:
        """Items of conditions that some scenario left unknown."""
        items = [item for item in self.seen if item.point.kind == "item"]
        return Share(sum(item.unknown for item in items), len(items))

    @property
    def holes(self) -> list[Hole]:
        """What was not covered, in the order of the file; a rule nobody came to is one hole."""
        found: list[Hole] = []
        by_owner = sorted(self.seen, key=lambda item: self._position(item.point))
        for _, group in groupby(by_owner, key=lambda item: item.point.owner):
            own = list(group)
            if self._idle(own):
                found.append(Hole(own[0].point, own[0].missing, whole=True))
            else:
                found += [Hole(item.point, item.missing, whole=False) for item in own if item.missing]
        return found

    def _idle(self, own: list[Seen]) -> bool:
        """Whether nothing happened but that a scope was looked at."""
        beyond = [item for item in own if "applies" not in item.point.path]
        return bool(beyond) and not any(item.sides for item in beyond)

    def _position(self, point: Point) -> tuple[int, int]:
        span = self.spans.key(point.path[:-1] if point.kind == "threshold" else point.path)
        return (span.line, span.column)


def sheets(corpus: Corpus, seen: Mapping[Key, set[str]]) -> list[Sheet]:
    """A sheet for every ruleset of a corpus, and for every file of facts with conditions inside derivations."""
    rules = [
        Sheet(file.stamp.id, file.ruleset.title, file.spans, _seen(points_of(file.ruleset), file.spans, seen))
        for file in sorted(corpus.rulesets, key=lambda file: file.stamp.id)
    ]
    return [*_of_facts(corpus, seen), *rules]


def _of_facts(corpus: Corpus, seen: Mapping[Key, set[str]]) -> list[Sheet]:
    files: dict[str, tuple[str, SourceMap, list[Point]]] = {}
    for subject in corpus.subjects.values():
        for name, spec in subject.facts.items():
            if points := points_of_fact(name, spec):
                spans = subject.origins[name]
                files.setdefault(spans.source.name, (subject.label, spans, []))[2].extend(points)
    return [
        Sheet(f"{_FACTS}{Path(path).stem}", title, spans, _seen(points, spans, seen))
        for path, (title, spans, points) in sorted(files.items())
    ]


def _seen(points: Iterable[Point], spans: SourceMap, seen: Mapping[Key, set[str]]) -> tuple[Seen, ...]:
    found = []
    for point in points:
        here = seen.get((spans.source.name, point.place), set())
        found.append(Seen(point, frozenset(side for side in point.sides if side in here), "unknown" in here))
    return tuple(found)


def share(made: Iterable[Sheet], kind: Kind | None = None) -> Share:
    """Sides covered in several sheets."""
    points = [item for sheet in made for item in sheet.seen if kind in (None, item.point.kind)]
    return Share(sum(len(item.sides) for item in points), sum(len(item.point.sides) for item in points))
