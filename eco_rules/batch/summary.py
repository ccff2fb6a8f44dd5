"""What a run came to: counts, and what is missing most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eco_rules.model.matter import Matter
from eco_rules.words import Lang, Text, marks

_TOP = 10


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of a run; `outcomes` counts determined rows only."""

    matter: str
    rows: int
    rejected: int
    resumed: int
    statuses: dict[str, int]
    outcomes: dict[str, int]
    missing: dict[str, int]
    unread_sheets: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """The JSON form."""
        return asdict(self)

    def text(self, lang: Lang) -> str:
        """The summary as a person reads it."""
        lines = [
            Text(
                f"{self.matter}：判断 {self.rows:,} 件，读不出 {self.rejected:,} 行",
                f"{self.matter}: {self.rows:,} cases decided, {self.rejected:,} rows could not be read",
            ).to(lang)
        ]
        if self.resumed:
            lines.append(
                Text(
                    f"其中 {self.resumed} 份取自上次中断的运行", f"{self.resumed} shards came from an interrupted run"
                ).to(lang)
            )
        for title, counts in (
            (Text("状态", "status"), self.statuses),
            (Text("结论", "outcome"), self.outcomes),
            (Text("最常缺少的事实", "most often missing"), self.missing),
        ):
            if counts:
                lines.append(title.to(lang))
                lines += [f"  {count:>12,}  {name}" for name, count in counts.items()]
        if self.unread_sheets:
            names = marks(lang).between.join(self.unread_sheets)
            lines.append(Text(f"未读的工作表：{names}", f"sheets not read: {names}").to(lang))
        return "\n".join(lines)


def summarise(
    outs: Sequence[Path], rejects: Sequence[Path], matter: Matter, resumed: int, unread_sheets: Sequence[str]
) -> Summary:
    """Count the parts of a run; only counts are held in memory."""
    import polars as pl

    answers = pl.concat([pl.scan_parquet(path, glob=False) for path in outs], how="diagonal_relaxed")

    def counts(column: pl.Expr) -> dict[str, int]:
        found = (
            answers.select(column.alias("name"))
            .drop_nulls()
            .group_by("name")
            .agg(pl.len().alias("count"))
            .sort(["count", "name"], descending=[True, False])
            .collect(engine="streaming")
        )
        return dict(found.iter_rows())

    missing = counts(pl.col("missing_labels").str.split("；").list.explode(keep_nulls=False, empty_as_null=False))
    refused = pl.concat([pl.scan_parquet(path, glob=False) for path in rejects])
    statuses = counts(pl.col("status"))
    return Summary(
        matter=matter.label,
        rows=sum(statuses.values()),
        rejected=refused.select(pl.struct("file", "row").n_unique()).collect().item(),
        resumed=resumed,
        statuses=statuses,
        outcomes=counts(pl.when(pl.col("status") == "determined").then(pl.col("outcome_label"))),
        missing=dict(list(missing.items())[:_TOP]),
        unread_sheets=tuple(unread_sheets),
    )
