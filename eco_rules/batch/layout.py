"""The header row of a table: which column is which fact, which belongs to the case, which is only carried along."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from eco_rules.diagnostics import Problems, choose_from
from eco_rules.errors import CaseError
from eco_rules.ir.vocabulary import FactKey, ValueProblemError, Vocabulary
from eco_rules.source import Source, Span
from eco_rules.words import Text

CASE_WORDS: dict[str, tuple[str, ...]] = {
    "id": ("编号", "案件编号", "项目编号"),
    "file_id": ("案卷号",),
    "jurisdiction": ("辖区", "行政区划", "辖区代码"),
    "act_date": ("行为日", "行为日期"),
    "act_from": ("行为起", "行为开始日"),
    "act_to": ("行为止", "行为结束日"),
    "decision_date": ("决定日期",),
}
"""Columns that belong to the case itself; the vocabulary's labels of its dates are understood too."""

_WITH_UNIT = re.compile(r"(?P<name>.+?)\s*(?:[（(](?P<inner>[^（）()]+)[）)]|[/／](?P<after>[^/／]+))")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `case` (a date, the place, the number), `fact`, or `extra`, which is only carried along."""

    header: str
    role: Literal["case", "fact", "extra"]
    name: str
    key: FactKey | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one table, in its order."""

    columns: tuple[Column, ...]

    def of(self, role: str) -> tuple[Column, ...]:
        """The columns with this role."""
        return tuple(column for column in self.columns if column.role == role)


def layout(headers: Sequence[str], vocabulary: Vocabulary, *, keep_unknown: bool, file: str) -> Layout:
    """What each column is.

    Raises:
        CaseError: a header is empty, occurs twice, or names nothing (E701, E721), unless such columns are kept.
    """
    problems = Problems()
    columns: list[Column] = []
    source = Source(file, "")
    taken: dict[tuple[str, str], str] = {}
    for position, header in enumerate(headers, 1):
        span = Span(source, 1, position, 1, position + 1)
        try:
            column = _column(header, vocabulary)
        except ValueProblemError as problem:
            problems.add(problem.code, problem.message, span, problem.hint)
            continue
        if column is None and not keep_unknown:
            message = Text(f"未知的列 `{header}`", f"unknown column `{header}`")
            near = choose_from(header, list(dict.fromkeys([*CASE_WORDS, *vocabulary.names])))
            hint = Text(
                f"与判断无关的列加 --keep-unknown 原样带到结果；{near.zh}",
                f"columns that are no facts are carried along with --keep-unknown; {near.en}",
            )
            problems.add("E701", message, span, hint)
            continue
        made = column or Column(header, "extra", header)
        same = (made.role, str(made.key or made.name))
        if same in taken:
            message = Text(
                f"两列是同一项：`{taken[same]}` 与 `{header}`", f"two columns are one: `{taken[same]}` and `{header}`"
            )
            problems.add("E721", message, span, Text("请删去或改名其中一列", "remove or rename one of them"))
        taken[same] = header
        columns.append(made)
    if problems:
        raise CaseError(problems.items)
    return Layout(tuple(columns))


def _column(header: str, vocabulary: Vocabulary) -> Column | None:
    found = _plain(header, header.strip(), None, vocabulary)
    if found is not None:
        return found
    match = _WITH_UNIT.fullmatch(header.strip())
    if match is None:
        return None
    unit = match["inner"] or match["after"]
    found = _plain(header, match["name"], unit.strip(), vocabulary)
    numeric = found is not None and found.key is not None and vocabulary.spec(found.key).type in ("number", "integer")
    return found if numeric else None


def _plain(header: str, name: str, unit: str | None, vocabulary: Vocabulary) -> Column | None:
    for ident, words in CASE_WORDS.items():
        if name == ident or name in words:
            return Column(header, "case", ident)
    key = vocabulary.find(name)
    if key is None:
        return None
    if vocabulary.spec(key).header:
        return Column(header, "case", key.name) if key.name in CASE_WORDS else None
    return Column(header, "fact", vocabulary.display(key), key, unit)
