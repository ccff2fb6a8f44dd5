"""The outside contract: JSON, schemas, exit codes, formats, languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from eco_rules import Corpus
from eco_rules.reporting.schema import schemas
from tests.conftest import ROOT, Run

DEMO = ROOT / "examples" / "cases" / "wastewater-first-exceedance.yaml"


@pytest.fixture(scope="module")
def exported(corpus: Corpus) -> dict[str, Any]:
    return schemas(corpus)


@pytest.mark.parametrize(
    "name", sorted(path.name.removesuffix(".v1.json") for path in (ROOT / "schema").glob("*.json"))
)
def test_the_exported_schema_is_fresh(exported: dict[str, Any], name: str) -> None:
    """`eco-rules schema -o schema` was run after the last change."""
    stored = json.loads((ROOT / "schema" / f"{name}.v1.json").read_text(encoding="utf-8"))
    assert stored == json.loads(json.dumps(exported[name], ensure_ascii=False))
    jsonschema.Draft202012Validator.check_schema(stored)


def as_json(path: Path) -> Any:
    """A YAML file as an editor's schema check sees it: dates as text."""
    return json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))


KINDS = {"_facts": "facts", "_matters": "matter", "_instruments": "instrument"}
FILES = [
    path for path in sorted((ROOT / "rulesets").rglob("*.yaml")) if len(path.relative_to(ROOT / "rulesets").parts) > 1
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT / "rulesets")))
def test_every_bundled_file_validates(exported: dict[str, Any], path: Path) -> None:
    kind = KINDS.get(path.relative_to(ROOT / "rulesets").parts[0], "ruleset")
    jsonschema.Draft202012Validator(exported[kind]).validate(as_json(path))


def test_the_explanations_of_findings_validate(exported: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(exported["verify"]).validate(as_json(ROOT / "rulesets" / "_verify.yaml"))


EXAMPLES = sorted(path for path in (ROOT / "examples").rglob("[!_]*.yaml") if path.parent.name != "mistakes")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_validates(exported: dict[str, Any], path: Path) -> None:
    jsonschema.Draft202012Validator(exported["case"]).validate(as_json(path))


def test_a_misspelt_fact_fails_the_schema(exported: dict[str, Any]) -> None:
    case = {"jurisdiction": "44", "decision_date": "2024-01-01", "facts": {"exceedence_ratio": 1}}
    assert list(jsonschema.Draft202012Validator(exported["case"]).iter_errors(case))


def test_the_json_of_check_is_what_the_schema_says(here: Run, exported: dict[str, Any]) -> None:
    validator = jsonschema.Draft202012Validator(exported["decision"])
    for arguments in (
        (DEMO,),
        (DEMO, "--fact", "exceedance_ratio=null"),
        (DEMO, "--act-date", "2026-07-01", "--decision-date", "2026-09-01"),
        ("no.yaml",),
    ):
        done = here("check", *arguments, "--format", "json")
        validator.validate(json.loads(done.stdout))


CONTRACT_KEYS = {
    "case_id",
    "matter",
    "jurisdiction",
    "status",
    "outcome",
    "outcome_label",
    "modality",
    "possible",
    "findings",
    "defeated",
    "missing",
    "conflicts",
    "assumptions",
    "alternatives",
    "materials",
    "regimes",
    "obligations",
    "warnings",
    "provenance",
    "receipt",
}


def test_the_names_of_the_contract(cli: Run) -> None:
    answer = json.loads(cli("check", DEMO, "--format", "json").stdout)
    assert answer["format"] == 1
    (decision,) = answer["decisions"]
    assert set(decision) >= CONTRACT_KEYS
    assert decision["case_id"] == "demo-001"
    assert decision["jurisdiction"] == "44"
    assert decision["findings"][0]["facts_used"]["exceedance_ratio"] == "0.08"
    assert set(decision["findings"][0]["clauses"][0]) >= {
        "instrument",
        "title",
        "doc_no",
        "locator",
        "provenance",
        "text",
    }
    assert decision["evidence"] == {"exceedance_ratio": "监测报告〔2024〕12号"}
    assert set(decision["receipt"]) >= {
        "engine",
        "format",
        "rulesets",
        "act_date",
        "decision_date",
        "facts_sha256",
        "backend",
        "cross_check",
    }


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 0),
        (("--fact", "exceedance_ratio=null"), 4),
        (("--decision-date", "2019-01-01", "--act-date", "2018-01-01"), 5),
        (("--fact", "exceedance_ratio=多"), 2),
        (("--backend", "magic"), 2),
        (("--rulesets", "no-such-folder"), 2),
        (("--fact", "nonsense"), 2),
    ],
)
def test_exit_codes(here: Run, arguments: tuple[str, ...], code: int) -> None:
    assert here("check", DEMO, *arguments).returncode == code


