"""Cells as spreadsheets have them → values as a case file has them. What cannot be read so is left for the border to refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from eco_rules.model.facts import FactSpec, RecordField
from eco_rules.values.kinds import number_text

_MARKS = {"√": True, "✓": True, "✔": True, "×": False, "✗": False, "✘": False}
_NONE = {"无", "均无", "[]"}
_UNKNOWN = {"未知", "不详", "不明"}
_SEPARATORS = re.compile(r"[、；;，,|\n]")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL_DATE = re.compile(r"(\d{5})(?:\.\d+)?")
_WITH_TIME = re.compile(r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2})[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?")
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d{1,3})?")
_MULTIPLE = re.compile(rf"({_NUMBER.pattern})\s*([万亿千百])")
_MULTIPLES = {"亿": 100_000_000, "万": 10_000, "千": 1000, "百": 100}
_AROUND_MARKS = re.compile(r"\s*([年月日号./-])\s*")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
"""Full-width digits, letters and signs, as Chinese input methods write them."""

_SPREADSHEET_EPOCH = date(1899, 12, 30)


def is_blank(raw: Any) -> bool:
    """Whether a cell says nothing; what it stands for is then unknown."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def as_text(raw: Any) -> str | None:
    """A cell as text that reads back as the same value."""
    if raw is None or isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, datetime):
        return raw.isoformat(" ")
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, int | float | Decimal):
        return _number_text(raw)
    return json.dumps(raw, ensure_ascii=False, default=as_text)


def _number_text(raw: float | Decimal) -> str:
    try:
        number = Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
    except InvalidOperation:
        return str(raw)
    return number_text(number) if number.is_finite() and abs(number.adjusted()) < 40 else str(raw)


def fact(raw: Any, spec: FactSpec, unit: str | None = None) -> Any:
    """What a case file would say where a table has this cell; None where it is blank."""
    if is_blank(raw) or _says_unknown(raw, spec):
        return None
    if isinstance(raw, str) and raw.lstrip()[:1] in "[{":
        raw = _structured(raw)
    if spec.type == "set":
        return _members(raw, spec)
    if spec.type == "records":
        return _records(raw, spec)
    return _scalar(raw, spec, unit)


def _says_unknown(raw: Any, spec: FactSpec) -> bool:
    """Whether a cell says in a word that the fact is not known, and that is no value of its own."""
    return isinstance(raw, str) and raw.strip() in _UNKNOWN and raw.strip() not in spec.values.values()


def _structured(raw: str) -> Any:
    try:
        return json.loads(raw, parse_float=Decimal)
    except ValueError:  # not JSON: a text that begins with a bracket
        return raw


def _scalar(raw: Any, spec: FactSpec | RecordField, unit: str | None = None) -> Any:
    if spec.type == "date":
        return day(raw)
    if spec.type == "boolean" and isinstance(raw, str):
        return _MARKS.get(raw.strip(), raw)
    if spec.type in ("enum", "text", "clause") and isinstance(raw, int | float | Decimal):
        return as_text(raw)
    if spec.type in ("number", "integer"):
        return _with_unit(_plain_number(raw, unit or spec.unit), unit)
    return raw.strip() if isinstance(raw, str) else raw


def _plain_number(raw: Any, unit: str | None) -> Any:
    """A number in narrow digits; `1.5万` written out, unless the unit says 万 itself: then it could mean either."""
    if not isinstance(raw, str):
        return raw
    text = raw.translate(_NARROW).strip()
    match = _MULTIPLE.fullmatch(text)
    if match is None or (unit or "").startswith(("万", "亿")):
        return text
    return number_text(Decimal(match[1].replace(",", "")) * _MULTIPLES[match[2]])


def _with_unit(raw: Any, unit: str | None) -> Any:
    text = raw.strip() if isinstance(raw, str) else raw
    if unit is None:
        return text
    if isinstance(text, int | float | Decimal) and not isinstance(text, bool):
        text = _number_text(text)
    return f"{text} {unit}" if isinstance(text, str) and _NUMBER.fullmatch(text) else text


def day(raw: Any) -> Any:
    """A date cell: a date, a text, `20240301`, or the serial number spreadsheets keep dates as."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        raw = _number_text(raw)
    if not isinstance(raw, str):
        return raw
    text = raw.translate(_NARROW).strip()
    if text.startswith("{"):  # a period
        return _structured(text)
    text = _AROUND_MARKS.sub(r"\1", text).replace("号", "日")
    if (match := _WITH_TIME.fullmatch(text)) is not None:
        return match[1]
    if (match := _COMPACT_DATE.fullmatch(text)) is not None:
        return "-".join(match.groups())
    if (match := _SERIAL_DATE.fullmatch(text)) is not None:
        return _SPREADSHEET_EPOCH + timedelta(days=int(match[1]))
    return text


def _members(raw: Any, spec: FactSpec) -> Any:
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        raw = as_text(raw)
    if not isinstance(raw, str):
        return raw
    text = raw.strip()
    if text in spec.values or text in spec.values.values():
        return [text]
    if text in _NONE:
        return []
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def _records(raw: Any, spec: FactSpec) -> Any:
    if not isinstance(raw, list):
        return raw
    return [record(item, spec) if isinstance(item, Mapping) else item for item in raw]


def record(item: Mapping[str, Any], spec: FactSpec) -> dict[str, Any]:
    """One record, its cells read like those of facts; blank ones are left out."""
    labels = {field.label: name for name, field in spec.fields.items() if field.label}
    found: dict[str, Any] = {}
    for written, raw in item.items():
        field = spec.fields.get(labels.get(written, written))
        if not is_blank(raw):
            found[written] = _scalar(raw, field) if field is not None else raw
    return found
