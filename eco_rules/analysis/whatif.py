"""The smallest changes of facts that change a decision, each confirmed by deciding the changed case.

Values are tried region by region (see `regions`), so within the facts that were varied nothing between two
tried values can behave otherwise. For an undetermined decision the facts varied are those it asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import combinations, product
from typing import TypeGuard

from eco_rules.analysis.regions import Region
from eco_rules.analysis.results import Result, result_of
from eco_rules.analysis.sliders import Slider, as_stated, sliders
from eco_rules.decision.decision import Decision
from eco_rules.engine.engine import Engine
from eco_rules.errors import CaseError
from eco_rules.ir.vocabulary import FactKey, ValueProblemError, Vocabulary
from eco_rules.limits import MAX_WHAT_IF_TRIALS
from eco_rules.model.case import Case
from eco_rules.model.facts import Alteration
from eco_rules.values.kinds import Members, Ordered, Value

_ASKED = 6
"""Of an undetermined decision's questions, how many are tried; the first ones settle most."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact set otherwise; any value between the ends of the region gives the same result.

    `outdated` are facts the case states that follow from it; they are taken as they then follow.
    """

    key: FactKey
    vocabulary: Vocabulary
    before: Value
    region: Region
    outdated: frozenset[FactKey]

    @property
    def distance(self) -> Decimal:
        """How far the value moves, as a share of its own size; 1 for what is not a number or date."""
        return _distance(self.before, self.region.value)

    @property
    def how(self) -> str | None:
        """How the change can be brought about, where the vocabulary says so for this direction."""
        alteration = self.vocabulary.spec(self.key).alterable
        if not isinstance(alteration, Alteration):
            return None
        return alteration.by if _leads(alteration, self.before, self.region.value) else None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Changes that together lead to another result, and the decision of the case so changed.

    `also` are further values of a single changed fact with the same result.
    """

    changes: tuple[Change, ...]
    result: Result
    decision: Decision
    also: tuple[Value, ...] = ()

    @property
    def distance(self) -> Decimal:
        """The changes' distances together."""
        return sum((change.distance for change in self.changes), Decimal(0))


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What was found for one decision.

    `margins` are the nearest ends at which one number or date alone changes the result, alterable or not;
    `varied` the facts that were varied; `complete` is False when the search ran into its limit of decisions.
    """

    decision: Decision
    proposals: tuple[Proposal, ...]
    margins: tuple[Proposal, ...]
    varied: tuple[Slider, ...]
    most: int
    trials: int
    complete: bool


def what_if(engine: Engine, case: Case, decision: Decision, most: int = 2, *, every: bool = False) -> WhatIf:
    """Search sets of at most `most` changes; `every`: of all facts, not only those the vocabulary calls alterable."""
    one = replace(case, matter=decision.matter)
    found = sliders(engine, one, decision.jurisdiction)
    asked = {item.fact for item in decision.missing[:_ASKED]}
    search = _Search(engine, one, decision)
    if decision.status == "undetermined":
        varied = [item for item in found if item.vocabulary.display(item.key) in asked]
    else:
        varied = [item for item in found if every or item.vocabulary.spec(item.key).alterable]
    proposals = search.sets(varied, most)
    nearest = [near for item in found if is_ordered(item.current) for near in search.nearest(item)]
    return WhatIf(decision, tuple(proposals), tuple(nearest), tuple(varied), most, search.trials, not search.stopped)


class _Search:
    """Decides changed cases and keeps those that come out otherwise."""

    def __init__(self, engine: Engine, case: Case, decision: Decision) -> None:
        self._engine = engine
        self._case = case
        self._base = result_of(decision)
        self._done: dict[tuple[tuple[FactKey, Value], ...], Decision | None] = {}
        self.stopped = False

    @property
    def trials(self) -> int:
        """How many changed cases were decided."""
        return len(self._done)

    def sets(self, sliders: Sequence[Slider], most: int) -> list[Proposal]:
        """Proposals of few changes first; none contains another one with the same result."""
        found: list[Proposal] = []
        for slider in sliders:
            found += self._alone(slider)
        for size in range(2, most + 1):
            found += self._together(sliders, size)
        return sorted(found, key=lambda item: (len(item.changes), item.result.status != "determined", item.distance))

    def nearest(self, slider: Slider) -> Iterator[Proposal]:
        """The nearest value below and above at which the result is another one."""
        here = next((index for index, item in enumerate(slider.regions) if item.pattern == slider.here), None)
        if here is None:
            return
        for side in (slider.regions[:here][::-1], slider.regions[here + 1 :]):
            first = next(self._runs(slider, side), None)
            if first is not None:
                yield first

    def _alone(self, slider: Slider) -> Iterator[Proposal]:
        ordered = len(slider.regions) > 1 and any(item.low or item.high for item in slider.regions)
        if not ordered:
            yield from self._choices(slider)
            return
        here = next((index for index, item in enumerate(slider.regions) if item.pattern == slider.here), None)
        if here is None:
            yield from self._runs(slider, slider.regions)
            return
        yield from self._runs(slider, slider.regions[:here][::-1])
        yield from self._runs(slider, slider.regions[here + 1 :])

    def _choices(self, slider: Slider) -> Iterator[Proposal]:
        """The nearest value for each other result; further values with that result are named along with it."""
        tried = (self._try((self._change(slider, region),)) for region in slider.elsewhere)
        found: dict[Result, list[Proposal]] = {}
        for proposal in sorted((item for item in tried if item), key=lambda item: item.distance):
            found.setdefault(proposal.result, []).append(proposal)
        for first, *rest in found.values():
            values = [change.region for item in (first, *rest) for change in item.changes]
            others = [value for region in values for value in (region.value, *region.others)]
            yield replace(first, also=tuple(value for value in others if value != first.changes[0].region.value))

    def _runs(self, slider: Slider, side: Sequence[Region]) -> Iterator[Proposal]:
        """Neighbouring regions with one result as one proposal, nearest first."""
        pending: Proposal | None = None
        for region in side:
            proposal = self._try((self._change(slider, region),))
            if pending and proposal and proposal.result == pending.result:
                pending = _widened(pending, region)
                continue
            if pending:
                yield pending
            pending = proposal
        if pending:
            yield pending

    def _together(self, sliders: Sequence[Slider], size: int) -> list[Proposal]:
        """For each group of facts and each settled result, the nearest values that need all of the changes."""
        best: dict[tuple[object, ...], Proposal] = {}
        for group in combinations(sliders, size):
            for chosen in product(*(item.elsewhere for item in group)):
                proposal = self._try(tuple(map(self._change, group, chosen)))
                if proposal is None or proposal.result.status == "undetermined" or self._fewer_do(proposal):
                    continue
                key = (frozenset(item.key for item in group), proposal.result)
                if key not in best or proposal.distance < best[key].distance:
                    best[key] = proposal
            if self.stopped:
                break
        return list(best.values())

    def _fewer_do(self, proposal: Proposal) -> bool:
        """Whether some of the changes alone give the same result."""
        parts = (part for size in range(1, len(proposal.changes)) for part in combinations(proposal.changes, size))
        return any((found := self._try(part)) is not None and found.result == proposal.result for part in parts)

    def _change(self, slider: Slider, region: Region) -> Change:
        outdated = slider.tests.outdated(region.value)
        return Change(slider.key, slider.vocabulary, slider.current, region, outdated)

    def _try(self, changes: tuple[Change, ...]) -> Proposal | None:
        """The proposal, when the changed case is possible and comes out otherwise."""
        decision = self._decide(changes)
        if decision is None or (result := result_of(decision)) == self._base:
            return None
        return Proposal(changes, result, decision)

    def _decide(self, changes: Sequence[Change]) -> Decision | None:
        key = tuple((change.key, change.region.value) for change in changes)
        if key not in self._done:
            if len(self._done) >= MAX_WHAT_IF_TRIALS:
                self.stopped = True
                return None
            try:
                self._done[key] = self._engine.decide(changed(self._case, changes))
            except CaseError:  # facts that contradict each other are no case
                self._done[key] = None
        return self._done[key]


def changed(case: Case, changes: Iterable[Change]) -> Case:
    """The case with some facts set otherwise, whichever name it calls them by."""
    facts = dict(case.facts)
    changes = tuple(changes)
    for change in changes:
        gone = {change.key, *change.outdated}
        for name in [name for name in facts if _key(change.vocabulary, str(name)) in gone]:
            del facts[name]
    for change in changes:
        facts[change.vocabulary.display(change.key)] = as_stated(
            change.vocabulary.spec(change.key), change.region.value
        )
    return replace(case, facts=facts)


def _key(vocabulary: Vocabulary, name: str) -> FactKey | None:
    """The fact a name of the case stands for; None for one of another matter's vocabulary."""
    try:
        return vocabulary.find(name)
    except ValueProblemError:  # an ambiguous label: not one the engine took
        return None