def test_several_cases_give_the_highest_code(here: Run, tmp_path: Path) -> None:
    old = tmp_path / "old.yaml"
    text = DEMO.read_text(encoding="utf-8")
    old.write_text(text.replace("2024-0", "2019-0"), encoding="utf-8")
    assert here("check", DEMO, old).returncode == 5
    old.write_text(text.replace("2024-0", "2019-0").replace("matter: minor-violation\n", ""), encoding="utf-8")
    assert here("check", DEMO, old).returncode == 5  # the other file asks for its matter by name


def test_not_applicable_counts_only_when_asked_for(here: Run, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(
        DEMO.read_text(encoding="utf-8").replace("2024-0", "2019-0").replace("matter: minor-violation\n", ""),
        encoding="utf-8",
    )
    assert here("check", path).returncode == 0


def test_standard_input_and_several_documents(cli: Run) -> None:
    text = DEMO.read_text(encoding="utf-8")
    done = cli("check", "-", "--format", "json", stdin=f"{text}---\n{text}".encode())
    assert len(json.loads(done.stdout)["decisions"]) == 2
    listed = "\n".join(f"{'- ' if number == 0 else '  '}{line}" for number, line in enumerate(text.splitlines()))
    assert cli("check", "-", stdin=listed.encode()).returncode == 0


def test_chinese_labels_work_wherever_ids_do(here: Run) -> None:
    text = DEMO.read_text(encoding="utf-8")
    for ident, label in (
        ("violation_type: water_pollutant_exceedance", "违法行为类型: 超过水污染物排放标准"),
        ("  exceedance_ratio: 0.08", "  超标倍数: 8%"),
        ("first_in_past_year: true", "近一年内首次违法: 是"),
        ("harm: minor", "危害后果: 危害后果轻微"),
        ("zones: []", "所在环境敏感区: []"),
        ('jurisdiction: "440000"', "jurisdiction: 广东省"),
        ("matter: minor-violation", "matter: 轻微违法不予处罚"),
    ):
        assert ident in text
        text = text.replace(ident, label)
    done = here("check", "-", stdin=text.encode())
    assert done.returncode == 0, done.stderr
    assert "应当不予行政处罚" in done.stdout


@pytest.mark.parametrize("output", ["text", "markdown", "html"])
def test_conclusion_first_then_clauses_then_what_is_missing_then_caveats(here: Run, output: str) -> None:
    done = here("check", DEMO, "--format", output, "--fact", "exceedance_ratio=0.08")
    order = [done.stdout.find(words) for words in ("应当不予行政处罚", "附件2第6项", "提醒", "凭据")]
    assert order == sorted(order)
    assert -1 not in order


def test_html_escapes_what_users_wrote(here: Run, tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(
        DEMO.read_text(encoding="utf-8").replace("demo-001", '"<script>alert(1)</script>"'), encoding="utf-8"
    )
    assert "<script>" not in here("check", path, "--format", "html").stdout


def test_english_words_of_the_program(here: Run) -> None:
    done = here("check", DEMO, "--lang", "en")
    assert "Conclusion" in done.stdout
    assert "determined" in done.stdout
    assert "粤环发〔2021〕7号" in done.stdout
    assert "Conclusion" in here("check", DEMO, ECO_RULES_LANG="en").stdout


def test_version(cli: Run) -> None:
    assert cli("--version").stdout.startswith("eco_rules ")


@pytest.mark.parametrize("kind", ["matters", "rulesets", "rules", "facts", "instruments", "places"])
def test_list(here: Run, kind: str) -> None:
    assert here("list", kind).stdout.strip()
    assert json.loads(here("list", kind, "--format", "json").stdout)[kind]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "cn-44.minor-violation/water-exceedance",
            ["如果", "超标倍数小于0.1 倍", "则应当不予行政处罚", "除外", "粤环发〔2021〕7号"],
        ),
        ("cn-44.minor-violation", ["参数 ratio_limit = 0.1", "water-exceedance"]),
        ("minor-violation", ["no_penalty", "默认"]),
        ("exceedance_ratio", ["超标倍数", "单位 倍", "cn-44.minor-violation"]),
        ("gd-2021-7", ["粤环发〔2021〕7号", "附件2第6项"]),
        ("gd-2021-7#annex2-6", ["附件2第6项"]),
    ],
)
def test_show(here: Run, name: str, words: list[str]) -> None:
    done = here("show", name)
    assert done.returncode == 0
    for word in words:
        assert word in done.stdout


def test_show_suggests(here: Run) -> None:
    done = here("show", "cn-44.minor-violation/water-exceedence")
    assert done.returncode == 2
    assert "water-exceedance" in done.stderr
