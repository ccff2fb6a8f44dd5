"""The steps of scenarios. Their wording is data (`vocabulary.yaml`); each function may have many wordings."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any, NamedTuple

import pytest
import yaml
from pytest_bdd import given, parsers, then, when

from eco_rules.engine.engine import Engine
from eco_rules.loading.loader import bundled_rulesets
from eco_rules.testing.scenario import Scenario
from eco_rules.words import Text

VOCABULARY = yaml.safe_load((files("eco_rules.testing") / "vocabulary.yaml").read_text(encoding="utf-8"))
_WORDS = VOCABULARY["words"]


@pytest.fixture(scope="session")
def eco_engine(request: pytest.FixtureRequest) -> Engine:
    """The engine scenarios run against: bundled rulesets, with the folders of `eco_rulesets` laid over."""
    overlays = request.config.getini("eco_rulesets")
    return Engine(bundled_rulesets(*(request.config.rootpath / folder for folder in overlays)))


@pytest.fixture
def scenario_case(eco_engine: Engine) -> Scenario:
    """The case a scenario builds."""
    return Scenario(eco_engine)


def _word(kind: str, text: str) -> str:
    return str(_WORDS[kind].get(text, text))


def _labels(kind: str) -> dict[str, str]:
    return {value: word for word, value in _WORDS[kind].items()}


# -- given


def _place(scenario_case: Scenario, place: str) -> None:
    scenario_case.place = place


def _act_date(scenario_case: Scenario, day: str) -> None:
    scenario_case.act_date = day


def _act_period(scenario_case: Scenario, start: str, end: str) -> None:
    scenario_case.act_date = {"from": start, "to": end}


def _decision_date(scenario_case: Scenario, day: str) -> None:
    scenario_case.decision_date = day


def _facts(scenario_case: Scenario, datatable: list[list[str]]) -> None:
    for row in datatable:
        assert len(row) == 2, f"事实表应有两列：事实项和值 / a table of facts has two columns: {row}"
        scenario_case.state(*row)


def _fact(scenario_case: Scenario, fact: str, value: str) -> None:
    scenario_case.state(fact, value)


def _unknown(scenario_case: Scenario, fact: str) -> None:
    scenario_case.facts.pop(fact, None)


def _none(scenario_case: Scenario, fact: str) -> None:
    scenario_case.facts[fact] = []


def _records(scenario_case: Scenario, fact: str, datatable: list[list[str]]) -> None:
    scenario_case.record(fact, datatable)


# -- when


def _decide(scenario_case: Scenario, matter: str) -> None:
    scenario_case.decide(matter)


# -- then


def _outcome(scenario_case: Scenario, outcome: str) -> None:
    scenario_case.expect(
        scenario_case.decision.outcome,
        scenario_case.outcome_id(outcome),
        Text("结论", "outcome"),
        scenario_case.outcomes,
    )


def _not_outcome(scenario_case: Scenario, outcome: str) -> None:
    wanted = scenario_case.outcome_id(outcome)
    scenario_case.require(
        scenario_case.decision.outcome != wanted, Text(f"结论不应是 {outcome}", f"the outcome must not be {outcome}")
    )


def _status(scenario_case: Scenario, status: str) -> None:
    scenario_case.expect(
        scenario_case.decision.status, _word("status", status), Text("状态", "status"), _labels("status")
    )


def _modality(scenario_case: Scenario, modality: str) -> None:
    found = scenario_case.decision.modality or "none"
    scenario_case.expect(found, _word("modality", modality), Text("强度", "modality"), _labels("modality"))


def _names(scenario_case: Scenario) -> set[str]:
    findings = scenario_case.decision.findings
    return {name for item in findings for name in (item.rule, item.rule.rpartition("/")[2], item.title)}


def _rule(scenario_case: Scenario, rule: str) -> None:
    scenario_case.require(rule in _names(scenario_case), Text(f"没有适用规则 {rule}", f"rule {rule} does not apply"))


def _not_rule(scenario_case: Scenario, rule: str) -> None:
    scenario_case.require(
        rule not in _names(scenario_case), Text(f"不应适用规则 {rule}", f"rule {rule} must not apply")
    )


def _defeats(scenario_case: Scenario) -> set[str]:
    defeated = scenario_case.decision.defeated
    return {name for item in defeated for name in (item.rule, item.rule.rpartition("/")[2], item.title)}


def _defeated(scenario_case: Scenario, rule: str) -> None:
    scenario_case.require(
        rule in _defeats(scenario_case), Text(f"规则 {rule} 没有被排除", f"rule {rule} is not defeated")
    )


def _replaced(scenario_case: Scenario, rule: str, other: str) -> None:
    found = {(item.rule, item.by) for item in scenario_case.decision.defeated if item.reason == "replaces"}
    scenario_case.require(
        (rule, other) in found,
        Text(
            f"规则 {rule} 没有被 {other} 取代：{sorted(found)}",
            f"rule {rule} is not replaced by {other}: {sorted(found)}",
        ),
    )


def _not_defeated(scenario_case: Scenario, rule: str) -> None:
    scenario_case.require(
        rule not in _defeats(scenario_case), Text(f"规则 {rule} 不应被排除", f"rule {rule} must not be defeated")
    )


def _cited(scenario_case: Scenario) -> list[str]:
    findings = scenario_case.decision.findings
    return [f"{item.title}{item.doc_no or ''}{item.locator}" for finding in findings for item in finding.clauses]


def _clause(scenario_case: Scenario, text: str) -> None:
    cited = _cited(scenario_case)
    scenario_case.require(
        any(text in item for item in cited),
        Text(f"依据中没有“{text}”：{cited}", f"the basis does not include “{text}”: {cited}"),
    )


def _not_clause(scenario_case: Scenario, text: str) -> None:
    scenario_case.require(
        not any(text in item for item in _cited(scenario_case)),
        Text(f"依据不应包括“{text}”", f"the basis must not include “{text}”"),
    )


def _asked(scenario_case: Scenario) -> list[str]:
    return [item.fact for item in scenario_case.decision.missing]


def _asks(scenario_case: Scenario, fact: str) -> None:
    scenario_case.require(
        scenario_case.fact_id(fact) in _asked(scenario_case), Text(f"没有询问 {fact}", f"{fact} is not asked for")
    )


def _asks_first(scenario_case: Scenario, fact: str) -> None:
    scenario_case.expect(_asked(scenario_case)[:1], [scenario_case.fact_id(fact)], Text("首先询问", "asked for first"))


def _asks_not(scenario_case: Scenario, fact: str) -> None:
    scenario_case.require(
        scenario_case.fact_id(fact) not in _asked(scenario_case),
        Text(f"不应询问 {fact}", f"{fact} must not be asked for"),
    )


def _asks_nothing(scenario_case: Scenario) -> None:
    scenario_case.expect(_asked(scenario_case), [], Text("待补充", "missing"))


def _kind(scenario_case: Scenario, fact: str, kind: str) -> None:
    kinds = {item.fact: item.kind for item in scenario_case.decision.missing}
    scenario_case.expect(
        kinds.get(scenario_case.fact_id(fact)), _word("kind", kind), Text(f"{fact} 的类别", f"kind of {fact}")
    )


def _possible(scenario_case: Scenario, outcome: str) -> None:
    outcomes = {item.outcome for item in scenario_case.decision.possible}
    scenario_case.require(
        scenario_case.outcome_id(outcome) in outcomes, Text(f"{outcome} 不在可能的结论中", f"{outcome} is not possible")
    )


def _impossible(scenario_case: Scenario, outcome: str) -> None:
    outcomes = {item.outcome for item in scenario_case.decision.possible}
    scenario_case.require(
        scenario_case.outcome_id(outcome) not in outcomes,
        Text(f"{outcome} 不应还有可能", f"{outcome} must no longer be possible"),
    )


def _warnings(scenario_case: Scenario) -> list[str]:
    return [f"{item.code} {item.message}" for item in scenario_case.decision.warnings]


def _warning(scenario_case: Scenario, text: str) -> None:
    scenario_case.require(
        any(text in item for item in _warnings(scenario_case)), Text(f"没有提醒“{text}”", f"no warning says “{text}”")
    )


def _no_warning(scenario_case: Scenario, text: str) -> None:
    scenario_case.require_warning_exists(text)
    scenario_case.require(
        not any(text in item for item in _warnings(scenario_case)),
        Text(f"不应提醒“{text}”", f"no warning may say “{text}”"),
    )


def _duties(scenario_case: Scenario, text: str) -> list[Any]:
    return [item for item in scenario_case.decision.obligations if text in (item.id, item.label) or text in item.label]


def _duty(scenario_case: Scenario, text: str) -> None:
    scenario_case.require(
        _duties(scenario_case, text), Text(f"义务中没有“{text}”", f"the duties do not include “{text}”")
    )


def _not_duty(scenario_case: Scenario, text: str) -> None:
    scenario_case.require(
        not _duties(scenario_case, text), Text(f"义务不应包括“{text}”", f"the duties must not include “{text}”")
    )


def _materials(scenario_case: Scenario, text: str) -> list[Any]:
    return [item for item in scenario_case.decision.materials if text in (item.id, item.label) or text in item.label]


def _material(scenario_case: Scenario, text: str) -> None:
    scenario_case.require(
        _materials(scenario_case, text), Text(f"材料中没有“{text}”", f"the materials do not include “{text}”")
    )


def _deferrable(scenario_case: Scenario, text: str) -> None:
    found = [item.deferrable for item in _materials(scenario_case, text)]
    scenario_case.require(found and all(found), Text(f"“{text}”应可容缺", f"“{text}” must be deferrable"))


def _not_deferrable(scenario_case: Scenario, text: str) -> None:
    found = [item.deferrable for item in _materials(scenario_case, text)]
    scenario_case.require(found and not any(found), Text(f"“{text}”应不可容缺", f"“{text}” must not be deferrable"))


def _path(scenario_case: Scenario, path: str, state: str) -> None:
    found = [item.state for item in scenario_case.decision.alternatives if path in (item.path, item.label)]
    scenario_case.expect(found, [_word("state", state)], Text(f"其他路径“{path}”", f"the path “{path}”"))


def _due(scenario_case: Scenario, text: str, day: str) -> None:
    found = [item.due.isoformat() if item.due else None for item in _duties(scenario_case, text)]
    scenario_case.expect(found, [day], Text(f"{text} 的期限", f"due date of {text}"))


def _no_due(scenario_case: Scenario, text: str) -> None:
    scenario_case.expect(
        [item.due for item in _duties(scenario_case, text)], [None], Text(f"{text} 的期限", f"due date of {text}")
    )


def _assumption(scenario_case: Scenario, fact: str) -> None:
    names = {item.fact for item in scenario_case.decision.assumptions}
    scenario_case.require(
        scenario_case.fact_id(fact) in names, Text(f"推定与认定中没有 {fact}", f"nothing is assumed about {fact}")
    )


def _provenance(scenario_case: Scenario, provenance: str) -> None:
    wanted = _word("provenance", provenance)
    scenario_case.expect(
        scenario_case.decision.provenance, wanted, Text("可信程度", "provenance"), _labels("provenance")
    )


def _applied(scenario_case: Scenario) -> str | None:
    regimes = scenario_case.decision.regimes
    return regimes.applied if regimes else None


def _old_law(scenario_case: Scenario) -> None:
    scenario_case.expect(_applied(scenario_case), "old", Text("适用的法律", "the law that applies"))


def _new_law(scenario_case: Scenario) -> None:
    scenario_case.expect(_applied(scenario_case), "new", Text("适用的法律", "the law that applies"))


def _open_law(scenario_case: Scenario) -> None:
    scenario_case.expect(_applied(scenario_case), "open", Text("适用的法律", "the law that applies"))


def _fine(scenario_case: Scenario, side: str, low: str, high: str) -> None:
    regimes = scenario_case.decision.regimes
    scenario_case.require(regimes, Text("没有比较新旧法", "no two laws were compared"))
    scenario_case.require(
        side in _WORDS["side"] or side in _labels("side"),
        Text(f"没有“{side}”，只有旧法、新法", f"there is no “{side}”, only old and new"),
    )
    fine = getattr(regimes, _word("side", side)).fine
    found = (fine.low, fine.high) if fine else None
    scenario_case.expect(found, (low, high), Text(f"{side}的罚款", f"fine of {side}"))


def _conflict(scenario_case: Scenario, rule: str) -> None:
    rules = {
        name
        for item in scenario_case.decision.conflicts
        for full in item.rules
        for name in (full, full.rpartition("/")[2])
    }
    scenario_case.require(rule in rules, Text(f"冲突中没有规则 {rule}", f"rule {rule} is not part of the conflict"))


def _error(scenario_case: Scenario, code: str) -> None:
    error = scenario_case.error
    assert error is not None, scenario_case.said(Text(f"没有报错 {code}", f"no error {code}"))
    assert code in {item.code for item in error.diagnostics}, scenario_case.error_text


class Wording(NamedTuple):
    """One way to write a step: what kind of step it is, the pattern, and the function it calls."""

    kind: str
    parser: parsers.parse
    function: Callable[..., None]


WORDINGS: list[Wording] = []
"""Every wording of the vocabulary. pytest-bdd has them as fixtures; whoever runs scenarios without pytest reads them here."""

_REGISTER: dict[str, Callable[..., Any]] = {"given": given, "when": when, "then": then}
for _section, _register in _REGISTER.items():
    for _name, _patterns in VOCABULARY[_section].items():
        for _pattern in _patterns:
            WORDINGS.append(Wording(_section, parsers.parse(_pattern), globals()[f"_{_name}"]))
            # pytest-bdd keeps a step in the namespace of the caller, which is this module
            _register(WORDINGS[-1].parser)(WORDINGS[-1].function)
