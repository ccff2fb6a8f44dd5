"""One engine on one table, in a process of its own: `python benchmarks/table/measure.py ENGINE ROWS` prints JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from workload import Facts, cases, plain, table

COUNT, ROUNDS, SECONDS = 2000, 7, 12.0


def microseconds(work: Callable[[Any], object], items: Sequence[Any]) -> float:
    """µs of one call: the best of several rounds over all items, as far as the time goes."""
    best, begun = float("inf"), time.perf_counter()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for item in items:
            work(item)
        best = min(best, (time.perf_counter() - start) / len(items) * 1e6)
        if time.perf_counter() - begun > SECONDS:
            break
    return best


def once(work: Callable[[Facts], object], items: Sequence[Facts]) -> float:
    """µs of one call when every call is the first of its kind."""
    start = time.perf_counter()
    for item in items:
        work(item)
    return (time.perf_counter() - start) / len(items) * 1e6


def eco_rules(rows: int) -> dict[str, Any]:
    import eco

    lines, complete = table(rows), cases(rows, COUNT)
    incomplete = [{"category": item["category"], "sensitive": False} for item in complete]
    start = time.perf_counter()
    engine = eco.engine(lines)
    ready = (time.perf_counter() - start) * 1e3
    ways = eco.ways(engine)
    decide = ways["decide"]
    few = [category for category, _, _ in lines[:100]]
    decide(complete[0])
    first = {
        "first case of a category": once(decide, [{"category": it, "capacity": 0.5, "sensitive": False} for it in few]),
        "first case of its gist": once(decide, [{"category": it, "capacity": 1e5, "sensitive": False} for it in few]),
    }
    checked = eco.check(engine, lines, complete, incomplete)
    figures = {f"{name}, complete": microseconds(way, complete) for name, way in ways.items()}
    figures |= {f"{name}, a fact missing": microseconds(way, incomplete) for name, way in ways.items()}
    figures["outcome of a ready Case, complete"] = microseconds(engine.outcome, [eco.case(facts) for facts in complete])
    return {"ready_ms": ready, "checked": checked, "wrong": 0, "us": {**figures, **first}}


def peer(name: str, rows: int) -> dict[str, Any]:
    lines, complete = table(rows), cases(rows, COUNT)
    module = import_module(f"peers.{name}") if name != "python" else None
    if module is not None and rows > getattr(module, "TOO_LARGE", rows):
        return {"absent": "hangs while loading"}
    start = time.perf_counter()
    decide = module.build(lines) if module is not None else plain(lines)
    ready = (time.perf_counter() - start) * 1e3
    pace = once(decide, complete[:20]) / 1e6
    some = complete[: max(20, min(COUNT, int(SECONDS / 3 / pace)))]
    expected = plain(lines)
    wrong = sum(decide(item) != expected(item) for item in some)
    return {"ready_ms": ready, "checked": len(some), "wrong": wrong, "us": {"decide": microseconds(decide, some)}}


def numpy(rows: int) -> dict[str, Any]:
    """The floor in bulk: all cases at once, from arrays that are there already."""
    import numpy as np

    lines, complete = table(rows), cases(rows, COUNT)
    reports, forms = (np.array([line[at] for line in lines]) for at in (1, 2))
    category = np.array([int(item["category"].removeprefix("cat")) for item in complete])
    capacity, sensitive = (np.array([item[name] for item in complete]) for name in ("capacity", "sensitive"))

    def decide(_facts: Facts) -> list[str]:
        large, middling = (capacity >= reports[category]) | sensitive, capacity >= forms[category]
        answers: list[str] = np.where(large, "report", np.where(middling, "form", "registration")).tolist()
        return answers

    expected = plain(lines)
    wrong = sum(found != expected(item) for found, item in zip(decide({}), complete, strict=True))
    return {"checked": COUNT, "wrong": wrong, "us": {"decide": microseconds(decide, [{}] * 20) / COUNT}}


def probes(name: str) -> dict[str, str]:
    """What is answered when the deciding fact is absent, in words; see `probe.py`."""
    from probe import answers

    return answers(name)


def main() -> None:
    name, rows = sys.argv[1], int(sys.argv[2])
    ways: dict[str, Callable[[int], dict[str, Any]]] = {"eco_rules": eco_rules, "numpy": numpy}
    try:
        found = probes(name) if rows == 0 else ways[name](rows) if name in ways else peer(name, rows)
    except ImportError as error:
        found = {"absent": f"not installed ({error.name})"}
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
