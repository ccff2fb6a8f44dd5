"""The facts of a case that may be varied, with the regions their values fall into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from eco_rules.analysis.regions import Pattern, Region, Tests, regions
from eco_rules.engine.engine import Engine
from eco_rules.engine.regime import Regime
from eco_rules.engine.sitting import Sitting
from eco_rules.ir.facts import OUTCOME_PREFIX
from eco_rules.ir.lower import Stack
from eco_rules.ir.narrow import guard_of
from eco_rules.ir.slots import Filling
from eco_rules.ir.vocabulary import FactKey, Vocabulary
from eco_rules.model.case import Case
from eco_rules.model.facts import FactSpec
from eco_rules.values.kinds import Members, Value, is_exact, plain


@dataclass(frozen=True, slots=True)
class Slider:
    """A fact that may be varied: what the case says of it, and the regions of its values."""

    key: FactKey
    vocabulary: Vocabulary
    current: Value
    regions: tuple[Region, ...]
    here: Pattern | None
    tests: Tests

    @property
    def elsewhere(self) -> list[Region]:
        """The regions the case is not in."""
        return [region for region in self.regions if region.pattern != self.here]


def sliders(engine: Engine, case: Case, place: str) -> list[Slider]:
    """Every fact the rules in play test, or that something they test derives from, unless it is derived itself.

    What the case is about stays, unless the vocabulary calls it alterable: with another violation or another
    kind of project it is another case.
    """
    looks = [_look(engine, place, regime) for regime in regimes_of(engine, engine.sitting(case), str(case.matter))]
    stacks = [(look.stack, look.stated) for look in looks]
    subjects = {look.subject for look in looks}
    found: dict[FactKey, Slider] = {}
    for look in looks:
        vocabulary = look.stack.table.vocabulary
        for slot in look.stack.table.filled:
            key = look.stack.table.slots[slot].key
            if key in found or key in subjects or key.name.startswith(OUTCOME_PREFIX):
                continue
            spec = vocabulary.spec(key)
            if spec.header or not spec.question or slot in look.filling.derived:
                continue
            slider = slider_of(Tests(stacks, key), key, vocabulary, look.filling.values[slot])
            if slider is not None:
                found[key] = slider
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Look:
    """The rules a case may meet under one law, its values, and the fact that may not change if they are to stay."""

    stack: Stack
    stated: dict[FactKey, Value]
    filling: Filling
    subject: FactKey | None


def _look(engine: Engine, place: str, regime: Regime) -> _Look:
    """A regime, with the rules that were left out by what the case is about where that can be altered."""
    stated = stated_of(regime)
    whole = engine.prepared(regime.stack.matter, place, regime.day, regime.prepared.procedure_day).stack
    guard = guard_of(whole) if whole is not regime.stack else None
    if guard is None:
        return _Look(regime.stack, stated, regime.filling, None)
    key = whole.table.slots[guard.slot].key
    if whole.table.vocabulary.spec(key).alterable:
        return _Look(whole, stated, whole.table.fill(stated), None)
    return _Look(regime.stack, stated, regime.filling, key)


def slider_of(tests: Tests, key: FactKey, vocabulary: Vocabulary, current: Value) -> Slider | None:
    """A fact whose values the rules tell apart; None when they do not, or it is known only roughly."""
    if current is not None and not is_exact(current):
        return None
    cut = regions(tests, vocabulary.spec(key), current)
    here = tests.pattern(current) if current is not None else None
    return Slider(key, vocabulary, current, tuple(cut), here, tests) if len(cut) > 1 else None


def regimes_of(engine: Engine, sitting: Sitting, matter: str) -> Iterator[Regime]:
    """The laws a matter is judged by, and those of the matters whose outcome it reads."""
    seen: set[str] = set()
    todo = [matter]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        for regime in sitting.judged(engine.rulesets.matters[name]).regimes:
            yield regime
            todo += regime.stack.asks


def stated_of(regime: Regime) -> dict[FactKey, Value]:
    """The values nobody derived or presumed."""
    table, filling = regime.stack.table, regime.filling
    made = {*filling.derived, *filling.presumed}
    return {
        table.slots[slot].key: filling.values[slot]
        for slot in table.filled
        if slot not in made and filling.values[slot] is not None
    }


def as_stated(spec: FactSpec, value: Value) -> Any:
    """A value as a case file states it."""
    if isinstance(value, Members):
        absent = [name for name in spec.values if name not in value.present]
        return sorted(value.present) if spec.closed else {"includes": sorted(value.present), "excludes": absent}
    return value if isinstance(value, bool | int | Decimal) else plain(value)
