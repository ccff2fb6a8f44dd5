"""The vocabulary: one place where a fact is typed, named and asked for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from eco_rules.model.base import Citations, ClauseRefs, Model, SnakeId, Title, ValueId
from eco_rules.model.condition import Scalar
from eco_rules.model.derivation import Derivation, DerivationField

FactType = Literal["boolean", "integer", "number", "enum", "set", "date", "text", "clause", "records"]
FactKind = Literal["fact", "judgement", "legal_question", "document"]


class Presumption(Model):
    """推定: the value taken while the fact is unknown. A presumption is law, so it cites."""

    value: Scalar | tuple[str, ...]
    cites: Citations
    note: str | None = None


class Reading(Model):
    """The legal reading a derivation embodies; listed in the decision whenever it was used."""

    cites: Citations
    note: Title


class Instance(Model):
    """A friendlier name of a parametrised fact with its parameters filled in."""

    label: Title
    question: str | None = None
    arguments: dict[SnakeId, Scalar] = Field(alias="with")


def _field(raw: object) -> object:
    return {"type": raw} if isinstance(raw, str) else raw


class RecordField(Model):
    """One column of a list of records."""

    type: Literal["boolean", "integer", "number", "enum", "date", "text", "clause"]
    label: str | None = None
    unit: str | None = None
    values: dict[ValueId, Title] = Field(default_factory=dict)


class Alteration(Model):
    """How somebody can still bring another value of a fact about.

    `toward` says which way: a value or values, or `less` and `more` (a lower number, an earlier date, fewer members).
    """

    by: Title
    toward: Scalar | tuple[str, ...]


class FactSpec(Model):
    """A fact: type, label, the question that asks for it, and how it may be derived or presumed.

    A derived fact with a `question` may also be stated outright; without one its inputs are asked for.
    `kind` says who answers: the file (fact), the officer's judgement, a lawyer (legal_question), or a
    document that has to be looked up. `alterable` says that somebody can still bring another value about (correct,
    build smaller, hand in proof), in words where there is a word for how; what happened stays as it was.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                {"if": {"properties": {"type": {"enum": ["enum", "set"]}}}, "then": {"required": ["values"]}},
                {"if": {"properties": {"type": {"const": "records"}}}, "then": {"required": ["fields"]}},
            ],
            "anyOf": [{"required": [name]} for name in ("question", "derive", "header")],
        }
    )

    type: FactType
    label: Title
    kind: FactKind = "fact"
    question: str | None = None
    note: str | None = None
    cites: ClauseRefs = ()
    unit: str | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    values: dict[ValueId, Title] = Field(default_factory=dict)
    closed: StrictBool = True
    fields: dict[SnakeId, Annotated[RecordField, BeforeValidator(_field, json_schema_input_type=str | RecordField)]] = (
        Field(default_factory=dict)
    )
    parameters: tuple[SnakeId, ...] = ()
    named: dict[SnakeId, Instance] = Field(default_factory=dict)
    derive: Annotated[Derivation, DerivationField] | None = None
    reading: Reading | None = None
    presume: Presumption | None = None
    header: StrictBool = Field(default=False, description="taken from the case's own dates, never from `facts`")
    alterable: StrictBool | Alteration | None = Field(
        default=None, description="whether somebody can still change it, and how; default: what the file says"
    )

    @model_validator(mode="after")
    def _consistent(self) -> FactSpec:
        if self.type in ("enum", "set") and not self.values:
            raise PydanticCustomError("values", "an enum or set lists its values")
        if self.type == "records" and not self.fields:
            raise PydanticCustomError("fields", "records list their fields")
        if self.parameters and self.derive is None:
            raise PydanticCustomError("parameters", "only a derived fact has parameters")
        for instance in self.named.values():
            if set(instance.arguments) != set(self.parameters):
                raise PydanticCustomError("with", "a named instance fills every parameter")
        if self.derive is None and not self.header and not self.question:
            raise PydanticCustomError("question", "a fact that is not derived has a question")
        return self


class FactsFile(Model):
    """One vocabulary file: the facts of one subject."""

    format: Literal[1] = 1
    subject: SnakeId
    label: Title
    facts: dict[SnakeId, FactSpec]
    alterable: StrictBool = Field(default=False, description="for facts of kind `fact` that do not say it themselves")

    def spec(self, name: str) -> FactSpec:
        """A fact with what the file says for all of its facts."""
        spec = self.facts[name]
        if not self.alterable or spec.alterable is not None or spec.kind != "fact" or spec.header:
            return spec
        return spec.model_copy(update={"alterable": True})


class UnitsFile(Model):
    """Names of units, mapped to expressions of pint, and definitions pint lacks."""

    format: Literal[1] = 1
    names: Mapping[str, str]
    definitions: tuple[str, ...] = ()
