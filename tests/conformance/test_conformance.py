"""The engine's own tests: synthetic rulesets and cases, run by every backend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from eco_rules import Case, Corpus, Engine, load_rulesets
from eco_rules.diagnostics import Problems
from eco_rules.engine.engine import load_backend
from eco_rules.ir.lower import Lowering
from eco_rules.ir.nodes import NODE_KINDS, walk

HERE = Path(__file__).parent
BACKENDS = ("reference", "compiled", "rete")


def read(path: Path) -> Any:
    # plain texts only: dates and numbers reach the engine as written
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)


class _Loader(yaml.SafeLoader):
    """Leaves dates as text, so that a case reads like one in a file."""


_Loader.yaml_implicit_resolvers = {
    key: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for key, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def write(folder: Path, files: dict[str, Any]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def base() -> Corpus:
    return load_rulesets(HERE / "_base")


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    if request.param == "rete":
        pytest.importorskip("durable_rules_engine")
    return str(request.param)


def tables() -> list[Any]:
    rows = []
    for path in sorted((HERE / "conditions").glob("*.yaml")):
        for index, (condition, facts, truth) in enumerate(read(path)):
            rows.append(pytest.param(condition, facts, truth, id=f"{path.stem}-{index}"))
    return rows


@pytest.mark.parametrize(("condition", "facts", "truth"), tables())
def test_condition(condition: Any, facts: Any, truth: bool | None, backend: str, tmp_path: Path) -> None:
    """One condition, the facts, its truth: the same for every backend."""
    rule = {"id": "it", "title": "合成", "cites": ["law-1#a"], "when": condition, "then": {"outcome": "allow"}}
    ruleset = {
        "id": "r.one",
        "title": "合成",
        "matter": "bare",
        "jurisdiction": "cn",
        "effective": {"from": "2000-01-01"},
        "complete": True,
        "rules": [rule],
    }
    corpus = load_rulesets(HERE / "_base", write(tmp_path, {"cn/bare/2000-01-01.yaml": ruleset}))
    problems = Problems()
    stack = Lowering(corpus, corpus.matters["bare"], corpus.rulesets, None, problems).stack(())
    assert not problems.items
    vocabulary = stack.table.vocabulary
    stated = {}
    for name, raw in facts.items():
        key = vocabulary.find(name)
        assert key is not None
        stated[key] = vocabulary.parse(key, raw)
    values = stack.table.fill(stated).values
    truths = load_backend(backend)(stack.program)(values)
    assert truths[stack.rules[0].holds] is truth


def topics() -> list[Any]:
    found = []
    for path in sorted((HERE / "decisions").glob("*.yaml")):
        topic = read(path)
        found += [pytest.param(path, topic, item, id=f"{path.stem}: {item['name']}") for item in topic["cases"]]
    return found


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Engine]:
    made = {}
    for path in sorted((HERE / "decisions").glob("*.yaml")):
        folder = write(tmp_path_factory.mktemp(path.stem), read(path)["rulesets"])
        corpus = load_rulesets(HERE / "_base", folder)
        for name in BACKENDS:
            try:
                made[path.stem, name] = Engine(corpus, backend=name)  # type: ignore[arg-type]
            except Exception:  # noqa: BLE001 - rete may be absent; its tests skip
                continue
    return made


@pytest.mark.parametrize(("path", "topic", "item"), topics())
def test_decision(path: Path, topic: Any, item: Any, backend: str, engines: dict[tuple[str, str], Engine]) -> None:
    """One case, and what the decision must say."""
    defaults = topic.get("defaults", {})
    given = {"jurisdiction": "cn", "decision_date": "2020-01-01", **defaults, **item["case"]}
    given["facts"] = {**defaults.get("facts", {}), **item["case"].get("facts", {})}
    decision = engines[path.stem, backend].decide(Case(**given))
    found: dict[str, Any] = {
        "status": decision.status,
        "outcome": decision.outcome,
        "modality": decision.modality,
        "missing": sorted(fact.fact for fact in decision.missing),
        "first": decision.missing[0].fact if decision.missing else None,
        "kinds": [fact.kind for fact in decision.missing],
        "possible": sorted({possible.outcome for possible in decision.possible}),
        "findings": [finding.rule for finding in decision.findings],
        "defeated": [[one.rule, one.by, one.reason] for one in decision.defeated],
        "conflicts": sorted(rule for conflict in decision.conflicts for rule in conflict.rules),
        "warnings": [warning.code for warning in decision.warnings if not warning.code.startswith("provenance")],
        "assumptions": [assumption.fact for assumption in decision.assumptions],
        "provenance": decision.provenance,
        "duties": [item.id for item in decision.obligations],
        "materials": [item.id + (f"~{item.due}" if item.deferrable else "") for item in decision.materials],
        "paths": [f"{item.path}={item.state}" for item in decision.alternatives],
        "applied": decision.regimes.applied if decision.regimes else None,
    }
    expected = {key: sorted(value) if key == "conflicts" else value for key, value in item["expect"].items()}
    assert {key: found[key] for key in expected} == expected


def test_every_node_kind_is_covered(engines: dict[tuple[str, str], Engine], tmp_path: Path) -> None:
    """The conformance suite reaches every kind of node a program can have."""
    seen: set[type] = set()
    conditions = [row[0] for path in (HERE / "conditions").glob("*.yaml") for row in read(path)]
    rules = [
        {"id": f"r{i}", "title": "合成", "cites": ["law-1#a"], "when": when, "then": {"outcome": "allow"}}
        for i, when in enumerate(conditions)
    ]
    ruleset = {
        "id": "r.all",
        "title": "合成",
        "matter": "bare",
        "jurisdiction": "cn",
        "effective": {"from": "2000-01-01"},
        "complete": True,
        "rules": rules,
    }
    folder = write(tmp_path, {"cn/bare/2000-01-01.yaml": ruleset})
    programs = [
        Lowering((c := load_rulesets(HERE / "_base", folder)), c.matters["bare"], c.rulesets, None, Problems())
        .stack(())
        .program
    ]
    corpus = engines["matters", "reference"].rulesets
    programs.append(Lowering(corpus, corpus.matters["bare"], corpus.rulesets, None, Problems()).stack(()).program)
    for program in programs:
        for expression in program.expressions:
            seen |= {type(node) for node in walk(expression)}
    assert set(NODE_KINDS) <= seen
