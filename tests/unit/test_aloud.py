"""`show`, `list` and `check`: every printed id can be shown; English keeps Chinese for law words only."""

import re

import pytest

from eco_rules import Corpus
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
