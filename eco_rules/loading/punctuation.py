"""Full-width punctuation where YAML wants the plain kind: named, with what to type instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from eco_rules.words import Text

_PLAIN = {
    "：": Text("英文冒号加空格 `: `", "`: `"),
    "，": Text("英文逗号 `,`", "`,`"),
    "、": Text("英文逗号 `,`", "`,`"),
    "；": Text("英文逗号 `,`", "`,`"),
    "．": Text("英文句点 `.`", "`.`"),
    "“": Text('英文引号 `"`', '`"`'),
    "”": Text('英文引号 `"`', '`"`'),
    "‘": Text("英文引号 `'`", "`'`"),
    "’": Text("英文引号 `'`", "`'`"),
    "［": Text("英文方括号 `[`", "`[`"),
    "］": Text("英文方括号 `]`", "`]`"),
    "【": Text("英文方括号 `[`", "`[`"),
    "】": Text("英文方括号 `]`", "`]`"),
    "｛": Text("英文花括号 `{`", "`{`"),
    "｝": Text("英文花括号 `}`", "`}`"),
    "\u3000": Text("普通空格", "a plain space"),
}
_SPACE = "\u3000"
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|(?:^|\s)#.*")
# Outside brackets a Chinese text may hold any mark; only where YAML expects one of its own is it a mistake.
_MISPLACED = re.compile(r"^\s*\u3000|^[^\S\u3000]*(?:- )?[^\s:#]+:\u3000|(?::\s+|^\s*-\s+)[“‘［【｛]")
_LINES_BACK = 50


def full_width_hint(value: object) -> Text | None:
    """What to type instead of the full-width punctuation of a value (or a list or mapping of values); or None."""
    return _advice(_marks(value))


def with_full_width(value: object, hint: Text | None) -> Text | None:
    """A hint, after the one about full-width punctuation where the value has any."""
    wide = full_width_hint(value)
    if wide is None or hint is None:
        return wide or hint
    return Text(f"{wide.zh}；{hint.zh}", f"{wide.en}; {hint.en}")


def misplaced(lines: list[str], first: int, last: int, *, flow: bool) -> tuple[int, int, Text] | None:
    """The nearest line up to `last` with full-width punctuation in the place of YAML's: line, column, advice.

    `flow`: the lines are inside brackets, where every such mark outside quotes counts.
    """
    for index in range(min(last, len(lines) - 1), max(first, last - _LINES_BACK, 0) - 1, -1):
        bare = _QUOTED.sub(lambda match: " " * len(match[0]), lines[index])
        match = _MISPLACED.search(bare)
        if match is None and not flow:
            continue
        marks = [_SPACE] if match is not None and _SPACE in match[0] else _marks(bare)
        if advice := _advice(marks):
            return index, bare.index(marks[0]), advice
    return None


def _marks(value: object) -> list[str]:
    if isinstance(value, str):
        return [mark for mark in dict.fromkeys(value) if mark in _PLAIN]
    parts: Iterable[object] = ()
    if isinstance(value, Mapping):
        parts = (*value.keys(), *value.values())
    elif isinstance(value, list | tuple):
        parts = value
    return list(dict.fromkeys(mark for part in parts for mark in _marks(part)))


def _advice(marks: list[str]) -> Text | None:
    if not marks:
        return None
    shown = "".join(mark for mark in marks if mark != _SPACE)
    named = [Text(f"中文标点 `{shown}`", f"full-width `{shown}`")] if shown else []
    if _SPACE in marks:
        named.append(Text("全角空格（U+3000）", "a full-width space (U+3000)"))
    plain = list(dict.fromkeys(_PLAIN[mark] for mark in marks))
    return Text(
        f"用了{'和'.join(item.zh for item in named)}，请改为{'、'.join(item.zh for item in plain)}，多余的删去",
        f"{' and '.join(item.en for item in named)} is used; type {', '.join(item.en for item in plain)} "
        "instead, or remove it",
    )
