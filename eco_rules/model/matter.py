"""A matter: the question, its outcomes, and how rules about it are combined."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from eco_rules.model.base import Citations, KebabId, Model, SnakeId, Title

Modality = Literal["must", "may"]
DateRule = Literal["lenient", "act_date", "decision_date"]


class Dates(Model):
    """Which date's law governs substance and procedure; `lenient` is 从旧兼从轻."""

    substance: DateRule = "decision_date"
    procedure: Literal["act_date", "decision_date"] = "decision_date"


class Default(Model):
    """What follows when no rule holds; its clauses are the finding."""

    outcome: SnakeId
    modality: Modality | None = None
    cites: Citations
    title: Title
    note: str | None = None


class Effect(Model):
    """An outcome with its strength: 应当 (must), 可以 (may), or neither."""

    outcome: SnakeId
    modality: Modality | None = None


class Unread(Model):
    """How a list that exists but was not read is asked for: a document question and what each answer means."""

    fact: SnakeId
    level: KebabId
    title: Title
    cites: Citations
    answers: dict[SnakeId, Effect | None]


class Layer(Model):
    """Places of one size (2 digits: provinces, 4: cities) that may have a list of their own.

    `expected`: every such place has one, so a place without an encoded list counts as not read.
    """

    digits: Literal[2, 4, 6]
    label: Title
    expected: StrictBool = False
    unread: Unread


class OtherMatter(Model):
    """Another matter, and those of its outcomes that stand behind one of ours."""

    matter: KebabId
    outcomes: tuple[SnakeId, ...] = Field(min_length=1)


class Matter(Model):
    """One administrative question.

    `paths` names, for outcomes that stand for another matter's, that matter: what it asks to be done and
    handed in goes with the outcome, and the paths not taken are listed with their reasons. `along` are
    matters that are reported with whatever path is taken.
    """

    format: Literal[1] = 1
    id: KebabId
    label: Title
    subject: SnakeId
    includes: tuple[SnakeId, ...] = ()
    question: Title
    outcomes: dict[SnakeId, Title]
    combine: Literal["rank", "strictest"] = "rank"
    strictness: tuple[SnakeId, ...] = ()
    precedence: tuple[SnakeId, ...] = ()
    leniency: tuple[SnakeId, ...] = ()
    dates: Dates = Dates()
    default: Default | None = None
    layers: tuple[Layer, ...] = ()
    paths: dict[SnakeId, OtherMatter] = Field(default_factory=dict)
    along: tuple[KebabId, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Matter:
        listed = [*self.strictness, *self.precedence, *self.leniency]
        if self.default:
            listed.append(self.default.outcome)
        unknown = sorted(set(listed) - set(self.outcomes))
        if unknown:
            raise PydanticCustomError("outcomes", "unknown outcome: {names}", {"names": ", ".join(unknown)})
        if self.combine == "strictest" and set(self.strictness) != set(self.outcomes):
            raise PydanticCustomError("strictness", "`strictness` lists every outcome once")
        if self.dates.substance == "lenient" and set(self.leniency) != set(self.outcomes):
            raise PydanticCustomError("leniency", "`leniency` lists every outcome once")
        return self
