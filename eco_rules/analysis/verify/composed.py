"""Stacks together with those of the matters they ask, whose outcomes then are what their own rules come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import z3

from eco_rules.analysis.verify.encoding import Encoding, Facts
from eco_rules.analysis.verify.resolved import Resolved, resolved
from eco_rules.engine.engine import Engine
from eco_rules.engine.resolution import Resolver
from eco_rules.ir.facts import matter_asked, outcome_key
from eco_rules.ir.lower import Stack


@dataclass(frozen=True, slots=True)
class Composed:
    """The facts of stacks and of all matters they rest on; `bound` ties the outcomes they read to their rules."""

    facts: Facts
    bound: tuple[z3.BoolRef, ...]


def compose(engine: Engine, stacks: Sequence[Stack], place: str, day: date) -> Composed:
    """Take in every stack that stacks rest on, directly or not."""
    asked = {name: other for stack in stacks for name, other in _asked(engine, stack, place, day)}
    facts = Facts(engine.rulesets, [*stacks, *asked.values()], day)
    return Composed(facts, tuple(_bound(facts, asked)))


def _asked(engine: Engine, stack: Stack, place: str, day: date) -> Iterator[tuple[str, Stack]]:
    """The stacks behind the outcomes a stack reads, by question, on a day that is that of act and decision."""
    for question in stack.asks:
        other = engine.prepared(engine.rulesets.matters[matter_asked(question)], place, day).stack
        yield question, other
        yield from _asked(engine, other, place, day)


def _bound(facts: Facts, asked: dict[str, Stack]) -> Iterator[z3.BoolRef]:
    """Where the rules of a matter come to an outcome, that is its outcome; where they do not, it may be stated."""
    for question, stack in asked.items():
        variable = facts.variables.get(outcome_key(question))
        if variable is None or not stack.files:
            continue
        result = result_of(Encoding(facts, stack))
        for name, follows in result.outcome.items():
            yield z3.Implies(follows, variable.same(name))


def result_of(encoding: Encoding) -> Resolved:
    """What the rules of a stack come to in a fully known case."""
    stack, resolver = encoding.stack, Resolver(encoding.stack)
    holds = [[encoding.formula(stack.rules[index].holds) for index in group.members] for group in resolver.groups]
    return resolved(resolver, stack.matter, [z3.Or(items) for items in holds], encoding.formula(stack.complete))