def _widened(proposal: Proposal, region: Region) -> Proposal:
    """The proposal of one change, its region taking in the neighbouring one."""
    (change,) = proposal.changes
    here = change.region
    below = region.value < here.value  # type: ignore[operator]
    low, high = (region.low, here.high) if below else (here.low, region.high)
    return replace(proposal, changes=(replace(change, region=replace(here, low=low, high=high)),))


def _leads(alteration: Alteration, before: Value, after: Value) -> bool:
    """Whether a change goes the way the vocabulary says a fact can be altered."""
    toward = alteration.toward
    if toward not in ("less", "more"):
        return after in toward if isinstance(toward, tuple) else after == toward
    small, large = (after, before) if toward == "less" else (before, after)
    if isinstance(small, Members) and isinstance(large, Members):
        return small.present < large.present
    return is_ordered(small) and is_ordered(large) and bool(small < large)  # type: ignore[operator]


def is_ordered(value: Value) -> TypeGuard[Ordered]:
    """Whether a value is one number or date."""
    return isinstance(value, int | Decimal | date) and not isinstance(value, bool)


def _distance(before: Value, after: Value) -> Decimal:
    if isinstance(before, Members) and isinstance(after, Members):
        return Decimal(len(before.present ^ after.present))
    if not is_ordered(before) or not is_ordered(after):
        return Decimal(1)
    if isinstance(before, date) or isinstance(after, date):
        assert isinstance(before, date)  # a date is only exchanged for a date
        assert isinstance(after, date)
        return Decimal(abs((after - before).days)) / 365
    one, other = Decimal(before), Decimal(after)
    return abs(other - one) / max(abs(one), abs(other), Decimal(1).scaleb(-9))
