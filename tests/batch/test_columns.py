"""What is decided in columns is, in every column of the output, what the row engine says."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from eco_rules import Engine, read_cases
from eco_rules.model.facts import FactSpec
from eco_rules.values.kinds import number_text
from tests.conftest import ROOT
from tests.support.generated import corpus_of, facts, rulesets

pl = pytest.importorskip("polars")

from eco_rules.batch import frame as frames  # noqa: E402
from eco_rules.batch import shard  # noqa: E402
from eco_rules.batch.cells import as_text  # noqa: E402
from eco_rules.batch.frame import FrameJudge, Memory  # noqa: E402
from eco_rules.batch.job import Job  # noqa: E402
from eco_rules.batch.rows import RowJudge  # noqa: E402

PLACES = ["44", "440000", "360700", "广东省", "36", "11", "3201", "江西省赣州市", ""]
DAYS = ["2021-06-01", "2022-05-05", "2024-03-01", "2024-12-31", "2026-08-14", "2026-08-15", "2026-09-20", "2024-03", ""]


def both_ways(frame: pl.DataFrame, memory: Memory, **options: Any) -> tuple[pl.DataFrame, int]:
    """The frame decided in columns and row by row, compared; how many rows the row engine had to take.

    In columns it is decided in two parts, so that what the first one learns is used and extended by the second,
    and once more with missing facts left out.
    """
    numbered = frame.with_row_index(shard.ROW, 1).with_columns(pl.col(shard.ROW).cast(pl.Int64))
    job = Job(memory.matter.id, **options)
    expected, refused = shard.decide(numbered, replace(job, rowwise=True), "in", memory)
    half = numbered.height // 2
    slow: list[int] = []
    original = FrameJudge._by_row

    def counting(self: FrameJudge, rows: Any) -> None:
        slow.extend(rows)
        original(self, rows)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FrameJudge, "_by_row", counting)
        patch.setattr(frames, "_WORTH_IT", 0)
        named = [shard.decide(part, job, "in", memory) for part in (numbered[:half], numbered[half:])]
        taken = len(slow)
        brief_memory = Memory(memory.engine, memory.matter)
        brief, rejects = shard.decide(numbered, replace(job, brief=True), "in", brief_memory)
    _same(pl.concat([part for part, _ in named]), expected)
    _same(brief, expected.with_columns(missing=pl.lit(None, pl.String), missing_labels=pl.lit(None, pl.String)))
    assert rejects == [item for _, found in named for item in found] == refused
    return expected, taken


def _same(found: pl.DataFrame, expected: pl.DataFrame) -> None:
    for name in expected.columns:
        assert found[name].to_list() == expected[name].to_list(), name


def value(spec: FactSpec, at: random.Random, limits: list[str]) -> Any:
    """A random cell."""
    if at.random() < 0.25:
        return None
    if at.random() < 0.004:
        return "读不出"
    if spec.type == "boolean":
        return at.choice(["是", "否", "true", "×"])
    if spec.type == "enum":
        return at.choice([*spec.values, *spec.values.values()])
    if spec.type == "set":
        return "、".join(at.sample(list(spec.values), at.randint(0, min(2, len(spec.values))))) or "无"
    if spec.type == "date":
        return at.choice(DAYS[:-1])
    if spec.type == "integer":
        return str(at.randint(0, 4))
    if spec.type == "number":
        return at.choice(limits)
    if spec.type == "clause":
        return "《中华人民共和国水污染防治法》第十条"
    return None


def limits_of(engine: Engine, matter: str) -> list[str]:
    """Numbers at, just below and just above the thresholds of a matter."""
    from eco_rules.ir.nodes import Below, walk

    found = {Decimal(0), Decimal("0.1"), Decimal("0.3")}
    for file in engine.rulesets.rulesets:
        if file.ruleset.matter != matter:
            continue
        day = file.ruleset.effective.start
        stack = engine.prepared(engine.rulesets.matters[matter], file.ruleset.jurisdiction, day).stack
        nodes = [node for expression in stack.program.expressions for node in walk(expression)]
        found |= {
            Decimal(node.limit) for node in nodes if isinstance(node, Below) and isinstance(node.limit, int | Decimal)
        }
    step = Decimal("0.0000001")
    return [number_text(abs(limit + change)) for limit in sorted(found) for change in (-step, Decimal(0), step)]


def random_frame(engine: Engine, matter: str, rows: int, number: int, facts_filled: int) -> pl.DataFrame:
    at = random.Random(number)
    vocabulary = engine.vocabularies[matter]
    limits = limits_of(engine, matter)
    specs = {
        name: spec
        for name, spec in vocabulary.facts.items()
        if not spec.header and not spec.parameters and spec.type != "records" and (spec.derive is None or spec.question)
    }
    chosen = at.sample(list(specs), min(facts_filled, len(specs)))
    for about in ("violation_type", "catalogue_item"):
        if about in specs and about not in chosen:
            chosen.append(about)
    columns: dict[str, list[Any]] = {
        "编号": [f"n{index}" for index in range(rows)],
        "辖区": [at.choice(PLACES) if at.random() < 0.1 else at.choice(PLACES[:3]) for _ in range(rows)],
        "decision_date": [at.choice(DAYS) if at.random() < 0.1 else at.choice(DAYS[3:7]) for _ in range(rows)],
    }
    if "act_date" in vocabulary.facts:
        columns["act_date"] = [at.choice(DAYS) if at.random() < 0.1 else at.choice(DAYS[:5]) for _ in range(rows)]
    for name in chosen:
        columns[name] = [value(specs[name], at, limits) for _ in range(rows)]
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


@pytest.mark.parametrize(
    ("matter", "filled"),
    [
        ("minor-violation", 100),
        ("minor-violation", 12),
        ("eia-classification", 40),
        ("positive-list", 60),
        ("inspection-mode", 60),
        ("approval-path", 25),
        ("eia-exemption", 25),
    ],
)
def test_random_tables_of_bundled_matters(matter: str, filled: int, engine: Engine) -> None:
    memory = Memory(engine, engine.rulesets.matters[matter])
    frame = random_frame(engine, matter, 80, filled * 7, filled)
    expected, _ = both_ways(frame, memory)
    assert expected.height > 10


def test_the_bundled_cases(engine: Engine) -> None:
    paths = [*ROOT.glob("examples/cases/*.yaml"), *ROOT.glob("examples/published/[!_]*.yaml")]
    cases = [case for path in paths for case in read_cases(path)]
    seen = slow = 0
    for matter in engine.rulesets.matters.values():
        vocabulary = engine.vocabularies[matter.id]
        rows = []
        for case in cases:
            if matter in engine.matters_of(case):
                row = {"id": case.id, "jurisdiction": case.jurisdiction, "act_date": case.act_date}
                row |= {"decision_date": case.decision_date}
                for name, item in case.facts.items():
                    key = vocabulary.find(name)
                    assert key is not None
                    row[vocabulary.display(key)] = item
                rows.append({name: as_text(item) for name, item in row.items()})
        if rows:
            names = dict.fromkeys(name for row in rows for name in row)
            frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))
            expected, taken = both_ways(frame, Memory(engine, matter))
            seen += expected.height
            slow += taken
    assert seen > 50
    assert slow < seen


def test_native_columns_are_read_like_texts(engine: Engine) -> None:
    memory = Memory(engine, engine.rulesets.matters["minor-violation"])
    at = random.Random(3)
    rows = 300
    frame = pl.DataFrame(
        {
            "id": range(rows),
            "jurisdiction": [44] * rows,
            "act_date": pl.Series(["2024-03-01"] * rows).str.to_date(),
            "decision_date": pl.Series(["2024-04-10"] * rows).str.to_date(),
            "violation_type": pl.Series(["water_pollutant_exceedance"] * rows, dtype=pl.Categorical),
            "exceeded_pollutants": [at.choice([0, 1, 2, None]) for _ in range(rows)],
            "pollutant_class": [at.choice(["a", "b", None]) for _ in range(rows)],
            "exceedance_ratio": [
                at.choice([0.1, 0.09999999999999999, 0.1 + 2e-17, 0.10000000000000002, None, float("nan"), -1.0, 1e16])
                for _ in range(rows)
            ],
            "first_in_past_year": [at.choice([True, False, None]) for _ in range(rows)],
            "first_violation": [True] * rows,
            "corrected_within_order": [True] * rows,
            "harm": ["minor"] * rows,
            "zones": pl.Series([[]] * rows, dtype=pl.List(pl.String)),
            "exclusion_signs": [at.choice([[], [], ["nothing such"], None]) for _ in range(rows)],
        }
    )
    expected, slow = both_ways(frame, memory)
    assert {"no_penalty", None} <= set(expected["outcome"])
    assert 0 < slow < rows


def test_patterns_that_were_met_before_are_looked_up(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after a value that is new has changed how patterns are numbered."""
    memory = Memory(engine, engine.rulesets.matters["minor-violation"])
    monkeypatch.setattr(frames, "_WORTH_IT", 0)
    at = random.Random(5)
    rows = 400

    def frame(harms: list[str], kinds: list[str]) -> pl.DataFrame:
        return pl.DataFrame(
            {
                shard.ROW: pl.Series(range(rows), dtype=pl.Int64),
                "jurisdiction": ["44"] * rows,
                "act_date": ["2024-03-01"] * rows,
                "decision_date": ["2024-04-10"] * rows,
                "violation_type": [at.choice(kinds) for _ in range(rows)],
                "harm": [at.choice(harms) for _ in range(rows)],
                "first_violation": [at.choice(["是", "否", ""]) for _ in range(rows)],
                "exceedance_ratio": [str(at.choice([0.05, 0.1, 0.2])) for _ in range(rows)],
                "corrected_within_order": [at.choice(["是", "否"]) for _ in range(rows)],
            }
        )

    water, label = "water_pollutant_exceedance", "hazardous_waste_label_missing"
    first = frame(["minor", "none"], [water, label])
    more = frame(["minor", "none", "serious", ""], [water, label, "other", "self_monitoring_missing", ""])
    decided: list[int] = []
    original = RowJudge.decide

    def counting(self: RowJudge, number: int, row: Any) -> Any:
        decided.append(number)
        return original(self, number, row)

    monkeypatch.setattr(RowJudge, "decide", counting)
    job = Job("minor-violation")
    answers, _ = shard.decide(first, job, "in", memory)
    assert 0 < len(decided) < rows / 4
    shard.decide(more, job, "in", memory)
    decided.clear()
    again, _ = shard.decide(first, job, "in", memory)
    assert not decided
    assert again.equals(answers)
    found, _ = shard.decide(more, job, "in", memory)
    assert not decided
    expected, _ = shard.decide(more, Job("minor-violation", rowwise=True), "in", memory)
    assert found.equals(expected)


