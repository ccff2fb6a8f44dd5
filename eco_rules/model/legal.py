"""Legal documents: levels, instruments, clauses, and the sanctions penalty clauses carry."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from eco_rules.model.base import Day, KebabId, Model, PlaceCode, SnakeId, Title, Validity

Provenance = Literal["verified", "excerpt", "secondary", "reconstruction"]
PROVENANCE_ORDER: tuple[Provenance, ...] = ("verified", "excerpt", "secondary", "reconstruction")


def weakest(items: list[Provenance]) -> Provenance | None:
    """The least trustworthy of several; None of none."""
    return max(items, key=PROVENANCE_ORDER.index, default=None)


class Level(Model):
    """效力位阶: a smaller rank prevails; equal ranks do not prevail over each other."""

    label: Title
    rank: int


def _range(raw: object) -> object:
    if isinstance(raw, list | tuple) and len(raw) == 2:
        return {"low": raw[0], "high": raw[1]}
    if isinstance(raw, Mapping):
        return raw
    raise PydanticCustomError("range", "a pair [lowest, highest] is wanted")


class Range(Model):
    """Lowest and highest amount, both included."""

    low: Decimal
    high: Decimal

    @model_validator(mode="after")
    def _ordered(self) -> Range:
        if self.low > self.high:
            raise PydanticCustomError("range", "the lowest amount exceeds the highest")
        return self


AmountRange = Annotated[Range, BeforeValidator(_range, json_schema_input_type=tuple[Decimal, Decimal] | Range)]


class Sanction(Model):
    """The fine a clause provides: a fixed range, or a share `of` a numeric fact.

    `discretionary` marks 可以处: the authority may leave it. `on_refusal` is what follows 拒不改正 / 逾期不改正.
    """

    fine: AmountRange | None = None
    of: SnakeId | None = Field(default=None, description="numeric fact the fine is a share of")
    unit: str = "万元"
    on_refusal: AmountRange | None = None
    discretionary: StrictBool = False
    other: str | None = Field(default=None, description="责令停产整治, 拘留 …, in words")


class Clause(Model):
    """One clause of an instrument: where it stands and what it says, in our own words."""

    locator: Title
    text: Title
    provenance: Provenance | None = Field(default=None, description="default: the instrument's")
    sanction: Sanction | None = None
    sources: tuple[str, ...] = Field(default=(), description="what a reconstruction was made from")


class Bounds(Model):
    """How an instrument reads its own 以上 and 以下; never assumed."""

    above: Literal["inclusive", "exclusive"] | None = Field(default=None, alias="以上")
    below: Literal["inclusive", "exclusive"] | None = Field(default=None, alias="以下")
    cites: tuple[str, ...] = ()


class Instrument(Model):
    """A legal document: law, regulation, notice, list."""

    format: Literal[1] = 1
    id: KebabId
    title: Title
    doc_no: str | None = Field(default=None, description="文号; absent when it was not found")
    issuer: Title
    level: KebabId
    jurisdiction: PlaceCode = "cn"
    issued: Day | None = None
    effective: Validity
    provenance: Provenance
    bounds: Bounds | None = None
    note: str | None = None
    clauses: dict[KebabId, Clause]
