"""`eco-rules mutate`: scores, exit codes, resuming, several processes."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Run

FEATURES, RULES = "features/cn-33/inspection-mode", "cn-33.inspection-mode"


def test_scores_resume_and_two_processes(here: Run, tmp_path: Path) -> None:
    state = tmp_path / "state.jsonl"
    common = (FEATURES, "--ruleset", RULES, "--no-prove", "--state", state)
    done = here("mutate", *common, "--fail-under", "50", "--format", "json")
    shown = json.loads(done.stdout)
    assert done.returncode == 0
    assert shown["percent"] > 90
    lines = state.read_text("utf-8").splitlines()
    assert len(lines) == len(shown["mutants"])
    state.write_text("\n".join(lines[: len(lines) // 2]) + '\n{"id": "cut', encoding="utf-8")
    again = here("mutate", *common, "--fail-under", "100.1", "--jobs", "2", "--format", "json")
    assert again.returncode == 3
    assert f"{len(lines) // 2} 处改动的结果仍然有效" in again.stderr
    assert {item["id"]: item["fate"] for item in json.loads(again.stdout)["mutants"]} == {
        item["id"]: item["fate"] for item in shown["mutants"]
    }


def test_wrong_use(here: Run, tmp_path: Path) -> None:
    assert "emergency-service" in here("mutate", FEATURES, "--matter", "emergency").stderr
    assert here("mutate", tmp_path).returncode == 2
    path = tmp_path / "wrong.feature"
    path.write_text(
        '# language: zh-CN\n功能: 错\n  场景: 错\n    假如地点是"赣州市"\n    而且决定日期是 2024-06-03\n'
        '    当判断"检查方式"\n    那么结论是"没有这样的结论"\n',
        encoding="utf-8",
    )
    done = here("mutate", path, "--ruleset", RULES)
    assert done.returncode == 3
    assert "wrong.feature:3" in done.stderr
