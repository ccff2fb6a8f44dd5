"""Mutation: every fate on a small ruleset, who is asked about a change, and what is kept from run to run."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import yaml

from eco_rules import bundled_rulesets, load_rulesets
from eco_rules.errors import UsageError
from eco_rules.loading.corpus import Corpus
from eco_rules.testing.mutation.baseline import Baseline, baseline, name_of
from eco_rules.testing.mutation.basis import basis
from eco_rules.testing.mutation.mutant import Mutant
from eco_rules.testing.mutation.report import score, to_json, to_text
from eco_rules.testing.mutation.rulesets import mutants
from eco_rules.testing.mutation.state import State
from eco_rules.testing.mutation.steps import around, beside
from eco_rules.testing.mutation.trial import Earlier, MutantTrials, Result
from eco_rules.testing.mutation.witnesses import Witnesses
from eco_rules.testing.suite import read, run
from tests.conftest import ROOT

BASE = ROOT / "tests" / "conformance" / "_base"
LARGE = {"size": {"ge": 10}}
RULES = [
    {"id": "large", "when": {"all": [LARGE, {"size": {"ge": 5}}]}, "then": {"outcome": "allow"}},
    {"id": "flagged", "when": {"flag_a": True}, "then": {"outcome": "other"}, "overrides": ["large"]},
    {"id": "after", "when": {"all": [{"holds": "flagged"}, {"flag_b": True}]}, "then": {"outcome": "other"}},
]
APPROVAL = {
    "approval-path",
    "eia-downgrade",
    "eia-exemption",
    "emergency-service",
    "incomplete-acceptance",
    "notification-commitment",
}
EDITS = {
    "positive-list": {"positive-list"},
    "emergency-service": APPROVAL | {"eia-classification"},
}
FEATURE = """# language: zh-CN
功能: 样本
  场景大纲: 界限
    假如地点是"cn"
    而且行为日期是 2015-01-01
    而且决定日期是 2015-01-01
    而且以下事实
      | size   | <大小> |
      | flag_a | <标记> |
      | flag_b | 否     |
    当判断"permit"
    那么结论是"<结论>"

    例子:
      | 大小 | 标记 | 结论   |
      | 9    | 否   | refuse |
      | 10   | 否   | allow  |
      | 10   | 是   | other  |
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Baseline:
    folder = tmp_path_factory.mktemp("mutation")
    path = folder / "rules" / "cn" / "permit" / "2010-01-01.yaml"
    path.parent.mkdir(parents=True)
    rules = [{"title": "规则", "cites": ["law-1#a"], **rule} for rule in RULES]
    body = {"format": 1, "id": "t", "title": "示例", "matter": "permit", "jurisdiction": "cn"}
    body |= {"effective": {"from": "2010-01-01"}, "complete": True, "rules": rules}
    path.write_text(yaml.safe_dump(json.loads(json.dumps(body)), allow_unicode=True), encoding="utf-8")
    feature = folder / "one.feature"
    feature.write_text(FEATURE, encoding="utf-8")
    return baseline(load_rulesets(BASE, folder / "rules"), read([feature]))


@pytest.fixture(scope="module")
def found(base: Baseline) -> dict[str, tuple[Mutant, Result]]:
    trials = MutantTrials(base, prove=True)
    return {mutant.id: (mutant, trials(mutant)) for mutant in mutants(base.corpus, own(base.corpus))}


def own(corpus: Corpus):
    return next(file for file in corpus.rulesets if file.ruleset.id == "t")


def fate(found, ending: str) -> Result:
    return next(result for name, (_, result) in found.items() if name.endswith(ending))


def test_scenarios_pass_on_the_rules_as_they_are(base):
    assert not base.failing
    assert len(base.examples) == 3


@pytest.mark.parametrize(
    "ending",
    [
        "rules.0.when.all.0.size.ge:threshold:11",
        "rules.0.when.all.0.size.ge:boundary:gt",
        "rules.0.when.all.0.size.ge:item:−",
        "rules.0.when.all.0.size.ge:threshold:9",
        "rules.1.when.flag_a:negation:ne",
        "rules.1.then.outcome:outcome:allow",
    ],
)
def test_a_change_that_a_scenario_notices(found, ending):
    result = fate(found, ending)
    assert result.fate == "noticed"
    assert ".feature:" in result.by


def test_a_change_that_means_the_same_is_proven_so(found):
    assert fate(found, "rules.0.when.all.1.size.ge:item:−").fate == "equivalent"
    assert fate(found, "rules.0.when.all.1.size.ge:threshold:6").fate == "equivalent"


def test_a_rule_that_others_name_cannot_be_dropped(found):
    result = fate(found, "rules.1.id:rule:−")
    assert (result.fate, result.by) == ("rejected", "E304")


