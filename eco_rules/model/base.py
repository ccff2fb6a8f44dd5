"""What every model file shares: frozen, strict, nothing unknown allowed."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from eco_rules.values.dates import parse_date
from eco_rules.values.places import parse_place


class Model(BaseModel):
    """Base of every file model."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _day(raw: object) -> object:
    if isinstance(raw, date) or raw is None:
        return raw
    parsed = parse_date(raw) if isinstance(raw, str) else None
    if isinstance(parsed, date):
        return parsed
    raise PydanticCustomError("date", "a date like 2024-03-01 is wanted")


def _place(raw: object) -> object:
    code = parse_place(str(raw))
    if code is None:
        raise PydanticCustomError("place", "a GB/T 2260 code like 36, 3607 or 360702 is wanted")
    return code


def _list(raw: object) -> object:
    return [raw] if isinstance(raw, str) else raw


Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=str)]
PlaceCode = Annotated[str, BeforeValidator(_place, json_schema_input_type=str | int)]
KebabId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
SnakeId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=80)]
ValueId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$", max_length=80)]
DottedId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$", max_length=120)]
ClauseRef = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9-]+#[a-z0-9-]+$"), Field(description="instrument#clause")
]
ClauseRefs = Annotated[
    tuple[ClauseRef, ...], BeforeValidator(_list, json_schema_input_type=ClauseRef | tuple[ClauseRef, ...])
]
Citations = Annotated[
    tuple[ClauseRef, ...],
    BeforeValidator(_list, json_schema_input_type=ClauseRef | Annotated[tuple[ClauseRef, ...], Field(min_length=1)]),
    Field(min_length=1),
]
NameRefs = Annotated[tuple[str, ...], BeforeValidator(_list, json_schema_input_type=str | tuple[str, ...])]
Title = Annotated[str, StringConstraints(min_length=1, max_length=400)]


class Validity(Model):
    """First and last day in force (both included); `unknown` names the ends nobody has found."""

    start: Day = Field(alias="from")
    end: Day | None = Field(default=None, alias="until")
    unknown: tuple[str, ...] = Field(default=(), description="`from` and/or `until`: not found, so assumed")

    @model_validator(mode="after")
    def _forward(self) -> Validity:
        if self.end is not None and self.end < self.start:
            raise PydanticCustomError("period", "`until` is earlier than `from`")
        return self

    def covers(self, day: date) -> bool:
        """Whether `day` lies within."""
        return self.start <= day and (self.end is None or day <= self.end)

    def overlaps(self, other: Validity) -> bool:
        """Whether some day lies within both."""
        return (other.end is None or self.start <= other.end) and (self.end is None or other.start <= self.end)
