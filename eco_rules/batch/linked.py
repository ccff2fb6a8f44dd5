"""Cases of one file told of each other, over a whole data set.

`Engine.link` warns a decision of other violations of its file that are excluded from leniency. Rows are decided in
shards that know nothing of each other; the warning is therefore made from the answers, when all of them are there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eco_rules.model.matter import Matter

if TYPE_CHECKING:
    import polars as pl

FILE_ID, LINKED = "file_id", "linked"

NAMED = 20
"""Other cases that are named; of more the number is told."""


def excluded(matter: Matter) -> tuple[str, ...]:
    """The outcomes of cases that are excluded from leniency, as `Engine.link` has them."""
    if matter.default is None or not matter.leniency:
        return ()
    return tuple(matter.leniency[matter.leniency.index(matter.default.outcome) :])


def linked(answers: pl.LazyFrame, matter: Matter) -> pl.LazyFrame:
    """The answers with a column that names the excluded cases of the same file, the row itself left out.

    For each file number at most one more excluded case is kept than is named.
    """
    import polars as pl

    if FILE_ID not in answers.collect_schema().names():
        return answers
    place = pl.struct("file", "row")
    severe = pl.col("outcome").is_in(excluded(matter))
    in_files = answers.filter(pl.col(FILE_ID).is_not_null())
    groups = (
        in_files.filter(severe)
        .select(FILE_ID, place.alias("at"), pl.col("id").fill_null("?").alias("name"))
        .group_by(FILE_ID)
        .agg(pl.struct("at", "name").sort().head(NAMED + 1).alias("other"), pl.len().alias("count"))
    )
    others = pl.col("other").struct
    named = (
        in_files.select(FILE_ID, place.alias("own"), severe.fill_null(value=False).alias("severe"))
        .join(groups, on=FILE_ID)
        .explode("other")
        .filter(others.field("at") != pl.col("own"))
        .group_by("own")
        .agg(
            others.field("name").sort_by(others.field("at")).head(NAMED),
            (pl.col("count") - pl.col("severe").cast(pl.UInt32)).first(),
        )
    )
    more = pl.when(pl.col("count") > NAMED).then(pl.format("、…({})", "count")).otherwise(pl.lit(""))
    told = named.select(pl.col("own").struct.unnest(), (pl.col("name").list.join("、") + more).alias(LINKED))
    return answers.join(told, on=["file", "row"], how="left", maintain_order="left")
