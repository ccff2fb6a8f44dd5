"""What to ask next: the facts that can still change the result, those that settle most first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from eco_rules.decision.decision import MissingFact
from eco_rules.engine.diagram import Diagram, Variable, assume, variables
from eco_rules.engine.gist import Gist, Questions
from eco_rules.engine.regime import Regime
from eco_rules.engine.resolution import COMPLETE, Result
from eco_rules.ir.facts import OUTCOME_PREFIX
from eco_rules.ir.nodes import ATOM_KINDS, And, AtLeast, Node, Not, Or, Ref, slots_of
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

    A question of law comes after the questions of fact, which may make it needless. Among those a fact comes
    earlier when it says what the case is about (it is open in the scope of several rules), then when one answer alone leaves fewer results, then when more rules wait for it.
    """
    if len(regimes) == 1:
        gist = regimes[0].gist
        if gist.questions is None:
            gist.questions = _questions((gist,), diagram)
        questions = gist.questions
    else:
        questions = _questions([regime.gist for regime in regimes], diagram)
    asked = questions.asked
    passed_on = {item.fact: item for matter in questions.matters for item in elsewhere(matter)}
    return (*asked.values(), *(item for name, item in passed_on.items() if name not in asked))


def _questions(gists: Sequence[Gist], diagram: Diagram[Result]) -> Questions:
    search = _Search(gists)
    for variable in variables(diagram):
        gist = gists[variable[0]] if len(gists) > 1 else gists[0]
        local = variable[1:] if len(gists) > 1 else variable
        if local == COMPLETE:
            search.unread(gist, variable)
        else:
            search.group(gist, variable, local[0])
    vocabulary = gists[0].stack.table.vocabulary
    order = {name: position for position, name in enumerate(vocabulary.facts)}
    ranked = sorted(
        search.candidates.items(),
        key=lambda item: (
            vocabulary.spec(item[0]).kind == "legal_question",
            *_score(item[1], diagram),
            order[item[0].name],
            str(item[0]),
        ),
    )
    asked = {vocabulary.display(key): describe(vocabulary, key, candidate.rules) for key, candidate in ranked}
    return Questions(asked, tuple(sorted(search.matters)))


class _Look(NamedTuple):
    """What an undecided expression waits for: all its open facts, and those that alone could decide it."""

    open: frozenset[FactKey]
    holds: frozenset[FactKey]
    fails: frozenset[FactKey]


_NOTHING: frozenset[FactKey] = frozenset()
_DECIDED = _Look(_NOTHING, _NOTHING, _NOTHING)


class _Sight:
    """Looks into the undecided expressions of one gist, each once."""

    def __init__(self, gist: Gist) -> None:
        self._gist = gist
        self._seen: dict[int, _Look] = {}
        self.matters: set[str] = set()

    def look(self, index: int) -> _Look:
        """What an expression of the program waits for."""
        if index not in self._seen:
            self._seen[index] = self._node(self._gist.stack.program.expressions[index])
        return self._seen[index]

    def _node(self, node: Node) -> _Look:
        if self._gist.reading.truth(node) is not None:
            return _DECIDED
        if isinstance(node, Ref):
            return self.look(node.index)
        if isinstance(node, Not):
            inner = self._node(node.item)
            return _Look(inner.open, inner.fails, inner.holds)
        if isinstance(node, And | Or | AtLeast):
            return self._several(node)
        return self._atom(node)

    def _several(self, node: And | Or | AtLeast) -> _Look:
        truths = [self._gist.reading.truth(item) for item in node.items]
        parts = [self._node(item) for item, truth in zip(node.items, truths, strict=True) if truth is None]
        count = 1 if isinstance(node, Or) else len(truths) if isinstance(node, And) else node.count
        to_hold = count - truths.count(True)
        to_fail = len(truths) - count + 1 - truths.count(False)
        return _Look(
            _NOTHING.union(*(part.open for part in parts)),
            _often([part.holds for part in parts], to_hold),
            _often([part.fails for part in parts], to_fail),
        )

    def _atom(self, atom: Node) -> _Look:
        assert isinstance(atom, ATOM_KINDS)  # a fixed truth is never unknown
        table, values = self._gist.stack.table, self._gist.values
        found: dict[FactKey, None] = {}
        slots = slots_of(atom)
        # If all are known, what was named is a clause, and less precisely than the test wants.
        for slot in [slot for slot in slots if not is_exact(values[slot])] or slots:
            name = table.slots[slot].key.name
            if name.startswith(OUTCOME_PREFIX):
                self.matters.add(name.removeprefix(OUTCOME_PREFIX))
            else:
                found.update(dict.fromkeys(askable(self._gist, slot)))
        keys = frozenset(found)
        return _Look(keys, keys, keys) if len(keys) == 1 else _Look(keys, _NOTHING, _NOTHING)


