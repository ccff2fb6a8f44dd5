"""A handbook as files: every page, and the style they share. The same rules give the same bytes."""

from __future__ import annotations

from datetime import date
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from eco_rules.loading.corpus import Corpus
from eco_rules.reporting.handbook.alphabet import letters
from eco_rules.reporting.handbook.book import Book
from eco_rules.reporting.handbook.facts import facts_context
from eco_rules.reporting.handbook.instruments import instrument_context, instrument_row
from eco_rules.reporting.handbook.links import Word, facts_page, instrument_page, matter_page, ruleset_page
from eco_rules.reporting.handbook.matters import file_row, matter_context
from eco_rules.reporting.handbook.rulesets import ruleset_context
from eco_rules.reporting.handbook.selection import select
from eco_rules.reporting.handbook.wording import rules_counted, words
from eco_rules.words import Lang

if TYPE_CHECKING:
    from jinja2 import Environment

STYLE = "handbook.css"
_HERE = "eco_rules.reporting.handbook"


def handbook(
    corpus: Corpus, lang: Lang, matters: tuple[str, ...] = (), place: str | None = None, day: date | None = None
) -> dict[str, str]:
    """File name → content: an index, a page for each matter, ruleset and instrument, facts, places, an A–Z."""
    book = Book(select(corpus, matters, place, day), lang)
    press = _Press(book)
    made = {
        "index.html": press.page("index.html", "index", _index(book)),
        "places.html": press.page("places.html", "places", _places(book, press.says)),
    }
    for matter in book.selection.matters:
        name = matter_page(matter.id)
        made[name] = press.page(name, "matter", matter_context(book, matter))
    tables = {}
    for file in book.selection.files:
        context, name = ruleset_context(book, file), ruleset_page(file)
        tables[file.stamp.id] = context["table"]
        made[name] = press.page(name, "ruleset", context)
    for ident in book.instruments:
        name = instrument_page(ident)
        made[name] = press.page(name, "instrument", instrument_context(book, ident))
    for subject in dict.fromkeys(subject for subject, _ in book.facts):
        name = facts_page(subject)
        made[name] = press.page(name, "facts", facts_context(book, subject))
    alphabet = {"title": press.says["alphabet"], "letters": letters(book, press.says, tables)}
    made["a-z.html"] = press.page("a-z.html", "alphabet", alphabet)
    made[STYLE] = files(_HERE).joinpath(STYLE).read_text(encoding="utf-8")
    return made


class _Press:
    """Renders pages with what all of them share."""

    def __init__(self, book: Book) -> None:
        self.says = words(book.lang)
        self._templates = _environment()
        selection = book.selection
        narrowed = []
        if len(selection.matters) < len(book.corpus.matters):
            narrowed.append(book.marks.between.join(item.label for item in selection.matters))
        if selection.place is not None:
            narrowed.append(self.says["in_place"].format(book.corpus.places.name(selection.place, book.lang)))
        if selection.day is not None:
            narrowed.append(self.says["in_force_on"].format(selection.day))
        self._shared = {
            "say": self.says,
            "marks": book.marks,
            "lang": "zh-CN" if book.lang == "zh" else "en",
            "narrowed": narrowed,
            "style": STYLE,
            "engine": f"eco_rules {version('eco_rules')}",
            "fact_pages": [
                Word(book.corpus.subjects[subject].label, facts_page(subject))
                for subject in dict.fromkeys(subject for subject, _ in book.facts)
            ],
        }

    def page(self, name: str, template: str, context: dict[str, Any]) -> str:
        """One page; `name` is the file it goes to."""
        return self._templates.get_template(f"{template}.html").render(self._shared | context | {"page": name})


def _environment() -> Environment:
    """Templates that escape everything and know every name they use."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["css_string"] = css_string
    return made


def css_string(text: str) -> str:
    """A text inside quotes of a style sheet: everything but letters and digits is written as its number."""
    return "".join(letter if letter.isalnum() else f"\\{ord(letter):x} " for letter in text)


def _index(book: Book) -> dict[str, Any]:
    selection, corpus = book.selection, book.corpus
    places = list(dict.fromkeys(file.ruleset.jurisdiction for file in selection.files))
    grid = [
        (
            Word(matter.label, book.links.matter(matter.id)),
            [sum(file.ruleset.jurisdiction == place for file in selection.of(matter)) for place in places],
        )
        for matter in selection.matters
    ]
    return {
        "title": words(book.lang)["book"],
        "matters": [
            (
                Word(item.label, book.links.matter(item.id)),
                item.question,
                rules_counted(sum(len(selection.rules(file)) for file in selection.latest(item)), book.lang),
            )
            for item in selection.matters
        ],
        "places": [book.place(place) for place in places],
        "grid": grid,
        "instruments": sorted(
            (instrument_row(book, corpus.instruments[name]) for name in book.instruments),
            key=lambda row: (row["rank"], row["level"], row["word"].text),
        ),
        "levels": sorted((level.rank, level.label) for level in corpus.levels.values()),
        "badges": book.badges(),
        "replacements": corpus.replacements,
    }


def _places(book: Book, says: dict[str, str]) -> dict[str, Any]:
    selection = book.selection
    codes = sorted(
        dict.fromkeys(file.ruleset.jurisdiction for file in selection.files), key=lambda code: (code != "cn", code)
    )
    return {
        "title": says["places"],
        "places": [
            (
                code,
                book.corpus.places.name(code, book.lang),
                [
                    (Word(matter.label, book.links.matter(matter.id)), rows)
                    for matter in selection.matters
                    if (
                        rows := [
                            file_row(book, file) for file in selection.of(matter) if file.ruleset.jurisdiction == code
                        ]
                    )
                ],
            )
            for code in codes
        ],
    }
