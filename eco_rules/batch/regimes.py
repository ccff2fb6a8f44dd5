"""Which law governs which rows: rows under the same laws are decided together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from eco_rules.backends.columnar import Coded, Column, Constant
from eco_rules.engine.border import Header, Stated
from eco_rules.engine.engine import Engine
from eco_rules.engine.regime import Prepared
from eco_rules.engine.sitting import Sitting
from eco_rules.model.case import Case
from eco_rules.model.matter import Matter

LawKey = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Regimes:
    """The laws that govern some rows, oldest first, and which date's law each of them is."""

    key: LawKey
    prepared: tuple[Prepared, ...]
    dates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Governed:
    """Rows under the same laws; `regimes` is None where only the row engine can tell."""

    regimes: Regimes | None
    rows: pl.Series


class Laws:
    """Tells for places and dates which laws govern; what it finds is kept, as an engine keeps its stacks."""

    def __init__(self, engine: Engine, matter: Matter) -> None:
        self._engine = engine
        self._matter = matter
        self._tokens: dict[LawKey, int] = {}
        self._stacks: dict[tuple[str, date], LawKey] = {}
        self._found: dict[tuple[int, int], Regimes | None] = {}

    def groups(self, place: Column, act: Column, decision: Column, rows: pl.Series) -> Iterator[Governed]:
        """The rows by the laws that govern them."""
        places, acts, decisions = (_listed(column, rows) for column in (place, act, decision))
        keys = [self._law_keys(places, days, rows) for days in (acts, decisions)]
        size = len(self._tokens) + 1
        for key, part in _parted(keys[0] * size + keys[1], rows):
            first, second = divmod(key, size)
            at = part[0]
            if (first, second) not in self._found:
                self._found[first, second] = self._regimes(
                    str(place.value(at)), act.value(at), decision.value(at), (first, second)
                )
            yield Governed(self._found[first, second], part)

    def _law_keys(self, places: Coded, days: Coded, rows: pl.Series) -> pl.Series:
        """For each row a number for the law of its place on its day: equal where the law is."""
        table = [
            self._token(str(place), day) if isinstance(day, date) else 0
            for place in places.values
            for day in days.values
        ]
        if len(set(table)) == 1:
            return pl.Series("key", [table[0]], dtype=pl.UInt32).new_from_index(0, len(rows))
        key = places.codes[rows].cast(pl.UInt32) * len(days.values) + days.codes[rows]
        return pl.Series(table, dtype=pl.UInt32)[key]

    def _token(self, place: str, day: date) -> int:
        key = self._stacks.get((place, day))
        if key is None:
            prepared = self._engine.prepared(self._matter, place, day)
            key = self._stacks[place, day] = (id(prepared), prepared.law_on(day))
        return self._tokens.setdefault(key, len(self._tokens) + 1)

    def _regimes(self, place: str, act: object, decision: object, key: LawKey) -> Regimes | None:
        """The laws of a representative row, found as for a single case."""
        assert isinstance(decision, date)  # rows without one are not read here
        day = act if isinstance(act, date) else None
        header = Header(place, day, day, decision)
        case = Case(jurisdiction=place, decision_date=decision)
        sitting = Sitting(self._engine, case, header, Stated({}, {}, {}))
        days = sitting.days(self._matter)
        procedure = sitting.procedure_day(self._matter)
        prepared = []
        for on in days.values():
            if on is None:
                return None
            prepared.append(self._engine.prepared(self._matter, place, on, procedure))
        if any(item.stack.asks or not item.stack.files for item in prepared):
            return None
        return Regimes(key, tuple(prepared), tuple(days))


def _parted(keys: pl.Series, rows: pl.Series) -> Iterator[tuple[int, pl.Series]]:
    """The rows of each key."""
    if keys.min() == keys.max():
        yield keys[0], rows
        return
    frame = pl.DataFrame({"key": keys, "row": rows})
    for (key,), part in frame.partition_by("key", as_dict=True, maintain_order=True).items():
        yield key, part["row"]


def _listed(column: Column, rows: pl.Series) -> Coded:
    if isinstance(column, Constant):
        height = int(rows.max() or 0) + 1  # type: ignore[arg-type]
        return Coded(pl.zeros(height, pl.UInt8, eager=True), [column.only])
    assert isinstance(column, Coded)  # places and dates are read cell by cell
    return column
