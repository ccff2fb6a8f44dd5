"""Many cases: rates of one run, as ratios to deciding row by row: `python benchmarks/batch.py [ROWS]`.

`columns` are verdicts, outcome, winning rule and missing-fact flag of a frame in memory, one thread of Polars;
`shard` is the same from a Parquet file to a Parquet file, the way a run does it.
"""

from __future__ import annotations

import os

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from eco_rules.batch import shard
from eco_rules.batch.frame import FrameJudge, memory_of
from eco_rules.batch.job import Job
from eco_rules.batch.layout import layout
from eco_rules.batch.rows import RowJudge

OTHERS = 4
VIOLATIONS, PROJECTS = Job("minor-violation", brief=True), Job("eia-classification", brief=True)


def violations(rows: int, number: int = 1) -> pl.DataFrame:
    """Cases of Guangdong, of every kind of violation, a tenth of every fact unknown."""
    memory = memory_of(VIOLATIONS)
    specs = memory.engine.vocabularies["minor-violation"].facts
    at = random.Random(number)

    def enum(name: str) -> pl.Series:
        values = list(specs[name].values)
        return pl.Series(
            at.choices([*values, None], [0.9 / len(values)] * len(values) + [0.1], k=rows), dtype=pl.Enum(values)
        )

    def flag(share: float) -> list[bool | None]:
        return at.choices([True, False, None], [0.9 * share, 0.9 - 0.9 * share, 0.1], k=rows)

    days = pl.Series(at.choices(range(900), k=rows), dtype=pl.Int32)
    start = pl.Series(["2023-01-01"]).str.to_date()[0]
    acts = pl.select(pl.lit(start) + pl.duration(days=days)).to_series().alias("act_date")
    return pl.DataFrame(
        {
            "id": pl.arange(0, rows, eager=True),
            "jurisdiction": ["44"] * rows,
            "act_date": acts,
            "decision_date": pl.select(acts + pl.duration(days=30)).to_series(),
            "violation_type": enum("violation_type"),
            "exceeded_pollutants": pl.Series(at.choices([1, 2, None], k=rows), dtype=pl.Int8),
            "pollutant_class": enum("pollutant_class"),
            "exceedance_ratio": [round(at.random() / 4, 4) if at.random() < 0.9 else None for _ in range(rows)],
            "first_in_past_year": flag(0.8),
            "first_violation": flag(0.8),
            "corrected_within_order": flag(0.9),
            "harm": enum("harm"),
            "zones": pl.Series([[]] * rows, dtype=pl.List(pl.String)),
            "exclusion_signs": pl.Series([[]] * rows, dtype=pl.List(pl.String)),
        }
    )


def projects(rows: int, number: int = 2) -> pl.DataFrame:
    """Projects of every item of the catalogue, each with the facts its item asks for, a tenth unknown."""
    memory = memory_of(PROJECTS)
    vocabulary = memory.engine.vocabularies["eia-classification"]
    at = random.Random(number)
    items = list(vocabulary.facts["catalogue_item"].values)
    wanted = {name: spec for name, spec in vocabulary.facts.items() if spec.derive is None and not spec.header}
    columns: dict[str, Any] = {
        "id": range(rows),
        "jurisdiction": ["360703"] * rows,
        "decision_date": pl.Series(["2025-07-01"] * rows).str.to_date(),
        "catalogue_item": pl.Series(at.choices(items, k=rows), dtype=pl.String),
    }
    for name, spec in list(wanted.items())[:120]:
        if name in columns:
            continue
        if spec.type == "boolean":
            columns[name] = at.choices([True, False, None], [0.2, 0.7, 0.1], k=rows)
        elif spec.type == "enum":
            columns[name] = pl.Series(at.choices([*spec.values, None], k=rows), dtype=pl.Enum(list(spec.values)))
        elif spec.type == "number":
            columns[name] = [
                None if number < 0.1 else round(number * 100, 3) for number in (at.random() for _ in range(rows))
            ]
    return pl.DataFrame(columns)


def numbered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_row_index(shard.ROW, 1).with_columns(pl.col(shard.ROW).cast(pl.Int64))


def judge(frame: pl.DataFrame, job: Job) -> FrameJudge:
    memory = memory_of(job)
    found = layout(frame.columns, memory.engine.vocabularies[memory.matter.id], keep_unknown=False, file="bench")
    rows = RowJudge(memory.engine, memory.matter, job, found, "bench")
    return FrameJudge(frame, pl.arange(1, frame.height + 1, eager=True), rows, found, job, memory)


def seconds(work: Any, rounds: int = 3) -> float:
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def rate_of_others(make: Callable[[int, int], pl.DataFrame], job: Job, rows: int) -> list[float]:
    """Cases a second of frames that come after the first, each of rows not seen before."""
    rates = []
    for number in range(OTHERS):
        frame = make(rows, 100 + number)
        rates.append(rows / seconds(lambda frame=frame: judge(frame, job).decide(), 1))
    return rates


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for name, job, make in (("轻微违法", VIOLATIONS, violations), ("项目分类", PROJECTS, projects)):
        frame = make(rows)
        some = numbered(frame.head(3000))
        by_row = 3000 / seconds(
            lambda some=some, job=job: shard.decide(some, Job(job.matter, brief=True, rowwise=True), "x"), 1
        )
        start = time.process_time()
        _, table = judge(frame, job).decide()
        first = rows / (time.process_time() - start)
        others = rate_of_others(make, job, rows)
        in_columns = rows / seconds(lambda frame=frame, job=job: judge(frame, job).decide())
        print(f"{name}: {rows:,} cases, CPU time of one thread, {len(table)} different answers")
        print(f"  {by_row:14,.0f} cases/s  ×1     row by row")
        print(f"  {first:14,.0f} cases/s  ×{first / by_row:<6.0f} columns, first frame")
        for number, other in enumerate(others, 2):
            print(f"  {other:14,.0f} cases/s  ×{other / by_row:<6.0f} columns, frame {number}: other rows")
        print(f"  {in_columns:14,.0f} cases/s  ×{in_columns / by_row:<6.0f} columns, the first frame again")
        with tempfile.TemporaryDirectory() as folder:
            source, out = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
            frame.write_parquet(source)
            whole = rows / seconds(lambda source=source, out=out, job=job: shard.evaluate_shard(source, out, job))
            print(f"  {whole:14,.0f} cases/s  ×{whole / by_row:<6.0f} shard, Parquet to Parquet")
            named = Job(job.matter)
            start = time.process_time()
            shard.evaluate_shard(source, out, named)
            whole = rows / (time.process_time() - start)
            print(f"  {whole:14,.0f} cases/s  ×{whole / by_row:<6.0f} the same, missing facts named")


if __name__ == "__main__":
    main()