@pytest.mark.parametrize("span", [3, 30])
def test_dates_near_and_far_apart_some_of_them_absent(span: int, engine: Engine) -> None:
    frame = pl.DataFrame(
        {
            "jurisdiction": ["44"] * 4,
            "act_date": pl.Series([f"{2024 - span}-01-01", None, "2024-01-01", "2023-06-01"]).str.to_date(),
            "decision_date": pl.Series(["2024-03-01"] * 4).str.to_date(),
            "violation_type": ["water_pollutant_exceedance"] * 4,
            "discovered_at": pl.Series(["2024-02-01", "2024-02-01", None, f"{2024 - span}-05-01"]).str.to_date(),
        }
    )
    both_ways(frame, Memory(engine, engine.rulesets.matters["minor-violation"]))


@seed(20261124)
@given(rulesets(), st.lists(facts(), min_size=30, max_size=30))
@settings(
    max_examples=25, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
def test_generated_rulesets(ruleset: dict[str, Any], cases: list[dict[str, Any]]) -> None:
    engine = Engine(corpus_of(ruleset))
    rows = [{name: as_text(item) for name, item in case.items()} for case in cases]
    names = list(dict.fromkeys(["id", *(name for row in rows for name in row)]))
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))
    both_ways(
        frame,
        Memory(engine, engine.rulesets.matters["permit"]),
        jurisdiction="44",
        decision_date="2024-06-01",
        act_date="2024-05-01",
    )
