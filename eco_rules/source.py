"""Where something was written: files, spans, and snippets whose carets line up under Chinese."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property

_SNIPPET_WIDTH = 100


@dataclass(frozen=True)
class Source:
    """A text and the name it is known by (a path as the user typed it, `<stdin>`, …)."""

    name: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The text's lines without their ends."""
        return self.text.splitlines()


@dataclass(frozen=True, slots=True)
class Span:
    """A range on one source; lines and columns count from 1, the end column is exclusive."""

    source: Source
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.source.name}:{self.line}:{self.column}"

    def snippet(self) -> str:
        """The line with carets under the span; empty when the line is empty or beyond the text."""
        lines = self.source.lines
        if not 1 <= self.line <= len(lines) or not lines[self.line - 1].strip():
            return ""
        text = printable(lines[self.line - 1])
        start = min(self.column - 1, len(text))
        end = self.end_column - 1 if self.end_line == self.line else len(text.rstrip())
        end = max(start + 1, min(end, len(text)))
        skip = max(0, start - _SNIPPET_WIDTH // 2)
        shown = text[skip : skip + _SNIPPET_WIDTH]
        lead, marked = shown[: start - skip], shown[start - skip : end - skip]
        carets = " " * display_width(lead) + "^" * max(1, display_width(marked))
        return f"   |\n{self.line:>3}| {shown}\n   | {carets}"


def printable(text: str) -> str:
    """Replace control characters (tabs, escapes) by spaces so that a terminal shows one cell each."""
    return "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)


def display_width(text: str) -> int:
    """Terminal cells `text` takes: two for each wide or full-width character."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
