"""A frame of cases decided in columns where that is exact, and row by row where it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import polars as pl

from eco_rules.backends.columnar import Bits, Column, Constant, both, either, neither
from eco_rules.batch.axes import Reading, shape
from eco_rules.batch.classes import Verdict, classify
from eco_rules.batch.columns import Typed, day_column, fact_column, indices, picked, place_column
from eco_rules.batch.job import Job, engine_of, matter_of
from eco_rules.batch.law import Facts, Law, Settled
from eco_rules.batch.layout import Layout
from eco_rules.batch.patterns import ALONE, Patterns
from eco_rules.batch.questions import AT_ONCE, asked
from eco_rules.batch.regimes import Governed, Laws, Regimes
from eco_rules.batch.rows import Answer, Reject, RowJudge
from eco_rules.diagnostics import Diagnostic
from eco_rules.engine.engine import Engine
from eco_rules.engine.regime import Prepared
from eco_rules.errors import BackendError
from eco_rules.ir.vocabulary import FactKey
from eco_rules.model.matter import Matter
from eco_rules.words import Lang, Text

_ANSWERS_KEPT, _ROOM, _SHAPES_KEPT = 50_000, 1 << 24, 256
"""Different answers, numbered patterns and sets of them up to which they are kept from one shard to the next."""

_WORTH_IT = 2000
"""Rows under the same laws from which on patterns are made."""


Cells: TypeAlias = tuple[Mapping[str, Column], Mapping[FactKey, Column]]
"""The columns of a frame: place and dates, and facts."""


class Memory:
    """What one shard learns that the next can use: which law governs when, and the answers of classes and patterns."""

    def __init__(self, engine: Engine, matter: Matter) -> None:
        self.engine = engine
        self.matter = matter
        self.laws = Laws(engine, matter)
        self._readings: dict[int, tuple[Reading, Settled]] = {}
        self._forget()

    def _forget(self) -> None:
        self.table: list[Answer] = []
        self._places: dict[Answer, int] = {}
        self.classes: dict[tuple[Any, ...], int] = {}
        self._patterns: dict[tuple[Any, ...], Patterns] = {}

    def begin(self) -> None:
        """Make room before a frame."""
        if len(self.table) >= _ANSWERS_KEPT:
            self._forget()

    def place(self, answer: Answer) -> int:
        """Where in the table an answer stands."""
        found = self._places.setdefault(answer, len(self.table))
        if found == len(self.table):
            self.table.append(answer)
        return found

    def over(self, regimes: Regimes, facts: Sequence[Facts], height: int) -> list[Law]:
        """The laws over some rows."""
        return [
            Law(prepared, given, height, self._known(prepared)[1])
            for prepared, given in zip(regimes.prepared, facts, strict=True)
        ]

    def patterns(self, regimes: Regimes, laws: Sequence[Law], rows: int) -> Patterns | None:
        """The patterns of rows like these; None for so few rows that it is not worth while to tell them apart."""
        readings = [self._known(law.prepared)[0] for law in laws]
        key = (regimes.key, shape(readings, laws))
        found = self._patterns.pop(key, None)
        if found is None and rows < _WORTH_IT:
            return None
        while (
            len(self._patterns) >= _SHAPES_KEPT or sum(len(other.answers) for other in self._patterns.values()) > _ROOM
        ):
            self._patterns.pop(next(iter(self._patterns)))  # the one that was not used for longest
        self._patterns[key] = found or Patterns(readings, laws)
        return self._patterns[key]

    def _known(self, prepared: Prepared) -> tuple[Reading, Settled]:
        if id(prepared) not in self._readings:
            self._readings[id(prepared)] = (Reading(prepared.stack), Settled())
        return self._readings[id(prepared)]


@lru_cache(maxsize=2)
def _memory(rulesets: tuple[str, ...], lang: Lang, matter: str, _brief: bool) -> Memory:
    engine = engine_of(rulesets, lang)
    return Memory(engine, matter_of(engine, matter))


def memory_of(job: Job) -> Memory:
    """The memory of this process for a job: tasks of one run follow each other."""
    return _memory(job.rulesets, job.lang, job.matter, job.brief)


class FrameJudge:
    """Decides one frame."""

    def __init__(
        self, frame: pl.DataFrame, numbers: pl.Series, judge: RowJudge, layout: Layout, job: Job, memory: Memory
    ) -> None:
        self._frame = frame
        self._numbers = numbers
        self._judge = judge
        self._layout = layout
        self._job = job
        self._memory = memory
        self._engine, self._matter = memory.engine, memory.matter
        self._at = pl.Series([None], dtype=pl.UInt32).new_from_index(0, frame.height)
        self.rejects: list[Reject] = []
        self._rejected: set[int] = set()

    def decide(self) -> tuple[pl.Series, list[Answer]]:
        """For each row the place of its answer in a list (null: rejected), and the list."""
        self._memory.begin()
        header, facts, readable = self._typed()
        self._by_row(indices(neither(readable), self._frame.height))
        rows = pl.Series(indices(readable, self._frame.height), dtype=pl.UInt32)
        if len(rows):
            for group in self._memory.laws.groups(header["place"], header["act_date"], header["decision_date"], rows):
                self._group(group, header, facts)
        return self._at, self._memory.table

    def _typed(self) -> tuple[Mapping[str, Column], Mapping[FactKey, Column], Bits]:
        vocabulary = self._engine.vocabularies[self._matter.id]
        own = {column.name: self._frame[column.header] for column in self._layout.of("case")}
        header: dict[str, Typed] = {
            "place": place_column(own.get("jurisdiction"), self._job.jurisdiction, self._engine.rulesets.places),
            "act_date": day_column(own.get("act_date"), self._job.act_date, optional=True),
            "decision_date": day_column(own.get("decision_date"), self._job.decision_date, optional=False),
        }
        facts: dict[FactKey, Typed] = {}
        for column in self._layout.of("fact"):
            assert column.key is not None  # facts have one
            facts[column.key] = fact_column(self._frame[column.header], column.key, column.unit, vocabulary)
        periods: list[Bits] = [own[name].is_null() for name in ("act_from", "act_to") if name in own]
        readable = both([*periods, *(item.readable for item in (*header.values(), *facts.values()))])
        late = both([readable, neither(self._early(header["act_date"].column, header["decision_date"].column))])
        return (
            {name: item.column for name, item in header.items()},
            {key: item.column for key, item in facts.items()},
            late,
        )

    def _early(self, act: Column, decision: Column) -> Bits:
        """Where the decision is earlier than the act, which the row engine refuses."""
        ends = [pl.Series([_ordinal(value) for value in _values(column)], dtype=pl.Int32) for column in (act, decision)]
        days = [
            end[0] if isinstance(column, Constant) else end[column.codes]  # type: ignore[union-attr]
            for end, column in zip(ends, (act, decision), strict=True)
        ]
        found = days[1] < days[0]
        return bool(found) if isinstance(found, bool) else found

    def _by_row(self, rows: Sequence[int] | pl.Series) -> None:
        """Let the row engine decide these rows."""
        chosen = pl.Series(rows, dtype=pl.UInt32)
        if not len(chosen):
            return
        places: list[int | None] = []
        for at, row in zip(chosen, self._frame[chosen].iter_rows(), strict=True):
            found = self._judge.decide(self._numbers[at], row)
            if isinstance(found, Answer):
                places.append(self._memory.place(found))
            else:
                places.append(None)
                if at not in self._rejected:
                    self._rejected.add(at)
                    self.rejects += found
        self._at = self._at.scatter(chosen, pl.Series(places, dtype=pl.UInt32))

    def _group(self, group: Governed, header: Mapping[str, Column], facts: Mapping[FactKey, Column]) -> None:
        """Decide rows under the same laws: those of patterns that are known are looked up."""
        if group.regimes is None:
            self._by_row(group.rows)
            return
        regimes, rows = group.regimes, group.rows
        given = self._given(regimes, header, facts, None if len(rows) == self._frame.height else rows)
        laws = self._memory.over(regimes, given, len(rows))
        disputed = either([bits for law in laws for bits in law.disputed])
        if disputed is True or (isinstance(disputed, pl.Series) and disputed.any()):
            self._by_row(_chosen(rows, disputed))
            rest = _chosen(rows, neither(disputed))
            if len(rest):
                self._group(Governed(regimes, rest), header, facts)
            return
        patterns = self._memory.patterns(regimes, laws, len(rows))
        if patterns is None:
            self._every(regimes, rows, (header, facts))
            return
        numbers = patterns.number(laws, len(rows))
        places = patterns.answers[numbers]
        unknown = places.is_null()
        if unknown.any():
            self._learn(patterns, regimes, rows, numbers, unknown, (header, facts))
            places = patterns.answers[numbers]
        alone = places == ALONE
        if alone.any():
            self._by_row(rows.filter(alone))
        found = places.is_not_null() & ~alone
        if found.all():
            self._at = places if len(rows) == self._frame.height else self._at.scatter(rows, places)
        else:
            self._at = self._at.scatter(rows.filter(found), places.filter(found))

    def _learn(
        self,
        patterns: Patterns,
        regimes: Regimes,
        rows: pl.Series,
        numbers: pl.Series,
        unknown: pl.Series,
        typed: Cells,
    ) -> None:
        """Decide one row of each pattern that is new, and every row that has no number."""
        new, numbers = rows.filter(unknown), numbers.filter(unknown)
        first = numbers.arg_unique()
        first = first.filter(numbers[first].is_not_null())
        self._classes(regimes, new[first], typed)
        answers = self._at[new[first]].fill_null(ALONE)
        patterns.answers = patterns.answers.scatter(numbers[first], answers)
        self._every(regimes, new.filter(numbers.is_null()), typed)

    def _every(self, regimes: Regimes, rows: pl.Series, typed: Cells) -> None:
        """Decide rows in columns, and those for which that is not exact row by row."""
        self._classes(regimes, rows, typed)
        self._by_row(rows.filter(self._at[rows].is_null()))

    def _classes(self, regimes: Regimes, rows: pl.Series, typed: Cells) -> None:
        """Decide rows in columns; those that only the row engine decides are left."""
        if not len(rows):
            return
        laws = self._memory.over(regimes, self._given(regimes, *typed, rows), len(rows))
        classes = classify(self._matter, self._engine.rulesets, laws, len(rows))
        inside = pl.Series(indices(neither(classes.beyond), len(rows)), dtype=pl.UInt32)
        codes = classes.codes[inside]
        named = [verdict.status == "undetermined" and not self._job.brief for verdict in classes.verdicts]
        places: list[int | None] = []
        one_each = codes.arg_unique()
        first = dict(zip(codes[one_each], inside[one_each], strict=True))
        for code, verdict in enumerate(classes.verdicts):
            if code not in first or named[code]:
                places.append(None)
                continue
            key = (regimes.key, classes.keys[code])
            places.append(self._answered(key, verdict, rows[first[code]]))
        table = pl.Series(places, dtype=pl.UInt32)
        self._at = self._at.scatter(rows[inside], table[codes])
        if any(named):
            chosen = pl.Series(named)[codes]
            rest = rows[inside.filter(chosen)]
            self._open(regimes, typed, rest, codes.filter(chosen), classes.verdicts)

    def _given(
        self, regimes: Regimes, header: Mapping[str, Column], facts: Mapping[FactKey, Column], rows: pl.Series | None
    ) -> list[dict[FactKey, Column]]:
        """The facts as each law sees them: its own date is the law's date."""
        shared = {key: picked(column, rows) for key, column in facts.items()}
        act, decision = (picked(header[name], rows) for name in ("act_date", "decision_date"))
        dates = {"act_date": act, "decision_date": decision}
        shared |= {FactKey("act_date"): act, FactKey("act_from"): act, FactKey("decision_date"): decision}
        return [{**shared, FactKey("law_date"): dates[name]} for name in regimes.dates]

    def _answered(self, key: tuple[Any, ...], verdict: Verdict, row: int) -> int:
        """The place of a class's answer: the engine's own, for one row of the class."""
        found = self._memory.classes.get(key)
        if found is None:
            decided = self._judge.decide(self._numbers[row], self._frame.row(row))
            if not isinstance(decided, Answer) or (decided.status, decided.outcome, decided.modality) != (
                verdict.status,
                verdict.outcome,
                verdict.modality,
            ):
                raise _differs(self._numbers[row], verdict, decided)
            found = self._memory.classes[key] = self._memory.place(decided)
        return found

    def _open(
        self, regimes: Regimes, typed: Cells, rows: pl.Series, classes: pl.Series, verdicts: Sequence[Verdict]
    ) -> None:
        """Rows with facts missing: one row of those that ask for the same facts tells which."""
        first: dict[str, int] = {}
        for start in range(0, len(rows), AT_ONCE):
            part = rows[start : start + AT_ONCE]
            laws = self._memory.over(regimes, self._given(regimes, *typed, part), len(part))
            texts = asked(laws, classes[start : start + AT_ONCE], [verdict.waiting for verdict in verdicts])
            alike = pl.Series([first.setdefault(text, row) for text, row in zip(texts, part, strict=True)])
            alike = alike.cast(pl.UInt32)
            self._by_row(part.filter(alike == part))
            self._at = self._at.scatter(part, self._at[alike])


def _values(column: Column) -> Sequence[Any]:
    return [column.only] if isinstance(column, Constant) else column.values  # type: ignore[union-attr]


def _ordinal(value: Any) -> int:
    """A day as a number; an absent act is earlier than anything."""
    return value.toordinal() if value is not None else 0


def _chosen(rows: pl.Series, bits: Bits) -> pl.Series:
    """The rows where a rail is set."""
    return rows[pl.Series(indices(bits, len(rows)), dtype=pl.UInt32)]


def _differs(row: int, verdict: Verdict, decided: object) -> BackendError:
    said = decided[:4] if isinstance(decided, Answer) else decided
    message = Text(
        f"第 {row} 行：列式判断 {verdict} 与逐件判断 {said} 不同，拒绝作答",
        f"row {row}: the columns say {verdict}, the row engine {said}; no answer is given",
    )
    return BackendError([Diagnostic("E804", message)])
