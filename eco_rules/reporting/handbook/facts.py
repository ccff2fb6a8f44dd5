"""Facts: how each is asked, what it may be, where it comes from, and who reads it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from eco_rules.ir.wording import within
from eco_rules.model.condition import Condition, FactOperand, Test, walk
from eco_rules.model.derivation import Aggregate, Choice, Derivation, TruthOf, operands
from eco_rules.model.facts import Alteration, FactSpec
from eco_rules.reporting.handbook.book import Book, ClauseLine
from eco_rules.reporting.handbook.links import Word, facts_page
from eco_rules.reporting.handbook.uses import Use, fact_cites
from eco_rules.reporting.outline import KIND
from eco_rules.words import Text

_TYPE = {
    "boolean": Text("是／否", "yes or no"),
    "integer": Text("整数", "integer"),
    "number": Text("数字", "number"),
    "enum": Text("单选", "one of"),
    "set": Text("多选", "any of"),
    "date": Text("日期", "date"),
    "text": Text("文字", "text"),
    "clause": Text("法律条款", "clause"),
    "records": Text("记录列表", "list of records"),
}
_MANY = 6
"""Rules of one ruleset that are named one by one; more are counted."""
_VALUES = 12
"""Values a table shows; the fact's own entry has them all."""


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact in a table."""

    word: Word
    ident: str
    question: str
    type: str
    unit: str
    values: str


def fact_row(book: Book, subject: str, name: str) -> FactRow:
    """A fact as one line of a table."""
    spec = book.corpus.subjects[subject].facts[name]
    labels = list(spec.values.values())
    shown = book.marks.semicolon.join(labels[:_VALUES])
    if len(labels) > _VALUES:
        shown += book.say(Text(f"……共 {len(labels)} 项", f" … {len(labels)} in all"))
    return FactRow(
        Word(spec.label, f"{facts_page(subject)}#fact-{name}"),
        name,
        spec.question or "",
        book.say(_TYPE[spec.type]),
        spec.unit or "",
        shown or _range(book, spec),
    )


def _range(book: Book, spec: FactSpec) -> str:
    if spec.min is None and spec.max is None:
        return ""
    return book.say(within(spec.min, spec.max))


@dataclass(frozen=True, slots=True)
class FactEntry:
    """A fact on its subject's page."""

    ident: str
    spec: FactSpec
    type: str
    kind: str
    range: str
    inputs: tuple[Word, ...]
    written: str
    presumed: str
    alterable: str
    clauses: tuple[ClauseLine, ...]
    readers: tuple[tuple[Word, tuple[Word, ...], int], ...]


def facts_context(book: Book, subject: str) -> dict[str, Any]:
    """What the page of a subject's facts says."""
    item = book.corpus.subjects[subject]
    names = [name for owner, name in book.facts if owner == subject]
    return {"title": item.label, "entries": [_entry(book, subject, name) for name in names]}


def _entry(book: Book, subject: str, name: str) -> FactEntry:
    spec = book.corpus.subjects[subject].facts[name]
    known = book.corpus.subjects[subject].facts
    inputs = [
        Word(known[item].label, f"#fact-{item}" if (subject, item) in book.facts_set else "")
        for item in inputs_of(spec)
        if item in known
    ]
    return FactEntry(
        name,
        spec,
        book.say(_TYPE[spec.type]),
        book.say(KIND[spec.kind]) if spec.kind != "fact" else "",
        _range(book, spec),
        tuple(inputs),
        _written(book, subject, name),
        _presumed(book, spec),
        spec.alterable.by if isinstance(spec.alterable, Alteration) else "",
        book.clauses(fact_cites(spec)),
        _readers(book, book.uses.facts.get((subject, name), [])),
    )


def _presumed(book: Book, spec: FactSpec) -> str:
    if spec.presume is None:
        return ""
    values = spec.presume.value if isinstance(spec.presume.value, tuple) else (spec.presume.value,)
    said = [_value(book, spec, value) for value in values]
    text = book.marks.between.join(said) or book.say(Text("无", "none"))
    return text + (book.marks.bracket(spec.presume.note) if spec.presume.note else "")


def _value(book: Book, spec: FactSpec, value: object) -> str:
    if isinstance(value, bool):
        return book.say(Text("是", "yes") if value else Text("否", "no"))
    return spec.values.get(str(value), str(value))


def _written(book: Book, subject: str, name: str) -> str:
    """A derivation as its author wrote it; empty where there is none."""
    path = ("facts", name, "derive")
    spans = book.corpus.subjects[subject].origins[name]
    if path not in spans.values:
        return ""
    span = spans.value(path)
    lines = list(span.source.lines[span.line - 1 : span.end_line])
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = " " * (span.column - 1) + lines[0][span.column - 1 :]
    return textwrap.dedent("\n".join(lines)).rstrip()


def inputs_of(spec: FactSpec) -> list[str]:
    """The facts a derivation names, in its order."""
    return list(dict.fromkeys(_named_in(spec.derive)))


def _named_in(derive: Derivation | None) -> Iterator[str]:
    if isinstance(derive, TruthOf):
        yield from _tested(derive.condition)
    elif isinstance(derive, Choice):
        for condition, value in derive.items:
            yield from _tested(condition)
            yield from _operands(value)
    elif isinstance(derive, Aggregate):
        yield derive.of
        if derive.where is not None:  # its tests are of the record's own fields
            tests = [part for part in walk(derive.where) if isinstance(part, Test)]
            yield from (name for test in tests for name in _operands(test.operand))
    elif derive is not None:
        yield from _operands(derive)


def _tested(condition: Condition) -> Iterator[str]:
    for part in walk(condition):
        if isinstance(part, Test):
            yield part.fact
            yield from _operands(part.operand)


def _operands(value: Derivation) -> Iterator[str]:
    yield from (item.name for item in operands(value) if isinstance(item, FactOperand))


def _readers(book: Book, uses: Sequence[Use]) -> tuple[tuple[Word, tuple[Word, ...], int], ...]:
    """Who reads a fact, ruleset by ruleset: its rules, or how many where they are many."""
    found: dict[str, list[Use]] = {}
    for use in uses:
        assert use.file is not None  # facts are read by rulesets
        found.setdefault(use.file.stamp.id, []).append(use)
    made = []
    for members in found.values():
        file = members[0].file
        assert file is not None  # as above
        place = book.corpus.places.name(file.ruleset.jurisdiction, book.lang)
        word = Word(f"{file.ruleset.title}{book.marks.bracket(place)}", book.links.ruleset(file))
        parts = [use.word(book.links) for use in members if use.part or use.side]
        made.append((word, tuple(parts) if len(parts) <= _MANY else (), len(parts)))
    return tuple(made)
