"""The picture of how a matter is decided: its stages, what each may lead to, and what bars it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from eco_rules.loading.corpus import Corpus
from eco_rules.model.matter import Matter
from eco_rules.reporting.handbook.drawing import (
    GAP,
    INNER,
    LEFT,
    MIDDLE,
    MIDDLE_X,
    RIGHT,
    RIGHT_X,
    Drawing,
    box_height,
    wrap,
)
from eco_rules.reporting.handbook.links import Links
from eco_rules.reporting.handbook.stages import Stage, bars
from eco_rules.reporting.handbook.wording import rules_counted
from eco_rules.reporting.outline import effect
from eco_rules.words import Lang, Text, marks

_EXCEPTIONS = 4
"""Exceptions of one stage a picture names; the ruleset pages have them all."""
_SPACE = 26.0

_NONE_HOLDS = Text("没有规则成立", "no rule holds")
_MAY_PASS = Text("没有规则成立，或者只有“可以”", "no rule holds, or only a 可以")
_DEFAULT = Text("没有规则成立时", "When no rule holds")
_NO_DEFAULT = Text("没有默认结论：如实说明没有相应规则", "No default: said to be undecided by any rule")
_UNREAD = Text("当地清单未读全的：待定，先查阅文件", "Where a list has not been read: open, to be looked up")
_CASE = Text("个案", "Case")
_MORE = Text("另有 {} 项例外", "{} more exceptions")


def matter_picture(matter: Matter, found: Sequence[Stage], corpus: Corpus, links: Links, lang: Lang) -> Markup:
    """The stages from top to bottom, what each may lead to on the right, exceptions on the left."""
    drawing = Drawing(matter.question)
    subject = corpus.subjects[matter.subject].label if matter.subject in corpus.subjects else matter.subject
    case = wrap(_CASE.to(lang) + marks(lang).colon + subject, MIDDLE - INNER)
    y = drawing.box(MIDDLE_X, 2, MIDDLE, case, "case") + 2
    said = ""
    for stage in found:
        y = _down(drawing, y, said)
        y += _stage(drawing, y, matter, stage, corpus, links, lang)
        said = (_NONE_HOLDS if stage.decisive else _MAY_PASS).to(lang)
    y = _down(drawing, y, said)
    _end(drawing, y, matter, lang)
    return drawing.svg()


def _down(drawing: Drawing, y: float, said: str) -> float:
    x = MIDDLE_X + MIDDLE / 2
    drawing.line([(x, y), (x, y + _SPACE)], arrow=True)
    if said:
        drawing.text(x + 8, y + _SPACE / 2 + 4, said)
    return y + _SPACE


def _stage(drawing: Drawing, y: float, matter: Matter, stage: Stage, corpus: Corpus, links: Links, lang: Lang) -> float:
    """One stage with its outcomes and exceptions; returns the height it takes."""
    where = Counter(code.file.ruleset.jurisdiction for code in stage.codes if code.file)
    notes = [f"{corpus.places.name(place, lang)}  {rules_counted(count, lang)}" for place, count in where.items()]
    title = wrap(stage.title, MIDDLE - INNER)
    shown = [line for note in notes for line in wrap(note, MIDDLE - INNER, 1, 11)]
    effects = Counter((code.effect.outcome, code.effect.modality) for code in stage.codes if code.effect)
    results = [
        (wrap(effect(matter.outcomes[outcome], modality, lang), RIGHT - INNER), f"{rules_counted(count, lang)}")
        for (outcome, modality), count in effects.items()
    ]
    barriers = _exceptions(stage, corpus, links, lang)
    grown = box_height(title, shown)
    tall = max(grown, sum(box_height(lines, [note]) + 8 for lines, note in results) - 8)
    drawing.box(MIDDLE_X, y, MIDDLE, title, "stage", "", shown)
    _results(drawing, y, results, grown)
    if barriers:
        high = drawing.listing(0, y, LEFT, barriers, "barrier")
        tall = max(tall, high)
        at = y + min(high, grown) / 2
        drawing.line([(LEFT, at), (MIDDLE_X, at)], "dashed", arrow=True)
    return _bridge(drawing, y, grown, tall)


def _bridge(drawing: Drawing, y: float, grown: float, tall: float) -> float:
    """Where the side columns are taller than the stage, its line goes on down to their end."""
    if tall > grown:
        x = MIDDLE_X + MIDDLE / 2
        drawing.line([(x, y + grown), (x, y + tall)])
    return tall


def _results(drawing: Drawing, y: float, results: list[tuple[list[str], str]], grown: float) -> None:
    """The outcomes of a stage on the right, on one line that branches."""
    bend, at, middles = RIGHT_X - GAP / 2, y, []
    for lines, note in results:
        high = drawing.box(RIGHT_X, at, RIGHT, lines, "outcome", notes=[note])
        middles.append(at + high / 2)
        at += high + 8
    start = min(middles[0], y + (grown - 8 if len(middles) == 1 else grown / 2))
    drawing.line([(MIDDLE_X + MIDDLE, start), (bend, start)])
    drawing.line([(bend, start), (bend, middles[-1])])
    for middle in middles:
        drawing.line([(bend, middle), (RIGHT_X, middle)], arrow=True)


def _exceptions(stage: Stage, corpus: Corpus, links: Links, lang: Lang) -> list[tuple[list[str], str]]:
    """The exceptions that bar most rules of a stage: title and number of rules in lines, and where each stands."""
    counted: Counter[tuple[str, str]] = Counter(
        entry for code in stage.codes for entry in dict.fromkeys(bars(code, corpus, links, lang))
    )
    kept = counted.most_common(_EXCEPTIONS if len(counted) > _EXCEPTIONS + 1 else None)
    room = LEFT - INNER
    found = [(wrap(title + marks(lang).bracket(str(count)), room, 2), href) for (title, href), count in kept]
    if len(kept) < len(counted):
        found.append((wrap(_MORE.to(lang).format(len(counted) - len(kept)), room), ""))
    return found


def _end(drawing: Drawing, y: float, matter: Matter, lang: Lang) -> None:
    default = matter.default
    title = (_DEFAULT if default else _NO_DEFAULT).to(lang)
    lines = wrap(title + (marks(lang).colon + default.title if default else ""), MIDDLE - INNER)
    notes = wrap(_UNREAD.to(lang), MIDDLE - INNER, 2, 11) if matter.layers else []
    high = drawing.box(MIDDLE_X, y, MIDDLE, lines, "case", notes=notes)
    if default:
        result = wrap(effect(matter.outcomes[default.outcome], default.modality, lang), RIGHT - INNER)
        middle = y + high / 2
        drawing.box(RIGHT_X, middle - box_height(result) / 2, RIGHT, result, "outcome")
        drawing.line([(MIDDLE_X + MIDDLE, middle), (RIGHT_X, middle)], arrow=True)
