"""Coverage as HTML: each ruleset as it is written, every line marked. Pages need nothing but themselves."""

from __future__ import annotations

import html
from collections.abc import Sequence

from eco_rules.testing.coverage import Seen, Sheet, share
from eco_rules.testing.coverage_report import KIND, MISSING, UNKNOWN
from eco_rules.testing.points import KINDS, label, line_of
from eco_rules.words import Lang, Text, marks

_STYLE = (
    "body{font:15px/1.5 sans-serif;max-width:80em;margin:2em auto;padding:0 1em;color:#222}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.1em .6em;vertical-align:top}"
    "tr.all{background:#e6f5e6}tr.some{background:#fff4d6}tr.none{background:#fde3e3}"
    "code{white-space:pre-wrap;font-family:monospace}.n{color:#888;text-align:right}"
    "small{display:block;color:#a00}small.u{color:#666}"
)
_TITLE = Text("规则覆盖", "Coverage of the rules")
_LEGEND = Text(
    "✓ 场景都用到了；◐ 用到一部分；✗ 没有用到；没有记号的行没有可检查的内容。",
    "✓ exercised; ◐ in part; ✗ not at all; a line without a mark has nothing to exercise.",
)
_MARK = {"all": "✓", "some": "◐", "none": "✗", "": ""}
_RULESET = Text("规则集", "ruleset")


def pages(made: Sequence[Sheet], lang: Lang) -> dict[str, str]:
    """File name → page: an index, and one page for each ruleset."""
    found = {f"{sheet.id}.html": _page(sheet, lang) for sheet in made}
    return {"index.html": _index(made, lang), **found}


def _document(title: str, body: str, lang: Lang) -> str:
    language = "zh-CN" if lang == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n<h1>{html.escape(title)}</h1>\n{body}\n</body></html>\n"
    )


def _index(made: Sequence[Sheet], lang: Lang) -> str:
    head = "".join(f"<th>{KIND[kind].to(lang)}</th>" for kind in KINDS)
    rows = [f"<tr><th>{_RULESET.to(lang)}</th><th>%</th>{head}<th>{UNKNOWN.to(lang)}</th></tr>"]
    for sheet in made:
        name = html.escape(sheet.id)
        cells = "".join(f"<td>{part}</td>" for part in map(sheet.share, KINDS))
        rows.append(
            f'<tr class="{_state(sheet.seen)}"><td><a href="{name}.html">{name}</a> {html.escape(sheet.title)}</td>'
            f"<td>{sheet.share().rounded}</td>{cells}<td>{sheet.unknown}</td></tr>"
        )
    total = f"<p>{share(made).rounded}</p>"
    return _document(_TITLE.to(lang), total + "<table>\n" + "\n".join(rows) + "\n</table>", lang)


def _state(seen: Sequence[Seen]) -> str:
    """How much of some points was seen: `all`, `some`, `none`; empty where there are none."""
    if not seen:
        return ""
    if not any(item.missing for item in seen):
        return "all"
    return "some" if any(item.sides for item in seen) else "none"


def _page(sheet: Sheet, lang: Lang) -> str:
    by_line: dict[int, list[Seen]] = {}
    for item in sheet.seen:
        by_line.setdefault(line_of(sheet.spans, item.point), []).append(item)
    rows = [
        _line(sheet, number, text, by_line.get(number, []), lang)
        for number, text in enumerate(sheet.spans.source.lines, 1)
    ]
    body = f"<p>{html.escape(sheet.title)} · {sheet.share().rounded}</p><p>{_LEGEND.to(lang)}</p>"
    return _document(sheet.id, f"{body}<table>\n" + "\n".join(rows) + "\n</table>", lang)


def _line(sheet: Sheet, number: int, text: str, seen: Sequence[Seen], lang: Lang) -> str:
    state = _state(seen)
    notes = "".join(_note(sheet, item, lang) for item in seen)
    return (
        f'<tr class="{state}" id="L{number}"><td class="n">{number}</td><td>{_MARK[state]}</td>'
        f"<td><code>{html.escape(text)}</code>{notes}</td></tr>"
    )


def _note(sheet: Sheet, item: Seen, lang: Lang) -> str:
    """What is missing of a point, or that some scenario left it unknown."""
    name = html.escape(label(sheet.spans, item.point))
    colon = marks(lang).colon
    note = ""
    if item.missing:
        missing = marks(lang).between.join(MISSING[side].to(lang) for side in item.missing)
        note += f"<small>{KIND[item.point.kind].to(lang)} {name}{colon}{missing}</small>"
    if item.unknown:
        note += f'<small class="u">{name}{colon}{_LEFT_OPEN.to(lang)}</small>'
    return note


_LEFT_OPEN = Text("有场景未知", "unknown in some scenario")
