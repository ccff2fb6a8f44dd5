"""Tables of cases: CSV, XLSX and JSON lines, row by row, so that one bad row costs only itself."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, TextIO

from eco_rules.batch.cells import as_text, is_blank
from eco_rules.diagnostics import Diagnostic
from eco_rules.errors import CaseError
from eco_rules.words import Text

FORMATS = ("csv", "xlsx", "parquet", "jsonl")
_MAX_LINES = 200
"""Lines of one CSV record; a quotation mark that is never closed must not swallow the rest of the file."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row could not be read at all."""

    message: Text
    text: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its number in the file, and its cells or why there are none."""

    number: int
    cells: Sequence[str | None] = ()
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A second sheet: its name, header row and rows."""

    name: str
    headers: Sequence[str]
    rows: Sequence[TableRow]


@dataclass(frozen=True, slots=True)
class Table:
    """A table being read: its headers, and its rows as they come."""

    headers: tuple[str, ...]
    rows: Callable[[], Iterator[TableRow]]
    sheets: Sequence[Sheet] = field(default=())


def format_of(path: Path) -> str:
    """The format of a file by its name.

    Raises:
        CaseError: none of those that are read (E722).
    """
    suffix = path.suffix.lower().removeprefix(".")
    suffix = {"ndjson": "jsonl", "pq": "parquet", "xlsm": "xlsx"}.get(suffix, suffix)
    if suffix not in FORMATS:
        message = Text(f"不认识的表格格式：`{path.name}`", f"unknown kind of table: `{path.name}`")
        hint = Text("可用 .csv .xlsx .parquet .jsonl", "use .csv, .xlsx, .parquet or .jsonl")
        raise CaseError([Diagnostic("E722", message, None, hint)])
    return suffix


def read_table(path: Path) -> Table:
    """Open a CSV, XLSX or JSON-lines table.

    Raises:
        CaseError: the file cannot be read (E101), is empty (E109), or is no such table (E722).
    """
    kind = format_of(path)
    try:
        return {"csv": _csv, "xlsx": _xlsx, "jsonl": _jsonl}[kind](path)
    except OSError as error:
        raise unreadable(path, error) from None


def unreadable(path: Path, error: OSError) -> CaseError:
    """The error for a file that cannot be opened."""
    message = Text(f"无法读取文件 `{path}`：{error.strerror}", f"cannot read `{path}`: {error.strerror}")
    return CaseError([Diagnostic("E101", message, None, Text("请检查路径与权限", "check path and permissions"))])


def empty(path: Path) -> CaseError:
    """The error for a table without a header row."""
    message = Text(f"`{path.name}` 没有表头", f"`{path.name}` has no header row")
    hint = Text("第一行写列名，可用 --template 生成模板", "name the columns in the first row; --template writes one")
    return CaseError([Diagnostic("E109", message, None, hint)])


def encoding_of(path: Path) -> str:
    """UTF-8 where the file is; else GB 18030, as older spreadsheets in China write CSV."""
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8-sig"


def _csv(path: Path) -> Table:
    encoding = encoding_of(path)

    def rows() -> Iterator[TableRow]:
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            records = _records(file)
            _, headers, _ = next(records)
            for number, cells, text in records:
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) == len(headers) and "\ufffd" not in text:
                    yield TableRow(number, cells)
                else:
                    yield TableRow(number, fault=Fault(_why(cells, headers, text), text))

    with path.open(encoding=encoding, errors="replace", newline="") as file:
        first = next(_records(file), None)
    if first is None or not any(cell.strip() for cell in first[1]):
        raise empty(path)
    return Table(tuple(cell.strip() for cell in first[1]), rows)


def _why(cells: Sequence[str], headers: Sequence[str], text: str) -> Text:
    if "\ufffd" in text:
        return Text("含有无法解码的字符", "it holds bytes that are no text")
    return Text(f"应有 {len(headers)} 格，实有 {len(cells)} 格", f"{len(headers)} cells wanted, {len(cells)} found")


