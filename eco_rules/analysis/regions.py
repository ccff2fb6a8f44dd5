"""The values of one fact that rules can tell apart: one region for each pattern of their tests.

Within a region no test changes its truth, so one value stands for all of them. Ends of a region are exact:
the limit itself belongs to one side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any, TypeAlias

from eco_rules.ir.atoms import evaluate_atom
from eco_rules.ir.lower import Stack
from eco_rules.ir.nodes import ATOM_KINDS, Atom, Below, Equals, Includes, Intersects, slots_of, walk
from eco_rules.ir.vocabulary import FactKey
from eco_rules.limits import MAX_DATE_SCAN, MAX_SET_STEPS
from eco_rules.model.facts import FactSpec
from eco_rules.truth import Truth
from eco_rules.values.kinds import Members, Number, Ordered, Value, is_exact

Pattern: TypeAlias = tuple[Truth, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a region: the limit, and whether the limit itself lies within."""

    at: Ordered
    inclusive: bool


@dataclass(frozen=True, slots=True)
class Region:
    """Values that no test tells apart: `value` stands for them, nearest to what the case says.

    `low` and `high` are the ends of a region of numbers or dates; `others` are further values of an enum.
    """

    value: Value
    pattern: Pattern
    low: Bound | None = None
    high: Bound | None = None
    others: tuple[str, ...] = ()


class Tests:
    """The tests of several stacks that a fact bears on, and their truth for any value of it.

    `stacks` come with the values of the case, by fact; a derived fact is worked out anew for every value.
    """

    def __init__(self, stacks: Sequence[tuple[Stack, Mapping[FactKey, Value]]], key: FactKey) -> None:
        self._key = key
        self._parts = [
            (stack, stated, _tests_below(stack, slot))
            for stack, stated in stacks
            if (slot := stack.table.find(key)) is not None
        ]

    def pattern(self, value: Value) -> Pattern:
        """The truth of every test when the fact has this value."""
        found: list[Truth] = []
        for stack, stated, atoms in self._parts:
            values = self._filled(stack, stated, value)[0]
            found += [evaluate_atom(atom, values) for atom in atoms]
        return tuple(found)

    def outdated(self, value: Value) -> frozenset[FactKey]:
        """What the case states that follows from the fact, and no longer does when the fact has this value."""
        return frozenset(key for stack, stated, _ in self._parts for key in self._filled(stack, stated, value)[1])

    def _filled(
        self, stack: Stack, stated: Mapping[FactKey, Value], value: Value
    ) -> tuple[Sequence[Value], list[FactKey]]:
        """The values with the fact set; what contradicts it is taken as it follows instead."""
        facts = {**stated, self._key: value}
        gone: list[FactKey] = []
        while disputed := (filling := stack.table.fill(facts)).disputed:
            keys = [stack.table.slots[slot].key for slot, _ in disputed]
            if self._key in keys:  # it follows from something else and cannot be set
                break
            gone += keys
            facts = {key: item for key, item in facts.items() if key not in gone}
        return filling.values, gone

    @property
    def direct(self) -> list[Atom]:
        """The tests of the fact itself."""
        return [atom for stack, _, atoms in self._parts for atom in atoms if stack.table.find(self._key) == atom.slot]

    @property
    def indirect(self) -> bool:
        """Whether something tested derives from the fact."""
        return any(
            stack.table.find(self._key) not in slots_of(atom) for stack, _, atoms in self._parts for atom in atoms
        )

    def limits(self) -> set[Ordered]:
        """Every number or date the fact, or what derives from it, is compared with."""
        found: set[Ordered] = set()
        for stack, stated, atoms in self._parts:
            values = stack.table.fill(stated).values
            for atom in atoms:
                found.update(_limits(atom, values, stack.table.find(self._key)))
            for slot in _downstream(stack, stack.table.find(self._key)):
                found.update(_constants(stack.table.vocabulary.facts[stack.table.slots[slot].key.name].derive))
        return found


