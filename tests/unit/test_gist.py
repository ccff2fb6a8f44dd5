"""What is kept from case to case makes decisions cheap, and changes nothing of what they say."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eco_rules import Case, CaseError, Corpus, Engine, load_rulesets, read_cases
from eco_rules.backends import rete
from eco_rules.decision.decision import Decision, _Part
from eco_rules.engine import gist
from tests.conftest import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("[cp]*/[!_]*.yaml"))

FACTS = """format: 1
subject: site
label: 场地
facts:
  decision_date: {label: 决定日, type: date, header: true}
  act_date: {label: 行为日, type: date, header: true}
  act_from: {label: 行为起始日, type: date, header: true}
  law_date: {label: 法律日, type: date, header: true}
  capacity: {label: 产能, type: number, min: 0, question: 产能是多少？}
  sensitive: {label: 位于敏感区, type: boolean, question: 是否位于敏感区？}
  category: {label: 类别, type: enum, question: 属于哪一类？, values: {a: 甲, b: 乙, c: 丙, d: 丁, e: 戊}}
"""
MATTER = """format: 1
id: table
label: 分类表
subject: site
question: 编制什么文件？
outcomes: {report: 报告书, form: 报告表, registration: 登记表}
combine: strictest
strictness: [report, form, registration]
default: {outcome: registration, title: 其余, cites: [list-2021#c]}
dates: {substance: decision_date, procedure: decision_date}
"""
INSTRUMENT = """format: 1
id: list-2021
title: 名录
issuer: 某机关
level: department-rule
effective: {from: 2021-01-01}
provenance: verified
clauses: {c: {locator: 附表, text: 名录}}
"""
RULE = """  - {{id: {0}-report, title: {0}书, cites: [list-2021#c], applies: {{category: {1}}},
     when: {{any: [{{capacity: {{ge: 100}}}}, {{sensitive: true}}]}}, then: {{outcome: report}}}}
  - {{id: {0}-form, title: {0}表, cites: [list-2021#c], applies: {{category: {1}}},
     when: {{capacity: {{ge: 10}}}}, then: {{outcome: form}}}}
"""
RULESET = """format: 1
id: cn.table
title: 分类表
matter: table
jurisdiction: cn
effective: {from: 2021-01-01}
complete: true
rules:
"""


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Categories a, b, c with the same two rules each; one rule more for b or c; nothing about d and e."""
    folder = tmp_path_factory.mktemp("table")
    extra = "  - {id: both, title: 乙或丙, cites: [list-2021#c], applies: {category: {in: [b, c]}}, then: {outcome: form}}\n"
    files = {
        "_facts/site.yaml": FACTS,
        "_matters/table.yaml": MATTER,
        "_instruments/list-2021.yaml": INSTRUMENT,
        "cn/table/2021-01-01/table.yaml": RULESET + "".join(RULE.format(name, name) for name in "abc") + extra,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("_levels.yaml", "_places.yaml", "_units.yaml"):
        shutil.copy(ROOT / "rulesets" / name, folder / name)
    return load_rulesets(folder)


def case(**facts: Any) -> Case:
    return Case(matter="table", jurisdiction="36", decision_date="2024-01-01", facts=facts)


def variations() -> Iterator[Case]:
    values: dict[str, list[Any]] = {
        "category": ["a", "b", "d", "e", None],
        "capacity": [5, 10.0, 50, "99", 100, {"from": 5, "to": 50}, None],
        "sensitive": [True, False, None],
    }
    for category in values["category"]:
        for capacity in values["capacity"]:
            for sensitive in values["sensitive"]:
                yield case(category=category, capacity=capacity, sensitive=sensitive)


def judging_each_anew(corpus: Corpus) -> Engine:
    engine = Engine(corpus)
    engine._gists = None
    return engine


def said(decision: Decision) -> str:
    return decision.model_dump_json()


def test_cases_of_one_gist_are_decided_as_if_alone(table: Corpus) -> None:
    kept, anew = Engine(table), judging_each_anew(table)
    for _ in range(2):
        for item in variations():
            assert said(kept.decide(item)) == said(anew.decide(item)), item.facts
    assert kept._gists is not None
    assert 0 < len(kept._gists._kept) < len(list(variations())) / 2  # otherwise nothing was shared


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_decided_as_if_alone(path: Path, engine: Engine, anew: Engine) -> None:
    for item in read_cases(path):
        found, wanted = engine.decide_all(item), anew.decide_all(item)
        assert [said(decision) for decision in found] == [said(decision) for decision in wanted]
        for decision in found:
            if len(found) == 1:
                possible = tuple(dict.fromkeys(one.outcome for one in decision.possible))
                assert engine.outcome(item) == (decision.status, possible)
            complete(decision)


@pytest.fixture(scope="module")
def anew(corpus: Corpus) -> Engine:
    return judging_each_anew(corpus)


def complete(part: _Part) -> None:
    """Parts the engine makes itself have every field, in the order of the schema."""
    fields = list(type(part).model_fields)
    assert list(part.__dict__)[: len(fields)] == fields
    assert part.model_fields_set <= set(fields)
    for value in part.__dict__.values():
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, _Part):
                complete(item)


def test_what_is_kept_is_bounded(table: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gist, "_ROOM", 100)
    small, anew = Engine(table), judging_each_anew(table)
    for item in variations():
        assert said(small.decide(item)) == said(anew.decide(item))
    assert small._gists is not None
    assert sum(len(tested) for _, tested in small._gists._kept) <= 100


def test_an_engine_with_another_ruleset_keeps_nothing_of_the_old(table: Corpus) -> None:
    one = Engine(table)
    one.decide(case(category="a", capacity=100))
    other = one.with_ruleset(table.rulesets[0])
    assert other._gists is not one._gists
    assert not other._dockets


def test_values_that_no_rule_names_share_a_stack(table: Corpus) -> None:
    engine = Engine(table)
    law = engine.prepared(table.matters["table"], "36", table.instruments["list-2021"].effective.start)
    key = engine.vocabularies["table"].find("category")
    assert key is not None
    parts = {value: law.narrowed({key: value}) for value in "abcde"}
    rules = {value: [rule.id.partition("/")[2] for rule in part.stack.rules] for value, part in parts.items()}
    assert rules["a"] == ["a-report", "a-form"]
    assert rules["b"] == ["b-report", "b-form", "both"]
    assert rules["c"] == ["c-report", "c-form", "both"]
    assert rules["d"] == []
    assert parts["d"] is parts["e"]
    assert law.narrowed({}) is law


def test_everything_that_is_wrong_with_a_case_is_told(table: Corpus) -> None:
    with pytest.raises(CaseError) as refused:
        Engine(table).decide(case(category="x", capacity=-1, height=2))
    assert sorted(item.code for item in refused.value.diagnostics) == ["E701", "E703", "E706"]


PROBES = [
    ({"category": "a", "capacity": 101}, "report", []),
    ({"category": "a", "sensitive": True}, "report", []),
    ({"category": "a", "sensitive": False}, None, ["capacity"]),
    ({"category": "a", "capacity": 9}, None, ["sensitive"]),
]
"""What must be answered while a fact that may decide is absent, and what must be asked."""


@pytest.mark.parametrize("backend", ["compiled", "reference", "rete"])
def test_the_missing_fact_is_named(table: Corpus, backend: Any) -> None:
    if backend == "rete" and not rete.available():
        pytest.skip("durable_rules is not installed")
    engine = Engine(table, backend)
    for facts, outcome, missing in PROBES:
        decision = engine.decide(case(**facts))
        assert (decision.outcome, [item.fact for item in decision.missing]) == (outcome, missing), facts
        assert decision.status == ("determined" if outcome else "undetermined")
        assert engine.outcome(case(**facts)).status == decision.status


def test_the_missing_fact_is_named_in_columns(table: Corpus) -> None:
    pl = pytest.importorskip("polars")
    from eco_rules.batch import shard
    from eco_rules.batch.frame import Memory
    from eco_rules.batch.job import Job

    rows = [{"jurisdiction": "36", "decision_date": "2024-01-01", **facts} for facts, _, _ in PROBES]
    frame = pl.DataFrame(rows, infer_schema_length=None).with_row_index(shard.ROW, 1)
    frame = frame.with_columns(pl.col(shard.ROW).cast(pl.Int64))
    found, rejects = shard.decide(frame, Job("table"), "in", Memory(Engine(table), table.matters["table"]))
    assert not rejects
    assert found["outcome"].to_list() == [outcome for _, outcome, _ in PROBES]
    assert [text.split() if text else [] for text in found["missing"].to_list()] == [
        missing for _, _, missing in PROBES
    ]
