"""Pictures of a ruleset's rules: what each leads to, and what bars it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from eco_rules.ir.lower import RuleCode
from eco_rules.loading.corpus import Corpus
from eco_rules.model.matter import Matter
from eco_rules.reporting.handbook.drawing import (
    GAP,
    INNER,
    LEFT,
    LINE,
    MIDDLE,
    MIDDLE_X,
    RIGHT,
    RIGHT_X,
    Drawing,
    box_height,
    listing_height,
    wrap,
)
from eco_rules.reporting.handbook.links import Links
from eco_rules.reporting.handbook.stages import Stage, bars
from eco_rules.reporting.outline import effect
from eco_rules.words import Lang, Text

_RULES = 14
"""Rules in one picture; more would not fit on a page."""
_ALL_RULES = Text("以下全部规则", "every rule here")


def rule_pictures(matter: Matter, found: Sequence[Stage], corpus: Corpus, links: Links, lang: Lang) -> list[Markup]:
    """The rules of a ruleset in pictures that fit on a page each."""
    rows = [(stage, code) for stage in found for code in sorted(stage.codes, key=_result)]
    return [_rules(matter, rows[at : at + _RULES], corpus, links, lang) for at in range(0, len(rows), _RULES)]


def _result(code: RuleCode) -> tuple[str, str]:
    return (code.effect.outcome, code.effect.modality or "") if code.effect else ("", "")


def _rules(matter: Matter, rows: Sequence[tuple[Stage, RuleCode]], corpus: Corpus, links: Links, lang: Lang) -> Markup:
    drawing = Drawing(matter.question)
    places: dict[str, tuple[float, float]] = {}
    y, heading = 2.0, ""
    for stage, code in rows:
        if stage.title != heading:
            y += LINE if not heading else LINE + 6
            drawing.text(MIDDLE_X, y - 5, stage.title, "heading")
            heading = stage.title
        lines = wrap(code.title, MIDDLE - INNER)
        high = drawing.box(MIDDLE_X, y, MIDDLE, lines, "rule", _here(links, code))
        places[code.id] = (y, y + high)
        y += high + 8
    _brackets(drawing, matter, [code for _, code in rows], places, lang)
    _barriers(drawing, [code for _, code in rows], places, corpus, links, lang)
    return drawing.svg()


def _here(links: Links, code: RuleCode) -> str:
    return links.part(code.id, [code.file] if code.file else ())


def _brackets(
    drawing: Drawing, matter: Matter, codes: Sequence[RuleCode], places: dict[str, tuple[float, float]], lang: Lang
) -> None:
    """Neighbours with one result share a bracket that leads to it."""
    runs: list[list[RuleCode]] = []
    for code in codes:
        if runs and _result(runs[-1][-1]) == _result(code):
            runs[-1].append(code)
        else:
            runs.append([code])
    free = 0.0
    for run in runs:
        outcome, modality = run[0].effect.outcome, run[0].effect.modality  # type: ignore[union-attr]
        lines = wrap(effect(matter.outcomes[outcome], modality, lang), RIGHT - INNER)
        middles = [sum(places[code.id]) / 2 for code in run]
        middle = max((middles[0] + middles[-1]) / 2, free + box_height(lines) / 2)
        bend = RIGHT_X - GAP / 2
        for at in middles:
            drawing.line([(MIDDLE_X + MIDDLE, at), (bend, at)])
        drawing.line([(bend, min(middles[0], middle)), (bend, max(middles[-1], middle))])
        drawing.line([(bend, middle), (RIGHT_X, middle)], arrow=True)
        free = middle + drawing.box(RIGHT_X, middle - box_height(lines) / 2, RIGHT, lines, "outcome") / 2 + 8


def _barriers(
    drawing: Drawing,
    codes: Sequence[RuleCode],
    places: dict[str, tuple[float, float]],
    corpus: Corpus,
    links: Links,
    lang: Lang,
) -> None:
    """Exceptions on the left, each with a lane of its own to the rules it bars."""
    barred: dict[tuple[str, str], list[float]] = {}
    for code in codes:
        for entry in dict.fromkeys(bars(code, corpus, links, lang)):
            barred.setdefault(entry, []).append(sum(places[code.id]) / 2)
    lanes: dict[tuple[float, ...], list[tuple[str, str]]] = {}
    for entry, targets in barred.items():
        lanes.setdefault(tuple(targets), []).append(entry)
    free, step = 2.0, min(7.0, (GAP - 20) / max(1, len(lanes)))
    for lane, (barred_at, entries) in enumerate(sorted(lanes.items(), key=lambda item: sum(item[0]) / len(item[0]))):
        items = [(wrap(title, LEFT - INNER), href) for title, href in entries]
        if len(barred_at) == len(codes) > 2:
            items.append(([f"→ {_ALL_RULES.to(lang)}"], ""))
        high = listing_height(items)
        top = max(free, sum(barred_at) / len(barred_at) - high / 2)
        drawing.listing(0, top, LEFT, items, "barrier")
        x, middle = LEFT + 6 + lane * step, top + high / 2
        drawing.line([(LEFT, middle), (x, middle)], "dashed")
        drawing.line([(x, min(middle, *barred_at)), (x, max(middle, *barred_at))], "dashed")
        for target in barred_at:
            drawing.line([(x, target), (MIDDLE_X, target)], "dashed", arrow=True)
        free = top + high + 8