def _records(file: TextIO) -> Iterator[tuple[int, list[str], str]]:
    """Number of the first line, cells and text of each record.

    A record over several lines that does not fit the header is a quotation mark left open: only its first
    line is bad, and reading goes on with the next one.
    """
    waiting: list[str] = []
    number, width = 0, 0

    def line() -> str:
        return waiting.pop(0) if waiting else file.readline()

    while first := line():
        number += 1
        lines = [first]
        while "".join(lines).count('"') % 2 and len(lines) < _MAX_LINES and (more := line()):
            lines.append(more)
        cells = next(csv.reader(["".join(lines)]), [])
        width = width or len(cells)
        if len(lines) > 1 and len(cells) != width:
            waiting[:0] = lines[1:]
            lines = lines[:1]
            cells = first.rstrip("\r\n").split(",")
            cells += [""] * (len(cells) == width)  # it does not fit, whatever the count of its commas
        yield number, cells, "".join(lines)
        number += len(lines) - 1


def _xlsx(path: Path) -> Table:
    import warnings
    from zipfile import BadZipFile

    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and rules of the sheet, which are not read
            book = openpyxl.load_workbook(BytesIO(path.read_bytes()), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError):
        message = Text(f"`{path.name}` 不是 XLSX 工作簿", f"`{path.name}` is no XLSX workbook")
        hint = Text("请另存为 .xlsx", "save it as .xlsx")
        raise CaseError([Diagnostic("E722", message, None, hint)]) from None
    if book.epoch == CALENDAR_MAC_1904:
        message = Text(f"`{path.name}` 使用 1904 日期系统", f"`{path.name}` counts days from 1904")
        hint = Text("请改用 1900 日期系统后另存", "save it with the 1900 date system")
        raise CaseError([Diagnostic("E722", message, None, hint)])
    main, *others = book.worksheets
    header_at, headers = _first_row(main)
    if header_at == 0:
        raise empty(path)

    def rows() -> Iterator[TableRow]:
        return _sheet_rows(main, header_at, len(headers))

    sheets = []
    for sheet in others:
        at, names = _first_row(sheet)
        if at:
            sheets.append(Sheet(sheet.title, names, list(_sheet_rows(sheet, at, len(names)))))
    return Table(tuple(headers), rows, tuple(sheets))


def _first_row(sheet: Any) -> tuple[int, list[str]]:
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        if not all(is_blank(cell) for cell in row):
            names = [as_text(cell) or "" for cell in row]
            while names and not names[-1].strip():
                names.pop()
            return number, [name.strip() for name in names]
    return 0, []


def _sheet_rows(sheet: Any, header_at: int, width: int) -> Iterator[TableRow]:
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        if number <= header_at or all(is_blank(cell) for cell in row):
            continue
        cells = [as_text(cell) for cell in row]
        beyond = [cell for cell in cells[width:] if not is_blank(cell)]
        if beyond:
            text = json.dumps(cells, ensure_ascii=False)
            fault = Fault(Text("表头以外还有内容", "there is something beyond the last header"), text)
            yield TableRow(number, fault=fault)
            continue
        cells += [None] * (width - len(cells))
        yield TableRow(number, cells[:width])


def _jsonl(path: Path) -> Table:
    headers: dict[str, None] = {}
    for _, found in _objects(path):
        if isinstance(found, dict):
            headers.update(dict.fromkeys(found))

    def rows() -> Iterator[TableRow]:
        for number, found in _objects(path):
            if isinstance(found, Fault):
                yield TableRow(number, fault=found)
            else:
                yield TableRow(number, [as_text(found.get(name)) for name in headers])

    if not headers:
        raise empty(path)
    return Table(tuple(headers), rows)


def _objects(path: Path) -> Iterator[tuple[int, dict[str, Any] | Fault]]:
    """Each line's object, the facts of a case file beside its other keys."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                raw = json.loads(line, parse_float=Decimal, object_pairs_hook=_once)
            except (ValueError, RecursionError) as error:
                yield number, Fault(Text(f"不是一行 JSON：{error}", f"no line of JSON: {error}"), line.rstrip("\n"))
                continue
            if not isinstance(raw, dict) or "\ufffd" in line:
                yield number, Fault(Text("应是一个 JSON 对象", "a JSON object is wanted"), line.rstrip("\n"))
                continue
            facts = raw.pop("facts", None) or {}
            twice = sorted(set(raw) & set(facts)) if isinstance(facts, dict) else ["facts"]
            if twice:
                yield number, Fault(Text(f"写了两次：{twice[0]}", f"given twice: {twice[0]}"), line.rstrip("\n"))
            else:
                yield number, {**raw, **facts}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key occurs twice")
    return found
