"""An answer written as one text: which values of a set it lists."""

from __future__ import annotations

import pytest

from eco_rules.engine.interview import read_answer

VALUES = {
    "crushing": "单独的矿石破碎、集运",
    "homes": "以居住、医疗卫生为主要功能的区域",
    "restoration": "矿区修复治理工程",
    "other": "其他（甲、乙以外）",
    "crushing_only": "单独的矿石破碎",
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("矿区修复治理工程、restoration", ["矿区修复治理工程", "restoration"]),
        ("单独的矿石破碎、集运", ["单独的矿石破碎、集运"]),
        ("单独的矿石破碎、集运、矿区修复治理工程", ["单独的矿石破碎、集运", "矿区修复治理工程"]),
        (
            "矿区修复治理工程，以居住、医疗卫生为主要功能的区域",
            ["矿区修复治理工程", "以居住、医疗卫生为主要功能的区域"],
        ),
        ("单独的矿石破碎、矿区修复治理工程", ["单独的矿石破碎", "矿区修复治理工程"]),
        ("其他（甲、乙以外）, 单独的矿石破碎、集运", ["其他（甲、乙以外）", "单独的矿石破碎、集运"]),
        ("单独的矿石破碎、集运站", ["单独的矿石破碎", "集运站"]),
        ("、矿区修复治理工程", ["", "矿区修复治理工程"]),
        ("无", []),
        ("未知", None),
    ],
)
def test_a_label_that_holds_a_separator_is_not_split(text: str, wanted: list[str] | None) -> None:
    assert read_answer(text, "set", VALUES) == wanted
