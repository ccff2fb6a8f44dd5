"""What a case comes to, as far as that depends on how its tests come out and not on the values behind them.

Two cases of one place and day whose facts pass, fail and leave open the same tests have the same result for the
same reasons, ask for the same facts and differ in the values quoted only. So each such gist is drawn once
and kept: the second case costs its tests and a look.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, TypeAlias

from eco_rules.decision.decision import MissingFact, Possible, Status
from eco_rules.engine.diagram import Diagram, leaves
from eco_rules.engine.draft import Draft
from eco_rules.engine.resolution import Resolver, Result, outcomes_of, status_of
from eco_rules.ir.explain import Reading
from eco_rules.ir.facts import OUTCOME_PREFIX
from eco_rules.ir.lower import RuleCode, Stack
from eco_rules.ir.nodes import ATOM_KINDS, Atom, Below, Known, Program, slots_of, walk
from eco_rules.model.matter import Matter
from eco_rules.truth import Truth
from eco_rules.values.kinds import Value

Tested: TypeAlias = tuple[Truth, ...]
"""How the tests of a program come out for a case."""

_ROOM = 200_000
"""Truths kept for one engine, 40 to 220 bytes each with all that hangs on them."""


class Conclusion(NamedTuple):
    """The bare answer: the status, and the outcomes that are still possible."""

    status: Status
    outcomes: tuple[str, ...]


class Questions(NamedTuple):
    """What to ask: facts by name, and the other matters whose outcome is waited for."""

    asked: dict[str, MissingFact]
    matters: tuple[str, ...]


class Gist:
    """Truths, what follows from them, and why; `values` are those of the first such case."""

    def __init__(self, stack: Stack, resolver: Resolver, values: Sequence[Value], truths: Sequence[Truth]) -> None:
        self.stack = stack
        self.resolver = resolver
        self.values = values
        self.truths = truths
        self.reading = Reading(stack.program, values, truths)
        self.states = resolver.states(stack.rules, truths)
        self.diagram: Diagram[Result] = resolver.diagram(self.states, truths[stack.complete])
        self.questions: Questions | None = None
        self.draft: Draft | None = None
        self._carrying: dict[str | None, tuple[RuleCode, ...]] = {}
        self._used: dict[int, tuple[int, ...]] = {}

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """Every result still possible; none where nothing is in force."""
        return tuple(leaves(self.diagram)) if self.stack.files else ()

    @cached_property
    def conclusion(self) -> Conclusion:
        """The bare answer."""
        return conclusion(status_of(self.results) if self.results else "not_applicable", self.results)

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes still possible, if nothing else is."""
        return outcomes_of(self.results)

    def carrying(self, outcome: str | None) -> tuple[RuleCode, ...]:
        """Rules that hold with this outcome, highest level first."""
        if outcome not in self._carrying:
            found = [rule for rule in self.stack.rules if rule.effect and rule.effect.outcome == outcome]
            held = [rule for rule in found if self.truths[rule.holds]]
            self._carrying[outcome] = tuple(sorted(held, key=_prominence))
        return self._carrying[outcome]

    def slots_used(self, index: int) -> tuple[int, ...]:
        """Slots of the facts that made an expression true, dates of the case's header left out."""
        if index not in self._used:
            node, table = self.stack.program.expressions[index], self.stack.table
            slots = dict.fromkeys(slot for atom in self.reading.deciding_atoms(node) for slot in slots_of(atom))
            self._used[index] = tuple(slot for slot in slots if _is_stated(table.slots[slot].key.name, self.stack))
        return self._used[index]


def conclusion(status: Status, results: Sequence[Result]) -> Conclusion:
    """The bare answer for these results."""
    return Conclusion(status, tuple(dict.fromkeys(item.outcome for item in results if item.outcome is not None)))


def possible(matter: Matter, results: Sequence[Result]) -> tuple[Possible, ...]:
    """Results that are outcomes, as a decision shows them."""
    labels = matter.outcomes
    return tuple(
        Possible.made(outcome=item.outcome, modality=item.modality, label=labels[item.outcome])
        for item in results
        if item.outcome is not None
    )


def _prominence(rule: RuleCode) -> tuple[int, bool]:
    return rule.standing.rank, rule.effect is not None and rule.effect.modality != "must"


def _is_stated(name: str, stack: Stack) -> bool:
    return not name.startswith(OUTCOME_PREFIX) and not stack.table.vocabulary.facts[name].header


def tests_of(stack: Stack) -> Program:
    """The tests that tell gists apart: every atom, and whether more could be learnt about what others derive from."""
    found: dict[Atom, None] = {}
    looked_through = {other for index in stack.table.filled for other in stack.table.slots[index].inputs}
    for expression in stack.program.expressions:
        for node in walk(expression):
            if isinstance(node, ATOM_KINDS):
                found[node] = None
                if isinstance(node, Below) and node.other is not None:
                    looked_through |= {node.slot, node.other}
    found.update(dict.fromkeys(map(Known, sorted(looked_through))))
    return Program(stack.program.slots, tuple(found))


class Gists:
    """The gists drawn so far, as many as there is room for; who fills the room up begins anew."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, Tested], Gist] = {}
        self._room = _ROOM

    def find(self, stack: Stack, tested: Tested) -> Gist | None:
        """The gist of cases of this stack whose tests came out so, if it was drawn; stacks live as long as their engine."""
        return self._kept.get((id(stack), tested))

    def keep(self, stack: Stack, tested: Tested, gist: Gist) -> None:
        """Keep a gist. Two threads may keep equal ones; one of them stays."""
        self._room -= len(tested) + len(gist.truths)
        if self._room < 0:
            self._kept, self._room = {}, _ROOM
        self._kept[id(stack), tested] = gist
