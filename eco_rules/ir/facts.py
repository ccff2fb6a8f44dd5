"""Fact keys → slots: inputs first, derivations lowered, presumptions typed."""

from __future__ import annotations

from collections.abc import Mapping

from eco_rules.diagnostics import Problems
from eco_rules.ir.derive import derive
from eco_rules.ir.nodes import Fixed
from eco_rules.ir.scope import Scope, Where
from eco_rules.ir.slots import Slot, SlotTable
from eco_rules.ir.vocabulary import FactKey, ValueProblemError
from eco_rules.loading.yamldoc import SourceMap
from eco_rules.model.condition import Path
from eco_rules.source import Source, Span
from eco_rules.words import Text

OUTCOME_PREFIX = "@"


def outcome_key(question: str) -> FactKey:
    """Key of the slot that holds another matter's possible outcomes; see `outcome_question`."""
    return FactKey(OUTCOME_PREFIX + question)


def outcome_question(matter: str, at: str | None) -> str:
    """Another matter, judged on the case's own dates (`matter`) or as if decided on one of them (`matter@act_date`)."""
    return f"{matter}@{at}" if at else matter


def matter_asked(question: str) -> str:
    """The matter of an outcome question."""
    return question.partition("@")[0]


class FactSlots:
    """Hands out slots for facts, making them (and what they depend on) on first use."""

    def __init__(self, table: SlotTable, origins: Mapping[str, SourceMap], problems: Problems) -> None:
        self._table = table
        self._origins = origins
        self._problems = problems
        self._open: list[FactKey] = []

    def slot_of(self, key: FactKey) -> int:
        """Index of the fact's slot."""
        known = self._table.find(key)
        if known is not None:
            return known
        if key in self._open:
            names = " → ".join(str(item) for item in [*self._open, key])
            message = Text(f"事实项循环推导：{names}", f"facts derive from each other: {names}")
            self._problems.add("E308", message, self._where(key)(()))
            return self._table.add(Slot(key))
        self._open.append(key)
        slot = self._make(key)
        self._open.pop()
        known = self._table.find(key)
        return self._table.add(slot) if known is None else known

    def _make(self, key: FactKey) -> Slot:
        spec = self._table.vocabulary.spec(key)
        presumed = None
        if spec.presume is not None:
            try:
                presumed = self._table.vocabulary.parse(key, spec.presume.value)
            except ValueProblemError as problem:
                span = self._where(key)(("presume", "value"))
                self._problems.add("E302", problem.message, span, problem.hint)
        if spec.derive is None:
            return Slot(key, presumed=presumed)
        derived = derive(spec.derive, spec, self._scope(key))
        if derived is None:
            return Slot(key, presumed=presumed)
        return Slot(key, derived.compute, derived.inputs, presumed, derived.formula)

    def _scope(self, key: FactKey) -> Scope:
        where = self._where(key)

        def refuse(what: object, path: Path) -> Fixed:
            message = Text(f"推导式中不能引用 `{what}`", f"a derivation cannot refer to `{what}`")
            self._problems.add("E304", message, where(path))
            return Fixed(value=False)

        return Scope(
            table=self._table,
            slot_of=self.slot_of,
            parameters=dict(key.arguments),
            named=refuse,
            outcome_of=lambda condition: refuse(condition.matter, condition.path),
            problems=self._problems,
            where=lambda path: where(("derive", *path)),
        )

    def _where(self, key: FactKey) -> Where:
        origin = self._origins.get(key.name)

        def where(path: Path) -> Span:
            if origin is None:
                return Span(Source("<facts>", ""), 1, 1, 1, 1)
            return origin.key(("facts", key.name, *path))

        return where
