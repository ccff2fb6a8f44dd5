"""Relevance leaves out only what cannot change the result, for every kind of case at once."""

from __future__ import annotations

import random
from itertools import product

from eco_rules.batch.relevance import Masks, Relevance
from eco_rules.ir.evaluate import truth_of
from eco_rules.ir.nodes import And, AtLeast, Atom, Equals, Fixed, Node, Not, Or, Program, Ref
from eco_rules.truth import Truth

SLOTS = 4
CASES = list(product((True, False, None), repeat=SLOTS))


def node(at: random.Random, earlier: int, depth: int) -> Node:
    kind = at.random()
    if depth == 0 or kind < 0.2:
        if earlier and at.random() < 0.4:
            return Ref(at.randrange(earlier))
        return Fixed(at.random() < 0.5) if at.random() < 0.1 else Equals(at.randrange(SLOTS), True)
    if kind < 0.3:
        return Not(node(at, earlier, depth - 1))
    items = tuple(node(at, earlier, depth - 1) for _ in range(at.randint(1, 3)))
    return And(items) if kind < 0.55 else Or(items) if kind < 0.8 else AtLeast(at.randint(0, len(items) + 1), items)


def truths(program: Program, case: tuple[Truth, ...]) -> list[Truth]:
    found: list[Truth] = []
    for expression in program.expressions:
        found.append(truth_of(expression, case, found))
    return found


def masks(atom: Atom) -> Masks:
    """Each case is a kind."""
    must = sum(1 << bit for bit, case in enumerate(CASES) if case[atom.slot] is True)
    return must, sum(1 << bit for bit, case in enumerate(CASES) if case[atom.slot] is not False)


def test_what_is_left_out_cannot_change_the_result() -> None:
    at = random.Random(20261124)
    left_out = kept = 0
    for _ in range(60):
        program = Program(SLOTS, tuple(node(at, index, 3) for index in range(4)))
        root = len(program.expressions) - 1
        found = Relevance(program, masks, (1 << len(CASES)) - 1).atoms({root: (1 << len(CASES)) - 1})
        for bit, case in enumerate(CASES):
            before = truths(program, case)[root]
            relevant = {atom.slot for atom, kinds in found.items() if kinds >> bit & 1}
            assert (before is None) == bool(relevant), "an open result waits for something, a settled one for nothing"
            for slot in range(SLOTS):
                if case[slot] is None and slot not in relevant:
                    left_out += 1
                    for value in (True, False):
                        assert truths(program, (*case[:slot], value, *case[slot + 1 :]))[root] is before
                elif slot in relevant:
                    kept += 1
                    assert case[slot] is None
    assert min(left_out, kept) > 1000


def test_only_the_kinds_that_are_asked_for_are_looked_at() -> None:
    program = Program(SLOTS, (Or((Equals(0, True), Equals(1, True))),))
    found = Relevance(program, masks, (1 << len(CASES)) - 1).atoms({0: 1 << CASES.index((None, False, None, None))})
    assert found == {Equals(0, True): 1 << CASES.index((None, False, None, None))}
