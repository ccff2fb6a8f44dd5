"""What became of mutants → text and JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eco_rules.testing.coverage_report import shown_path
from eco_rules.testing.mutation.mutant import OPERATORS, Mutant
from eco_rules.testing.mutation.trial import Fate, Result
from eco_rules.words import Lang, Text, marks

_FATES: dict[Fate, Text] = {
    "noticed": Text("察觉", "noticed"),
    "survived": Text("未察觉", "not noticed"),
    "undecided": Text("未能判定", "not decided"),
    "equivalent": Text("已证明等价", "proven equivalent"),
    "rejected": Text("读入即拒绝", "rejected on loading"),
}
_UNNOTICED: tuple[Fate, ...] = ("survived", "undecided")
_ALL = Text("合计", "all")


@dataclass(frozen=True, slots=True)
class Score:
    """How many mutants came to what."""

    counts: Mapping[Fate, int]

    @property
    def percent(self) -> float:
        """Of the mutants that change meaning, those noticed; what is not decided counts as not noticed."""
        noticed = self.counts.get("noticed", 0)
        of = noticed + sum(self.counts.get(fate, 0) for fate in _UNNOTICED)
        return 100.0 if not of else 100 * noticed / of


def score(results: Iterable[Result]) -> Score:
    """The score of some mutants."""
    return Score(Counter(result.fate for result in results))


def to_text(found: Sequence[tuple[Mutant, Result]], lang: Lang) -> str:
    """Every mutant nobody noticed, with the scenario that would, then the scores by matter."""
    return "\n".join((*_unnoticed(found, lang), *_scores(found, lang))) + "\n"


def _unnoticed(found: Sequence[tuple[Mutant, Result]], lang: Lang) -> Iterator[str]:
    mark = marks(lang)
    for mutant, result in found:
        if result.fate in _UNNOTICED:
            place = f"{shown_path(mutant.file.stamp.path)}:{mutant.line}"
            did = f"{OPERATORS[mutant.change.operator].to(lang)}{mark.colon}{mutant.was} → {mutant.change.now}"
            yield f"{place}  {mutant.rule}  {did}  {_FATES[result.fate].to(lang)}"
            if result.reason:
                yield f"    {result.reason}"
            if result.scenario:
                yield result.scenario


def _scores(found: Sequence[tuple[Mutant, Result]], lang: Lang) -> Iterator[str]:
    by_matter: dict[str, list[Result]] = {}
    for mutant, result in found:
        by_matter.setdefault(mutant.file.ruleset.matter, []).append(result)
    for matter, results in sorted(by_matter.items()):
        yield _score(matter, results, lang)
    if len(by_matter) > 1:
        yield _score(_ALL.to(lang), [result for _, result in found], lang)


def _score(name: str, results: Sequence[Result], lang: Lang) -> str:
    made = score(results)
    counts = "  ".join(f"{word.to(lang)} {made.counts[fate]}" for fate, word in _FATES.items() if made.counts[fate])
    return f"{name:24} {_rounded(made):5.1f}%  {counts}"


def _rounded(made: Score) -> float:
    """Rounded down, so that all is only all."""
    return int(made.percent * 10) / 10


def to_json(found: Sequence[tuple[Mutant, Result]], lang: Lang) -> str:
    """Counts and score, by matter, and every mutant."""
    body = {
        "format": 1,
        "percent": _rounded(score(result for _, result in found)),
        "counts": score(result for _, result in found).counts,
        "mutants": [_mutant(mutant, result, lang) for mutant, result in found],
    }
    return json.dumps(body, ensure_ascii=False, indent=1)


def _mutant(mutant: Mutant, result: Result, lang: Lang) -> dict[str, Any]:
    shown = {
        "id": mutant.id,
        "matter": mutant.file.ruleset.matter,
        "file": mutant.file.stamp.path,
        "line": mutant.line,
        "rule": mutant.rule,
        "operator": mutant.change.operator,
        "change": OPERATORS[mutant.change.operator].to(lang),
        "was": mutant.was,
        "now": mutant.change.now,
        "fate": result.fate,
    }
    return {**shown, **{name: said for name in ("by", "scenario", "reason") if (said := getattr(result, name))}}
