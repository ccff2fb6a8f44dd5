"""Pages of decisions: the headline, and paths nobody can take."""

from __future__ import annotations

import pytest

from eco_rules import Case, Decision, Engine, load_rulesets
from eco_rules.reporting import formats
from eco_rules.reporting.outline import STATUS, outline
from tests.conformance.test_conformance import HERE, read, write


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The synthetic matter `road`: easy if graded low, with `bare` reported along, which knows only small things."""
    folder = write(tmp_path_factory.mktemp("paths"), read(HERE / "decisions" / "paths.yaml")["rulesets"])
    return Engine(load_rulesets(HERE / "_base", folder))


def decide(engine: Engine, facts: dict[str, object], matter: str = "road") -> Decision:
    return engine.decide(Case(matter=matter, jurisdiction="cn", decision_date="2020-01-01", facts=facts))


def paths(decision: Decision, lang: str) -> list[str]:
    (section,) = [part for part in outline(decision, lang).sections if part.title in ("其他路径", "Other paths")]
    return [line.text for line in section.lines]


def test_a_matter_without_a_rule_says_so(engine):
    decision = decide(engine, {"size": 600})
    assert [item.status for item in decision.alternatives] == ["determined", "no_rule"]
    assert paths(decision, "zh")[-1] == "一并适用：没有默认结论的事项 = 没有相应规则"
    assert paths(decision, "en")[-1] == "along with it: 没有默认结论的事项 = no rule"


def test_an_open_matter_is_open(engine):
    assert paths(decide(engine, {}), "zh") == ["待定：走分级路", "一并适用：没有默认结论的事项 = 待定：事实不足"]


def test_a_path_without_rules_in_force_is_not_said_to_wait_for_facts(engine):
    before = engine.decide(Case(matter="road", jurisdiction="cn", decision_date="2009-12-31", facts={"size": 1}))
    assert paths(before, "zh")[0] == "当时当地没有编入的规则：走分级路"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_open_is_said_once_in_the_headline(engine, lang):
    decision = decide(engine, {}, "grade")
    assert decision.status == "undetermined"
    for text in (
        formats.to_text([decision], lang),
        formats.to_markdown([decision], lang),
        formats.to_html([decision], lang),
    ):
        assert text.count(STATUS["undetermined"].to(lang)) == 1


def test_a_settled_decision_still_shows_its_status(engine):
    text = formats.to_text([decide(engine, {"size": 1}, "grade")], "zh")
    assert text.splitlines()[1] == "结论：低  [已确定]"
