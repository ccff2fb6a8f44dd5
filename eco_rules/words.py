"""What the program itself says, in Chinese and English. Law words never come from here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Lang = Literal["zh", "en"]


class Text(NamedTuple):
    """One sentence of the program in both languages."""

    zh: str
    en: str

    def to(self, lang: Lang) -> str:
        """Return the sentence in `lang`."""
        return self.zh if lang == "zh" else self.en

    def joined(self, words: Iterable[str]) -> Text:
        """Words with this between them, in both languages."""
        listed = list(words)
        return Text(self.zh.join(listed), self.en.join(listed))


class Marks(NamedTuple):
    """Punctuation of a language, so that a list of law words reads like the sentence around it."""

    colon: str
    comma: str
    semicolon: str
    between: str
    opening: str
    closing: str

    def bracket(self, text: str) -> str:
        """An aside in brackets, with the space a language wants before it."""
        return f"{self.opening}{text}{self.closing}"


_MARKS: dict[Lang, Marks] = {
    "zh": Marks("：", "，", "；", "、", "（", "）"),
    "en": Marks(": ", ", ", "; ", ", ", " (", ")"),
}


def marks(lang: Lang) -> Marks:
    """The punctuation of `lang`."""
    return _MARKS[lang]


def period(start: object, end: object, lang: Lang) -> str:
    """A period as it is listed; an open end stays open."""
    if lang == "zh":
        return f"{start}～{end or ''}"
    return f"{start} to {end}" if end else f"from {start}"
