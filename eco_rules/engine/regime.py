"""One matter under the law of one day: values, verdicts, and the diagram of what can follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeAlias

from eco_rules.backends.base import Backend, Evaluate
from eco_rules.diagnostics import Diagnostic
from eco_rules.engine.applicability import Applicable
from eco_rules.engine.diagram import Diagram
from eco_rules.engine.gist import Gist, Gists, tests_of
from eco_rules.engine.resolution import Resolver, Result
from eco_rules.errors import BackendError
from eco_rules.ir.atoms import evaluate_atom
from eco_rules.ir.explain import Reading
from eco_rules.ir.lower import Stack
from eco_rules.ir.narrow import guard_of
from eco_rules.ir.nodes import ATOM_KINDS, Atom, Below, Equals, slots_of, walk
from eco_rules.ir.slots import Filling
from eco_rules.ir.vocabulary import FactKey
from eco_rules.truth import Truth
from eco_rules.values.kinds import Value, is_exact
from eco_rules.words import Text

Observer: TypeAlias = Callable[[Stack, Sequence[Value], Sequence[Truth]], None]
"""Is told of every evaluation: what was in force, the value of every slot, the truth of every expression."""

_ROOM = 256
"""Kinds of cases with a stack of their own where any combination of values makes a kind."""


class Prepared:
    """A stack with its resolver and evaluators, made once and shared by all cases.

    What is made from it is made when the first case needs it.
    """

    def __init__(
        self,
        stack: Stack,
        applicable: Applicable,
        procedure_day: date,
        backend: Backend,
        second: Backend | None,
        observer: Observer | None = None,
        gists: Gists | None = None,
    ) -> None:
        self.stack = stack
        self.applicable = applicable
        self.procedure_day = procedure_day
        self._backend = backend
        self._second = second
        self.observer = observer
        self._gists = gists
        # Who observes wants to see the rules a case is not about, too.
        self._guard = guard_of(stack) if observer is None else None
        self._narrowed: dict[Value, Prepared] = {}

    @cached_property
    def resolver(self) -> Resolver:
        """Resolution among the rules."""
        return Resolver(self.stack)

    @cached_property
    def evaluate(self) -> Evaluate:
        """The evaluator that decides, made when the first case needs it."""
        return self._backend(self.stack.program)

    @cached_property
    def _tests(self) -> Evaluate:
        return self._backend(tests_of(self.stack))

    def gist(self, values: Sequence[Value]) -> Gist:
        """What a case with these values comes to, worked out for the first whose tests come out so.

        Raises:
            BackendError: the two evaluators disagree about some rule (E804).
        """
        if self._gists is None:
            return self._drawn(values)
        tested = tuple(self._tests(values))
        found = self._gists.find(self.stack, tested)
        if found is None:
            found = self._drawn(values)
            self._gists.keep(self.stack, tested, found)
        return found

    def _drawn(self, values: Sequence[Value]) -> Gist:
        truths = self.evaluate(values)
        if self.second is not None:
            _compare(self.stack, truths, self.second(values))
        return Gist(self.stack, self.resolver, values, truths)

    @cached_property
    def second(self) -> Evaluate | None:
        """The evaluator that checks, where there is one."""
        return self._second(self.stack.program) if self._second else None

    def narrowed(self, stated: Mapping[FactKey, Value]) -> Prepared:
        """What is left of it for a case that says what it is about.

        As many kinds of cases as there is room for get their own; the rest is evaluated whole.
        """
        guard = self._guard
        if guard is None:
            return self
        value = stated.get(guard.key)
        if value is None or not is_exact(value):
            return self
        kind = guard.kind(value)
        found = self._narrowed.get(kind)
        if found is None:
            if len(self._narrowed) >= _ROOM and not guard.names_values:
                return self
            # Two threads may both get here; they make equal values, and one of them stays.
            found = self._narrowed[kind] = Prepared(
                guard.part(value),
                self.applicable,
                self.procedure_day,
                self._backend,
                self._second,
                gists=self._gists,
            )
        return found

    def law_on(self, day: date) -> tuple[object, ...]:
        """What governs on `day`: equal for two days when the same rules say the same."""
        tested = tuple(evaluate_atom(atom, _OneValue(day)) for atom in self._dated)
        return self._law, tested, day if self._moves_daily else None

    @cached_property
    def turns(self) -> frozenset[date]:
        """Days that may differ from the day before by what the rules want of the law's own date."""
        named = {value for atom in self._dated for value in _constants(atom)}
        return frozenset(named | {day + timedelta(days=1) for day in named if day < date.max})

    @cached_property
    def _law(self) -> frozenset[tuple[object, ...]]:
        """Tells apart stacks whose rules differ."""
        law: set[tuple[object, ...]] = {
            (rule.id, rule.file.ruleset.effective.start if rule.file else None, rule.standing.rank)
            for rule in self.stack.rules
        }
        return frozenset(law | {("unread", place, layer.unread.fact) for place, layer, _ in self.stack.unread})

    @cached_property
    def _dated(self) -> tuple[Atom, ...]:
        """The tests of the law's own date by itself."""
        return tuple(atom for atom in self._tests_of_date if slots_of(atom) == (self._date_slot,))

    @cached_property
    def _moves_daily(self) -> bool:
        """Whether something is counted from the law's own date, or it is compared with another: each day may differ."""
        counted = any(self._date_slot in slot.inputs and slot.condition is None for slot in self.stack.table.slots)
        return counted or len(self._dated) < len(self._tests_of_date)

    @property
    def _date_slot(self) -> int | None:
        return self.stack.table.find(FactKey("law_date"))

    @cached_property
    def _tests_of_date(self) -> tuple[Atom, ...]:
        """Every test that reads the law's own date, in rules and in what facts derive from."""
        derived = [slot.condition for slot in self.stack.table.slots if slot.condition is not None]
        nodes = (node for expression in (*self.stack.program.expressions, *derived) for node in walk(expression))
        tests = (node for node in nodes if isinstance(node, ATOM_KINDS))
        return tuple(dict.fromkeys(atom for atom in tests if self._date_slot in slots_of(atom)))


