"""The index in the order of pinyin: where a word is, for whoever knows the word and not the chapter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eco_rules.loading.corpus import RulesetFile
from eco_rules.reporting.handbook.book import Book
from eco_rules.reporting.handbook.links import Word, facts_page, ruleset_page
from eco_rules.reporting.handbook.tables import Table


@dataclass(frozen=True, slots=True)
class Entry:
    """A word, where it leads, and what kind of thing it is."""

    word: Word
    kind: str


@dataclass(frozen=True, slots=True)
class Letter:
    """The entries that begin with one letter."""

    name: str
    entries: tuple[Entry, ...]


def letters(book: Book, says: dict[str, str], tables: dict[str, Table | None]) -> list[Letter]:
    """Everything that has a name, by the first letter of its pinyin; digits and signs come first."""
    unique = {(entry.word, entry.kind): entry for entry in _entries(book, says, tables)}
    found: dict[str, list[tuple[str, Entry]]] = {}
    for entry in unique.values():
        key = sound(entry.word.text)
        name = key[:1].upper()
        found.setdefault(name if name.isascii() and name.isalpha() else "#", []).append((key, entry))
    return [
        Letter(
            name,
            tuple(
                entry
                for _, entry in sorted(
                    found[name], key=lambda item: (item[0], item[1].word.text, item[1].kind, item[1].word.href)
                )
            ),
        )
        for name in sorted(found)
    ]


def sound(text: str) -> str:
    """A text as it sounds, without the signs around it."""
    from pypinyin import lazy_pinyin

    kept = "".join(letter for letter in text if letter.isalnum())
    return " ".join(lazy_pinyin(kept)).lower()


def _entries(book: Book, says: dict[str, str], tables: dict[str, Table | None]) -> Iterator[Entry]:
    for matter in book.selection.matters:
        href = book.links.matter(matter.id)
        yield Entry(Word(matter.label, href), says["matter"])
        for label in matter.outcomes.values():
            yield Entry(Word(label, f"{href}#outcomes"), f"{says['outcome']} · {matter.label}")
    for file in book.selection.files:
        yield from _of_ruleset(book, file, says, tables.get(file.stamp.id))
    for name in book.instruments:
        yield Entry(Word(book.corpus.instruments[name].title, book.links.instrument(name)), says["instruments"])
    for subject, name in book.facts:
        item = book.corpus.subjects[subject]
        address = f"{facts_page(subject)}#fact-{name}"
        yield Entry(Word(item.facts[name].label, address), f"{says['fact']} · {item.label}")
    for code in dict.fromkeys(file.ruleset.jurisdiction for file in book.selection.files):
        yield Entry(book.place(code), says["place"])


def _of_ruleset(book: Book, file: RulesetFile, says: dict[str, str], table: Table | None) -> Iterator[Entry]:
    """A ruleset, its conditions, and its rules; where a table lists cases, those instead of the rules."""
    page, ruleset = ruleset_page(file), file.ruleset
    place = book.corpus.places.name(ruleset.jurisdiction, book.lang)
    yield Entry(Word(ruleset.title, page), says["ruleset"])
    for ident, condition in ruleset.conditions.items():
        yield Entry(Word(condition.title, f"{page}#part-{ident}"), f"{says['condition']} · {place}")
    if table is not None and table.by == "outcome":
        for row in table.rows:
            yield from (
                Entry(Word(bare(word.text), f"{page}#{row.anchor}"), f"{says['rule']} · {place}") for word in row.head
            )
        return
    for rule in book.selection.rules(file):
        yield Entry(Word(rule.title, f"{page}#part-{rule.id}"), f"{says['rule']} · {place}")


def bare(label: str) -> str:
    """A numbered label without its number: nobody looks under 第 for 第53项 塑料制品业."""
    head, _, rest = label.partition(" ")
    return rest if rest and any(letter.isdigit() for letter in head) else label
