"""How long one decision takes, and a cold start: `python benchmarks/decide.py`.

Figures of one run are compared as ratios to the first line; machines differ, ratios hardly.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from eco_rules import Case, Engine, bundled_rulesets, read_cases

ROOT = Path(__file__).parent.parent
ROUNDS, SECONDS = 5, 0.4


def fastest(work: Callable[[], object]) -> float:
    """Seconds of one call: the best mean of several rounds."""
    work()
    best = float("inf")
    for _ in range(ROUNDS):
        calls, start = 0, time.perf_counter()
        while (spent := time.perf_counter() - start) < SECONDS / ROUNDS:
            work()
            calls += 1
        best = min(best, spent / calls)
    return best


def cases() -> dict[str, Case]:
    waste = read_cases(ROOT / "examples/cases/wastewater-first-exceedance.yaml")[0]
    furniture = {"catalogue_item": ["36"], "industrial_building": True, "electroplating": False, "solvent_paint": 9.5}
    project = Case(matter="eia-classification", jurisdiction="360703", decision_date="2026-07-01", facts=furniture)
    settled = {"only_cutting_assembly": False, "low_voc_paint": 0}
    return {
        "广东第6项，已确定": waste,
        "广东第6项，缺超标倍数": replace(waste, facts={**waste.facts, "exceedance_ratio": None}),
        "名录第36项，已确定": replace(project, facts={**furniture, **settled}),
        "名录第36项，缺两项": project,
    }


def main() -> None:
    corpus = bundled_rulesets()
    engine, anew = Engine(corpus), Engine(corpus)
    anew._gists = None  # judges each case as if it were the first of its kind
    ways: dict[str, Callable[[Case], object]] = {
        "decide": engine.decide,
        "decide，同类首案": anew.decide,
        "decide，全文 JSON": lambda case: engine.decide(case).model_dump_json(),
        "outcome": engine.outcome,
    }
    figures = {
        f"{name}：{way}": fastest(lambda case=case, work=work: work(case))
        for name, case in cases().items()
        for way, work in ways.items()
    }
    figures["读入全部规则集"] = fastest(bundled_rulesets)
    figures["检查并备好引擎"] = fastest(lambda: Engine(corpus))
    for name, command in commands().items():
        figures[name] = fastest(lambda command=command: subprocess.run(command, capture_output=True, check=False))
    unit = next(iter(figures.values()))
    for name, seconds in figures.items():
        print(f"{seconds * 1e6:12,.1f} µs  ×{seconds / unit:9.1f}  {name}")


def commands() -> dict[str, list[str]]:
    """What a cold start is made of."""
    check = ["-m", "eco_rules", "check", str(ROOT / "examples/published/PEN-HN-027.yaml")]
    ways = {"python -c pass": ["-c", "pass"], "import eco_rules": ["-c", "import eco_rules"], "eco-rules check": check}
    return {f"冷启动 {name}": [sys.executable, *arguments] for name, arguments in ways.items()}


if __name__ == "__main__":
    main()
