"""Every cell of the catalogue is reached by hand-written cases, and no project gets a tier the text does not give it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from eco_rules import Case, Engine

HERE = Path(__file__).parent
ENTRIES = json.loads((HERE / "catalogue-2021.json").read_text(encoding="utf-8"))["entries"]
CELLS = {"report_book": "report_book", "report_form": "report_form", "registration": "registration_form"}
RULES = {"report_book": "book", "report_form": "form", "registration_form": "registration"}


def rows() -> list:
    found = []
    for path in sorted(HERE.glob("*.yaml")):
        page = yaml.safe_load(path.read_text(encoding="utf-8"))
        for number, row in enumerate(page.get("cases", ())):
            facts = {**page["given"], **row["facts"]}
            found.append(pytest.param(row, facts, id=f"{path.stem}-{number}-{row['item']}"))
    return found


def decide(engine: Engine, item: str, facts: dict):
    stated = {"catalogue_item": [item], **{name: value for name, value in facts.items() if value is not None}}
    known = engine.vocabularies["eia-classification"]
    unknown = [name for name in stated if known.find(name) is None]
    assert not unknown, f"no such fact: {unknown}"
    return engine.decide(Case(matter="eia-classification", jurisdiction="cn", decision_date="2024-06-01", facts=stated))


@pytest.mark.parametrize(("row", "facts"), rows())
def test_witness(engine: Engine, row: dict, facts: dict) -> None:
    decision = decide(engine, row["item"], facts)
    if "possible" in row:
        assert {item.outcome for item in decision.possible} == set(row["possible"])
        return
    assert (decision.status, decision.outcome) == ("determined", row["tier"]), [fact.fact for fact in decision.missing]
    if row["tier"] != "not_managed":
        assert f"/item-{row['item']}-{RULES[row['tier']]}" in decision.findings[0].rule
