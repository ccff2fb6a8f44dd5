"""Coverage as a table with what is missing, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from eco_rules.diagnostics import Diagnostic
from eco_rules.reporting.formats import Style, plain
from eco_rules.source import display_width
from eco_rules.testing.coverage import Hole, Share, Sheet, share
from eco_rules.testing.points import KINDS, Kind, Side, label, line_of
from eco_rules.words import Lang, Text, marks

KIND: dict[Kind, Text] = {
    "rule": Text("规则", "rules"),
    "exception": Text("例外", "exceptions"),
    "item": Text("条件", "conditions"),
    "threshold": Text("界限", "thresholds"),
}
MISSING: dict[Side, Text] = {
    "held": Text("没有成立过", "never held"),
    "failed": Text("没有不成立过", "never failed"),
    "barred": Text("没有排除过规则", "never barred a rule"),
    "true": Text("没有成立过", "never true"),
    "false": Text("没有不成立过", "never false"),
    "below": Text("没有恰在界限之下的", "never just below"),
    "at": Text("没有恰为界限的", "never exactly at"),
    "above": Text("没有界限之上的", "never above"),
}
UNKNOWN = Text("未知", "unknown")
_WHOLE = Text("没有场景用到", "no scenario came to it")
_ALL = Text("合计", "total")


def to_text(made: Sequence[Sheet], lang: Lang, style: Style = plain) -> str:
    """A row for every ruleset, below it what no scenario exercised; the total at the end."""
    width = max((display_width(sheet.id) for sheet in made), default=0)
    lines: list[str] = []
    for sheet in made:
        tone = "headline" if sheet.share().percent == 100 else "title"
        lines.append(style(f"{sheet.id:<{width}}  {_row(sheet.share(), _shares([sheet]), lang)}", tone))
        lines[-1] += f"  {UNKNOWN.to(lang)} {sheet.unknown}"
        lines += [f"  {line}" for line in _holes(sheet, lang)]
    total = _ALL.to(lang)
    total += " " * (width - display_width(total))
    lines.append(style(f"{total}  {_row(share(made), _shares(made), lang)}", "title"))
    return "\n".join(lines) + "\n"


def _shares(made: Sequence[Sheet]) -> dict[Kind, Share]:
    return {kind: share(made, kind) for kind in KINDS}


def _row(whole: Share, parts: dict[Kind, Share], lang: Lang) -> str:
    return f"{whole.rounded:>6}  " + "  ".join(f"{KIND[kind].to(lang)} {part}" for kind, part in parts.items())


def _holes(sheet: Sheet, lang: Lang) -> Iterator[str]:
    if not any(item.sides for item in sheet.seen):
        if sheet.seen:
            yield f"{shown_path(sheet.path)}:1  {_WHOLE.to(lang)}"
        return
    for hole in sheet.holes:
        yield f"{shown_path(sheet.path)}:{line_of(sheet.spans, hole.point)}  {hole_text(sheet, hole, lang)}"


def hole_text(sheet: Sheet, hole: Hole, lang: Lang) -> str:
    """What is missing, of which rule or condition."""
    if hole.whole:
        return f"{hole.point.owner}{marks(lang).colon}{_WHOLE.to(lang)}"
    written = "" if hole.point.kind == "rule" else f"  {label(sheet.spans, hole.point)}"
    missing = marks(lang).between.join(MISSING[side].to(lang) for side in hole.missing)
    return f"{hole.point.owner}{written}{marks(lang).colon}{missing}"


def shown_path(name: str) -> str:
    """A file's path, from here where it lies below."""
    path = Path(name)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def to_json(made: Sequence[Sheet], failed: int, errors: Sequence[Diagnostic], lang: Lang) -> str:
    """The same for programs."""
    shown = {
        "format": 1,
        "percent": share(made).percent,
        "failed_scenarios": failed,
        "rulesets": [{"ruleset": sheet.id, **_as_dict(sheet)} for sheet in made if not sheet.of_facts],
        "facts": [{"facts": sheet.id, **_as_dict(sheet)} for sheet in made if sheet.of_facts],
        "errors": [item.as_dict(lang) for item in errors],
    }
    return json.dumps(shown, ensure_ascii=False, indent=1)


def _as_dict(sheet: Sheet) -> dict[str, Any]:
    return {
        "file": sheet.path,
        "percent": sheet.share().percent,
        **{f"{kind}s": _share(sheet.share(kind)) for kind in KINDS},
        "unknown_items": _share(sheet.unknown),
        "missing": [
            {
                "kind": item.point.kind,
                "owner": item.point.owner,
                "line": line_of(sheet.spans, item.point),
                "text": label(sheet.spans, item.point),
                "sides": item.missing,
            }
            for item in sheet.seen
            if item.missing
        ],
    }


def _share(part: Share) -> dict[str, int]:
    return {"covered": part.covered, "total": part.total}
