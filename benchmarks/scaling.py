"""How a run scales over workers of one machine: `python benchmarks/scaling.py [FILES] [ROWS] [spark]`.

A folder of Parquet files of minor violations, decided by one process, by Dask with 1, 2 and 4 worker processes, and
by Spark where it is asked for. Every way gives the same answers, which is compared. `first` includes what a worker
does once (imports, rulesets, the patterns it meets); `again` is a second run by the same workers. One Polars thread a
process, so that a worker is a core.
"""

from __future__ import annotations

import os

os.environ["POLARS_MAX_THREADS"] = "1"

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import distributed
import polars as pl
from batch import VIOLATIONS, violations

from eco_rules.batch.cluster import on_dask, on_spark
from eco_rules.batch.run import Plan, Runner, local, run


def timed(name: str, plan: Plan, runner: Runner, rows: int) -> None:
    start = time.perf_counter()
    summary = run(plan, runner)
    took = time.perf_counter() - start
    assert summary.rows == rows, summary
    print(f"  {name:34} {took:7.1f} s  {rows / took:11,.0f} cases/s", flush=True)


@contextmanager
def dask(workers: int) -> Iterator[Runner]:
    with distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster:
        yield on_dask(cluster.scheduler_address)


@contextmanager
def spark(cores: int) -> Iterator[Runner]:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(f"local[{cores}]").config("spark.ui.enabled", "false")
    session = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    try:
        yield on_spark(session)
    finally:
        session.stop()


def both(name: str, runner: Runner, source: Path, out: Path, rows: int) -> None:
    for which in ("first", "again"):
        timed(f"{name}, {which}", Plan(source, out / f"{name}.parquet", VIOLATIONS), runner, rows)


def main() -> None:
    files, rows = (int(item) for item in sys.argv[1:3]) if len(sys.argv) > 2 else (20, 200_000)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        out.mkdir()
        big, tiny = Path(folder) / "big", Path(folder) / "tiny"
        for place, count, height in ((big, files, rows), (tiny, 200, 1)):
            place.mkdir()
            for number in range(count):
                violations(height, number + 1).write_parquet(place / f"{number:04}.parquet")
        print(f"{files} files of {rows:,} cases")
        both("one process", local(), big, out, files * rows)
        for workers in (1, 2, 4):
            with dask(workers) as runner:
                both(f"Dask, {workers} workers", runner, big, out, files * rows)
        if "spark" in sys.argv:
            for cores in (1, 2):
                with spark(cores) as runner:
                    both(f"Spark, {cores} cores", runner, big, out, files * rows)
        print("200 files of 1 case: what a shard costs beside its cases")
        both("one process, tiny", local(), tiny, out, 200)
        with dask(1) as runner:
            both("Dask, 1 worker, tiny", runner, tiny, out, 200)
        answers = [pl.read_parquet(path) for path in sorted(out.glob("*.parquet")) if "tiny" not in path.name]
        assert all(frame.equals(answers[0]) for frame in answers)
        print(f"{len(answers)} ways, the same {answers[0].height:,} answers")


if __name__ == "__main__":
    main()
