"""Adding a province, a matter, an outcome and a fact touches YAML only; local values replace with their source."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eco_rules import Case, CaseError, Engine, RulesetError, bundled_rulesets
from tests.conftest import Run

FILES = {
    "_places.yaml": 'format: 1\nplaces: {"98": 云梦省, "9801": 蓬莱市}\n',
    "_facts/orchard.yaml": """\
format: 1
subject: orchard
label: 果园
facts:
  decision_date: {label: 决定日, type: date, header: true, question: 何时决定？}
  trees: {label: 果树株数, type: integer, question: 有几株果树？}
  blossom: {label: 已开花, type: boolean, question: 开花了吗？}
""",
    "_matters/orchard-visit.yaml": """\
format: 1
id: orchard-visit
label: 赏花许可
subject: orchard
question: 可以赏花吗？
outcomes: {welcome: 欢迎, closed: 谢绝}
""",
    "_instruments/orchard-notice.yaml": """\
format: 1
id: orchard-notice
title: 云梦省赏花通知
issuer: 云梦省园林厅
level: provincial-normative
jurisdiction: "98"
effective: {from: 2020-01-01}
provenance: verified
clauses:
  "1": {locator: 第一条, text: 果树一百株以上且开花的，欢迎赏花。}
""",
    "cn-98/orchard-visit/2020-01-01.yaml": """\
format: 1
id: cn-98.orchard-visit
title: 云梦省赏花规则
matter: orchard-visit
jurisdiction: "98"
effective: {from: 2020-01-01}
complete: true
parameters:
  enough: {value: 100, label: 最少株数, cites: ["orchard-notice#1"]}
rules:
  - id: welcome
    title: 欢迎赏花
    cites: ["orchard-notice#1"]
    when: {all: [{trees: {ge: $enough}}, {blossom: true}]}
    then: {outcome: welcome, modality: must}
  - id: closed
    title: 花未开
    cites: ["orchard-notice#1"]
    when: {blossom: false}
    then: {outcome: closed}
""",
}


def overlay(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def visit(engine: Engine, **facts: object) -> object:
    return engine.decide(Case(matter="orchard-visit", jurisdiction="蓬莱市", decision_date="2024-05-01", facts=facts))


def test_an_invented_province_matter_outcome_and_fact(tmp_path: Path) -> None:
    engine = Engine(bundled_rulesets(overlay(tmp_path, FILES)))
    decision = engine.decide(
        Case(
            matter="赏花许可",
            jurisdiction="980100",
            decision_date="2024-05-01",
            facts={"果树株数": 100, "已开花": "是"},
        )
    )
    assert (decision.status, decision.outcome_label, decision.place) == ("determined", "欢迎", "云梦省蓬莱市")
    open_one = engine.decide(
        Case(matter="orchard-visit", jurisdiction="98", decision_date="2024-05-01", facts={"trees": 5})
    )
    assert [item.fact for item in open_one.missing] == ["blossom"]


def test_the_same_on_the_command_line(cli: Run, tmp_path: Path) -> None:
    folder = overlay(tmp_path, FILES)
    arguments = (
        "--rulesets",
        folder,
        "--format",
        "json",
        "--matter",
        "orchard-visit",
        "--jurisdiction",
        "98",
        "--decision-date",
        "2024-05-01",
    )
    done = cli("check", *arguments, "--fact", "trees=120", "--fact", "blossom=true")
    assert done.returncode == 0, done.stderr
    (decision,) = json.loads(done.stdout)["decisions"]
    assert decision["outcome"] == "welcome"
    by_environment = cli("check", *arguments[2:], "--fact", "blossom=false", ECO_RULES_PATH=str(folder))
    assert by_environment.returncode == 0


def test_parameters_are_replaced_in_one_place_and_the_decision_says_so(tmp_path: Path) -> None:
    local = overlay(
        tmp_path / "local",
        {
            "parameters.yaml": "format: 1\nparameters:\n  cn-98.orchard-visit:\n    enough: {value: 3, source: 蓬莱市园林局便函}\n"
        },
    )
    engine = Engine(bundled_rulesets(overlay(tmp_path / "base", FILES), local))
    decision = visit(engine, trees=3, blossom=True)
    assert decision.outcome == "welcome"
    (warning,) = [item for item in decision.warnings if item.code == "local-replacement" and "enough" in item.message]
    assert "100" in warning.message
    assert "蓬莱市园林局便函" in warning.message


def test_a_file_of_the_same_id_replaces_and_the_decision_says_so(tmp_path: Path) -> None:
    name = "cn-98/orchard-visit/2020-01-01.yaml"
    local = overlay(tmp_path / "local", {name: FILES[name].replace("value: 100", "value: 7")})
    decision = visit(Engine(bundled_rulesets(overlay(tmp_path / "base", FILES), local)), trees=7, blossom=True)
    assert decision.outcome == "welcome"
    assert any(item.code == "local-replacement" and "cn-98.orchard-visit" in item.message for item in decision.warnings)


@pytest.mark.parametrize(
    ("ruleset", "parameter", "code"), [("cn-98.nothing", "enough", "E304"), ("cn-98.orchard-visit", "enuogh", "E307")]
)
def test_a_parameter_that_is_not_there_is_an_error(tmp_path: Path, ruleset: str, parameter: str, code: str) -> None:
    text = f"format: 1\nparameters:\n  {ruleset}: {{{parameter}: {{value: 3, source: 便函}}}}\n"
    with pytest.raises(RulesetError) as caught:
        bundled_rulesets(overlay(tmp_path / "base", FILES), overlay(tmp_path / "local", {"parameters.yaml": text}))
    assert caught.value.code == code


def test_facts_of_another_subject_are_unknown_here(tmp_path: Path) -> None:
    engine = Engine(bundled_rulesets(overlay(tmp_path, FILES)))
    with pytest.raises(CaseError) as caught:
        visit(engine, exceedance_ratio=1)
    assert caught.value.code == "E701"
