"""The page of an instrument, and its line in the list of instruments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eco_rules.model.legal import Clause, Instrument
from eco_rules.reporting.handbook.book import Badge, Book
from eco_rules.reporting.handbook.links import Word
from eco_rules.reporting.handbook.rulesets import bounds_text


@dataclass(frozen=True, slots=True)
class ClauseEntry:
    """A clause and everything that cites it."""

    ident: str
    clause: Clause
    badge: Badge
    sanction: str
    cited: tuple[Word, ...]


def instrument_row(book: Book, item: Instrument) -> dict[str, Any]:
    """An instrument in a list."""
    level = book.corpus.levels.get(item.level)
    return {
        "word": Word(f"《{item.title}》", book.links.instrument(item.id)),
        "doc_no": item.doc_no or "",
        "level": level.label if level else item.level,
        "rank": level.rank if level else 0,
        "period": book.period(item.effective),
        "badge": book.badge(item.provenance),
    }


def instrument_context(book: Book, ident: str) -> dict[str, Any]:
    """What the page of an instrument says."""
    item = book.corpus.instruments[ident]
    return {
        "title": item.title,
        "instrument": item,
        "row": instrument_row(book, item),
        "place": book.place(item.jurisdiction),
        "bounds": bounds_text(book, ident),
        "clauses": [
            ClauseEntry(
                key,
                clause,
                book.badge(clause.provenance or item.provenance),
                book.sanction(clause.sanction) if clause.sanction else "",
                tuple(use.word(book.links) for use in book.uses.clauses.get(f"{ident}#{key}", [])),
            )
            for key, clause in item.clauses.items()
        ],
    }
