"""What to ask next: the facts that can still change the result, those that settle most first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from eco_rules.decision.decision import MissingFact
from eco_rules.engine.diagram import Diagram, Variable, assume, variables
from eco_rules.engine.regime import Regime
from eco_rules.engine.resolution import COMPLETE, Result
from eco_rules.ir.facts import OUTCOME_PREFIX
from eco_rules.ir.nodes import slots_of
from eco_rules.ir.vocabulary import FactKey, Vocabulary
from eco_rules.values.kinds import is_exact

Elsewhere = Callable[[str], tuple[MissingFact, ...]]


@dataclass(slots=True)
class _Candidate:
    """A fact that could be asked, and what depends on it."""

    rules: dict[str, None] = field(default_factory=dict)
    scopes: set[str] = field(default_factory=set)
    yes: dict[Variable, bool] = field(default_factory=dict)
    no: dict[Variable, bool] = field(default_factory=dict)


def missing_facts(
    regimes: tuple[Regime, ...], diagram: Diagram[Result], elsewhere: Elsewhere
) -> tuple[MissingFact, ...]:
    """The facts the result still depends on; `elsewhere` gives those of another matter.

    A fact comes earlier when it says what the case is about (it is open in the scope of several rules),
    then when one answer alone leaves fewer results, then when more rules wait for it.
    """
    search = _Search(elsewhere)
    for variable in variables(diagram):
        regime = regimes[variable[0]] if len(regimes) > 1 else regimes[0]
        local = variable[1:] if len(regimes) > 1 else variable
        if local == COMPLETE:
            search.unread(regime, variable)
        else:
            search.group(regime, variable, local[0])
    ranked = sorted(search.candidates.items(), key=lambda item: _score(item[1], diagram))
    vocabulary = regimes[0].stack.table.vocabulary
    asked = {vocabulary.display(key): describe(vocabulary, key, candidate.rules) for key, candidate in ranked}
    return (*asked.values(), *(item for name, item in search.passed_on.items() if name not in asked))


class _Search:
    """Collects what the open groups of rules wait for."""

    def __init__(self, elsewhere: Elsewhere) -> None:
        self._elsewhere = elsewhere
        self.candidates: dict[FactKey, _Candidate] = {}
        self.passed_on: dict[str, MissingFact] = {}

    def unread(self, regime: Regime, variable: Variable) -> None:
        """The document questions of lists that were not read."""
        for place, layer, index in regime.stack.unread:
            if regime.truths[index] is None:
                candidate = self.candidates.setdefault(FactKey(layer.unread.fact), _Candidate())
                candidate.rules[f"{place}.unread"] = None
                candidate.yes[variable] = True

    def group(self, regime: Regime, variable: Variable, group: int) -> None:
        """The open facts of the undecided rules of one group."""
        rules = (regime.stack.rules[i] for i in regime.prepared.resolver.groups[group].members)
        waiting = [rule for rule in rules if regime.truths[rule.holds] is None]
        failing: dict[FactKey, int] = {}
        for rule in waiting:
            node = regime.stack.program.expressions[rule.holds]
            scope = self._open(regime, rule.scope)
            for key, slots in self._open(regime, rule.holds).items():
                candidate = self.candidates.setdefault(key, _Candidate())
                candidate.rules[rule.id] = None
                if key in scope:
                    candidate.scopes.add(rule.id)
                holds, fails = regime.reading.controls(node, slots)
                if holds:
                    candidate.yes[variable] = True
                failing[key] = failing.get(key, 0) + fails
        for key, count in failing.items():
            if count == len(waiting):
                self.candidates[key].no[variable] = False

    def _open(self, regime: Regime, index: int) -> dict[FactKey, frozenset[int]]:
        """The facts an expression waits for, each with the slots it would fill."""
        found: dict[FactKey, frozenset[int]] = {}
        table = regime.stack.table
        for atom in regime.reading.open_atoms(regime.stack.program.expressions[index]):
            for slot in slots_of(atom):
                name = table.slots[slot].key.name
                if name.startswith(OUTCOME_PREFIX):
                    matter = name.removeprefix(OUTCOME_PREFIX)
                    self.passed_on.update({item.fact: item for item in self._elsewhere(matter)})
                elif not is_exact(regime.filling.values[slot]):
                    for key in askable(regime, slot):
                        found[key] = found.get(key, frozenset()) | {slot}
        return found


def askable(regime: Regime, slot: int) -> list[FactKey]:
    """The facts to ask for so that a slot becomes known: itself, or what it is derived from.

    A derived fact is asked for outright when it has a question of its own, or when its inputs are known
    and still do not determine it.
    """
    item = regime.stack.table.slots[slot]
    if item.key.name.startswith(OUTCOME_PREFIX):
        return []
    spec = regime.stack.table.vocabulary.spec(item.key)
    if item.compute is None or spec.question:
        return [item.key]
    found: dict[FactKey, None] = {}
    for other in item.inputs:
        if not is_exact(regime.filling.values[other]):
            found.update(dict.fromkeys(askable(regime, other)))
    return list(found) or [item.key]


def _score(candidate: _Candidate, diagram: Diagram[Result]) -> tuple[int, int, int, int]:
    many = 1_000_000
    yes = assume(diagram, candidate.yes) if candidate.yes else many
    no = assume(diagram, candidate.no) if candidate.no else many
    first = 0 if len(candidate.scopes) > 1 else 1
    return (first, min(yes, no), yes + no, -len(candidate.rules))


def describe(vocabulary: Vocabulary, key: FactKey, rules: Iterable[str]) -> MissingFact:
    """A missing fact as the decision shows it."""
    spec, label = vocabulary.spec(key), vocabulary.label(key)
    return MissingFact.model_construct(
        fact=vocabulary.display(key),
        kind=spec.kind,
        label=label,
        question=vocabulary.question(key) or f"{label}？",
        would_settle=tuple(rules),
        type=spec.type,
        unit=spec.unit,
        values=dict(spec.values),
    )
