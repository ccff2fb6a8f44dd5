"""Several worker processes over a partitioned data set, one of them killed: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

pl = pytest.importorskip("polars")

from eco_rules.batch.cluster import on_dask, on_spark  # noqa: E402
from eco_rules.batch.job import Job  # noqa: E402
from eco_rules.batch.run import Plan, local, run  # noqa: E402
from tests.batch.test_batch import FACTS, MATTER  # noqa: E402

JOB = Job(MATTER, jurisdiction="44", decision_date="2024-04-10", act_date="2024-03-01")
FILES, ROWS = 12, 200


@pytest.fixture
def data_set(tmp_path: Path) -> Path:
    """A folder of Parquet files; every seventh ratio is over the limit, one row in each file cannot be read."""
    folder = tmp_path / "in"
    for file in range(FILES):
        path = folder / f"year={2020 + file % 3}" / f"part-{file:03}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        ids = range(file * ROWS, (file + 1) * ROWS)
        ratios = ["读不出" if number % ROWS == 5 else "0.2" if number % 7 == 0 else "0.08" for number in ids]
        facts = {**{name: [str(value)] * ROWS for name, value in FACTS.items()}, "超标倍数": ratios}
        pl.DataFrame({"id": list(ids), **facts}).write_parquet(path)
    return folder


def check(plan: Plan, alone: Plan) -> None:
    found, expected = pl.read_parquet(plan.target), pl.read_parquet(alone.target)
    assert found.equals(expected)
    assert sorted(found["id"].cast(pl.Int64)) == [number for number in range(FILES * ROWS) if number % ROWS != 5]
    rejects = pl.read_parquet(plan.target.with_suffix(".rejects.parquet"))
    assert rejects.height == len(set(rejects["file"])) == FILES


@pytest.mark.slow
def test_a_killed_worker_costs_nothing(data_set: Path, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    alone = Plan(data_set, tmp_path / "alone.parquet", JOB)
    run(alone, local())
    plan = Plan(data_set, tmp_path / "out.parquet", JOB)
    killed: list[int] = []
    with (
        distributed.LocalCluster(n_workers=3, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        pids = sorted(client.run(os.getpid).values())

        def kill_one(done: int, of: int) -> None:
            if done == 2 and not killed:
                os.kill(pids[0], signal.SIGKILL)
                killed.append(pids[0])

        summary = run(plan, on_dask(cluster.scheduler_address), kill_one)
    assert killed
    assert summary.rows == FILES * (ROWS - 1)
    check(plan, alone)


def test_a_partitioned_data_set_in_one_process(data_set: Path, tmp_path: Path) -> None:
    plan = Plan(data_set, tmp_path / "out.parquet", JOB)
    summary = run(plan, local())
    assert (summary.rows, summary.rejected) == (FILES * (ROWS - 1), FILES)
    check(plan, plan)


@pytest.mark.slow
def test_several_processes(data_set: Path, tmp_path: Path) -> None:
    alone = Plan(data_set, tmp_path / "alone.parquet", JOB)
    run(alone, local())
    plan = Plan(data_set, tmp_path / "out.parquet", JOB)
    run(plan, local(2))
    check(plan, alone)


@pytest.mark.slow
def test_on_spark(data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pyspark = pytest.importorskip("pyspark.sql")
    if shutil.which("java") is None:
        pytest.skip("no Java")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    alone = Plan(data_set, tmp_path / "alone.parquet", JOB)
    run(alone, local())
    plan = Plan(data_set, tmp_path / "out.parquet", JOB)
    session = pyspark.SparkSession.builder.master("local[2]").getOrCreate()
    try:
        run(plan, on_spark(session))
    finally:
        session.stop()
    check(plan, alone)
