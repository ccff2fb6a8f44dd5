"""What the program says about raw values: how they were written, and how to write them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from eco_rules.limits import MAX_NUMBER_DIGITS
from eco_rules.values.kinds import number_text
from eco_rules.words import Text

_LEAVE_OUT = Text("；不知道就不写这一行", "; leave the line out when it is not known")
_HOW = {
    "boolean": Text("写 true 或 false", "write true or false"),
    "set": Text("写作 [甲, 乙]，均无写 []", "write [a, b], or [] for none"),
    "text": Text("写文字；有特殊符号的加引号", "write a text, quoted where it holds special characters"),
    "integer": Text("写整数，如 2", "write an integer such as 2"),
}
_NUMBER_HOW = Text("写数字，如 0.08，或 {from: 1, to: 2}", "write a number such as 0.08, or {from: 1, to: 2}")
DATE_HELP = Text("写作 2024-03-01；只知到月写 2024-03", "write 2024-03-01, or 2024-03 when only the month is known")


def as_yaml(raw: Any) -> str:
    """A raw value as it would be written in a case file, on one line and not too long."""
    return _flow(raw)[:60]


def _flow(raw: Any) -> str:
    if raw is None:
        return "null"
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, Decimal) and raw.is_finite() and abs(raw.adjusted()) < MAX_NUMBER_DIGITS:
        return number_text(raw)
    if isinstance(raw, Mapping):
        return "{" + ", ".join(f"{name}: {_flow(item)}" for name, item in raw.items()) + "}"
    if isinstance(raw, list | tuple):
        return "[" + ", ".join(map(_flow, raw)) + "]"
    return str(raw)


def how_to_write(kind: str) -> Text:
    """How a value of this type is written."""
    how = _HOW.get(kind, _NUMBER_HOW)
    return Text(how.zh + _LEAVE_OUT.zh, how.en + _LEAVE_OUT.en)


def within(low: int | Decimal | None, high: int | Decimal | None) -> Text:
    """The bounds of a number, of which one at least is given."""
    if low is not None and high is not None:
        both = f"[{number_text(low)}, {number_text(high)}]"
        return Text(f"范围 {both}", f"range {both}")
    if low is not None:
        return Text(f"不小于 {number_text(low)}", f"not below {number_text(low)}")
    shown = number_text(high) if high is not None else "?"
    return Text(f"不大于 {shown}", f"not above {shown}")
