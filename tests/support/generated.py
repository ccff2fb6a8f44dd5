"""Hypothesis strategies: rulesets over the synthetic vocabulary, and facts for them, unknowns included."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from eco_rules import Corpus, load_rulesets
from eco_rules.loading.corpus import RulesetFile, Stamp
from eco_rules.loading.yamldoc import SourceMap
from eco_rules.model.ruleset import Ruleset
from eco_rules.source import Source

BASE = Path(__file__).parent.parent / "conformance" / "_base"

flags = st.sampled_from(["flag_a", "flag_b", "flag_c", "flag_d", "judged", "presumed"])
sizes = st.sampled_from(["0", "0.1", "5", "9.999", "10", "10.001", "100"])
days = st.sampled_from(["2023-02-28", "2023-03-01", "2024-02-29", "2024-03-01", "2024-05", "2024", "2025-01-01"])
colours = st.sampled_from(["red", "green", "blue"])
tags = st.lists(st.sampled_from(["x", "y", "z"]), unique=True, max_size=3)
some_tags = st.lists(st.sampled_from(["x", "y", "z"]), unique=True, min_size=1, max_size=2)
two_tags = st.lists(st.sampled_from(["x", "y", "z"]), unique=True, min_size=2, max_size=2)
exact_days = days.filter(lambda day: day.count("-") == 2)
ARTICLES = ["甲法第一条第一款", "甲法第二条"]
exact_articles = st.sampled_from(["《甲法》第1条第一款", "甲法第二条", "乙法第一条第一款"])
articles = st.one_of(exact_articles, st.sampled_from(["甲法第一条", "甲法", "第一条第一款", "甲法第二条第一款"]))


def tests(draw: st.DrawFn) -> dict[str, Any]:
    """One comparison of one fact."""
    kind = draw(st.integers(0, 14))
    ordered = st.sampled_from(["lt", "le", "gt", "ge", "eq", "ne"])
    if kind <= 2:
        return {draw(flags): draw(st.booleans())}
    if kind == 3:
        if draw(st.booleans()):
            return {"article": {draw(st.sampled_from(["eq", "ne"])): draw(st.sampled_from(ARTICLES))}}
        return {"colour": draw(colours)}
    if kind == 4:
        return {
            "colour": {
                draw(st.sampled_from(["in", "not_in"])): draw(st.lists(colours, min_size=1, max_size=2, unique=True))
            }
        }
    if kind == 5:
        return {"size": {draw(ordered): draw(sizes)}}
    if kind == 6:
        return {"size": {draw(ordered): {"fact": "other_size"}}}
    if kind == 7:
        low, high = sorted([draw(sizes), draw(sizes)], key=float)
        return {"size": {"between": [low, high]}}
    if kind == 8:
        name = draw(st.sampled_from(["tags", "opens"]))
        if draw(st.booleans()):
            return {name: {"all_of": draw(two_tags)}}  # of one tag it would mean what any_of means
        return {name: {draw(st.sampled_from(["any_of", "none_of"])): draw(some_tags)}}
    if kind == 9:
        return {"day": {draw(ordered): draw(exact_days)}}
    if kind == 10:
        return {draw(st.sampled_from(["colour", "size", "tags", "day", "flag_a"])): {"known": True}}
    if kind == 11:
        return {"many": {draw(ordered): draw(st.integers(0, 2))}}
    if kind == 12:
        return {"none_recent": {"with": {"months": draw(st.sampled_from([12, 24]))}, "eq": draw(st.booleans())}}
    if kind == 13:
        return {
            "outcome_of": {
                "grade": draw(st.lists(st.sampled_from(["high", "middle", "low"]), min_size=1, max_size=2, unique=True))
            }
        }
    return {"largest": {draw(ordered): draw(sizes)}}


@st.composite
def conditions(draw: st.DrawFn, depth: int = 3, names: tuple[str, ...] = ()) -> dict[str, Any]:
    """A condition; `names` may be referred to."""
    kind = draw(st.integers(0, 6)) if depth else 0
    if kind in (0, 1):
        return tests(draw)
    if kind == 2 and names:
        return {"holds": draw(st.sampled_from(names))}
    if kind == 3:
        return {"not": draw(conditions(depth - 1, names))}
    items = draw(st.lists(conditions(depth - 1, names), min_size=1, max_size=4))
    if kind == 4:
        return {"at_least": {"n": draw(st.integers(1, len(items))), "of": items}}
    return {draw(st.sampled_from(["all", "any"])): items}


@st.composite
def rulesets(draw: st.DrawFn) -> dict[str, Any]:
    """A ruleset of the matter `permit`: named conditions, exceptions, levels, issuers, modalities."""
    names = tuple(f"c{i}" for i in range(draw(st.integers(0, 3))))
    named = {name: {"title": name, "when": draw(conditions(2, names[:index]))} for index, name in enumerate(names)}
    rules: list[dict[str, Any]] = []
    for index in range(draw(st.integers(1, 7))):
        earlier = tuple(rule["id"] for rule in rules)
        rule: dict[str, Any] = {
            "id": f"r{index}",
            "title": f"规则{index}",
            "cites": [draw(st.sampled_from(["law-1#a", "law-2#a", "law-3#a", "reg-1#a", "list-1#a"]))],
            "when": draw(conditions(3, names)),
            "then": {
                "outcome": draw(st.sampled_from(["allow", "refuse", "refer", "other"])),
                "modality": draw(st.sampled_from(["must", "may", None])),
            },
        }
        if draw(st.integers(0, 2)) == 0:
            rule["applies"] = draw(conditions(1, names))
        barrier = draw(st.integers(0, 5))
        if barrier == 0 and (names or earlier):
            rule["unless"] = [draw(st.sampled_from((*names, *earlier)))]
        elif barrier == 1 and earlier:
            rule["overrides"] = [draw(st.sampled_from(earlier))]
        elif barrier == 2 and earlier:
            rule["special_to"] = [draw(st.sampled_from(earlier))]
        rules.append(rule)
    return {
        "id": "g.permit",
        "title": "生成的规则集",
        "matter": "permit",
        "jurisdiction": "cn",
        "effective": {"from": "2000-01-01"},
        "complete": True,
        "authority": ["law-1#a"],
        "conditions": named,
        "rules": rules,
    }


GRADE = {
    "id": "g.grade",
    "title": "分级",
    "matter": "grade",
    "jurisdiction": "cn",
    "effective": {"from": "2000-01-01"},
    "complete": True,
    "rules": [
        {"id": "high", "title": "高", "cites": ["law-1#a"], "when": {"size": {"ge": 100}}, "then": {"outcome": "high"}},
        {"id": "middle", "title": "中", "cites": ["law-1#a"], "when": {"flag_d": True}, "then": {"outcome": "middle"}},
        {
            "id": "low",
            "title": "低",
            "cites": ["law-1#a"],
            "when": {"colour": {"in": ["red", "green"]}},
            "then": {"outcome": "low"},
        },
    ],
}
"""Another matter for `outcome_of`; it has no rule for small, blue things without flag_d."""

records = st.fixed_dictionaries(
    {},
    optional={"at": days, "kind": st.sampled_from(["甲", "乙"]), "amount": sizes, "done": st.booleans()},
)

# What a caseworker might write; `known` facts are exact, as an answer to a question is.
roughly: dict[str, st.SearchStrategy[Any]] = {
    **{name: st.booleans() for name in ("flag_a", "flag_b", "flag_c", "flag_d", "judged", "presumed")},
    "size": st.one_of(sizes, st.just({"from": "5", "to": "10"}), st.just({"from": "10", "to": "10.0"})),
    "other_size": sizes,
    "colour": colours,
    "tags": tags,
    "opens": st.one_of(tags, st.just({"includes": ["x"], "excludes": ["y"]})),
    "day": st.one_of(days, st.just({"from": "2024-03-01", "to": "2024-03-01"})),
    "article": articles,
    "remark": st.sampled_from(["甲", "乙"]),
    "items": st.lists(records, max_size=3),
    "list_item": st.sampled_from(["none", "yes_item"]),
}
full_record = st.fixed_dictionaries(
    {"at": exact_days, "kind": st.sampled_from(["甲", "乙"]), "amount": sizes, "done": st.booleans()}
)
exactly: dict[str, st.SearchStrategy[Any]] = {
    **roughly,
    "size": sizes,
    "day": exact_days,
    "article": exact_articles,
    "opens": tags.map(lambda chosen: {"includes": chosen, "excludes": [tag for tag in "xyz" if tag not in chosen]}),
    "items": st.lists(full_record, max_size=3),
    "many": st.integers(0, 2),
    "largest": sizes,
    "none_in_year": st.booleans(),
    "none_recent(months=24)": st.booleans(),
    "outcome:grade": st.sampled_from(["high", "middle", "low"]),
}


def possible_grades() -> st.SearchStrategy[list[str]]:
    """What another matter may still come to; nothing when it has no answer."""
    return st.lists(st.sampled_from(["high", "middle", "low"]), unique=True, max_size=3)


def facts() -> st.SearchStrategy[dict[str, Any]]:
    """Facts of a case; each may be missing or only roughly known."""
    return st.fixed_dictionaries({}, optional=roughly)


_base: list[Corpus] = []


def base() -> Corpus:
    """The synthetic corpus, read once."""
    if not _base:
        _base.append(load_rulesets(BASE))
    return _base[0]


def corpus_of(ruleset: dict[str, Any], *others: dict[str, Any]) -> Corpus:
    """The synthetic corpus with generated rulesets."""
    files = []
    for content in (ruleset, *others):
        parsed = Ruleset.model_validate(content)
        spans = SourceMap(Source("generated.yaml", ""))
        files.append(RulesetFile(parsed, spans, Stamp(parsed.id, "generated.yaml", "0")))
    return replace(base(), rulesets=tuple(files), stamps=tuple(file.stamp for file in files))


DAY = date(2024, 6, 1)
