"""Cases of one file are told of each other over shards and files, as `decide_file` tells them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eco_rules import Case, Engine

pl = pytest.importorskip("polars")

from eco_rules.batch.job import Job  # noqa: E402
from eco_rules.batch.linked import NAMED, excluded  # noqa: E402
from eco_rules.batch.run import Plan, local, run  # noqa: E402
from tests.batch.test_batch import FACTS, MATTER, write  # noqa: E402

HEADS = ["编号", "案卷号", "辖区", "act_date", "decision_date", *FACTS]
HARM = {"mild": "minor", "severe": "serious", "open": ""}


def line(number: str, file_id: str, harm: str) -> list[Any]:
    facts = {**FACTS, "harm": harm}
    return [number, file_id, "44", "2024-03-01", "2024-04-10", *facts.values()]


LINES = [
    line("a1", "甲", HARM["mild"]),
    line("a2", "甲", HARM["severe"]),
    line("b1", "乙", HARM["severe"]),
    line("a3", " 甲 ", HARM["severe"]),
    line("c1", "丙", HARM["mild"]),
    line("b2", "乙", HARM["open"]),
    line("n1", "", HARM["severe"]),
    line("n2", "", HARM["mild"]),
    line("a4", "甲", "读不出"),
]


def told(engine: Engine) -> dict[str, str | None]:
    """What `decide_file` warns each case of: the ids named in its warning."""
    cases = []
    for number, file_id, _, act, decided, *facts in LINES[:-1]:
        stated = {name: value for name, value in zip(FACTS, facts, strict=True) if value != ""}
        stated |= {"zones": [], "exclusion_signs": [], "corrected_within_order": True}
        cases.append(
            Case(
                id=number,
                file_id=file_id.strip() or None,
                matter=MATTER,
                jurisdiction="44",
                act_date=act,
                decision_date=decided,
                facts=stated,
            )
        )
    found: dict[str, str | None] = {}
    for decision in engine.decide_file(cases):
        warned = [item.message for item in decision.warnings if item.code == "linked-case-excluded"]
        assert decision.case_id is not None
        found[decision.case_id] = warned[0].split("：")[1].split("；")[0] if warned else None
    return found


@pytest.mark.parametrize("rows", [2, 100])
def test_rows_of_one_file_are_told_of_each_other(rows: int, tmp_path: Path, engine: Engine) -> None:
    expected = told(engine)
    assert {"a2、a3", "a3", "a2", "b1", None} == set(expected.values())
    source = write(tmp_path / "in.csv", LINES, HEADS)
    target = tmp_path / "out.parquet"
    run(Plan(source, target, Job(MATTER), rows), local())
    found = pl.read_parquet(target)
    assert dict(zip(found["id"], found["linked"], strict=True)) == expected
    assert found["file_id"].to_list() == ["甲", "甲", "乙", "甲", "丙", "乙", None, None]


def test_files_of_a_folder_belong_together_and_of_many_cases_some_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for part in range(2):
        lines = [line(f"{part}-{number:02}", "甲", HARM["severe"]) for number in range(15)]
        write(folder / f"{part}.parquet", lines, HEADS)
    target = tmp_path / "out.parquet"
    run(Plan(folder, target, Job(MATTER)), local())
    found = pl.read_parquet(target)
    for number, linked in zip(found["id"], found["linked"], strict=True):
        *names, more = linked.split("、")
        everyone = [f"{part}-{other:02}" for part in range(2) for other in range(15)]
        assert names == [other for other in everyone if other != number][:NAMED]
        assert more == "…(29)"


def test_a_table_without_file_numbers_has_no_such_column(tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [[*LINES[0][:1], *LINES[0][2:]]], [HEADS[0], *HEADS[2:]])
    run(Plan(source, tmp_path / "out.parquet", Job(MATTER)), local())
    assert "linked" not in pl.read_parquet_schema(tmp_path / "out.parquet")


def test_what_is_excluded_is_what_the_engine_takes_for_it(engine: Engine) -> None:
    for matter in engine.rulesets.matters.values():
        found = excluded(matter)
        assert bool(found) == bool(matter.default and matter.leniency)
        if matter.default and found:
            assert found[0] == matter.default.outcome
            assert set(found) < set(matter.leniency)
