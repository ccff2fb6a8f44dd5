"""The law of a matter over time: the days it changes, and what is in force between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from eco_rules.engine.applicability import Timeline
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.base import Validity
from eco_rules.model.matter import Matter
from eco_rules.reporting.handbook.drawing import WIDTH, Drawing, wrap
from eco_rules.reporting.handbook.links import Links, Word
from eco_rules.words import Lang, Text, marks

_LABELS = 236.0
_ROW = 17
_HEAD = 62.0
_TITLE = Text("在效期间", "periods in force")


@dataclass(frozen=True, slots=True)
class Change:
    """A day on which something begins, or has ended the day before."""

    day: date
    begins: tuple[Word, ...]
    ended: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Something with a period in force: `kind` is `instrument` or `ruleset`."""

    title: str
    href: str
    period: Validity
    kind: str


def spans(
    matter: Matter, files: Sequence[RulesetFile], cited: Iterable[str], corpus: Corpus, links: Links, lang: Lang
) -> list[Span]:
    """Instruments that are cited, and rulesets; those of one place and period are one line."""
    instruments = sorted((corpus.instruments[name] for name in cited), key=lambda item: (item.effective.start, item.id))
    found = [Span(f"《{item.title}》", links.instrument(item.id), item.effective, "instrument") for item in instruments]
    groups: dict[tuple[str, date, date | None], list[RulesetFile]] = {}
    for file in files:
        period = file.ruleset.effective
        groups.setdefault((file.ruleset.jurisdiction, period.start, period.end), []).append(file)
    for (place, _, _), members in groups.items():
        first, several = members[0], len(members) > 1
        count = Text(f"{len(members)} 个规则集", f"{len(members)} rulesets").to(lang)
        title = corpus.places.name(place, lang) + marks(lang).colon + (count if several else first.ruleset.title)
        href = f"{links.matter(matter.id)}#rulesets" if several else links.ruleset(first)
        found.append(Span(title, href, first.ruleset.effective, "ruleset"))
    return found


def changes(matter: Matter, files: Sequence[RulesetFile], found: Sequence[Span], corpus: Corpus) -> list[Change]:
    """The days on which the matter's law changes, from the first day a ruleset is in force."""
    places = tuple(dict.fromkeys(file.ruleset.jurisdiction for file in files))
    first = min((file.ruleset.effective.start for file in files), default=date.max)
    made = []
    for day in Timeline(corpus).changes(matter, places):
        if day < first:
            continue
        eve = day - timedelta(days=1)
        begins = tuple(Word(item.title, item.href) for item in found if item.period.start == day)
        ended = tuple(Word(item.title, item.href) for item in found if item.period.end == eve)
        if begins or ended:
            made.append(Change(day, begins, ended))
    return made


def picture(found: Sequence[Span], days: Sequence[Change], lang: Lang) -> Markup | None:
    """A bar for each span between the days of change, which stand at equal distances; None where nothing changes."""
    if len(days) < 2:
        return None
    drawing = Drawing(_TITLE.to(lang))
    step = (WIDTH - _LABELS - 30) / len(days)
    at = {change.day: _LABELS + 8 + index * step for index, change in enumerate(days)}
    shown = [item for item in found if item.period.end is None or item.period.end >= days[0].day]
    bottom = _HEAD + _ROW * len(shown)
    for day, x in at.items():
        drawing.line([(x, _HEAD - 6), (x, bottom)], "hair")
        drawing.slanted(x, _HEAD - 9, day.isoformat())
    for index, item in enumerate(shown):
        y = _HEAD + _ROW * index
        drawing.linked(0, y + 11, wrap(item.title, _LABELS - 6, 1, 11)[0], item.href)
        left = max((x for day, x in at.items() if day <= item.period.start), default=_LABELS)
        end = item.period.end
        right = WIDTH if end is None else min((x for day, x in at.items() if day > end), default=WIDTH - 12)
        drawing.bar(left, y + 3, right - left, item.kind)
    return drawing.svg()
