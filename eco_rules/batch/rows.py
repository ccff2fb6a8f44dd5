"""Rows decided one by one by the engine: the exact path, and what the columns are compared with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from eco_rules.batch import cells
from eco_rules.batch.job import Job
from eco_rules.batch.layout import Layout
from eco_rules.decision.decision import Citation, Decision
from eco_rules.diagnostics import Diagnostic
from eco_rules.engine.engine import Engine
from eco_rules.errors import EcoRulesError
from eco_rules.model.case import Case
from eco_rules.model.matter import Matter
from eco_rules.source import Source, Span
from eco_rules.words import Lang, Text, marks


class Answer(NamedTuple):
    """What the output says about a row."""

    status: str
    outcome: str | None
    outcome_label: str | None
    modality: str | None
    rule: str | None
    rule_title: str | None
    clauses: str | None
    missing: str | None
    missing_labels: str | None
    warnings: str | None = None


class Reject(NamedTuple):
    """A row that could not be read: where, why, and the row itself."""

    row: int
    cell: str | None
    column: str | None
    value: str | None
    code: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class _Places:
    """Stands in for the places of a case file: the line is the row, the column the table's column."""

    source: Source
    row: int
    columns: dict[str, int]

    def value(self, path: Sequence[Any]) -> Span:
        """Where a value of the case stands in the table."""
        names = [str(step) for step in path if step != "facts"]
        at = next((self.columns[name] for name in names if name in self.columns), 0)
        return Span(self.source, self.row, at, self.row, at + 1)

    key = value


class RowJudge:
    """Decides the rows of one table."""

    def __init__(self, engine: Engine, matter: Matter, job: Job, layout: Layout, file: str) -> None:
        self._engine = engine
        self._matter = matter
        self._job = job
        self._columns = layout.columns
        self._vocabulary = engine.vocabularies[matter.id]
        self._source = Source(file, "")
        self._at = {column.name: index for index, column in enumerate(layout.columns, 1) if column.role != "extra"}
        self._at.setdefault("act_date", self._at.get("act_to", self._at.get("act_from", 0)))

    def decide(self, number: int, row: Sequence[Any]) -> Answer | list[Reject]:
        """What follows for a row, or everything that is wrong with it; never raises."""
        try:
            decision = self._engine.decide(self._case(number, row))
        except EcoRulesError as error:
            return [self._reject(number, row, item) for item in error.diagnostics]
        except Exception as error:  # noqa: BLE001 - one row must not cost the others
            said = f"{type(error).__name__}: {error}"
            message = Text(f"程序内部错误：{said}", f"internal error: {said}")
            return [self._reject(number, row, Diagnostic("E900", message))]
        return answer(decision, self._job)

    def _case(self, number: int, row: Sequence[Any]) -> Case:
        facts: dict[str, Any] = {}
        own: dict[str, Any] = {name: self._job.default(name) for name in ("jurisdiction", "act_date", "decision_date")}
        for column, raw in zip(self._columns, row, strict=True):
            if column.role == "fact":
                assert column.key is not None  # facts have one
                facts[column.name] = cells.fact(raw, self._vocabulary.spec(column.key), column.unit)
            elif column.role == "case" and not cells.is_blank(raw):
                own[column.name] = cells.day(raw) if column.name.endswith(("_date", "_from", "_to")) else _text(raw)
        start, end = own.pop("act_from", None), own.pop("act_to", None)
        if start is not None and end is not None and own["act_date"] is None:
            own["act_date"] = {"from": start, "to": end}
        elif start is not None or end is not None:
            own["act_date"] = {name: item for name, item in (("from", start), ("to", end)) if item is not None}
        return Case(**own, matter=self._matter.id, facts=facts, spans=(_Places(self._source, number, self._at), ()))

    def _reject(self, number: int, row: Sequence[Any], item: Diagnostic) -> Reject:
        at = item.span.column if item.span else 0
        header = self._columns[at - 1].header if at else None
        value = cells.as_text(row[at - 1]) if at else None
        reason = item.message.to(self._job.lang) + (
            marks(self._job.lang).semicolon + item.help.to(self._job.lang) if item.help else ""
        )
        text = json.dumps(
            {column.header: cells.as_text(raw) for column, raw in zip(self._columns, row, strict=True)},
            ensure_ascii=False,
        )
        return Reject(number, f"{letters(at)}{number}" if at else None, header, value, item.code, reason, text)


def _text(raw: Any) -> str | None:
    text = cells.as_text(raw)
    return text.strip() if text else text


def letters(column: int) -> str:
    """The letters a spreadsheet gives a column: 1 is A, 27 is AA."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def answer(decision: Decision, job: Job) -> Answer:
    """The parts of a decision a table shows."""
    first = decision.findings[0] if decision.findings else None
    asked = () if job.brief else decision.missing
    return Answer(
        status=decision.status,
        outcome=decision.outcome,
        outcome_label=decision.outcome_label,
        modality=decision.modality,
        rule=first.rule if first else None,
        rule_title=first.title if first else None,
        clauses="；".join(map(_cited, first.clauses)) if first else None,
        missing=";".join(item.fact for item in asked) or None,
        missing_labels="；".join(item.label for item in asked) or None,
        warnings=_warned(decision) if job.warnings else None,
    )


def _cited(clause: Citation) -> str:
    return f"《{clause.title}》" + (f"（{clause.doc_no}）" if clause.doc_no else "") + clause.locator


def _warned(decision: Decision) -> str | None:
    return "；".join(item.message for item in decision.warnings) or None


def labels(lang: Lang) -> dict[str, str]:
    """Headers of the output in the language a person reads."""
    return {name: text.to(lang) for name, text in _HEADERS.items()}


_HEADERS = {
    "file": Text("文件", "file"),
    "row": Text("行号", "row"),
    "id": Text("编号", "id"),
    "file_id": Text("案卷号", "file_id"),
    "linked": Text("同案卷不适用从宽的案件", "linked"),
    "status": Text("状态", "status"),
    "outcome": Text("结论标识", "outcome"),
    "outcome_label": Text("结论", "outcome_label"),
    "modality": Text("应当或可以", "modality"),
    "rule": Text("规则", "rule"),
    "rule_title": Text("规则名称", "rule_title"),
    "clauses": Text("依据", "clauses"),
    "missing": Text("待补充事实标识", "missing"),
    "missing_labels": Text("待补充事实", "missing_labels"),
    "warnings": Text("提醒", "warnings"),
    "cell": Text("单元格", "cell"),
    "column": Text("列", "column"),
    "value": Text("原值", "value"),
    "code": Text("代码", "code"),
    "reason": Text("原因", "reason"),
    "text": Text("原行", "text"),
}
