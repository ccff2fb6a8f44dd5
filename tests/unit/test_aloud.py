"""`show`, `list` and `check`: every printed id can be shown; English keeps Chinese for law words only."""

import re

import pytest

from eco_rules import Corpus, load_rulesets
from eco_rules.reporting import aloud
from eco_rules.reporting.catalogue import KINDS, catalogue
from tests.conftest import ROOT, Run


def printed(corpus: Corpus) -> list[str]:
    """Every id that a listing, a decision or a reading prints."""
    names = [row.id for kind in KINDS for row in catalogue(corpus, kind, None)]
    for matter in corpus.matters.values():
        names += [f"outcome:{matter.id}", *([f"{matter.id}/default"] if matter.default else [])]
    for file in corpus.rulesets:
        item = file.ruleset
        names.append(file.stamp.id)
        inner = [*item.conditions, *item.parameters]
        inner += [part.id for parts in item.sides.values() for part in parts]
        names += [f"{item.id}/{name}" for name in inner]
    return names


def test_every_printed_id_can_be_shown(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aloud, "_rule", lambda *_: iter(["a rule"]))  # read in full elsewhere; each lowers a matter
    monkeypatch.setattr(aloud, "_part", lambda *_: iter(["a part"]))
    names = printed(corpus)
    assert "first_in_past_year" in names
    assert [name for name in names if aloud.read_aloud(corpus, name, "zh") is None] == []


@pytest.mark.parametrize("section", ["conditions", "parameters", "obligations", "materials", "warnings"])
def test_parts_of_a_ruleset_are_read_in_words(corpus: Corpus, section: str) -> None:
    file = next(file for file in corpus.rulesets if getattr(file.ruleset, section))
    items = getattr(file.ruleset, section)
    name = next(iter(items)) if isinstance(items, dict) else items[0].id
    shown = aloud.read_aloud(corpus, f"{file.ruleset.id}/{name}", "en")
    assert shown
    assert f"{file.ruleset.id}/{name}" in shown


def test_a_rule_reads_as_an_english_sentence(corpus: Corpus) -> None:
    shown = aloud.read_aloud(corpus, "cn-44.minor-violation/water-exceedance", "en") or ""
    assert re.search(r"If .* is .* and .*, then .*\.", shown)
    assert not re.search("如果|，则|规则集|除外|国家", shown)


@pytest.mark.parametrize(
    "command",
    [
        ("show", "first_in_past_year"),
        ("show", "minor-violation"),
        ("list", "rulesets"),
        ("list", "facts"),
        ("check", ROOT / "examples" / "cases" / "wastewater-first-exceedance.yaml"),
    ],
)
def test_english_leaves_only_law_words_chinese(cli: Run, command: tuple[str, ...]) -> None:
    shown = cli(*command, "--lang", "en").stdout
    assert shown
    assert not re.search(
        r"规则集：|问：|用于：|, 单位 |国家，|未收录全文|[：= ](是|否|无)$|^ *[A-Za-z ]+：", shown, re.M
    )


def test_values_stand_in_the_order_of_the_vocabulary(corpus: Corpus) -> None:
    from eco_rules.ir.vocabulary import describe, in_order
    from eco_rules.values.kinds import Members

    values = {"b": "first", "a": "second"}
    assert in_order({"a", "b"}, values) == ["b", "a"]
    assert describe(Members(frozenset({"a", "b"}), None), values, None, "en") == "first, second"
    assert describe(True, {}, None, "en") == "yes"


def test_a_rule_is_read_with_what_was_in_force_beside_it(tmp_path):
    """Another ruleset it refers to had two versions: the one is read that was in force beside it."""

    def write(ident: str, effective: str, parts: str) -> None:
        text = f"format: 1\nid: {ident}\ntitle: 示例\nmatter: bare\njurisdiction: cn\neffective: {effective}\ncomplete: true\n"
        path = tmp_path / "cn" / "bare" / effective[7:17] / f"{ident}.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(text + parts, encoding="utf-8")

    limit = "conditions: {{small: {{title: 小, cites: ['law-1#a'], when: {{size: {{lt: {0}}}}}}}}}\n"
    rule = "rules: [{id: one, title: 一, cites: ['law-1#a'], when: {holds: t.limits/small}, then: {outcome: allow}}]\n"
    write("t.limits", "{from: 2010-01-01, until: 2015-12-31}", limit.format(10))
    write("t.limits", "{from: 2016-01-01, until: 2019-12-31}", limit.format(20))
    write("t.limits", "{from: 2020-01-01}", limit.format(30))
    write("t.rules", "{from: 2012-01-01, until: 2014-12-31}", rule)
    write("t.now", "{from: 2017-01-01}", rule)
    corpus = load_rulesets(ROOT / "tests" / "conformance" / "_base", tmp_path)
    assert "小于10 t" in (aloud.read_aloud(corpus, "t.rules/one", "zh") or "")
    assert "小于30 t" in (aloud.read_aloud(corpus, "t.now/one", "zh") or "")


def test_another_matter_is_named_by_its_label(corpus: Corpus) -> None:
    assert corpus.matters["eia-classification"].label == "环评分类"
    shown = [aloud.read_aloud(corpus, "cn-3607.eia-downgrade/eighteen-measures", lang) or "" for lang in ("zh", "en")]
    assert "“环评分类”的结论属于" in shown[0]
    assert "the outcome of 环评分类 is" in shown[1]