def regions(tests: Tests, spec: FactSpec, current: Value) -> list[Region]:
    """The regions of a fact, in order for numbers and dates; empty for kinds that are not cut (texts, records).

    `current` is the value of the case, None when it is unknown.
    """
    if spec.type == "boolean":
        return _of_choices(tests, (True, False), current)
    if spec.type == "enum":
        return _of_choices(tests, tuple(spec.values), current)
    if spec.type == "set":
        return _of_sets(tests, spec, current)
    if spec.type in ("integer", "number", "date"):
        exact = current if is_exact(current) else None
        return _of_ordered(tests, spec, exact)  # type: ignore[arg-type]
    return []


def _of_choices(tests: Tests, choices: Sequence[bool | str], current: Value) -> list[Region]:
    found: dict[Pattern, list[bool | str]] = {}
    for choice in choices:
        found.setdefault(tests.pattern(choice), []).append(choice)
    chosen = {pattern: current if current in items else items[0] for pattern, items in found.items()}
    return [
        Region(chosen[pattern], pattern, others=tuple(str(item) for item in items if item != chosen[pattern]))
        for pattern, items in found.items()
    ]


def _of_sets(tests: Tests, spec: FactSpec, current: Value) -> list[Region]:
    """Sets reached from the current one by adding or removing what the tests name; the smallest step to each pattern."""
    here = current.present if isinstance(current, Members) else frozenset()
    named = [atom.values for atom in tests.direct if isinstance(atom, Intersects | Includes)]
    members = [name for name in spec.values if any(name in values for values in named)]
    if tests.indirect:
        members = list(spec.values)
    kinds: dict[tuple[bool, ...], list[str]] = {}
    for name in members:
        kinds.setdefault((name in here, *(name in values for values in named)), []).append(name)
    steps = {frozenset(items[:1]) for items in kinds.values()} | {frozenset(items) for items in kinds.values()}
    steps |= {frozenset(here & set(members))} | {frozenset(values) - here for values in named}
    moves = sorted((step for step in steps if step), key=lambda step: (len(step), sorted(step)))
    pairs = combinations(moves, 2) if len(moves) <= MAX_SET_STEPS else ()
    changes = [frozenset[str](), *moves, *(one | two for one, two in pairs)]
    found: dict[Pattern, Region] = {}
    for change in sorted(dict.fromkeys(changes), key=len):
        chosen = here ^ change
        value = Members(chosen, chosen)
        found.setdefault(tests.pattern(value), Region(value, tests.pattern(value)))
    return list(found.values())


def _of_ordered(tests: Tests, spec: FactSpec, current: Ordered | None) -> list[Region]:
    grid = Grid(spec, tests.limits(), current)
    points = sorted(grid.points(scan=tests.indirect))
    if not points:
        return []
    patterns = {point: tests.pattern(point) for point in points}
    for left, right in pairwise(points):
        patterns.update(_refined(tests.pattern, grid, left, right, patterns))
    runs: list[list[Ordered]] = []
    for point in sorted(patterns):
        if runs and patterns[runs[-1][-1]] == patterns[point]:
            runs[-1].append(point)
        else:
            runs.append([point])
    return [_run(runs, index, grid, patterns, current) for index in range(len(runs))]


def _refined(
    pattern: Callable[[Value], Pattern],
    grid: Grid,
    left: Any,
    right: Any,
    patterns: Mapping[Any, Pattern],
) -> dict[Any, Pattern]:
    """Where the pattern changes between two points that do not touch, the two points that do."""
    found: dict[Any, Pattern] = {}
    low, high = patterns[left], patterns[right]
    while low != high and (middle := grid.middle(left, right)) is not None:
        here = pattern(middle)
        found[middle] = here
        if here == low:
            left = middle
        else:
            right, high = middle, here
    return found


def _run(
    runs: Sequence[Sequence[Ordered]],
    index: int,
    grid: Grid,
    patterns: Mapping[Ordered, Pattern],
    current: Ordered | None,
) -> Region:
    run = runs[index]
    low = high = None
    if index > 0:
        before = runs[index - 1][-1]
        low = Bound(before, False) if before in grid.limits else Bound(run[0], True)
    if index + 1 < len(runs):
        after = runs[index + 1][0]
        high = Bound(after, False) if after in grid.limits else Bound(run[-1], True)
    value = run[0] if current is None else min(run, key=lambda item: grid.distance(item, current))
    return Region(value, patterns[value], low, high)


