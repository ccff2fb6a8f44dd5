"""A ruleset: the rules of one matter, in one place, over one period."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from eco_rules.model.base import (
    Citations,
    ClauseRef,
    ClauseRefs,
    DottedId,
    KebabId,
    Model,
    NameRefs,
    PlaceCode,
    SnakeId,
    Title,
    Validity,
)
from eco_rules.model.condition import Condition, ConditionField, Scalar
from eco_rules.model.legal import Level
from eco_rules.model.matter import Modality

When = Annotated[Condition, ConditionField]
Relation = Literal["adds", "elaborates", "restricts", "replaces"]


class Parameter(Model):
    """A value a bureau may set differently, in one place, with its source."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["cites"]}, {"required": ["source"]}]})

    value: Scalar | tuple[Scalar, ...]
    label: Title
    unit: str | None = None
    cites: ClauseRefs = ()
    source: str | None = Field(default=None, description="where the value comes from, when no clause is encoded")
    note: str | None = None

    @model_validator(mode="after")
    def _sourced(self) -> Parameter:
        if not self.cites and not self.source:
            raise PydanticCustomError("source", "a parameter names its source: `cites` or `source`")
        return self


class NamedCondition(Model):
    """A condition named once and used by many rules."""

    title: Title
    cites: ClauseRefs = ()
    when: When


class Then(Model):
    """What follows when a rule holds: an outcome with its strength, or the sanction that would apply."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["outcome"]}, {"required": ["sanction"]}]})

    outcome: SnakeId | None = None
    modality: Modality | None = None
    sanction: ClauseRef | None = None

    @model_validator(mode="after")
    def _one(self) -> Then:
        if (self.outcome is None) == (self.sanction is None):
            raise PydanticCustomError("then", "`then` gives either an outcome or a sanction")
        return self


class Rule(Model):
    """One rule. `applies` says which cases it is about, `when` what they must satisfy, `unless` what bars it."""

    id: KebabId
    title: Title
    cites: Citations
    authority: ClauseRefs = ()
    level: KebabId | None = Field(default=None, description="default: the highest level among `cites`")
    effective: Validity | None = None
    applies: When | None = None
    when: When | None = None
    unless: NameRefs = ()
    overrides: NameRefs = ()
    replaces: NameRefs = ()
    special_to: NameRefs = ()
    then: Then
    note: str | None = None


class Due(Model):
    """A deadline: so many days, working days or months after a date, or a date fact itself."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["fact"]},
                {"required": ["after", "days"]},
                {"required": ["after", "workdays"]},
                {"required": ["after", "months"]},
            ]
        }
    )

    fact: SnakeId | None = None
    after: SnakeId | None = None
    days: int | None = None
    workdays: int | None = None
    months: int | None = None

    @model_validator(mode="after")
    def _one(self) -> Due:
        lengths = [item for item in (self.days, self.workdays, self.months) if item is not None]
        if (self.fact is None) == (self.after is None) or len(lengths) != (self.fact is None):
            raise PydanticCustomError("due", "`due` is {fact: date} or {after: date, days|workdays|months: count}")
        return self


class _Duty(Model):
    """What goes with an outcome, and until when."""

    id: SnakeId
    label: Title
    cites: Citations
    outcomes: NameRefs = Field(default=(), alias="for")
    when: When | None = None
    due: Due | None = None
    due_text: str | None = Field(default=None, description="the deadline in words when it is no date")
    note: str | None = None


class Obligation(_Duty):
    """附随义务: what has to be done along with an outcome."""


class Material(_Duty):
    """申请材料: what has to be handed in for an outcome; `deferrable` (容缺) when it may follow later."""

    deferrable: StrictBool = False


class Notice(Model):
    """Something a caseworker must be told, or must review, that no rule decides."""

    id: KebabId
    level: Literal["notice", "review"] = "review"
    message: Title
    cites: ClauseRefs = ()
    outcomes: NameRefs = Field(default=(), alias="for")
    when: When | None = None


Side: TypeAlias = Obligation | Material | Notice
"""What a ruleset says besides its rules."""


class Ruleset(Model):
    """The rules of one matter, one place and one period, read from one file."""

    format: Literal[1] = 1
    id: DottedId
    title: Title
    matter: KebabId
    jurisdiction: PlaceCode
    effective: Validity
    complete: StrictBool
    relation: Relation = "adds"
    authority: ClauseRefs = ()
    governs: Literal["substance", "procedure"] = "substance"
    note: str | None = None
    parameters: dict[SnakeId, Parameter] = Field(default_factory=dict)
    applies: When | None = None
    unless: NameRefs = ()
    conditions: dict[KebabId, NamedCondition] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    materials: tuple[Material, ...] = ()
    warnings: tuple[Notice, ...] = ()

    @property
    def sides(self) -> dict[str, tuple[Side, ...]]:
        """Obligations, materials and warnings, by the section they stand in."""
        return {"obligations": self.obligations, "materials": self.materials, "warnings": self.warnings}

    @model_validator(mode="after")
    def _unique(self) -> Ruleset:
        names = [*self.conditions, *(rule.id for rule in self.rules)]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise PydanticCustomError("ids", "repeated name: {names}", {"names": ", ".join(repeated)})
        return self


class ParameterOverride(Model):
    """A local value of a parameter, with its source."""

    value: Scalar | tuple[Scalar, ...]
    source: Title


class ParametersFile(Model):
    """`parameters.yaml` of an overlay: ruleset id → parameter → value."""

    format: Literal[1] = 1
    parameters: dict[DottedId, dict[SnakeId, ParameterOverride]]


class Accepted(Model):
    """A finding of `eco-rules verify` that is meant, and why; a gap names no rules, everything else does."""

    matter: KebabId
    kind: Literal["unreachable", "shadowed", "redundant", "conflict", "gap", "premature", "stuck"]
    rules: tuple[str, ...] = ()
    because: Title

    @model_validator(mode="after")
    def _named(self) -> Accepted:
        if (self.kind == "gap") == bool(self.rules):
            raise PydanticCustomError("rules", "an explanation names the rules it is about; a gap has none")
        return self


class AcceptedFile(Model):
    """`_verify.yaml`: what verification found and somebody has explained."""

    format: Literal[1] = 1
    findings: tuple[Accepted, ...]


class LevelsFile(Model):
    """The hierarchy of norms."""

    format: Literal[1] = 1
    levels: dict[KebabId, Level]


class PlacesFile(Model):
    """Names of places by GB/T 2260 code."""

    format: Literal[1] = 1
    places: dict[str, Title]