def test_a_survivor_comes_with_the_scenario_that_would_notice_it(found, base, tmp_path):
    mutant, result = next(pair for name, pair in found.items() if name.endswith("rules.2.then.outcome:outcome:allow"))
    assert result.fate == "survived"
    path = tmp_path / "more.feature"
    scenario = result.scenario.replace("# 那么……（应得什么，请查原文后填写）", '那么结论是"other"')
    path.write_text("# language: zh-CN\n功能: 补充\n" + scenario, encoding="utf-8")
    more = baseline(base.corpus, [*base.examples, *read([path])])
    assert not more.failing, path.read_text("utf-8")
    assert MutantTrials(more, prove=False)(mutant).fate == "noticed"


def test_without_proofs_what_nobody_notices_is_not_decided(base):
    trials = MutantTrials(base, prove=False)
    mutant = next(item for item in mutants(base.corpus, own(base.corpus)) if item.id.endswith("all.1.size.ge:item:−"))
    assert trials(mutant).fate == "undecided"


def test_who_is_not_asked_would_not_notice(base):
    """The selection of examples is a short cut, never another answer."""
    from eco_rules import Engine

    witnesses, engine = Witnesses(base), Engine(base.corpus, backend="reference")
    for mutant in mutants(base.corpus, own(base.corpus)):
        if mutant.change.operator == "rule":
            continue
        changed, able = engine.with_ruleset(mutant.mutated), set(witnesses.of(mutant))
        for index, example in enumerate(base.examples):
            assert index in able or run(example, changed) is None, (mutant.id, example.name)


def test_the_score_counts_what_changes_meaning_only():
    fates = ["noticed"] * 18 + ["survived", "undecided", "equivalent", "rejected"]
    made = score(Result(str(number), item) for number, item in enumerate(fates))
    assert made.percent == 90.0
    assert score([]).percent == 100.0


def test_the_report_shows_survivors_and_scores(found):
    pairs = list(found.values())
    text = to_text(pairs, "zh")
    assert "2010-01-01.yaml:" in text
    assert "场景: t/after" in text
    assert text.splitlines()[-1].startswith("permit")
    shown = json.loads(to_json(pairs, "en"))
    assert sum(shown["counts"].values()) == len(shown["mutants"]) == len(pairs)
    assert shown["percent"] < 100


def test_results_hold_while_what_they_rest_on_stays(base, tmp_path):
    path = tmp_path / "state.jsonl"
    now = basis(base, proofs=True)
    feature = next(iter(base.marks))
    some = list(mutants(base.corpus, own(base.corpus)))[:4]
    fates = [
        {"fate": "noticed", "by": name_of(base.examples[0])},
        {"fate": "survived", "scenario": "…"},
        {"fate": "equivalent"},
    ]
    results = [Result(mutant.id, **fate) for mutant, fate in zip(some, fates, strict=False)]
    state = State(path, now)
    for mutant, result in zip(some, results, strict=False):
        state.keep(mutant, result)
    path.write_text(path.read_text("utf-8") + '{"id": "' + some[3].id + '", "fa', encoding="utf-8")

    def held(on):
        return [State(path, on).holds(mutant) for mutant in some]

    assert held(now) == [True, True, True, False]
    assert State(path, now).earlier(some[1]) == Earlier(results[1], same_rules=True)
    edited = basis(replace(base, marks={feature: "other"}), proofs=True)
    assert held(edited) == [False, False, True, False]
    assert held(basis(base, proofs=False)) == [True, False, True, False]


def test_an_edit_makes_void_what_could_be_felt_with_it(base):
    """Of matters that do not ask each other, each has its own rules to rest on."""
    bundled = bundled_rulesets()
    before = basis(Baseline(bundled, (), (), (), {}), proofs=True).laws
    for edited, void in EDITS.items():
        file = next(item for item in bundled.rulesets if item.ruleset.matter == edited)
        changed = bundled.with_ruleset(replace(file, stamp=replace(file.stamp, sha256="other")))
        after = basis(Baseline(changed, (), (), (), {}), proofs=True).laws
        assert {name for name in before if before[name] != after[name]} == void


def test_a_state_file_that_cannot_be_written_is_told(base, tmp_path):
    with pytest.raises(UsageError, match="E102"):
        State(tmp_path, basis(base, proofs=True))


def test_steps():
    assert around(10) == (9, 11)
    assert [str(item) for item in beside("2.5 吨", "number")] == ["2.4 吨", "2.6 吨"]
    assert list(beside("2024-02-29", "date")) == ["2024-02-28", "2024-03-01"]
    assert list(beside("yes", "enum")) == []
