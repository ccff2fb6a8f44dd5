"""Resolution as formulas: which result follows from which groups of rules hold. See `engine.resolution`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import z3

from eco_rules.analysis.verify.variables import FALSE
from eco_rules.engine.resolution import Resolver, prevails
from eco_rules.model.matter import Matter


@dataclass(frozen=True, slots=True)
class Resolved:
    """A result in formulas: exactly one of an outcome, a clash, `unread` and `gap`.

    `clash` says of each outcome whether it is one of those that clash; `default` that no rule carries the outcome.
    """

    outcome: dict[str, z3.BoolRef]
    clash: dict[str, z3.BoolRef]
    must: z3.BoolRef
    may: z3.BoolRef
    unread: z3.BoolRef
    gap: z3.BoolRef
    default: z3.BoolRef

    def parts(self) -> Iterator[tuple[tuple[str, ...], z3.BoolRef]]:
        """Every formula with a name; two results are the same when all of these are."""
        for name, item in self.outcome.items():
            yield ("outcome", name), item
        for name, item in self.clash.items():
            yield ("clash", name), item
        named = {"must": self.must, "may": self.may, "unread": self.unread, "gap": self.gap, "default": self.default}
        for name, item in named.items():
            yield (name,), item

    def differs(self, other: Resolved) -> z3.BoolRef:
        """The two are not the same result."""
        theirs = dict(other.parts())
        return z3.Or([item != theirs[name] for name, item in self.parts()])


@dataclass(frozen=True, slots=True)
class _Settled:
    """What one stage comes to: nothing, a clash, or an outcome with its modality."""

    some: z3.BoolRef
    outcome: dict[str, z3.BoolRef]
    clash: dict[str, z3.BoolRef]
    must: z3.BoolRef
    may: z3.BoolRef

    def when(self, condition: z3.BoolRef, otherwise: _Settled | None) -> _Settled:
        """This if the condition holds, else the other (else nothing)."""

        def either(mine: z3.BoolRef, other: z3.BoolRef) -> z3.BoolRef:
            return z3.Or(z3.And(condition, mine), z3.And(z3.Not(condition), other))

        def each(mine: dict[str, z3.BoolRef], other: dict[str, z3.BoolRef]) -> dict[str, z3.BoolRef]:
            return {name: either(item, other[name]) for name, item in mine.items()}

        last = otherwise or _nothing(tuple(self.outcome))
        return _Settled(
            either(self.some, last.some),
            each(self.outcome, last.outcome),
            each(self.clash, last.clash),
            either(self.must, last.must),
            either(self.may, last.may),
        )


def _nothing(outcomes: Sequence[str]) -> _Settled:
    none = dict.fromkeys(outcomes, FALSE)
    return _Settled(FALSE, none, none, FALSE, FALSE)


def resolved(resolver: Resolver, matter: Matter, states: Sequence[z3.BoolRef], complete: z3.BoolRef) -> Resolved:
    """The result of groups that hold or not (`states`), when every list has been read or not (`complete`)."""
    outcomes = tuple(matter.outcomes)
    decided, pending = _nothing(outcomes), _nothing(outcomes)
    for stage, members in enumerate(resolver.stages):
        here = _settled(resolver, members, states, outcomes)
        decides = here.some if stage < resolver.decisive else z3.And(here.some, z3.Not(here.may))
        decided = decided.when(decided.some, here.when(decides, None))
        pending = here.when(here.some, pending)
    rules = decided.when(decided.some, pending)
    nothing, outcome, default = z3.Not(rules.some), dict(rules.outcome), FALSE
    must, may = rules.must, rules.may
    if matter.default is not None:
        default = z3.And(nothing, complete)
        outcome[matter.default.outcome] = z3.Or(outcome[matter.default.outcome], default)
        must = z3.Or(must, default) if matter.default.modality == "must" else must
        may = z3.Or(may, default) if matter.default.modality == "may" else may
    gap = FALSE if matter.default is not None else z3.And(nothing, complete)
    return Resolved(outcome, rules.clash, must, may, z3.And(nothing, z3.Not(complete)), gap, default)


def _settled(
    resolver: Resolver, members: Sequence[int], states: Sequence[z3.BoolRef], outcomes: Sequence[str]
) -> _Settled:
    """The result of the groups of one stage."""
    groups = {index: resolver.groups[index] for index in members}
    standing = {
        index: z3.And(states[index], *(z3.Not(states[i]) for i, other in groups.items() if prevails(other, group)))
        for index, group in groups.items()
    }
    present = {name: _any([standing[i] for i, group in groups.items() if group.outcome == name]) for name in outcomes}
    holding = {name: _any([states[i] for i, group in groups.items() if group.outcome == name]) for name in outcomes}
    some, stands = _any(list(holding.values())), _any(list(present.values()))
    alone = {name: z3.And(item, *(z3.Not(present[o]) for o in outcomes if o != name)) for name, item in present.items()}
    one = _any(list(alone.values()))
    # Where each of those that hold is prevailed over by another, all of them clash.
    clash = {
        name: z3.And(some, z3.Not(one), z3.Or(present[name], z3.And(z3.Not(stands), holding[name])))
        for name in outcomes
    }
    top = {
        index: z3.And(standing[index], *(z3.Not(standing[i]) for i, other in groups.items() if other.rank < group.rank))
        for index, group in groups.items()
    }
    must = z3.And(one, _any([top[i] for i, group in groups.items() if group.modality == "must"]))
    may = z3.And(one, z3.Not(must), _any([top[i] for i, group in groups.items() if group.modality == "may"]))
    return _Settled(some, alone, clash, must, may)


def _any(items: Sequence[z3.BoolRef]) -> z3.BoolRef:
    kept = [item for item in items if not z3.is_false(item)]
    return z3.Or(kept) if kept else FALSE
