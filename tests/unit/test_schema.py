"""The exported JSON Schemas say as an author types what the loader says afterwards, and what they cannot say is listed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from eco_rules import Corpus, load_rulesets
from eco_rules.reporting.schema import PATTERNS, editor_settings, schemas
from tests.conftest import ROOT
from tests.unit.test_diagnostics_docs import BASE, BLOCK, DOCS
from tests.unit.test_ruleset_errors import GOOD, MISTAKES

SYNTAX = "the text is no YAML that could be checked, or a key is repeated: the YAML parser says it"
OTHER_FILES = "what other places of the file, other files, or the file's path say"
OWN_NAMES = "names the file itself defines: conditions, rules, parameters"
VALUES = "units, calendars, and what values mean together"
LAW = "whether the law allows it: lint and verify"
BEYOND = {
    **dict.fromkeys(("E104", "E106", "E107", "E108", "E110"), SYNTAX),
    **dict.fromkeys(("E308", "E309", "E310", "E312"), OTHER_FILES),
    **dict.fromkeys(("E304", "E307"), OWN_NAMES),
    **dict.fromkeys(("E303", "E702", "E704", "E705", "E706", "E707", "E712"), VALUES),
    **{f"L{number}": LAW for number in (*range(401, 413), 490)},
}
"""Diagnostics whose wrong sample passes the schema, with the reason."""

BEYOND_MISTAKES = {
    "a condition that needs itself": OTHER_FILES,
    "a rule and a condition of one name": OTHER_FILES,
    "path and header differ": OTHER_FILES,
    "at_least more than there are": VALUES,
    "unit of another dimension": VALUES,
    "impossible date": VALUES,
    "unknown condition": OWN_NAMES,
    "unknown rule in unless": OWN_NAMES,
    "unknown parameter": OWN_NAMES,
    "duplicate key": SYNTAX,
}
FOLDERS = {"_facts": "facts", "_matters": "matter", "_instruments": "instrument"}


def kind_of(path: str) -> str:
    first, *rest = Path(path).parts
    return FOLDERS.get(first) or ("ruleset" if rest else Path(first).stem.lstrip("_"))


class EditorLoader(yaml.SafeLoader):
    """Reads YAML 1.2 as editors do: days are texts, and so is `no`."""


EditorLoader.yaml_implicit_resolvers = {
    key: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for key, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), ["t", "f"])


def as_typed(text: str) -> Any:
    """A YAML text as an editor sees it."""
    return json.loads(json.dumps(yaml.load(text, Loader=EditorLoader)))


def complaints(schema: dict[str, Any], text: str) -> list[str]:
    """Messages, those of the inmost places first; a text that is no YAML counts as read."""
    try:
        document = as_typed(text)
    except yaml.YAMLError:
        return []
    found = list(jsonschema.Draft202012Validator(schema).iter_errors(document))
    inner = list(found)
    for error in inner:
        inner += error.context or []
    return [error.message for error in sorted(inner, key=lambda error: -len(error.absolute_path))]


@pytest.fixture(scope="module")
def bundled(corpus: Corpus) -> dict[str, Any]:
    return schemas(corpus)


@pytest.fixture(scope="module")
def base() -> dict[str, Any]:
    return schemas(load_rulesets(BASE))


def samples(mood: str, path: Path) -> list[tuple[str, str, str]]:
    blocks = BLOCK.findall(path.read_text(encoding="utf-8"))
    return [(kind, where, text) for word, kind, where, text in blocks if word == mood and kind != "feature"]


PAGES = {path.stem: path for path in sorted(DOCS.glob("[EL]*.md")) if samples("bad", path)}


@pytest.mark.parametrize("code", PAGES)
def test_a_wrong_sample_fails_or_is_listed_as_beyond_a_schema(
    code: str, bundled: dict[str, Any], base: dict[str, Any], tmp_path: Path
) -> None:
    good = samples("good", PAGES[code])
    for _, where, text in (item for item in good if item[0] == "ruleset"):
        (tmp_path / where).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / where).write_text(text, encoding="utf-8")
    known = schemas(load_rulesets(BASE, tmp_path)) if any(kind == "ruleset" for kind, _, _ in good) else base

    def said(kind: str, where: str, text: str) -> list[str]:
        return complaints(bundled["case"] if kind == "case" else known[kind_of(where)], text)

    assert [item for sample in good for item in said(*sample)] == []
    failed = any(said(*sample) for sample in samples("bad", PAGES[code]))
    assert failed is (code not in BEYOND), BEYOND.get(code)


def test_nothing_is_listed_that_has_no_sample() -> None:
    assert set(BEYOND) <= set(PAGES)
    assert set(BEYOND_MISTAKES) <= {mistake[0] for mistake in MISTAKES}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake[0])
def test_a_mistake_of_a_ruleset_fails_or_is_listed(mistake: Any, base: dict[str, Any]) -> None:
    name, (old, new) = mistake[0], mistake[1]
    assert not complaints(base["ruleset"], GOOD)
    assert bool(complaints(base["ruleset"], GOOD.replace(old, new))) is (name not in BEYOND_MISTAKES)


RULE = """\
format: 1
id: cn-44.more
title: 合成
matter: minor-violation
jurisdiction: "44"
effective: {from: 2022-01-01}
complete: true
rules:
  - id: it
    title: 合成
    cites: [gd-2021-7#annex2-6]
    when: {exceedance_ratio: {lt: 0.1}, harm: minor}
    then: {outcome: no_penalty, modality: may}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("exceedance_ratio", "exceedence_ratio", "'exceedence_ratio' was unexpected"),
        ("harm: minor", "harm: tiny", "'tiny' is not one of"),
        ("harm: minor", "harm: {lt: minor}", "'lt' was unexpected"),
        ("harm: minor", "eia_book_kept: true", "'eia_book_kept' was unexpected"),
        ("harm: minor", "enterprise_size: small", "'enterprise_size' was unexpected"),
        ("lt: 0.1", "lt: {fact: act_date}", "'act_date' is not one of"),
        ("gd-2021-7#annex2-6", "gd-2021-8#annex2-6", "'gd-2021-8#annex2-6' is not one of"),
        ("gd-2021-7#annex2-6", "gd-2021-7#annex2-66", "'gd-2021-7#annex2-66' is not one of"),
        ("outcome: no_penalty", "outcome: exempt", "'exempt' is not one of"),
        ("modality: may", "modality: 可以", "is not one of"),
        ('"44"', '"99"', "is not one of"),
        ("minor-violation", "minor-violations", "'minor-violations' is not one of"),
    ],
)
def test_a_slip_fails_at_its_place(bundled: dict[str, Any], old: str, new: str, said: str) -> None:
    assert not complaints(bundled["ruleset"], RULE)
    assert any(said in message for message in complaints(bundled["ruleset"], RULE.replace(old, new)))


