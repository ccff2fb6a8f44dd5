"""What somebody may have meant to write who wrote a step that nobody knows."""

from __future__ import annotations

import difflib
import re
from itertools import chain

from eco_rules.limits import MAX_SUGGESTIONS
from eco_rules.testing.steps import WORDINGS
from eco_rules.words import Text

_BLANK = re.compile(r'"[^"]*"|“[^”]*”|\{\w+\}|\d[\d./-]*')
_KEYWORDS = {
    "given": Text("假如", "Given"),
    "when": Text("当", "When"),
    "then": Text("那么", "Then"),
}


def nearest_wording(kind: str, text: str) -> Text | None:
    """The wordings most like a step, or the keyword it belongs under; None where nothing is near."""
    for item in WORDINGS:
        if item.kind != kind and item.parser.is_matching(text):
            word = _KEYWORDS[item.kind]
            return Text(f"这句话要写在“{word.zh}”之下", f"this belongs under `{word.en}`")
    patterns: dict[str, list[str]] = {}
    for item in WORDINGS:
        if item.kind == kind:
            patterns.setdefault(_skeleton(item.parser.name), []).append(item.parser.name)
    wanted = _skeleton(text)
    near = [wanted] if wanted in patterns else difflib.get_close_matches(wanted, patterns, MAX_SUGGESTIONS, cutoff=0.5)
    shown = Text("、", ", ").joined(f"`{name}`" for name in chain.from_iterable(patterns[item] for item in near))
    return Text(f"是否想写 {shown.zh}？", f"did you mean {shown.en}?") if near else None


def _skeleton(text: str) -> str:
    """A step without what differs from one to the next."""
    return _BLANK.sub("□", text)
