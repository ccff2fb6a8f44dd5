"""Every cell of the catalogue is reached by hand-written cases, and no project gets a tier the text does not give it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from eco_rules import Case, Engine
from eco_rules.engine.interview import Interview

HERE = Path(__file__).parent
ENTRIES = json.loads((HERE / "catalogue-2021.json").read_text(encoding="utf-8"))["entries"]
CELLS = {"report_book": "report_book", "report_form": "report_form", "registration": "registration_form"}
RULES = {"report_book": "book", "report_form": "form", "registration_form": "registration"}


def rows() -> list:
    found = []
    for path in sorted(HERE.glob("[0-9]*.yaml")):
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


NAMED = ("3", "36", "65", "67", "81", "91", "95", "97", "108", "161")


@pytest.mark.parametrize(("row", "facts"), [param for param in rows() if param.values[0]["item"] in NAMED])
def test_an_interview_ends_within_ten_questions(engine: Engine, row: dict, facts: dict) -> None:
    case = Case(matter="eia-classification", jurisdiction="cn", decision_date="2024-06-01", facts={})
    interview, asked = Interview(engine, case), 0
    answers = {"catalogue_item": [row["item"]], **facts}
    while (question := interview.question) is not None:
        asked += 1
        if answers.get(question.fact) is None:
            interview.skip(question.fact)
        else:
            interview.answer(question.fact, answers[question.fact])
    assert asked <= 10
    assert interview.decision.outcome == row.get("tier")


def test_every_cell_has_a_witness() -> None:
    wanted = {
        (str(entry["no"]), tier) for entry in ENTRIES for column, tier in CELLS.items() if entry[column].strip() != "/"
    }
    assert len(wanted) == 319
    assert wanted - {(param.values[0]["item"], param.values[0].get("tier")) for param in rows()} == set()