def _often(groups: Sequence[frozenset[FactKey]], times: int) -> frozenset[FactKey]:
    """The keys that stand in at least so many of the groups."""
    if times == 1:
        return _NOTHING.union(*groups)
    if times == len(groups):
        return groups[0].intersection(*groups[1:])
    counted = Counter(key for group in groups for key in group)
    return frozenset(key for key, count in counted.items() if count >= times)


class _Search:
    """Collects what the open groups of rules wait for."""

    def __init__(self, gists: Sequence[Gist]) -> None:
        self._sights = {id(gist): _Sight(gist) for gist in gists}
        self.candidates: dict[FactKey, _Candidate] = {}

    @property
    def matters(self) -> set[str]:
        """Other matters whose outcome is waited for."""
        return set().union(*(sight.matters for sight in self._sights.values()))

    def unread(self, gist: Gist, variable: Variable) -> None:
        """The document questions of lists that were not read."""
        for place, layer, index in gist.stack.unread:
            if gist.truths[index] is None:
                candidate = self.candidates.setdefault(FactKey(layer.unread.fact), _Candidate())
                candidate.rules[f"{place}.unread"] = None
                candidate.yes[variable] = True

    def group(self, gist: Gist, variable: Variable, group: int) -> None:
        """The open facts of the undecided rules of one group."""
        sight = self._sights[id(gist)]
        rules = (gist.stack.rules[i] for i in gist.resolver.groups[group].members)
        waiting = [rule for rule in rules if gist.truths[rule.holds] is None]
        failing: Counter[FactKey] = Counter()
        for rule in waiting:
            look, scope = sight.look(rule.holds), sight.look(rule.scope)
            for key in look.open:
                candidate = self.candidates.setdefault(key, _Candidate())
                candidate.rules[rule.id] = None
                if key in scope.open:
                    candidate.scopes.add(rule.id)
            for key in look.holds:
                self.candidates[key].yes[variable] = True
            failing.update(look.fails)
        for key, count in failing.items():
            if count == len(waiting):
                self.candidates[key].no[variable] = False


def askable(gist: Gist, slot: int) -> list[FactKey]:
    """The facts to ask for so that a slot becomes known: itself, or what it is derived from.

    A derived fact is asked for outright when it has a question of its own, or when its inputs are known
    and still do not determine it.
    """
    item = gist.stack.table.slots[slot]
    if item.key.name.startswith(OUTCOME_PREFIX):
        return []
    spec = gist.stack.table.vocabulary.spec(item.key)
    if item.compute is None or spec.question:
        return [item.key]
    unclear = [other for other in item.inputs if not is_exact(gist.values[other])]
    vague = [other for other in item.inputs if _names_clauses(gist, other)]
    found = {key: None for other in unclear or vague for key in askable(gist, other)}
    return list(found) or [item.key]


def _names_clauses(gist: Gist, slot: int) -> bool:
    """Whether a slot may hold names of clauses: known ones may still say too little."""
    key = gist.stack.table.slots[slot].key
    if key.name.startswith(OUTCOME_PREFIX):
        return False
    spec = gist.stack.table.vocabulary.spec(key)
    return spec.type == "clause" or any(field.type == "clause" for field in spec.fields.values())


def _score(candidate: _Candidate, diagram: Diagram[Result]) -> tuple[int, int, int, int]:
    many = 1_000_000
    yes = assume(diagram, candidate.yes) if candidate.yes else many
    no = assume(diagram, candidate.no) if candidate.no else many
    first = 0 if len(candidate.scopes) > 1 else 1
    return (first, min(yes, no), yes + no, -len(candidate.rules))


def describe(vocabulary: Vocabulary, key: FactKey, rules: Iterable[str]) -> MissingFact:
    """A missing fact as the decision shows it."""
    spec = vocabulary.spec(key)
    return MissingFact.made(
        fact=vocabulary.display(key),
        kind=spec.kind,
        label=vocabulary.label(key),
        question=vocabulary.question(key),
        would_settle=tuple(rules),
        type=spec.type,
        unit=spec.unit,
        values=dict(spec.values),
    )
