"""An input → shards: text tables are cut into Parquet files once, Parquet is read in place."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from eco_rules.batch.cells import is_blank
from eco_rules.batch.job import Job
from eco_rules.batch.layout import CASE_WORDS
from eco_rules.batch.rows import Reject
from eco_rules.batch.shard import Shard, fault_of, of_file, reject_frame, rejects_path, text_frame, whole
from eco_rules.batch.tables import Sheet, Table, TableRow, format_of, read_table
from eco_rules.diagnostics import Diagnostic
from eco_rules.errors import CaseError
from eco_rules.ir.vocabulary import ValueProblemError, Vocabulary
from eco_rules.words import Text


@dataclass(slots=True)
class Cut:
    """The shards of an input, and the sheets of a workbook that were not read."""

    shards: list[Shard]
    unread_sheets: list[str] = field(default_factory=list)


def inputs(path: Path) -> list[Path]:
    """The files of an input: itself, or the Parquet files of a folder.

    Raises:
        CaseError: a folder holds none.
    """
    if not path.is_dir():
        return [path]
    found = sorted(item for item in path.rglob("*.parquet") if not item.name.startswith("."))
    if not found:
        message = Text(f"`{path}` 里没有 Parquet 文件", f"`{path}` holds no Parquet files")
        raise CaseError([Diagnostic("E109", message, None, Text("请检查路径", "check the path"))])
    return found


def cut(files: Sequence[Path], root: Path, folder: Path, rows: int, job: Job, vocabulary: Vocabulary) -> Cut:
    """Shards of at most so many rows; those of text tables are written into `folder`, files are named from `root` on.

    Raises:
        CaseError: a file cannot be read.
    """
    made = Cut([])
    for file in files:
        if format_of(file) == "parquet":
            made.shards += _slices(file, file.relative_to(root).as_posix() if file != root else file.name, rows)
        else:
            _cut_table(file, folder, rows, job, vocabulary, made)
    return made


def _slices(file: Path, name: str, rows: int) -> Iterator[Shard]:
    import polars as pl

    try:
        height = pl.scan_parquet(file, glob=False).select(pl.len()).collect().item()
    except (OSError, pl.exceptions.PolarsError) as error:
        message = Text(f"无法读取 `{file}`：{error}", f"cannot read `{file}`: {error}")
        hint = Text("请检查文件", "check the file")
        raise CaseError([Diagnostic("E722", message, None, hint)]) from None
    for offset in range(0, max(height, 1), rows):
        yield Shard(str(file), offset, min(rows, height - offset), offset + 1, name)


def _cut_table(file: Path, folder: Path, rows: int, job: Job, vocabulary: Vocabulary, made: Cut) -> None:
    table = read_table(file)
    headers = _distinct(table)
    listed = _records(table, vocabulary, made)
    for sheet in listed:
        if sheet.header in headers:
            message = Text(f"`{sheet.header}` 既是列又是工作表", f"`{sheet.header}` is both a column and a sheet")
            hint = Text("请删去其中一个", "remove one of them")
            raise CaseError([Diagnostic("E721", message, None, hint)])
    own = _id_column(headers)
    seen = Counter(row.cells[own] for row in table.rows() if row.fault is None) if listed and own is not None else {}
    stream = table.rows()
    while chunk := list(islice(stream, rows)):
        path = folder / f"in-{len(made.shards):05}.parquet"
        good = [row for row in chunk if row.fault is None]
        bad = [fault_of(row.number, row.fault, job.lang) for row in chunk if row.fault is not None]
        cells = [[*row.cells, *(sheet.cell(row, own, seen) for sheet in listed)] for row in good]
        frame = text_frame([*headers, *(sheet.header for sheet in listed)], [row.number for row in good], cells)
        with whole(rejects_path(path)) as unfinished:
            refused = [*bad, *(() if made.shards else _orphans(listed, own, seen))]
            of_file(reject_frame(refused), file.name).write_parquet(unfinished)
        with whole(path) as unfinished:
            frame.write_parquet(unfinished)
        made.shards.append(Shard(str(path), name=file.name))


def _distinct(table: Table) -> list[str]:
    twice = [name for name, count in Counter(table.headers).items() if count > 1]
    if twice or "" in table.headers:
        name = twice[0] if twice else ""
        message = Text(f"表头有空列名或重复：`{name}`", f"a header is empty or occurs twice: `{name}`")
        hint = Text("每列写一个不同的名称", "give each column a name of its own")
        raise CaseError([Diagnostic("E721", message, None, hint)])
    return list(table.headers)


def _id_column(headers: Sequence[str]) -> int | None:
    return next((at for at, name in enumerate(headers) if name in ("id", *CASE_WORDS["id"])), None)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A sheet of records: one fact's, by the number of the case."""

    header: str
    sheet: Sheet
    by_id: Mapping[str, str]

    def cell(self, row: TableRow, own: int | None, seen: Mapping[str | None, int]) -> str | None:
        """The records of a case as one cell; None where the sheet says nothing of it."""
        number = row.cells[own] if own is not None else None
        if number is None or number not in self.by_id:
            return None
        if seen[number] > 1:
            return f"编号 {number} 重复，不知记录属于哪一行 / the id occurs twice"
        return self.by_id[number]


def _records(table: Table, vocabulary: Vocabulary, made: Cut) -> list[_Listed]:
    found = []
    for sheet in table.sheets:
        try:
            key = vocabulary.find(sheet.name)
        except ValueProblemError:
            key = None
        at = _id_column(sheet.headers)
        if key is None or vocabulary.spec(key).type != "records" or at is None:
            made.unread_sheets.append(sheet.name)
            continue
        found.append(_Listed(vocabulary.display(key), sheet, _by_id(sheet, at)))
    return found


def _by_id(sheet: Sheet, at: int) -> dict[str, str]:
    """Records as JSON by case; a row with nothing but the id says that there are none."""
    grouped: dict[str, list[dict[str, str]]] = {}
    broken: dict[str, str] = {}
    for row in sheet.rows:
        if row.fault is not None:
            number = str((json.loads(row.fault.text) or [None])[at] or "")
            broken[number] = row.fault.message.zh
            continue
        number = row.cells[at] or ""
        pairs = zip(sheet.headers, row.cells, strict=True)
        filled = {name: str(cell) for name, cell in pairs if name != sheet.headers[at] and not is_blank(cell)}
        grouped.setdefault(number, []).extend([filled] if filled else [])
    return {number: json.dumps(items, ensure_ascii=False) for number, items in grouped.items()} | broken


def _orphans(listed: Sequence[_Listed], own: int | None, seen: Mapping[str | None, int]) -> Iterator[Reject]:
    """Rows of a records sheet that belong to no case."""
    for item in listed:
        at = _id_column(item.sheet.headers)
        for row in item.sheet.rows:
            number = row.cells[at] if row.fault is None and at is not None else None
            if row.fault is None and (own is None or number not in seen):
                reason = f"工作表“{item.sheet.name}”的编号没有对应的个案 / no case with this id"
                text = json.dumps(list(row.cells), ensure_ascii=False)
                yield Reject(row.number, None, item.sheet.name, number, "E720", reason, text)