@pytest.mark.parametrize("path", sorted((ROOT / "rulesets").glob("_*.yaml")), ids=lambda path: path.stem)
def test_every_file_beside_the_rulesets_validates(bundled: dict[str, Any], path: Path) -> None:
    assert complaints(bundled[kind_of(path.name)], path.read_text(encoding="utf-8")) == []


def test_what_is_offered_says_what_it_stands_for(bundled: dict[str, Any], corpus: Corpus) -> None:
    clause = bundled["ruleset"]["$defs"]["Clause"]
    shown = dict(zip(clause["enum"], clause["enumDescriptions"], strict=True))
    instrument = corpus.instruments["gd-2021-7"]
    text = instrument.clauses["annex2-6"].text
    assert shown["gd-2021-7#annex2-6"] == f"{instrument.title} 附件2第6项：{text}"


def test_the_settings_of_the_repository_are_those_the_command_prints() -> None:
    stored = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    assert stored == editor_settings("schema")


def test_every_kind_of_file_is_bound(bundled: dict[str, Any]) -> None:
    assert set(PATTERNS) == set(bundled) - {"decision"}


def test_references_lead_somewhere(bundled: dict[str, Any]) -> None:
    for schema in bundled.values():
        named = set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema, ensure_ascii=False)))
        assert named <= set(schema.get("$defs", {}))
