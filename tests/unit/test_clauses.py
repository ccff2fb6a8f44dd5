"""One clause in many spellings."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from eco_rules import Case, Corpus, Engine, load_rulesets
from eco_rules.analysis.verify.equivalence import Same, compare
from eco_rules.values.clauses import parse_clause
from tests.conftest import ROOT

ONE = "水污染防治法第十条"


@pytest.mark.parametrize(
    "other",
    [
        "《水污染防治法》第十条",
        "中华人民共和国水污染防治法第十条",
        "水污染防治法第10条",
        "水污染防治法 第１０条 ",
        f"“{ONE}”",
    ],
)
def test_spellings_of_one_clause(other):
    assert parse_clause(ONE).same(parse_clause(other)) is True


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ONE, "水污染防治法第十条第一款"),
        (ONE, "第十条"),
        (ONE, "水污染防治法"),
        ("江西省大气污染防治条例第三条", "大气污染防治条例第三条"),
    ],
)
def test_a_less_precise_name_is_unknown(one, other):
    assert parse_clause(one).same(parse_clause(other)) is None
    assert parse_clause(other).same(parse_clause(one)) is None


@pytest.mark.parametrize("other", ["水污染防治法第八十三条", "大气污染防治法第十条", "水污染防治法第一百一十条"])
def test_another_clause(other):
    assert parse_clause(ONE).same(parse_clause(other)) is False


@pytest.mark.parametrize(
    ("text", "number"),
    [("第一百二十三条", 123), ("第一千零九十五条", 1095), ("第二十条", 20), ("第十条", 10), ("第33条", 33)],
)
def test_numerals(text, number):
    assert parse_clause(text) == f"第{number}条"


def test_items():
    assert parse_clause("行政处罚法第五十七条第一款第（四）项") == parse_clause("行政处罚法第57条第1款第四项")


@pytest.mark.parametrize(
    ("clause", "first"),
    [("《水污染防治法》第10条", False), ("水污染防治法第十条第一款", None), ("大气污染防治法第十八条", True)],
)
def test_a_prior_violation_counts_however_it_is_spelt(engine, clause, first):
    facts = {
        "violation_type": "water_pollutant_exceedance",
        "violated_clause": ONE,
        "prior_violations": [{"found_on": "2023-09-01", "clause": clause}],
        "exceeded_pollutants": 1,
        "pollutant_class": "b",
        "exceedance_ratio": 0.08,
        "corrected_within_order": True,
        "first_violation": False,
        "harm": "minor",
        "zones": [],
        "exclusion_signs": [],
    }
    case = Case(
        matter="minor-violation", jurisdiction="44", act_date="2024-03-01", decision_date="2024-04-10", facts=facts
    )
    decision = engine.decide(case)
    expected = {True: ("determined", "no_penalty"), False: ("determined", "not_waivable"), None: ("undetermined", None)}
    assert (decision.status, decision.outcome) == expected[first]


BASE = ROOT / "tests" / "conformance" / "_base"
BODY = {"format": 1, "id": "t", "title": "条款", "matter": "bare", "jurisdiction": "cn", "complete": True}


def about(folder: Path, condition: dict) -> Corpus:
    rule = {"id": "one", "title": "条款", "cites": ["law-1#a"], "when": condition, "then": {"outcome": "allow"}}
    path = folder / "cn" / "bare" / "2000-01-01.yaml"
    path.parent.mkdir(parents=True)
    body = {**BODY, "effective": {"from": "2000-01-01"}, "rules": [rule]}
    path.write_text(yaml.safe_dump(body, allow_unicode=True), encoding="utf-8")
    return load_rulesets(BASE, folder)


def decided(engine: Engine, article: str) -> tuple[str, list[str]]:
    case = Case(matter="bare", jurisdiction="cn", decision_date="2020-01-01", facts={"article": article})
    decision = engine.decide(case)
    return decision.status, [item.fact for item in decision.missing]


@pytest.mark.parametrize("condition", [{"article": "甲法第十条第一款"}, {"same_article": True}])
@pytest.mark.parametrize("backend", ["compiled", "reference"])
def test_a_vague_name_is_asked_for_again(backend, condition, tmp_path):
    engine = Engine(about(tmp_path, condition), backend=backend)
    assert decided(engine, "甲法第十条第一款") == ("determined", [])
    assert decided(engine, "甲法第十条") == ("undetermined", ["article"])
    assert decided(engine, "乙法第十条") == ("no_rule", [])


def test_what_a_vague_name_leaves_open_is_not_proven_the_same(tmp_path):
    """A paragraph may be what the name of its whole article means: `the paragraph, not the article` is no idle talk."""
    paragraph = {"article": "甲法第十条第一款"}
    engines = [
        Engine(about(tmp_path / "one", paragraph)),
        Engine(about(tmp_path / "other", {"all": [paragraph, {"article": {"ne": "甲法第十条"}}]})),
    ]
    assert decided(engines[0], "甲法第十条第一款") != decided(engines[1], "甲法第十条第一款")
    found = compare(*engines, engines[0].rulesets.matters["bare"], "cn", date(2020, 1, 1))
    assert not isinstance(found, Same)
