"""From verdicts to a result: precedence, rank, modality, ties, default.

A result is (outcome, modality), a clash of equal rank, or a gap. What is still unknown stays a variable of
a decision diagram; see `docs/semantics.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from eco_rules.decision.decision import Status
from eco_rules.engine.diagram import Builder, Diagram
from eco_rules.ir.lower import RuleCode, Stack
from eco_rules.model.matter import Matter, Modality
from eco_rules.truth import Truth, any_of

COMPLETE = (1_000_000,)
"""The variable that stands for `every list of this place has been looked up`."""

_CACHED_STATES = 2048


@dataclass(frozen=True, slots=True)
class Result:
    """What resolution arrives at.

    `kind` is `outcome`; `clash` (equal rank, different outcomes: `clashing`); `unread` (nothing holds and
    a list has not been read); or `gap` (nothing holds and the matter has no default).
    """

    kind: str
    outcome: str | None = None
    modality: Modality | None = None
    clashing: tuple[str, ...] = ()


def status_of(results: Sequence[Result]) -> Status:
    """The status table: the first row that fits."""
    if len(results) > 1:
        return "undetermined"
    kind = results[0].kind
    if kind == "clash":
        return "conflict"
    if kind == "outcome":
        return "determined"
    return "undetermined" if kind == "unread" else "no_rule"


def outcomes_of(results: Sequence[Result]) -> tuple[str, ...]:
    """The outcomes still possible; empty when something else than an outcome is possible."""
    if any(result.kind != "outcome" for result in results):
        return ()
    return tuple(dict.fromkeys(result.outcome for result in results if result.outcome))


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that resolution cannot tell apart: same standing, outcome and modality."""

    rank: int
    issuer: str
    since: int
    special_to: tuple[str, ...]
    outcome: str
    modality: Modality | None
    members: tuple[int, ...]
    names: frozenset[str]


class Resolver:
    """Resolution for one stack. Immutable but for a bounded cache."""

    def __init__(self, stack: Stack) -> None:
        self.groups = _groups(stack.rules)
        self.stages, self.decisive = _stages(self.groups, stack.matter)
        default = stack.matter.default
        self._fallback = Result("outcome", default.outcome, default.modality) if default else Result("gap")
        self.diagram = lru_cache(maxsize=_CACHED_STATES)(self._diagram)

    def states(self, rules: Sequence[RuleCode], truths: Sequence[Truth]) -> tuple[Truth, ...]:
        """Truth of each group: does one of its rules hold?"""
        return tuple(any_of(truths[rules[index].holds] for index in group.members) for group in self.groups)

    def _diagram(self, states: tuple[Truth, ...], complete: Truth) -> Diagram[Result]:
        """The result as a function of the groups (and completeness) that are still unknown."""
        builder: Builder[Result] = Builder()
        done: dict[tuple[int, int, tuple[int, ...], Result | None], Diagram[Result]] = {}

        def explore(stage: int, at: int, holding: tuple[int, ...], pending: Result | None) -> Diagram[Result]:
            key = (stage, at, holding, pending)
            if key not in done:
                done[key] = step(stage, at, holding, pending)
            return done[key]

        def step(stage: int, at: int, holding: tuple[int, ...], pending: Result | None) -> Diagram[Result]:
            if stage == len(self.stages):
                return finish(pending)
            members = self.stages[stage]
            if at == len(members):
                settled = self._settle([self.groups[index] for index in holding])
                if settled is not None and (stage < self.decisive or settled.modality != "may"):
                    return builder.end(settled)
                return explore(stage + 1, 0, (), settled or pending)
            index = members[at]
            state = states[index]
            without = explore(stage, at + 1, holding, pending) if state is not True else None
            having = explore(stage, at + 1, (*holding, index), pending) if state is not False else None
            if without is None or having is None:
                return having or without  # type: ignore[return-value]
            return builder.node((index,), without, having)

        def finish(pending: Result | None) -> Diagram[Result]:
            if pending is not None:
                return builder.end(pending)
            if complete:
                return builder.end(self._fallback)
            unread = builder.end(Result("unread"))
            return unread if complete is False else builder.node(COMPLETE, unread, builder.end(self._fallback))

        return explore(0, 0, (), None)

    def _settle(self, holding: Sequence[Group]) -> Result | None:
        """The result of the groups of one stage that hold; None when none does."""
        if not holding:
            return None
        standing = [group for group in holding if not any(prevails(other, group) for other in holding)]
        outcomes = tuple(sorted({group.outcome for group in standing}))
        if len(outcomes) != 1:
            return Result("clash", clashing=outcomes or tuple(sorted({group.outcome for group in holding})))
        top = min(group.rank for group in standing)
        modalities = {group.modality for group in standing if group.rank == top}
        modality: Modality | None = "must" if "must" in modalities else "may" if "may" in modalities else None
        return Result("outcome", outcomes[0], modality)


def prevails(one: Group, other: Group) -> bool:
    """特别法, then 新法; only between different outcomes of one level and issuer."""
    if one.outcome == other.outcome or one.rank != other.rank:
        return False
    if set(one.special_to) & other.names:
        return True
    if set(other.special_to) & one.names:
        return False
    return bool(one.issuer) and one.issuer == other.issuer and one.since > other.since


def _groups(rules: Sequence[RuleCode]) -> tuple[Group, ...]:
    targets = {name for rule in rules for name in rule.special_to}
    found: dict[tuple[object, ...], list[int]] = {}
    for index, rule in enumerate(rules):
        if rule.effect is None:
            continue
        ground = rule.standing
        apart = rule.id if rule.id in targets or rule.special_to else ""
        key = (ground.rank, ground.issuer, ground.since.toordinal(), apart, rule.effect.outcome, rule.effect.modality)
        found.setdefault(key, []).append(index)
    groups = []
    for members in found.values():
        rule = rules[members[0]]
        assert rule.effect is not None  # only rules with an outcome were grouped
        groups.append(
            Group(
                rule.standing.rank,
                rule.standing.issuer,
                rule.standing.since.toordinal(),
                rule.special_to,
                rule.effect.outcome,
                rule.effect.modality,
                tuple(members),
                frozenset(rules[index].id for index in members),
            )
        )
    return tuple(groups)


def _stages(groups: Sequence[Group], matter: Matter) -> tuple[tuple[tuple[int, ...], ...], int]:
    """Groups in the order they are consulted, and how many of the stages decide even by a 可以.

    Outcomes that are settled first come first, one stage each; then one stage a level, highest first.
    """
    first = matter.strictness if matter.combine == "strictest" else matter.precedence
    by_outcome = [tuple(i for i, group in enumerate(groups) if group.outcome == outcome) for outcome in first]
    rest = [i for i, group in enumerate(groups) if group.outcome not in first]
    ranks = sorted({groups[i].rank for i in rest})
    by_rank = [tuple(i for i in rest if groups[i].rank == rank) for rank in ranks]
    decisive = [stage for stage in by_outcome if stage]
    return (*decisive, *by_rank), len(decisive)
