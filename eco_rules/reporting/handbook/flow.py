"""Pictures of how a decision is reached: a matter's stages, and a ruleset's rules with what bars them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from eco_rules.ir.lower import RuleCode
from eco_rules.loading.corpus import Corpus
from eco_rules.model.matter import Matter
from eco_rules.reporting.handbook.drawing import LINE, WIDTH, Drawing, box_height, listing_height, wrap
from eco_rules.reporting.handbook.links import Links
from eco_rules.reporting.outline import effect
from eco_rules.words import Lang, Text, marks

_LEFT, _MIDDLE, _RIGHT = 170.0, 240.0, 150.0
_GAP = (WIDTH - _LEFT - _MIDDLE - _RIGHT) / 2
_MIDDLE_X = _LEFT + _GAP
_RIGHT_X = WIDTH - _RIGHT
_INNER = 2 * 9.0
_EXCEPTIONS = 4
"""Exceptions of one stage a picture names; the ruleset pages have them all."""
_RULES = 14
"""Rules in one picture; more would not fit on a page."""
_SPACE = 26.0

_RULE_COUNT = Text("条规则", "rules")
_FIRST = Text("先定：", "First: ")
_STRICTEST = Text("从严：", "Strictest: ")
_LEVEL = Text("位阶：", "Level: ")
_NONE_HOLDS = Text("没有规则成立", "no rule holds")
_MAY_PASS = Text("没有规则成立，或者只有“可以”", "no rule holds, or only a 可以")
_DEFAULT = Text("没有规则成立时", "When no rule holds")
_NO_DEFAULT = Text("没有默认结论：如实说明没有相应规则", "No default: said to be undecided by any rule")
_UNREAD = Text("当地清单未读全的：待定，先查阅文件", "Where a list has not been read: open, to be looked up")
_CASE = Text("个案", "Case")
_MORE = Text("另有 {} 项例外", "{} more exceptions")
_ALL_RULES = Text("以下全部规则", "every rule here")


@dataclass(frozen=True, slots=True)
class Stage:
    """Rules that are settled together: one outcome that goes first, or one level."""

    title: str
    decisive: bool
    codes: tuple[RuleCode, ...]


def stages(matter: Matter, codes: Sequence[RuleCode], corpus: Corpus, lang: Lang) -> list[Stage]:
    """The rules with an outcome in the order in which they are consulted."""
    strict = matter.combine == "strictest"
    first = matter.strictness if strict else matter.precedence
    lead = (_STRICTEST if strict else _FIRST).to(lang)
    found = [
        Stage(lead + matter.outcomes[name], True, tuple(c for c in codes if c.effect and c.effect.outcome == name))
        for name in first
    ]
    rest = [code for code in codes if code.effect and code.effect.outcome not in first]
    for rank in sorted({code.standing.rank for code in rest}):
        names = [level.label for level in corpus.levels.values() if level.rank == rank]
        title = _LEVEL.to(lang) + marks(lang).between.join(names)
        found.append(Stage(title, False, tuple(code for code in rest if code.standing.rank == rank)))
    return [stage for stage in found if stage.codes]


def matter_picture(matter: Matter, found: Sequence[Stage], corpus: Corpus, links: Links, lang: Lang) -> Markup:
    """The stages from top to bottom, what each may lead to on the right, exceptions on the left."""
    drawing = Drawing(matter.question)
    subject = corpus.subjects[matter.subject].label if matter.subject in corpus.subjects else matter.subject
    case = wrap(_CASE.to(lang) + marks(lang).colon + subject, _MIDDLE - _INNER)
    y = drawing.box(_MIDDLE_X, 2, _MIDDLE, case, "case") + 2
    said = ""
    for stage in found:
        y = _down(drawing, y, said)
        y += _stage(drawing, y, matter, stage, corpus, links, lang)
        said = (_NONE_HOLDS if stage.decisive else _MAY_PASS).to(lang)
    y = _down(drawing, y, said)
    _end(drawing, y, matter, lang)
    return drawing.svg()


def _down(drawing: Drawing, y: float, said: str) -> float:
    x = _MIDDLE_X + _MIDDLE / 2
    drawing.line([(x, y), (x, y + _SPACE)], arrow=True)
    if said:
        drawing.text(x + 8, y + _SPACE / 2 + 4, said)
    return y + _SPACE


def _stage(
    drawing: Drawing, y: float, matter: Matter, stage: Stage, corpus: Corpus, links: Links, lang: Lang
) -> float:
    """One stage with its outcomes and exceptions; returns the height it takes."""
    where = Counter(code.file.ruleset.jurisdiction for code in stage.codes if code.file)
    notes = [f"{corpus.places.name(place, lang)}  {count} {_RULE_COUNT.to(lang)}" for place, count in where.items()]
    title = wrap(stage.title, _MIDDLE - _INNER)
    shown = [line for note in notes for line in wrap(note, _MIDDLE - _INNER, 1, 11)]
    effects = Counter((code.effect.outcome, code.effect.modality) for code in stage.codes if code.effect)
    results = [
        (wrap(effect(matter.outcomes[outcome], modality, lang), _RIGHT - _INNER), f"{count} {_RULE_COUNT.to(lang)}")
        for (outcome, modality), count in effects.items()
    ]
    barriers = _exceptions(stage, corpus, links, lang)
    grown = box_height(title, shown)
    tall = max(grown, sum(box_height(lines, [note]) + 8 for lines, note in results) - 8)
    drawing.box(_MIDDLE_X, y, _MIDDLE, title, "stage", "", shown)
    _results(drawing, y, results, grown)
    if barriers:
        high = drawing.listing(0, y, _LEFT, barriers, "barrier")
        tall = max(tall, high)
        at = y + min(high, grown) / 2
        drawing.line([(_LEFT, at), (_MIDDLE_X, at)], "dashed", arrow=True)
    return _bridge(drawing, y, grown, tall)


def _bridge(drawing: Drawing, y: float, grown: float, tall: float) -> float:
    """Where the side columns are taller than the stage, its line goes on down to their end."""
    if tall > grown:
        x = _MIDDLE_X + _MIDDLE / 2
        drawing.line([(x, y + grown), (x, y + tall)])
    return tall


def _results(drawing: Drawing, y: float, results: list[tuple[list[str], str]], grown: float) -> None:
    """The outcomes of a stage on the right, on one line that branches."""
    bend, at, middles = _RIGHT_X - _GAP / 2, y, []
    for lines, note in results:
        high = drawing.box(_RIGHT_X, at, _RIGHT, lines, "outcome", notes=[note])
        middles.append(at + high / 2)
        at += high + 8
    start = min(middles[0], y + (grown - 8 if len(middles) == 1 else grown / 2))
    drawing.line([(_MIDDLE_X + _MIDDLE, start), (bend, start)])
    drawing.line([(bend, start), (bend, middles[-1])])
    for middle in middles:
        drawing.line([(bend, middle), (_RIGHT_X, middle)], arrow=True)


def _exceptions(stage: Stage, corpus: Corpus, links: Links, lang: Lang) -> list[tuple[list[str], str]]:
    """The exceptions that bar most rules of a stage: title and number of rules in lines, and where each stands."""
    counted: Counter[tuple[str, str]] = Counter(
        entry for code in stage.codes for entry in dict.fromkeys(_bars(code, corpus, links, lang))
    )
    kept = counted.most_common(_EXCEPTIONS if len(counted) > _EXCEPTIONS + 1 else None)
    room = _LEFT - _INNER
    found = [(wrap(title + marks(lang).bracket(str(count)), room, 2), href) for (title, href), count in kept]
    if len(kept) < len(counted):
        found.append((wrap(_MORE.to(lang).format(len(counted) - len(kept)), room), ""))
    return found


_ELSEWHERE = {"overrides": Text("排除适用：", "Overridden: "), "replaces": Text("取代：", "Replaced: ")}


def _bars(code: RuleCode, corpus: Corpus, links: Links, lang: Lang) -> list[tuple[str, str]]:
    """What bars a rule: title and address. Rules of another place that take its place are said together."""
    found = []
    near = [code.file] if code.file else []
    home = code.file.ruleset.jurisdiction if code.file else "cn"
    for barrier in code.barriers:
        href = links.part(barrier.name, near)
        place = next(
            (file.ruleset.jurisdiction for file in corpus.rulesets if file.ruleset.id == barrier.name.partition("/")[0]),
            home,
        )
        if barrier.reason == "unless" or place == home:
            found.append((barrier.title, href))
        elif href:
            title = _ELSEWHERE[barrier.reason].to(lang) + corpus.places.name(place, lang)
            found.append((title, href.partition("#")[0]))
    return found


def _end(drawing: Drawing, y: float, matter: Matter, lang: Lang) -> None:
    default = matter.default
    title = (_DEFAULT if default else _NO_DEFAULT).to(lang)
    lines = wrap(title + (marks(lang).colon + default.title if default else ""), _MIDDLE - _INNER)
    notes = wrap(_UNREAD.to(lang), _MIDDLE - _INNER, 2, 11) if matter.layers else []
    high = drawing.box(_MIDDLE_X, y, _MIDDLE, lines, "case", notes=notes)
    if default:
        result = wrap(effect(matter.outcomes[default.outcome], default.modality, lang), _RIGHT - _INNER)
        middle = y + high / 2
        drawing.box(_RIGHT_X, middle - box_height(result) / 2, _RIGHT, result, "outcome")
        drawing.line([(_MIDDLE_X + _MIDDLE, middle), (_RIGHT_X, middle)], arrow=True)


def rule_pictures(matter: Matter, found: Sequence[Stage], corpus: Corpus, links: Links, lang: Lang) -> list[Markup]:
    """The rules of a ruleset in pictures that fit on a page each."""
    rows = [(stage, code) for stage in found for code in sorted(stage.codes, key=lambda code: _result(code))]
    return [_rules(matter, rows[at : at + _RULES], corpus, links, lang) for at in range(0, len(rows), _RULES)]


def _result(code: RuleCode) -> tuple[str, str]:
    return (code.effect.outcome, code.effect.modality or "") if code.effect else ("", "")


def _rules(
    matter: Matter, rows: Sequence[tuple[Stage, RuleCode]], corpus: Corpus, links: Links, lang: Lang
) -> Markup:
    drawing = Drawing(matter.question)
    places: dict[str, tuple[float, float]] = {}
    y, heading = 2.0, ""
    for stage, code in rows:
        if stage.title != heading:
            y += LINE if not heading else LINE + 6
            drawing.text(_MIDDLE_X, y - 5, stage.title, "heading")
            heading = stage.title
        lines = wrap(code.title, _MIDDLE - _INNER)
        high = drawing.box(_MIDDLE_X, y, _MIDDLE, lines, "rule", _here(links, code))
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
        lines = wrap(effect(matter.outcomes[outcome], modality, lang), _RIGHT - _INNER)
        middles = [sum(places[code.id]) / 2 for code in run]
        middle = max((middles[0] + middles[-1]) / 2, free + box_height(lines) / 2)
        bend = _RIGHT_X - _GAP / 2
        for at in middles:
            drawing.line([(_MIDDLE_X + _MIDDLE, at), (bend, at)])
        drawing.line([(bend, min(middles[0], middle)), (bend, max(middles[-1], middle))])
        drawing.line([(bend, middle), (_RIGHT_X, middle)], arrow=True)
        free = middle + drawing.box(_RIGHT_X, middle - box_height(lines) / 2, _RIGHT, lines, "outcome") / 2 + 8


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
        for entry in dict.fromkeys(_bars(code, corpus, links, lang)):
            barred.setdefault(entry, []).append(sum(places[code.id]) / 2)
    lanes: dict[tuple[float, ...], list[tuple[str, str]]] = {}
    for entry, targets in barred.items():
        lanes.setdefault(tuple(targets), []).append(entry)
    free, step = 2.0, min(7.0, (_GAP - 20) / max(1, len(lanes)))
    for lane, (targets, entries) in enumerate(sorted(lanes.items(), key=lambda item: sum(item[0]) / len(item[0]))):
        items = [(wrap(title, _LEFT - _INNER), href) for title, href in entries]
        if len(targets) == len(codes) > 2:
            items.append(([f"→ {_ALL_RULES.to(lang)}"], ""))
        high = listing_height(items)
        top = max(free, sum(targets) / len(targets) - high / 2)
        drawing.listing(0, top, _LEFT, items, "barrier")
        x, middle = _LEFT + 6 + lane * step, top + high / 2
        drawing.line([(_LEFT, middle), (x, middle)], "dashed")
        drawing.line([(x, min(middle, *targets)), (x, max(middle, *targets))], "dashed")
        for target in targets:
            drawing.line([(x, target), (_MIDDLE_X, target)], "dashed", arrow=True)
        free = top + high + 8
