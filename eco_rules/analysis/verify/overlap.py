"""Rules that hold together and say different things, and which of them prevails: nothing wrong, but worth knowing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import NamedTuple, TypeAlias

import z3

from eco_rules.analysis.verify.composed import result_of
from eco_rules.analysis.verify.encoding import Encoding
from eco_rules.analysis.verify.witness import Answer
from eco_rules.decision.decision import Decision
from eco_rules.engine.resolution import Group, Resolver, prevails
from eco_rules.ir.lower import Stack
from eco_rules.model.case import Case
from eco_rules.model.matter import Matter
from eco_rules.words import Text

Find: TypeAlias = Callable[[z3.BoolRef, Callable[[Case, Decision], bool]], Answer]

STRICTEST = Text("从严：在前的结论优先", "the stricter outcome is taken")
PRECEDENCE = Text("该事项规定的先后", "the order of outcomes of the matter")
LEVEL = Text("效力位阶较高", "the higher level")
DISCRETION = Text(
    "上位规则只是“可以”，下位规则予以明确", "the higher rule leaves a discretion, which the lower settles"
)
SPECIAL = Text("特别法优先", "the special rule")
NEWER = Text("新法优先", "the newer instrument")


class Overlap(NamedTuple):
    """The rules that prevail in the case and those that stand back, and why."""

    wins: tuple[str, ...]
    others: tuple[str, ...]
    why: Text
    answer: Answer


def overlaps(stack: Stack, encoding: Encoding, find: Find) -> Iterator[Overlap]:
    """One overlap for every two groups of rules that can hold together, one of them carrying the result."""
    result = result_of(encoding)
    groups = [group for group in Resolver(stack).groups if stack.rules[group.members[0]].file]  # no unread lists
    holds = [z3.Or([encoding.formula(stack.rules[index].holds) for index in group.members]) for group in groups]
    for one, other in permutations(range(len(groups)), 2):
        winner, loser = groups[one], groups[other]
        why = _why(stack.matter, winner, loser)
        if winner.outcome == loser.outcome or why is None:
            continue
        confirmed = _Confirmed(winner, loser)
        answer = find(z3.And(holds[one], holds[other], result.outcome[winner.outcome]), confirmed)
        if not answer.none:
            yield Overlap(*confirmed.names, why, answer)


class _Confirmed:
    """Confirms that a group carries a decision and another stands back, and keeps the rules that do."""

    def __init__(self, winner: Group, loser: Group) -> None:
        self._groups = winner, loser
        self.names = tuple(sorted(winner.names)), tuple(sorted(loser.names))

    def __call__(self, _case: Case, decision: Decision) -> bool:
        if decision.status != "determined":
            return False
        winner, loser = self._groups
        wins = tuple(item.rule for item in decision.findings if item.rule in winner.names)
        back = tuple(item.rule for item in decision.defeated if item.reason == "rank" and item.rule in loser.names)
        if wins and back:
            self.names = wins, back
        return bool(wins and back)


def _why(matter: Matter, winner: Group, loser: Group) -> Text | None:
    """Why one group prevails over another; None where it does not."""
    order = matter.strictness if matter.combine == "strictest" else matter.precedence
    places = [order.index(group.outcome) if group.outcome in order else len(order) for group in (winner, loser)]
    if places[0] != places[1]:
        named = STRICTEST if matter.combine == "strictest" else PRECEDENCE
        return named if places[0] < places[1] else None
    if winner.rank != loser.rank:
        if winner.rank < loser.rank:
            return LEVEL
        return DISCRETION if loser.modality == "may" else None
    if prevails(winner, loser):
        return SPECIAL if set(winner.special_to) & loser.names else NEWER
    return None