class Grid:
    """The values of a number or date that are worth trying: limits, what lies just beside them, and the ends."""

    def __init__(self, spec: FactSpec, limits: Iterable[Ordered], current: Ordered | None) -> None:
        self._spec = spec
        self._date = spec.type == "date"
        self.limits = {item for item in limits if isinstance(item, date) is self._date}
        self._current = current
        self._step = Decimal(1) if self._date or spec.type == "integer" else _step(self.limits, current)

    def points(self, *, scan: bool) -> set[Ordered]:
        """The points to try; with `scan`, every day around the date of the case."""
        around = set(self.limits) if self._current is None else {*self.limits, self._current}
        found = {point for item in around for point in (self._moved(item, -1), item, self._moved(item, 1))}
        found |= {end for end in (self._spec.min, self._spec.max) if end is not None}
        if self._date and scan and self._current is not None:
            found |= {self._moved(self._current, days) for days in range(-MAX_DATE_SCAN, MAX_DATE_SCAN + 1)}
        return {self._typed(point) for point in found if self._allowed(point)}

    def middle(self, left: Any, right: Any) -> Any | None:
        """A point of the grid between two others; None when they touch."""
        if self._date:
            days = (right - left).days
            return None if days < 2 else left + timedelta(days=days // 2)
        steps = int((right - left) / self._step)
        return None if steps < 2 else self._typed(left + steps // 2 * self._step)

    def distance(self, one: Any, other: Any) -> Any:
        """How far apart two points are, for comparing."""
        return abs((one - other).days) if self._date else abs(Decimal(one) - Decimal(other))

    def _moved(self, point: Any, steps: int) -> Any:
        if self._date:
            return point + timedelta(days=steps)
        return Decimal(point) + steps * self._step

    def _typed(self, point: Any) -> Any:
        return int(point) if self._spec.type == "integer" and not self._date else point

    def _allowed(self, point: Any) -> bool:
        if self._date:
            return True
        low, high = self._spec.min, self._spec.max
        whole = self._spec.type != "integer" or point == int(point)
        return whole and (low is None or point >= low) and (high is None or point <= high)


def _step(limits: Iterable[Any], current: Any) -> Decimal:
    """The last decimal place in use; one finer where two limits would touch."""
    used = sorted({Decimal(item) for item in (*limits, *(() if current is None else (current,)))})
    places = max((-int(item.normalize().as_tuple().exponent) for item in used), default=0)
    step = Decimal(1).scaleb(-max(places, 0))
    return step / 10 if any(two - one <= step for one, two in pairwise(used)) else step


def _tests_below(stack: Stack, slot: int) -> tuple[Atom, ...]:
    """The tests of a slot and of what derives from it."""
    below = {slot, *_downstream(stack, slot)}
    found = {
        node: None
        for expression in stack.program.expressions
        for node in walk(expression)
        if isinstance(node, ATOM_KINDS) and not below.isdisjoint(slots_of(node))
    }
    return tuple(found)


def _downstream(stack: Stack, slot: int | None) -> list[int]:
    """The slots derived from a slot, directly or not; inputs stand before what derives from them."""
    reached = {slot}
    for index, item in enumerate(stack.table.slots):
        if not reached.isdisjoint(item.inputs):
            reached.add(index)
    return sorted(index for index in reached if index is not None and index != slot)


def _limits(atom: Atom, values: Sequence[Value], slot: int | None) -> Iterator[Ordered]:
    if isinstance(atom, Equals) and not isinstance(atom.value, str | bool):
        yield atom.value
    if isinstance(atom, Below):
        other = values[atom.slot] if atom.other == slot else values[atom.other] if atom.other is not None else None
        limit = atom.limit if atom.limit is not None else other
        if isinstance(limit, int | Decimal | date) and not isinstance(limit, bool):
            yield limit


def _constants(item: object) -> Iterator[Number]:
    """Every number written in a derivation."""
    if isinstance(item, int | Decimal) and not isinstance(item, bool):
        yield item
    elif isinstance(item, tuple | list):
        for part in item:
            yield from _constants(part)
    elif is_dataclass(item):
        for field in fields(item):
            if field.name != "path":
                yield from _constants(getattr(item, field.name))
