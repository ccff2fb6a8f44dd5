"""A step that denies a warning fails when no warning could ever say it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from eco_rules import Corpus, Engine
from eco_rules.testing.known_warnings import BUILT_IN, is_known_warning
from eco_rules.testing.scenario import Scenario
from eco_rules.testing.steps import _no_warning
from tests.conftest import ROOT

CODE = re.compile(r'code="([a-z]+(?:-[a-z]+)+)"|^ {8,}"([a-z]+(?:-[a-z]+)+)",$', re.MULTILINE)


@pytest.fixture
def decided(engine: Engine) -> Scenario:
    scenario = Scenario(engine)
    scenario.place, scenario.act_date, scenario.decision_date = "33", "2025-03-01", "2025-04-10"
    scenario.decide("minor-violation")
    return scenario


@pytest.mark.parametrize(
    "text", ["crime-threshold-not-transferred", "不得作出不予处罚决定", "ruleset-expired", "重建规则"]
)
def test_a_warning_that_exists_can_be_denied(decided, text):
    _no_warning(decided, text)


@pytest.mark.parametrize("text", ["corection-evidence", "没有哪个提醒这样写"])
def test_a_warning_that_does_not_exist_cannot(decided, text):
    with pytest.raises(AssertionError, match=text):
        _no_warning(decided, text)


def test_a_warning_of_another_matter_cannot(corpus: Corpus):
    assert is_known_warning(corpus, "positive-list", "category-conflict")
    assert not is_known_warning(corpus, "minor-violation", "category-conflict")


def test_every_code_of_the_engine_is_known():
    sources = [path.read_text(encoding="utf-8") for path in Path(ROOT / "eco_rules/engine").glob("*.py")]
    codes = {one or other for source in sources for one, other in CODE.findall(source)}
    assert len(codes) >= 9
    assert all(any(item.startswith(code) for item in BUILT_IN) for code in codes), codes
