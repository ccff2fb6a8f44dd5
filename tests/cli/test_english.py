"""With `--lang en` the program speaks English; only law words stay as they are written."""

from __future__ import annotations

import pytest

from eco_rules import Corpus, read_cases
from tests.conftest import ROOT, Run

FEATURE = """# language: zh-CN
功能: 判错的
  场景: 甲
    假如地点是"广东省"
    而且行为日期是 2024-03-01
    而且决定日期是 2024-04-10
    当判断"轻微违法不予处罚"
    那么{}
"""


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ('状态是"已确定"', "status: expected determined, found undetermined"),
        ('适用规则"没有的"', "rule 没有的 does not apply"),
        ('义务包括"没有的"', "the duties do not include “没有的”"),
        ('结论是"不予行政处罚"', "outcome: expected no_penalty, found None"),
        ('适用旧法', "the law that applies: expected old, found None"),
    ],
)  # fmt: skip
def test_a_step_that_fails_says_so_in_english(cli: Run, tmp_path, step, said):
    (tmp_path / "one.feature").write_text(FEATURE.format(step), encoding="utf-8")
    done = cli("test", tmp_path, "--lang", "en")
    assert done.returncode == 3
    assert f"  {said}\n" in done.stdout
    assert "结论：" not in done.stdout


def test_an_error_lists_in_english(cli: Run):
    done = cli("check", ROOT / "examples" / "mistakes" / "misspelt-fact.yaml", "--lang", "en")
    assert "did you mean `exceedance_ratio`?" in done.stderr
    assert not {"、", "；", "："} & set(done.stderr)
    assert "是否想写 `exceedance_ratio`？" in cli("check", ROOT / "examples" / "mistakes" / "misspelt-fact.yaml").stderr


def test_a_contradiction_is_told_in_english(cli: Run, corpus: Corpus):
    (case,) = read_cases(ROOT / "examples" / "cases" / "wastewater-first-exceedance.yaml")
    assert case.facts["first_in_past_year"] is True
    told = {
        "violated_clause": "水污染防治法第十条",
        "prior_violations": "[{found_on: 2023-09-01, clause: 水污染防治法第十条}]",
    }
    given = [word for name, value in told.items() for word in ("--fact", f"{name}={value}")]
    done = cli("check", ROOT / "examples" / "cases" / "wastewater-first-exceedance.yaml", *given, "--lang", "en")
    assert "E707" in done.stderr
    assert "is given as yes but derives as no" in done.stderr


def test_a_question_that_the_law_words_do_not_have(corpus: Corpus):
    from eco_rules.ir.vocabulary import FactKey, Vocabulary

    key = FactKey("prior_same_kind", (("months", 6),))
    spec = {lang: Vocabulary(corpus.subjects["case"].facts, corpus.units, lang) for lang in ("zh", "en")}
    assert spec["zh"].question(key) == "回溯期内同类违法次数（months=6）？"
    assert spec["en"].question(key) == "回溯期内同类违法次数 (months=6)?"
