"""An interview: only questions that can still change the outcome, the most decisive first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from eco_rules.decision.decision import Decision, MissingFact
from eco_rules.engine.engine import Engine
from eco_rules.model.case import Case

NONE = frozenset({"无", "[]", "没有", "none"})
UNKNOWN = frozenset({"未知", "不知道", "unknown", ""})
_SEPARATOR = re.compile(r"[、,，](?![^（]*）)")  # not inside full-width brackets
_ENDS = re.compile(r"\s*(?:[、,，]|$)")
_CODE = re.compile(r"\d{2,4}(?=\D|$)")
_SHOWN = 12


class Interview:
    """One case and what is still to be asked about it. Answers make a new case; the engine stays as it is."""

    def __init__(self, engine: Engine, case: Case) -> None:
        self.engine = engine
        self.case = case
        self.skipped: set[str] = set()
        self.decision: Decision = engine.decide(case)

    @property
    def question(self) -> MissingFact | None:
        """What to ask next; None when nothing is left that can change the outcome, or all of it was skipped."""
        return next((item for item in self.decision.missing if item.fact not in self.skipped), None)

    def skip(self, fact: str) -> None:
        """Leave a fact unknown."""
        self.skipped.add(fact)

    def answer(self, fact: str, value: Any) -> None:
        """Take an answer.

        Raises:
            CaseError: the value does not fit; the case stays as it was.
        """
        if fact in ("act_date", "decision_date"):
            changed = replace(self.case, **{fact: value}, given=self.case.given | {fact})
        else:
            changed = replace(self.case, facts={**self.case.facts, fact: value}, given=self.case.given | {fact})
        self.decision = self.engine.decide(changed)
        self.case = changed


def read_answer(text: str, kind: str, values: Mapping[str, str]) -> Any:
    """An answer written as one text: `无` is an empty set or list, nothing is unknown, 、 separates a set's values."""
    if text in UNKNOWN:
        return None
    if kind in ("set", "records"):
        if text in NONE:
            return []
        if kind == "set":
            return _parts(text, values)
    return text


def _parts(text: str, values: Mapping[str, str]) -> list[str]:
    """The values one text lists; a label that holds a separator itself is not split."""
    labels = sorted((label for label in values.values() if _SEPARATOR.search(label)), key=len, reverse=True)
    parts, rest = [], text.strip()
    while rest:
        starts = (label for label in labels if rest.startswith(label) and _ENDS.match(rest, len(label)))
        part = next(starts, None) or _SEPARATOR.split(rest, maxsplit=1)[0]
        parts.append(part.strip())
        rest = rest[len(part) :].lstrip("、,， ")
    return parts


def candidates(text: str, values: Mapping[str, str]) -> list[str]:
    """Values a text may mean, best first: its id or label, an industry code or words of the label.

    A code of GB/T 4754 finds labels that name it or the group above it (2110 finds 211). Nothing is chosen
    here; whoever asks picks one.
    """
    text = text.strip()
    exact = [name for name, label in values.items() if text in (name, label)]
    if exact or not text:
        return exact
    if text.isdigit():
        return [name for name, label in values.items() if any(_same_code(text, code) for code in _CODE.findall(label))]
    whole = [name for name, label in values.items() if text in label]
    if whole:
        return whole[:_SHOWN]
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    ranked = sorted(values, key=lambda name: -sum(pair in values[name] for pair in pairs))
    return [name for name in ranked if any(pair in values[name] for pair in pairs)][:_SHOWN]


def _same_code(text: str, code: str) -> bool:
    return len(text) >= 2 and (text.startswith(code) or code.startswith(text))
