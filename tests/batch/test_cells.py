"""Cells as bureaus write them: each read for what it says, refused with its address, or unknown where it says nothing."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from eco_rules import CaseError, Engine

openpyxl = pytest.importorskip("openpyxl")
pl = pytest.importorskip("polars")

from eco_rules.batch import cells  # noqa: E402
from eco_rules.batch.job import Job  # noqa: E402
from eco_rules.batch.run import Plan, local, run  # noqa: E402
from eco_rules.batch.tables import read_table  # noqa: E402
from eco_rules.ir.vocabulary import FactKey, ValueProblemError  # noqa: E402
from tests.batch.test_batch import MATTER, row, write  # noqa: E402

SIXTH = date(2025, 9, 6)

READ: list[tuple[str, Any, Any]] = [
    *[
        ("discovered_at", written, SIXTH)
        for written in (
            "2025年9月6日",
            "2025年09月06日",
            "2025 年 9 月 6 日",
            "２０２５年９月６日",
            "2025年9月6号",
            "2025.9.6",
            "2025. 9. 6",
            "2025/9/6",
            "2025-09-06",
            "20250906",
            20250906,
            45906,
            "45906",
            45906.75,
            "2025-09-06 08:30",
            SIXTH,
            datetime.fromisoformat("2025-09-06 08:30:00"),
        )
    ],
    ("hazardous_waste_qty", "10吨", Decimal(10)),
    ("hazardous_waste_qty", "10 吨", Decimal(10)),
    ("hazardous_waste_qty", "1.5万吨", Decimal(15000)),
    ("hazardous_waste_qty", "1.5万", Decimal(15000)),
    ("hazardous_waste_qty", "１．５万", Decimal(15000)),
    ("hazardous_waste_qty", "27.2kg", Decimal("0.0272")),
    ("hazardous_waste_qty", "５００公斤", Decimal("0.5")),
    ("hazardous_waste_qty", "1,234.5", Decimal("1234.5")),
    ("hazardous_waste_qty", "１，２３４．５", Decimal("1234.5")),
    ("hazardous_waste_qty", 0.1, Decimal("0.1")),
    ("total_investment", "500", Decimal(500)),
    ("total_investment", "500万元", Decimal(500)),
    ("total_investment", "0.5亿元", Decimal(5000)),
    ("exceeded_pollutants", "２", 2),
    ("exceeded_pollutants", 2.0, 2),
    *[("first_violation", written, True) for written in ("是", "有", "√", "✓", " 是 ", True)],
    *[("first_violation", written, False) for written in ("否", "无", "×", "✗", False)],
    ("exclusion_signs", "无", []),
    *[(name, written, None) for name in ("first_violation", "harm", "exceedance_ratio") for written in ("", "　", " ")],
    *[(name, "不详", None) for name in ("first_violation", "harm", "exceedance_ratio", "discovered_at", "zones")],
]

REFUSED: list[tuple[str, Any]] = [
    ("discovered_at", "25.9.6"),
    ("discovered_at", "2025年13月1日"),
    ("discovered_at", "九月六日"),
    ("hazardous_waste_qty", "10头"),
    ("hazardous_waste_qty", "约10吨"),
    ("hazardous_waste_qty", "十吨"),
    ("total_investment", "500万"),  # of 万元: five hundred, or five million?
    ("first_violation", "1"),
    ("first_violation", "/"),
    ("harm", "较轻"),
    ("exceedance_ratio", "#REF!"),
    ("exceedance_ratio", "-"),
]


def through_a_workbook(values: list[Any], folder: Path) -> list[str | None]:
    """The cells of a column as a table gives them."""
    book = openpyxl.Workbook()
    book.active.append(["编号", "值"])
    for number, value in enumerate(values):
        book.active.append([number, value])
    book.save(folder / "in.xlsx")
    return [item.cells[1] for item in read_table(folder / "in.xlsx").rows()]


def test_cells_are_read_for_what_they_say(tmp_path: Path, engine: Engine) -> None:
    vocabulary = engine.vocabularies[MATTER]
    written = through_a_workbook([value for _, value, _ in READ], tmp_path)
    for (name, value, expected), cell in zip(READ, written, strict=True):
        key = FactKey(name)
        wanted = vocabulary.parse(key, expected)
        for raw in (value, cell):
            found = vocabulary.parse(key, cells.fact(raw, vocabulary.spec(key)))
            assert (found, type(found) is bool) == (wanted, type(wanted) is bool), (name, value)


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_what_could_mean_something_else_is_refused(name: str, value: Any, engine: Engine) -> None:
    vocabulary = engine.vocabularies[MATTER]
    key = FactKey(name)
    with pytest.raises(ValueProblemError):
        vocabulary.parse(key, cells.fact(value, vocabulary.spec(key)))


def test_a_word_for_unknown_may_be_a_value_of_its_own(engine: Engine) -> None:
    spec = engine.vocabularies[MATTER].spec(FactKey("harm"))
    own = spec.model_copy(update={"values": {**spec.values, "obscure": "不明"}})
    assert cells.fact("不明", own) == "不明"
    assert cells.fact("不明", spec) is None


def test_refused_cells_are_told_with_their_address(tmp_path: Path) -> None:
    heads = [*["编号", "辖区", "行为终了之日", "决定日"], "discovered_at", "hazardous_waste_qty", "first_violation"]
    rows = [
        [*row("a1")[:4], "2024年3月5日", "1.5万吨", "是"],
        [*row("a2")[:4], "25.9.6", "1吨", "是"],
        [*row("a3")[:4], "2024.3.5", "十吨", "/"],
        [*row("a4")[:4], 45356, "", "√"],
    ]
    source = write(tmp_path / "in.xlsx", rows, heads)
    run(Plan(source, tmp_path / "out.parquet", Job(MATTER)), local())
    assert pl.read_parquet(tmp_path / "out.parquet")["id"].to_list() == ["a1", "a4"]
    refused = pl.read_parquet(tmp_path / "out.rejects.parquet")
    assert refused.select("cell", "value", "code").rows() == [
        ("E3", "25.9.6", "E705"),
        ("F4", "十吨", "E702"),
        ("G4", "/", "E702"),
    ]


def test_a_workbook_that_counts_from_1904_is_refused(tmp_path: Path) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["编号"])
    book.active.append(["a1"])
    book.save(tmp_path / "in.xlsx")
    with pytest.raises(CaseError) as raised:
        read_table(tmp_path / "in.xlsx")
    assert raised.value.diagnostics[0].code == "E722"
