"""One contract for every machine: a file of cases in, a file of answers out, the rejects beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eco_rules.batch.job import Job
from eco_rules.batch.layout import Layout, layout
from eco_rules.batch.rows import Answer, Reject, RowJudge
from eco_rules.batch.tables import Fault, format_of, read_table, unreadable

if TYPE_CHECKING:
    import polars as pl

    from eco_rules.batch.frame import Memory
    from eco_rules.words import Lang

ROW = "__row__"
"""Column of a shard that says which row of the original table this was."""

OWN = ("file", "row", "id", "file_id", "linked")


@dataclass(frozen=True, slots=True)
class Shard:
    """Cases to decide: a file, or `count` rows of a Parquet file from `offset` on, the first of which is row `first`.

    `name` is what the user knows the file as.
    """

    path: str
    offset: int = 0
    count: int | None = None
    first: int = 1
    name: str = ""


def evaluate_shard(in_path: str | Path, out_path: str | Path, job: Job) -> None:
    """Decide every case of a file; write the answers, and the rows that could not be read beside them.

    Both files appear whole or not at all, so that a task may be killed and repeated.

    Raises:
        CaseError: the file cannot be read, or its header row is wrong.
    """
    evaluate(Shard(str(in_path)), Path(out_path), job)


def evaluate(shard: Shard, out_path: Path, job: Job) -> None:
    """Decide the cases of a shard, as `evaluate_shard` does."""
    frame, faults = load(shard, job.lang)
    name = shard.name or Path(shard.path).name
    answers, rejects = decide(frame, job, name)
    with whole(rejects_path(out_path)) as path:
        of_file(reject_frame([*faults, *rejects]), name).write_parquet(path)
    with whole(out_path) as path:
        of_file(answers, name).write_parquet(path)


def of_file(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """The frame with a first column that names the file its rows come from."""
    import polars as pl

    return frame.select(pl.lit(name).alias("file"), pl.all())


def rejects_path(out_path: Path) -> Path:
    """Where the rows of a shard that could not be read are kept."""
    return out_path.with_suffix(".rejects.parquet")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path to write to, whose content appears under its name only once it is complete."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def load(shard: Shard, lang: Lang) -> tuple[pl.DataFrame, list[Reject]]:
    """The rows of a shard with their numbers, and those that could not be read.

    Raises:
        CaseError: the file cannot be read.
    """
    import polars as pl

    path = Path(shard.path)
    if format_of(path) != "parquet":
        return _from_table(path, lang)
    try:
        frame = pl.scan_parquet(path, glob=False).slice(shard.offset, shard.count).collect()
    except FileNotFoundError as error:
        raise unreadable(path, error) from None
    if ROW not in frame.columns:
        frame = frame.with_row_index(ROW, shard.first)
    return frame.with_columns(pl.col(ROW).cast(pl.Int64)), []


def _from_table(path: Path, lang: Lang) -> tuple[pl.DataFrame, list[Reject]]:
    table = read_table(path)
    numbers: list[int] = []
    rows: list[Sequence[str | None]] = []
    faults: list[Reject] = []
    for row in table.rows():
        if row.fault is not None:
            faults.append(fault_of(row.number, row.fault, lang))
        else:
            numbers.append(row.number)
            rows.append(row.cells)
    return text_frame(table.headers, numbers, rows), faults


def text_frame(headers: Sequence[str], numbers: Sequence[int], rows: Sequence[Sequence[str | None]]) -> pl.DataFrame:
    """Rows of text with their numbers."""
    import polars as pl

    schema = dict.fromkeys(headers, pl.String)
    frame = pl.DataFrame(list(rows), schema=schema, orient="row") if rows else pl.DataFrame(schema=schema)
    return frame.insert_column(0, pl.Series(ROW, list(numbers), dtype=pl.Int64))


def fault_of(number: int, fault: Fault, lang: Lang) -> Reject:
    """The reject of a row that has no cells."""
    return Reject(number, None, None, None, "E720", fault.message.to(lang), fault.text)


def decide(frame: pl.DataFrame, job: Job, file: str, memory: Memory | None = None) -> tuple[pl.DataFrame, list[Reject]]:
    """Answers for the rows of a frame, and the rejects.

    Raises:
        CaseError: the header row is wrong, or there is no such matter.
        BackendError: the columns and the row engine disagree (E804).
    """
    from eco_rules.batch.frame import FrameJudge, memory_of

    known = memory or memory_of(job)
    headers = [name for name in frame.columns if name != ROW]
    vocabulary = known.engine.vocabularies[known.matter.id]
    found = layout(headers, vocabulary, keep_unknown=job.keep_unknown, file=file)
    judge = RowJudge(known.engine, known.matter, job, found, file)
    if job.rowwise or job.warnings:
        return by_row(frame, judge, found)
    deciding = FrameJudge(frame.drop(ROW), frame[ROW], judge, found, job, known)
    at, answers = deciding.decide()
    kept = at.is_not_null().arg_true()
    rejects = sorted(deciding.rejects, key=lambda item: item.row)
    return joined(frame, kept, answer_frame(answers)[at[kept]], found), rejects


def by_row(frame: pl.DataFrame, judge: RowJudge, found: Layout) -> tuple[pl.DataFrame, list[Reject]]:
    """Answers of the row engine."""
    answers: list[tuple[Any, ...]] = []
    kept: list[int] = []
    rejects: list[Reject] = []
    numbers = frame[ROW].to_list()
    for position, row in enumerate(frame.drop(ROW).iter_rows()):
        answer = judge.decide(numbers[position], row)
        if isinstance(answer, Answer):
            kept.append(position)
            answers.append(answer)
        else:
            rejects += answer
    return joined(frame, kept, answer_frame(answers), found), rejects


def answer_frame(answers: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    """Answers as columns."""
    import polars as pl

    return pl.DataFrame(answers, schema=dict.fromkeys(Answer._fields, pl.String), orient="row")


def reject_frame(rejects: Sequence[Reject]) -> pl.DataFrame:
    """Rejects as columns."""
    import polars as pl

    schema = {name: pl.Int64 if name == "row" else pl.String for name in Reject._fields}
    return pl.DataFrame(rejects, schema=schema, orient="row")


def joined(frame: pl.DataFrame, kept: Sequence[int] | pl.Series, answers: pl.DataFrame, found: Layout) -> pl.DataFrame:
    """The rows that were answered: number, id, columns carried along, answers."""
    import polars as pl

    own = {column.name: column.header for column in found.of("case") if column.name in ("id", "file_id")}
    extras = [column.header for column in found.of("extra")]
    rows = frame.select(ROW, *own.values(), *extras)[kept]
    taken = {*OWN, *Answer._fields}
    ids = rows[own["id"]].cast(pl.String) if "id" in own else pl.Series([None] * len(rows), dtype=pl.String)
    texts = [ids.alias("id")]
    if "file_id" in own:
        texts.append(rows[own["file_id"]].cast(pl.String).str.strip_chars().replace("", None).alias("file_id"))
    return pl.DataFrame(
        [
            rows[ROW].alias("row"),
            *texts,
            *(rows[name].alias(f"{name}_" if name in taken else name) for name in extras),
            *answers.get_columns(),
        ]
    )
