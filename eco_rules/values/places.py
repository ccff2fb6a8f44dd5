"""Administrative places by GB/T 2260 code: 国 ⊃ 省 ⊃ 市 ⊃ 县."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from eco_rules.words import Lang, Text, marks

NATION: Final = "cn"
_DIGITS = re.compile(r"\d{2}|\d{4}|\d{6}|\d{12}")


def parse_place(text: str) -> str | None:
    """Shortest code of a place (`440000` → `44`); `cn` for the nation; None if it is no code."""
    text = text.strip()
    if text.lower() in {NATION, "0", "000000"}:
        return NATION
    if not _DIGITS.fullmatch(text):
        return None
    code = text[:6]
    if len(text) == 12 and set(text[6:]) != {"0"}:
        return None
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return None if code.startswith("00") else code


def chain(place: str) -> tuple[str, ...]:
    """The place and everything that contains it, widest first: `cn, 44, 4407, 440703`."""
    if place == NATION:
        return (NATION,)
    return (NATION, *(place[:size] for size in (2, 4, 6) if size <= len(place)))


def contains(outer: str, inner: str) -> bool:
    """Whether `inner` lies in `outer` (or is it)."""
    return outer in chain(inner)


class Gazetteer:
    """Names of places: code ↔ name, full names (`江西省赣州市`) included."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = dict(names)
        self._codes: dict[str, str | None] = {}
        for code, name in names.items():
            full = self.full_name(code)
            for text in {name, full}:
                known = text in self._codes
                self._codes[text] = None if known else code  # two places of one name: ambiguous

    def known(self, code: str) -> bool:
        """Whether the province of `code` exists here (deeper levels need not be listed)."""
        return code == NATION or code[:2] in self._names

    def listed(self, code: str) -> bool:
        """Whether the place itself has a name here, not only what contains it."""
        return code == NATION or code in self._names

    def name(self, code: str, lang: Lang = "zh") -> str:
        """Name of a place, or its nearest named surroundings with the code."""
        if code == NATION:
            return Text("国家", "the nation").to(lang)
        return self.full_name(code) + ("" if code in self._names else marks(lang).bracket(code))

    def full_name(self, code: str) -> str:
        """Names along the chain, joined: 江西省赣州市于都县."""
        return "".join(self._names.get(part, "") for part in chain(code)[1:])

    def find(self, text: str) -> str | None:
        """Code for a code or a name; None if it is neither, or the name is ambiguous."""
        code = parse_place(text)
        if code is not None:
            return code if self.known(code) else None
        return self._codes.get(text.strip())

    @property
    def named(self) -> dict[str, str]:
        """Full names by code."""
        return {code: self.full_name(code) for code in self._names}

    @property
    def names(self) -> tuple[str, ...]:
        """All names, for suggestions."""
        return tuple(self._codes)
