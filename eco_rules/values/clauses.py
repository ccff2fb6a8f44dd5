"""Names of legal clauses as case files write them: one clause in many spellings.

`《中华人民共和国水污染防治法》第10条` and `水污染防治法第十条` are one clause. `水污染防治法第十条第一款` may or may not be
the same as `水污染防治法第十条`, and a name without its law may be a clause of any law: that is unknown, not different.
"""

from __future__ import annotations

import re
import unicodedata

_NOISE = re.compile(r"[\s《》〈〉“”\"'「」『』]|中华人民共和国")
_STEP = re.compile(r"第?\(?([0-9〇零一二三四五六七八九十百千]+)\)?(条|款|项|目)")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}


class ClauseName(str):
    """A clause in its one spelling; compared with others by `same`."""

    __slots__ = ()

    def same(self, other: ClauseName) -> bool | None:
        """Whether both name one clause; None when one says less than the other."""
        if self == other:
            return True
        (law, steps), (law_other, steps_other) = _parts(self), _parts(other)
        if law and law_other and law != law_other:
            return None if law.endswith(law_other) or law_other.endswith(law) else False
        shared = min(len(steps), len(steps_other))
        return None if steps[:shared] == steps_other[:shared] else False


def parse_clause(text: str) -> ClauseName:
    """The one spelling of a clause's name."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text))
    return ClauseName(_STEP.sub(lambda match: f"第{chinese_number(match[1])}{match[2]}", plain))


def _parts(name: str) -> tuple[str, list[str]]:
    """The law, and the steps down to the clause."""
    law, _, rest = name.partition("第")
    return law, re.split("(?=第)", "第" + rest) if rest else []


def chinese_number(text: str) -> int:
    """A number in digits, or in Chinese numerals below ten thousand."""
    if text.isdigit() and text.isascii():
        return int(text)
    total = digit = 0
    for char in text:
        if char in _PLACES:
            total += (digit or 1) * _PLACES[char]
            digit = 0
        else:
            digit = _DIGITS[char] if char in _DIGITS else int(char)
    return total + digit
