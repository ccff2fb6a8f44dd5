"""Decide the published cases with the bundled rulesets and write docs/published-cases.md.

python scripts/published_table.py
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from eco_rules import Case, Decision, Engine, bundled_rulesets, read_cases
from eco_rules.reporting.outline import STATUS, headline

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "examples" / "published"
PAGE = ROOT / "docs" / "published-cases.md"

PARTS = {"enforcement": "Enforcement", "approval": "Approval", "review": "Approval, for review"}
ABOUT = {"enforcement": "Violation", "approval": "Matter", "review": "Matter"}
COLUMNS = ("Official outcome", "Engine", "First missing", "Agreement", "Why")
REVIEWED = ("Official outcome", "Came out", "Still possible", "First missing", "Warnings", "Why")
COUNTED = ("agrees", "differs", "not_compared", "undetermined", "conflict", "no_rule", "not_applicable")
INTRO = """\
# Published cases

Decisions that authorities have published, decided again by the bundled rulesets. A case file in `examples/published/` holds only
what the published words support, each fact with the words it rests on; what was not published is absent, and an absent fact is
unknown. `undetermined` therefore says that the publication does not carry the decision, not that the authority was wrong.
*Agrees* and *differs* compare determined answers only: 不适用免罚 agrees with 处罚, 不予行政处罚 with 不予处罚; no amount is compared.
An official outcome that no outcome of the matter answers to is *not_compared*. A catalogue item is stated only where the record names
it or its words settle it. The official outcomes and the reasons stand in `examples/published/_official.yaml` and nowhere in the rules.

This page is written by `python scripts/published_table.py`; run it after every change of a ruleset or a case. A test fails when
the page is stale.
"""
REVIEW = """\
Records whose deciding facts were not published, or whose official outcome follows a local rule or another reading than the printed
text. They are no checks of the rules: the table says what comes out, and a person reads the reason.
"""


@dataclass(frozen=True)
class Row:
    """A published case, what the authority did, and what the engine answers."""

    record: str
    case: Case
    about: str
    official: dict[str, Any]
    decision: Decision
    agreement: str

    @property
    def part(self) -> str:
        """The table it stands in."""
        if self.case.matter == "minor-violation":
            return "enforcement"
        return "review" if self.official.get("review") else "approval"

    @property
    def warnings(self) -> list[str]:
        """Codes of the warnings."""
        return [warning.code for warning in self.decision.warnings]

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of the table of enforcement and approval cases."""
        return (*self._head, self._outcome, self._answer, self._missing, self.agreement, self._why)

    @property
    def reviewed(self) -> tuple[str, ...]:
        """The cells of the table of review cases."""
        open_outcomes = [] if self.decision.status == "determined" else [item.label for item in self.decision.possible]
        possible, warnings = "、".join(dict.fromkeys(open_outcomes)), ", ".join(self.warnings)
        came_out = f"{self._answer} ({self.agreement})" if self.decision.status == "determined" else self._answer
        return (*self._head, self._outcome, came_out, possible, self._missing, warnings, self._why)

    @property
    def _head(self) -> tuple[str, ...]:
        link = f"[{self.case.id}](../examples/published/{self.record}.yaml)"
        return (link, self.decision.place, _day(self.case.decision_date), self.about)

    @property
    def _outcome(self) -> str:
        outcome, source = self.official["official_outcome"], self.official.get("source")
        return f"[{outcome}]({source})" if source else outcome

    @property
    def _answer(self) -> str:
        status, answer = self.decision.status, headline(self.decision, "zh")
        return status if answer == STATUS[status].to("zh") else f"{status}: {answer}"

    @property
    def _missing(self) -> str:
        labels = [item.label for item in self.decision.missing]
        return "、".join(labels[:3]) + ("…" if len(labels) > 3 else "")

    @property
    def _why(self) -> str:
        return self.official.get("why", "") if self.agreement != "agrees" else ""


def rows() -> list[Row]:
    """Every case of examples/published, decided."""
    engine = Engine(bundled_rulesets())
    official = yaml.safe_load((CASES / "_official.yaml").read_text(encoding="utf-8"))
    found = []
    for path in sorted(CASES.glob("[!_]*.yaml")):
        cases = read_cases(path)
        said = official["cases"][path.stem]
        agreeing = official["agrees"][said["outcome_norm"]]
        for case, decision in zip(cases, engine.decide_file(cases), strict=True):
            about, agreement = _about(engine, case), _agreement(decision, agreeing)
            found.append(Row(path.stem, case, about, said, decision, agreement))
    return found


def _about(engine: Engine, case: Case) -> str:
    """What the case is about: the violation, or else the matter."""
    if case.matter == "minor-violation":
        return engine.rulesets.subjects["case"].facts["violation_type"].values[case.facts["violation_type"]]
    return engine.rulesets.matters[str(case.matter)].label


def _day(written: object) -> str:
    """A date of a case; a rough one as its period."""
    return f"{written['from']} – {written['to']}" if isinstance(written, dict) else str(written)


def _agreement(decision: Decision, agreeing: list[str]) -> str:
    if decision.status != "determined":
        return decision.status
    if not agreeing:
        return "not_compared"
    return "agrees" if decision.outcome in agreeing else "differs"


def _table(columns: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> list[str]:
    """A table in Markdown, with an empty line after it."""
    return ["| " + " | ".join(cells) + " |" for cells in (columns, tuple("---" for _ in columns), *lines)] + [""]


def _section(part: str, found: list[Row]) -> list[str]:
    """Heading and table of one part."""
    head = ("Case", "Place", "Date", ABOUT[part])
    if part == "review":
        return [f"## {PARTS[part]}", "", REVIEW, *_table((*head, *REVIEWED), (row.reviewed for row in found))]
    return [f"## {PARTS[part]}", "", *_table((*head, *COLUMNS), (row.cells for row in found))]


def _counts(parts: dict[str, list[Row]]) -> list[str]:
    """How many records and decisions there are, and how they came out."""
    lines = [
        (
            PARTS[part],
            str(len({row.record for row in found})),
            str(len(found)),
            *(str(sum(row.agreement == word for row in found)) for word in COUNTED),
        )
        for part, found in parts.items()
    ]
    return ["## Counts", "", *_table(("Part", "Records", "Decisions", *COUNTED), lines)]


def page() -> str:
    """The page, as Markdown."""
    found = rows()
    parts = {part: [row for row in found if row.part == part] for part in PARTS}
    notes = [f"- {row.case.id}: {''.join((row.case.note or '').splitlines())}" for row in found]
    sections = [line for part, those in parts.items() for line in _section(part, those)]
    return "\n".join([INTRO, *sections, "## Not published", "", *notes, "", *_counts(parts)])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
