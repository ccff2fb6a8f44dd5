"""What scenarios can exercise in a file of rules or facts: rules, exceptions, items of conditions, sides of thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal, TypeAlias

from eco_rules.loading.yamldoc import SourceMap
from eco_rules.model.condition import (
    OPERATORS,
    Condition,
    Junction,
    Malformed,
    Negation,
    Path,
    Quorum,
    Test,
)
from eco_rules.model.derivation import Aggregate, Choice, TruthOf
from eco_rules.model.facts import FactSpec
from eco_rules.model.ruleset import Rule, Ruleset

Kind: TypeAlias = Literal["rule", "exception", "item", "threshold"]
Side: TypeAlias = Literal["held", "failed", "barred", "true", "false", "below", "at", "above"]
Place: TypeAlias = tuple[Kind, Path]

KINDS: tuple[Kind, ...] = ("rule", "exception", "item", "threshold")
_BRANCHES: tuple[Side, ...] = ("true", "false")
_AROUND: tuple[Side, ...] = ("below", "at", "above")
_LABEL = 60


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to exercise: where it stands, in which rule or condition, and the sides it has."""

    kind: Kind
    path: Path
    owner: str
    sides: tuple[Side, ...]

    @property
    def place(self) -> Place:
        """What tells it from the other points of its file."""
        return (self.kind, self.path)


@dataclass(frozen=True, slots=True)
class Root:
    """A whole condition of a file: where it stands, and whose it is."""

    path: Path
    owner: str
    condition: Condition


def points_of(ruleset: Ruleset) -> list[Point]:
    """Everything there is to exercise in a ruleset."""
    found: list[Point] = []
    for position, rule in enumerate(ruleset.rules):
        sides: tuple[Side, ...] = ("held", "failed") if rule.when is not None else ("held",)
        found.append(Point("rule", ("rules", position), rule.id, sides))
        found += [Point("exception", path, rule.id, ("barred",)) for path, _ in exceptions(position, rule)]
    found += [Point("exception", ("unless", index), "*", ("barred",)) for index, _ in enumerate(ruleset.unless)]
    return found + [point for root in roots(ruleset) for point in _inside(root)]


def points_of_fact(name: str, spec: FactSpec) -> list[Point]:
    """Everything there is to exercise in the derivation of a fact."""
    base: Path = ("facts", name, "derive")
    return [point for condition in conditions_of(spec) for point in _inside(Root(base, name, condition))]


def conditions_of(spec: FactSpec) -> tuple[Condition, ...]:
    """The conditions inside the derivation of a fact, in order; of a count, what it picks records by."""
    if isinstance(spec.derive, TruthOf):
        return (spec.derive.condition,)
    if isinstance(spec.derive, Choice):
        return tuple(condition for condition, _ in spec.derive.items)
    if isinstance(spec.derive, Aggregate) and spec.derive.where is not None:
        return (spec.derive.where,)
    return ()


def _inside(root: Root) -> Iterator[Point]:
    """The items of a condition and the thresholds in them."""
    for path, condition in items(root.condition):
        yield Point("item", (*root.path, *path), root.owner, _BRANCHES)
        for index in thresholds(condition):
            yield Point("threshold", (*root.path, *path, index), root.owner, _AROUND)


def exceptions(position: int, rule: Rule) -> Iterator[tuple[Path, str]]:
    """Each exception a rule names, with its place; the name is as it is written."""
    for key, names in (("unless", rule.unless), ("overrides", rule.overrides), ("replaces", rule.replaces)):
        for index, name in enumerate(names):
            yield ("rules", position, key, index), name


def roots(ruleset: Ruleset) -> Iterator[Root]:
    """Every condition of a file."""
    if ruleset.applies is not None:
        yield Root(("applies",), "*", ruleset.applies)
    for name, named in ruleset.conditions.items():
        yield Root(("conditions", name, "when"), name, named.when)
    for position, rule in enumerate(ruleset.rules):
        for key, condition in (("applies", rule.applies), ("when", rule.when)):
            if condition is not None:
                yield Root(("rules", position, key), rule.id, condition)
    for section, sides in ruleset.sides.items():
        for position, side in enumerate(sides):
            if side.when is not None:
                yield Root((section, position, "when"), side.id, side.when)


def items(condition: Condition, *, whole: bool = True) -> Iterator[tuple[Path, Condition]]:
    """The items of a condition with their places in it; a whole that is itself a list of items is none."""
    if isinstance(condition, Negation):
        yield from items(condition.item, whole=whole)
    elif isinstance(condition, Junction | Quorum):
        if not whole and len(condition.items) > 1:
            yield place_of(condition), condition
        for item in condition.items:
            yield from items(item, whole=False)
    elif not isinstance(condition, Malformed):
        yield condition.path, condition


def place_of(condition: Condition) -> Path:
    """Where a condition stands: of a list, what the places of its items begin with."""
    steps = zip(*(path for path, _ in items(condition)), strict=False)
    return tuple(step[0] for step in takewhile(lambda step: len(set(step)) == 1, steps))


def thresholds(condition: Condition) -> range:
    """The limits a test compares with, counted."""
    if not isinstance(condition, Test) or condition.operator not in ("gt", "ge", "lt", "le", "between"):
        return range(0)
    return range(2 if condition.operator == "between" else 1)


def label(spans: SourceMap, point: Point) -> str:
    """A point as it is written in its file, on one line."""
    if point.kind == "rule":
        return point.owner
    return written(spans, point.path[:-1] if point.kind == "threshold" else point.path)


def written(spans: SourceMap, path: Path) -> str:
    """What stands at a place of a file, on one line; of a limit or a list of values, with the fact it is about."""
    if path and path[-1] in OPERATORS:
        path = path[:-1]
    start, end = spans.key(path), spans.value(path)
    lines = spans.source.lines[start.line - 1 : end.end_line]
    lines[-1] = lines[-1][: end.end_column - 1] if len(lines) == end.end_line - start.line + 1 else lines[-1]
    lines[0] = lines[0][start.column - 1 :]
    text = " ".join(line.partition(" #")[0].strip() for line in lines).strip()
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 1]}…"


def line_of(spans: SourceMap, point: Point) -> int:
    """The line a point stands on."""
    path = point.path[:-1] if point.kind == "threshold" else point.path
    path = (*path, "id") if point.kind == "rule" else path
    return spans.key(path).line
