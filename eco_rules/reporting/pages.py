"""Pages of nested lines: headings with lists below them, as text and as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from eco_rules.words import Lang, marks

Style = Callable[[str, str], str]


class Entry(NamedTuple):
    """One line of a list and how deep it stands."""

    depth: int
    text: str


class Passage(NamedTuple):
    """A heading and the list below it; `tone` is plain, ask or warn."""

    title: str
    entries: tuple[Entry, ...]
    tone: str = "plain"


class Page(NamedTuple):
    """A title, the one line that matters most, and passages."""

    title: str
    headline: str
    passages: tuple[Passage, ...]


def plain(text: str, _tone: str) -> str:
    """No styling."""
    return text


def pages_as_text(pages: Sequence[Page], lang: Lang, style: Style = plain) -> str:
    """Pages as they are printed; `style(text, tone)` may colour them."""
    return "\n".join(_text(page, lang, style) for page in pages)


def _text(page: Page, lang: Lang, style: Style) -> str:
    lines = [style(f"== {page.title} ==", "title"), style(page.headline, "headline")]
    for passage in page.passages:
        if passage.entries:
            lines.append(style(passage.title + marks(lang).colon.strip(), passage.tone))
            lines += [f"{'  ' * (entry.depth + 1)}{entry.text}" for entry in passage.entries]
    return "\n".join(lines) + "\n"


def pages_as_markdown(pages: Sequence[Page]) -> str:
    """Pages as Markdown, one second-level heading each."""
    parts = []
    for page in pages:
        lines = [f"## {page.title}", "", f"**{page.headline}**", ""]
        for passage in page.passages:
            if passage.entries:
                lines += [f"### {passage.title}", ""]
                lines += [f"{'  ' * entry.depth}- {entry.text}" for entry in passage.entries]
                lines.append("")
        parts.append("\n".join(lines))
    return "\n".join(parts)
