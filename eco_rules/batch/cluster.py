"""Shards on several machines. Tasks carry paths, never rows; every path must mean the same file everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from eco_rules.batch.run import Runner, Task
from eco_rules.batch.shard import evaluate
from eco_rules.diagnostics import Diagnostic
from eco_rules.errors import BackendError
from eco_rules.words import Text

_RETRIES = 3


def on_dask(scheduler: str | None = None, workers: int = 2) -> Runner:
    """Evaluate on a Dask cluster: the one at `scheduler`, or worker processes of this machine.

    A worker that dies loses the shards it was at; they are given to another one. What it had half written
    never got its name, and a shard written twice is written the same.

    Raises:
        BackendError: Dask is not installed (E801).
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        message = Text("没有安装 distributed（Dask）", "distributed (Dask) is not installed")
        hint = Text("pip install 'eco_rules[dask]'", "pip install 'eco_rules[dask]'")
        raise BackendError([Diagnostic("E801", message, None, hint)]) from None

    def work(tasks: Sequence[Task]) -> Iterator[None]:
        if not tasks:
            return
        own = (
            None
            if scheduler
            else distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
        )
        try:
            with distributed.Client(scheduler or own) as client:
                futures = [client.submit(evaluate, *task, pure=False, retries=_RETRIES) for task in tasks]
                for future in distributed.as_completed(futures):
                    future.result()
                    yield
        finally:
            if own is not None:
                own.close()

    return work


def on_spark(session: Any) -> Runner:
    """Evaluate on the Spark cluster of a session (`SparkSession`), one task a shard."""

    def work(tasks: Sequence[Task]) -> Iterator[None]:
        if tasks:
            paths = session.sparkContext.parallelize(list(tasks), len(tasks))
            for _ in paths.map(_evaluated).toLocalIterator():
                yield

    return work


def _evaluated(task: Task) -> bool:
    evaluate(*task)
    return True
