"""Decide the published cases with the bundled rulesets and write docs/published-cases.md.

python scripts/published_table.py
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from eco_rules import Case, Decision, Engine, bundled_rulesets, read_cases
from eco_rules.reporting.outline import STATUS, headline

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "examples" / "published"
PAGE = ROOT / "docs" / "published-cases.md"

COLUMNS = ("Case", "Place", "Date", "Violation", "Official outcome", "Engine", "First missing", "Agreement", "Why")
INTRO = """\
# Published cases

Decisions that authorities have published, decided again by the bundled rulesets. A case file in `examples/published/` holds only
what the published words support, each fact with the words it rests on; what was not published is absent, and an absent fact is
unknown. `undetermined` therefore says that the publication does not carry the decision, not that the authority was wrong.
*Agrees* and *differs* compare determined answers only: 不适用免罚 agrees with 处罚, 不予行政处罚 with 不予处罚; no amount is compared.
The official outcomes and the reasons stand in `examples/published/_official.yaml` and nowhere in the rules.

This page is written by `python scripts/published_table.py`; run it after every change of a ruleset or a case. A test fails when
the page is stale.
"""


@dataclass(frozen=True)
class Row:
    """A published case, what the authority did, and what the engine answers."""

    record: str
    case: Case
    violation: str
    official: dict[str, Any]
    decision: Decision
    agreement: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of the table."""
        place, source = self.decision.place, self.official.get("source")
        outcome = self.official["official_outcome"]
        status, answer = self.decision.status, headline(self.decision, "zh")
        missing = [item.label for item in self.decision.missing]
        return (
            f"[{self.case.id}](../examples/published/{self.record}.yaml)",
            place,
            _day(self.case.decision_date),
            self.violation,
            f"[{outcome}]({source})" if source else outcome,
            status if answer == STATUS[status].to("zh") else f"{status}: {answer}",
            "、".join(missing[:3]) + ("…" if len(missing) > 3 else ""),
            self.agreement,
            self.official.get("why", "") if self.agreement != "agrees" else "",
        )


def rows() -> list[Row]:
    """Every case of examples/published, decided."""
    engine = Engine(bundled_rulesets())
    violations = engine.rulesets.subjects["case"].facts["violation_type"].values
    official = yaml.safe_load((CASES / "_official.yaml").read_text(encoding="utf-8"))
    found = []
    for path in sorted(CASES.glob("[!_]*.yaml")):
        cases = read_cases(path)
        said = official["cases"][path.stem]
        agreeing = official["agrees"][said["outcome_norm"]]
        for case, decision in zip(cases, engine.decide_file(cases), strict=True):
            violation = violations[case.facts["violation_type"]]
            found.append(Row(path.stem, case, violation, said, decision, _agreement(decision, agreeing)))
    return found


def _day(written: object) -> str:
    """A date of a case; a rough one as its period."""
    return f"{written['from']} – {written['to']}" if isinstance(written, dict) else str(written)


def _agreement(decision: Decision, agreeing: list[str]) -> str:
    if decision.status != "determined":
        return decision.status
    return "agrees" if decision.outcome in agreeing else "differs"


def page() -> str:
    """The page, as Markdown."""
    found = rows()
    words = ("agrees", "differs", "undetermined", "not_applicable")
    counts = ", ".join(f"{sum(row.agreement == word for row in found)} {word}" for word in words)
    table = [COLUMNS, tuple("---" for _ in COLUMNS), *(row.cells for row in found)]
    lines = ["| " + " | ".join(cells) + " |" for cells in table]
    notes = [f"- {row.case.id}: {''.join((row.case.note or '').splitlines())}" for row in found]
    return "\n".join([INTRO, f"{len(found)} decisions: {counts}.", "", *lines, "", "## Not published", "", *notes, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