def _constants(atom: Atom) -> Iterator[date]:
    """The day an atom compares with."""
    value = atom.limit if isinstance(atom, Below) else atom.value if isinstance(atom, Equals) else None
    if isinstance(value, date):
        yield value


class _OneValue(Sequence[Value]):
    """Every slot holds the same value."""

    def __init__(self, value: Value) -> None:
        self._value = value

    def __getitem__(self, _index: object) -> Any:
        return self._value

    def __len__(self) -> int:
        return 1


@dataclass(slots=True, eq=False)
class Regime:
    """A case under the law of `day`; `answered` names the matters whose outcome the case states itself."""

    day: date
    prepared: Prepared
    filling: Filling
    gist: Gist
    answered: frozenset[str]

    @property
    def stack(self) -> Stack:
        """The rules and slots."""
        return self.prepared.stack

    @property
    def truths(self) -> Sequence[Truth]:
        """The truth of every expression."""
        return self.gist.truths

    @property
    def reading(self) -> Reading:
        """Why expressions have their truth."""
        return self.gist.reading

    @property
    def diagram(self) -> Diagram[Result]:
        """The result as a function of what is open."""
        return self.gist.diagram


def evaluate(
    prepared: Prepared, stated: Mapping[FactKey, Value], day: date, answered: frozenset[str] = frozenset()
) -> Regime:
    """Evaluate one case.

    Raises:
        BackendError: the two evaluators disagree about some rule (E804).
    """
    stack = prepared.stack
    filling = stack.table.fill(stated)
    gist = prepared.gist(filling.values)
    if prepared.observer is not None:
        prepared.observer(stack, filling.values, gist.truths)
    return Regime(day, prepared, filling, gist, answered)


def _compare(stack: Stack, first: Sequence[Truth], second: Sequence[Truth]) -> None:
    wrong = [rule.id for rule in stack.rules if first[rule.holds] is not second[rule.holds]]
    if list(first) != list(second):
        names = ", ".join(wrong) or "?"
        message = Text(
            f"两个引擎对规则 {names} 的判断不同，拒绝作答",
            f"the two engines disagree about {names}; no answer is given",
        )
        raise BackendError([Diagnostic("E804", message)])
