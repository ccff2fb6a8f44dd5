"""Write docs/catalogue-readings.md: how the encoding reads the catalogue where its words allow more than one reading.

python scripts/readings_page.py
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from eco_rules import bundled_rulesets
from eco_rules.loading.corpus import Corpus
from eco_rules.model.condition import Condition, Holds, Test, walk
from eco_rules.model.facts import FactSpec
from eco_rules.model.ruleset import Ruleset

PAGE = Path(__file__).resolve().parent.parent / "docs" / "catalogue-readings.md"
MATTER = "eia-classification"
INTRO = """\
# How the catalogue is read

The catalogue of 2021 leaves some words open. Where the encoding had to choose a reading, the choice stands in the vocabulary as the
note of the fact that carries it (`eco-rules show ID` prints it) or as a reading that every decision resting on it lists. A reading is ours,
not an official interpretation. Where a choice would change the tier and nothing in the text favours either side, nothing is chosen:
the caseworker is asked (*asked*).

This page is written by `python scripts/readings_page.py`; a test fails when it is stale.

| entries | fact | | reading |
|---|---|---|---|
"""


def entries(corpus: Corpus) -> dict[str, set[int]]:
    """For each fact, the entries of the catalogue whose rules read it."""
    found: dict[str, set[int]] = defaultdict(set)
    for file in corpus.rulesets:
        if file.ruleset.matter != MATTER:
            continue
        for rule in file.ruleset.rules:
            facts = {name for part in (rule.applies, rule.when) if part for name in _facts(part, file.ruleset)}
            for name in facts:
                found[name].add(int(rule.id.split("-")[1]))
    return found


def _facts(condition: Condition, ruleset: Ruleset) -> set[str]:
    found: set[str] = set()
    for item in walk(condition):
        if isinstance(item, Test):
            found.add(item.fact)
        elif isinstance(item, Holds) and item.name in ruleset.conditions:
            found |= _facts(ruleset.conditions[item.name].when, ruleset)
    return found


def row(spec: FactSpec, where: set[int]) -> str:
    """One line of the table."""
    asked = "asked" if spec.kind == "legal_question" else ""
    told = spec.reading.note if spec.reading else spec.note
    if asked and spec.question:
        told = f"{spec.question} {told or ''}"
    return f"| {'、'.join(map(str, sorted(where)))} | {spec.label} | {asked} | {told} |"


def page() -> str:
    """The whole page."""
    corpus = bundled_rulesets()
    facts, used = corpus.facts_of(corpus.matters[MATTER]), entries(corpus)
    rows = [
        (min(where), row(facts[name], where))
        for name, where in used.items()
        if facts[name].note or facts[name].reading or facts[name].kind == "legal_question"
    ]
    return INTRO + "\n".join(line for _, line in sorted(rows)) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
