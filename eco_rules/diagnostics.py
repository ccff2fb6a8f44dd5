"""Problems of input files, collected rather than raised one by one."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from eco_rules.limits import MAX_HELPED, MAX_PROBLEMS, MAX_SUGGESTIONS
from eco_rules.source import Span
from eco_rules.words import Lang, Text

_DOCS = "docs/diagnostics"

Severity: TypeAlias = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: a stable code, one sentence, where it is, and what to do about it."""

    code: str
    message: Text
    span: Span | None = None
    help: Text | None = None
    severity: Severity = "error"

    def render(self, lang: Lang = "zh") -> str:
        """The problem as a user reads it; the first line is enough by itself."""
        where = f"{self.span}: " if self.span else ""
        lines = [f"{where}{self.severity}[{self.code}] {self.message.to(lang)}"]
        if self.help:
            lines[0] += ("；" if lang == "zh" else "; ") + self.help.to(lang)
        if self.span and (snippet := self.span.snippet()):
            lines.append(snippet)
        lines.append(f"   = {_DOCS}/{self.code}.md")
        return "\n".join(lines)

    def as_dict(self, lang: Lang = "zh") -> dict[str, object]:
        """The JSON form of the outside contract."""
        return {
            "code": self.code,
            "message": self.message.to(lang),
            "file": self.span.source.name if self.span else None,
            "line": self.span.line if self.span else None,
            "column": self.span.column if self.span else None,
            "help": self.help.to(lang) if self.help else None,
        }


class Problems:
    """A list of diagnostics that reading and checking append to; a cap keeps it readable."""

    def __init__(self) -> None:
        self._items: list[Diagnostic] = []

    def add(
        self,
        code: str,
        message: Text,
        span: Span | None = None,
        hint: Text | Callable[[], Text | None] | None = None,
    ) -> None:
        """Record one problem; beyond the cap and exact repetitions are dropped.

        A hint that is costly to find is given as a function, called for the first problems only.
        """
        if len(self._items) >= MAX_PROBLEMS:
            return
        if callable(hint):
            hint = hint() if len(self._items) < MAX_HELPED else _LATER
        item = Diagnostic(code, message, span, hint)
        if item not in self._items:
            self._items.append(item)

    def extend(self, items: Iterable[Diagnostic]) -> None:
        """Record several problems."""
        for item in items:
            self.add(item.code, item.message, item.span, item.help)

    @property
    def items(self) -> tuple[Diagnostic, ...]:
        """What was recorded, by file and place."""
        return tuple(sorted(self._items, key=_place))

    def __bool__(self) -> bool:
        return bool(self._items)


_LATER = Text("请先改正前面的错误", "mend the first ones, then look again")


def _place(item: Diagnostic) -> tuple[str, int, int]:
    if item.span is None:
        return ("", 0, 0)
    return (item.span.source.name, item.span.line, item.span.column)


_AS_NEAR = 0.2
"""How much less alike than the nearest another suggestion may be."""


def suggest(word: str, candidates: Iterable[str]) -> Text | None:
    """`did you mean`: the nearest candidates, or None."""
    near = difflib.get_close_matches(str(word), sorted(set(candidates)), n=MAX_SUGGESTIONS, cutoff=0.55)
    if not near:
        return None
    alike = [difflib.SequenceMatcher(None, name, str(word)).ratio() for name in near]
    names = _quoted(name for name, ratio in zip(near, alike, strict=True) if ratio > alike[0] - _AS_NEAR)
    return Text(f"是否想写 {names.zh}？", f"did you mean {names.en}?")


def choose_from(word: str, candidates: Sequence[str]) -> Text:
    """What was possible, and the nearest of it."""
    near = suggest(word, candidates)
    shown, more = _quoted(candidates[:12]), " …" if len(candidates) > 12 else ""
    options = Text(f"可用 {shown.zh}{more}", f"allowed: {shown.en}{more}")
    if near is None:
        return options
    return Text(f"{near.zh}{options.zh}", f"{near.en} ({options.en})")


def _quoted(words: Iterable[str]) -> Text:
    return Text("、", ", ").joined(f"`{word}`" for word in words)
