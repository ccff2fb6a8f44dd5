"""The engine as a library: the contract's API, threads, memory, cross-check, several cases of one file."""

from __future__ import annotations

import gc
import resource
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eco_rules import BackendError, Case, CaseError, Corpus, Engine, read_cases
from eco_rules.backends import rete
from tests.conftest import ROOT

DEMO = read_cases(ROOT / "examples" / "cases" / "wastewater-first-exceedance.yaml")[0]


def test_the_contract_in_python(engine: Engine) -> None:
    decision = engine.decide(
        Case(
            matter="minor-violation",
            jurisdiction="440000",
            act_date=date(2024, 3, 1),
            decision_date=date(2024, 4, 10),
            facts=dict(DEMO.facts),
        )
    )
    assert (decision.status, decision.outcome, decision.modality) == ("determined", "no_penalty", "must")
    assert decision.findings[0].clauses[0].doc_no == "粤环发〔2021〕7号"
    assert decision.missing == ()
    assert "粤环发〔2021〕7号" in decision.reasons()
    assert "不予行政处罚" in decision.reasons()
    assert '"status":"determined"' in decision.model_dump_json()


def test_a_decision_equals_itself_decided_again(engine: Engine) -> None:
    assert engine.decide(DEMO) == engine.decide(DEMO)


def test_every_backend_answers_alike(corpus: Corpus) -> None:
    expected = Engine(corpus, backend="reference").decide(DEMO).model_dump(exclude={"receipt"})
    names = ["compiled"] + (["rete"] if rete.available() else [])
    for name in names:
        assert Engine(corpus, backend=name).decide(DEMO).model_dump(exclude={"receipt"}) == expected  # type: ignore[arg-type]


def test_facts_may_be_python_values(engine: Engine) -> None:
    decision = engine.decide(replace(DEMO, facts={**DEMO.facts, "exceedance_ratio": 0.08, "zones": set()}))
    assert decision.outcome == "no_penalty"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**100, object()])
def test_numbers_that_are_none_are_refused(engine: Engine, value: Any) -> None:
    with pytest.raises(CaseError) as caught:
        engine.decide(replace(DEMO, facts={**DEMO.facts, "exceedance_ratio": value}))
    assert caught.value.code == "E702"


def test_one_matter_for_decide_all_for_decide_all(engine: Engine) -> None:
    case = replace(DEMO, matter=None, facts={"violation_type": "water_pollutant_exceedance"})
    assert {decision.matter for decision in engine.decide_all(case)} == {"minor-violation"}
    with pytest.raises(CaseError):
        engine.decide(replace(DEMO, matter=("minor-violation", "positive-list")))


def test_violations_of_one_file_are_told_of_each_other(engine: Engine) -> None:
    severe = {**DEMO.facts, "harm": "serious"}
    excluded = replace(DEMO, id="second", file_id="F1", facts=severe)
    first, second = engine.decide_file([replace(DEMO, file_id="F1"), excluded])
    assert [item.code for item in first.warnings if item.code == "linked-case-excluded"]
    assert "second" in next(item.message for item in first.warnings if item.code == "linked-case-excluded")
    assert not [item for item in second.warnings if item.code == "linked-case-excluded"]
    assert first.outcome == "no_penalty"


def test_threads_share_an_engine(corpus: Corpus) -> None:
    cases = [
        replace(
            DEMO, jurisdiction=place, facts={k: v for n, (k, v) in enumerate(DEMO.facts.items()) if (seed >> n) & 1}
        )
        for seed in range(0, 512, 3)
        for place in ("44", "36", "440703")
    ]
    alone = Engine(corpus)
    expected = [alone.decide(case).model_dump() for case in cases[:60]]
    shared = Engine(corpus, cross_check="auto")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(shared.decide, cases))
    for answer, wanted in zip(answers[:60], expected, strict=True):
        found = answer.model_dump()
        assert {**found, "receipt": None} == {**wanted, "receipt": None}


def test_no_memory_is_added_from_case_to_case(engine: Engine) -> None:
    """100,000 different cases, one in fifty with facts missing; the process does not grow after warming up."""
    names = list(DEMO.facts)

    def case(number: int) -> Case:
        facts = {**DEMO.facts, "exceedance_ratio": f"0.{number:06d}"}
        if number % 50 == 0:
            facts = {name: facts[name] for position, name in enumerate(names) if (number // 50 >> position) & 1}
        return replace(DEMO, id=str(number), facts=facts)

    peak = 0
    for number in range(100_000):
        engine.decide(case(number))
        if number == 20_000:
            gc.collect()
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    gc.collect()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 4_000  # kilobytes


def test_a_difference_between_the_engines_is_never_silent(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    if not rete.available():
        pytest.skip("durable_rules is not installed")
    original = rete.prepare

    def wrong(program: Any) -> Any:
        evaluate = original(program)

        def lie(values: Sequence[Any]) -> list[Any]:
            truths = list(evaluate(values))
            truths[-2] = not truths[-2]
            return truths

        return lie

    monkeypatch.setattr(rete, "prepare", wrong)
    with pytest.raises(BackendError) as caught:
        Engine(corpus, cross_check="rete").decide(DEMO)
    assert caught.value.code == "E804"


def test_the_receipt_says_what_was_compared(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Engine(corpus).decide(DEMO).receipt.cross_check == "off"
    if rete.available():
        assert Engine(corpus, cross_check="auto").decide(DEMO).receipt.cross_check == "agreed"
    monkeypatch.setattr(rete, "available", lambda: False)
    assert Engine(corpus, cross_check="auto").decide(DEMO).receipt.cross_check == "unavailable"


def test_the_receipt_pins_what_the_decision_depends_on(engine: Engine) -> None:
    receipt = engine.decide(DEMO).receipt
    assert "cn-44.minor-violation@2022-01-01" in {item.id for item in receipt.rulesets}
    names = {item.id for item in receipt.files}
    assert {"_facts/case", "_matters/minor-violation", "_instruments/gd-2021-7"} <= names
    assert all(len(item.sha256) == 64 for item in receipt.files)
    other = engine.decide(replace(DEMO, facts={**DEMO.facts, "harm": "none"})).receipt
    assert other.facts_sha256 != receipt.facts_sha256


def test_the_clock_is_never_read() -> None:
    for path in (ROOT / "eco_rules").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert ".now(" not in text
        assert ".today(" not in text
        assert "time.time" not in text, path


def test_an_unknown_backend_is_an_error(corpus: Corpus) -> None:
    with pytest.raises(BackendError) as caught:
        Engine(corpus, backend="magic")  # type: ignore[arg-type]
    assert caught.value.code == "E802"


def test_examples_of_this_folder_are_cases(engine: Engine) -> None:
    for path in sorted(Path(ROOT / "examples" / "cases").glob("*.yaml")):
        for case in read_cases(path):
            assert engine.decide_all(case)


@pytest.mark.parametrize("place", ["81", "820000", "71"])
def test_mainland_law_does_not_decide_elsewhere(engine, place):
    with pytest.raises(CaseError, match="E709"):
        engine.decide(Case(matter="minor-violation", jurisdiction=place, decision_date="2024-04-10", facts={}))


@pytest.mark.parametrize(("place", "warned"), [("449999", True), ("44", False), ("360703", False)])
def test_a_code_nobody_listed_is_pointed_out(engine, place, warned):
    decision = engine.decide(
        Case(matter="minor-violation", jurisdiction=place, act_date="2024-04-01", decision_date="2024-04-10", facts={})
    )
    assert ("place-not-listed" in {item.code for item in decision.warnings}) == warned
