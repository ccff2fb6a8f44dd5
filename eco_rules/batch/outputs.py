"""Parts → one file, CSV, XLSX, Parquet or JSON lines, that appears complete or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eco_rules.batch.job import Job
from eco_rules.batch.linked import linked
from eco_rules.batch.rows import labels
from eco_rules.batch.shard import whole
from eco_rules.batch.tables import format_of
from eco_rules.diagnostics import Diagnostic
from eco_rules.errors import CaseError
from eco_rules.model.matter import Matter
from eco_rules.words import Lang, Text

if TYPE_CHECKING:
    import polars as pl

_SHEET_ROWS = 1_048_575


def check_output(target: Path) -> None:
    """Refuse an output that could not be written, before anything is decided.

    Raises:
        CaseError: an unknown format, or no such folder.
    """
    format_of(target)
    if not target.parent.is_dir():
        message = Text(f"没有文件夹 `{target.parent}`", f"no folder `{target.parent}`")
        raise CaseError([Diagnostic("E101", message, None, Text("请先建好", "make it first"))])


def rejects_of(target: Path) -> Path:
    """The file of the rows that could not be read, beside the output and in its format."""
    return target.with_name(f"{target.stem}.rejects{target.suffix}")


def assemble(
    outs: Sequence[Path], rejects: Sequence[Path], target: Path, job: Job, matter: Matter, *, several: bool
) -> None:
    """Put the parts together, cases of one file told of each other; a file of rejects is left only where there are some.

    `several`: the rows come from several files, so that each names its own.

    Raises:
        CaseError: more rows than a sheet can hold.
    """
    import polars as pl

    answers = pl.concat([pl.scan_parquet(path, glob=False) for path in outs], how="diagonal_relaxed")
    answers = linked(answers, matter)
    refused = pl.concat([pl.scan_parquet(path, glob=False) for path in rejects])
    refused = refused.sort("file", "row", maintain_order=True)
    needless = [] if several else ["file"]
    _write(answers.drop([*needless, *([] if job.warnings else ["warnings"])]), target, job.lang)
    if refused.select(pl.len()).collect().item():
        _write(refused.drop(needless), rejects_of(target), job.lang)
    else:
        rejects_of(target).unlink(missing_ok=True)  # of an earlier run


def _write(frame: pl.LazyFrame, target: Path, lang: Lang) -> None:
    kind = format_of(target)
    if kind in ("csv", "xlsx"):  # what people open
        names = labels(lang)
        frame = frame.rename({name: names[name] for name in frame.collect_schema().names() if name in names})
    with whole(target) as path:
        if kind == "parquet":
            frame.sink_parquet(path)
        elif kind == "jsonl":
            frame.sink_ndjson(path)
        elif kind == "csv":
            frame.sink_csv(path, include_bom=True)
        else:
            _sheet(frame, path)


def _sheet(frame: pl.LazyFrame, path: Path) -> None:
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    table = frame.collect()
    if table.height > _SHEET_ROWS:
        message = Text(f"{table.height} 行，一张工作表放不下", f"{table.height} rows do not fit into one sheet")
        hint = Text("请输出 .csv 或 .parquet", "write .csv or .parquet")
        raise CaseError([Diagnostic("E722", message, None, hint)])
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("结果" if "行号" in table.columns else "answers")
    sheet.freeze_panes = "A2"

    def cell(value: Any) -> Any:
        made = WriteOnlyCell(sheet, value)
        if isinstance(value, str):
            made.data_type = "s"  # a text that begins with `=` is no formula
        return made

    sheet.append([cell(name) for name in table.columns])
    for row in table.iter_rows():
        sheet.append([cell(value) for value in row])
    book.save(path)
