"""The answer: what follows, from which clauses, what is missing, and how far it can be trusted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Final, Literal, NoReturn, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, computed_field

from eco_rules.decision.reasons import reasons
from eco_rules.model.facts import FactKind
from eco_rules.model.legal import Provenance
from eco_rules.model.matter import Modality
from eco_rules.words import Lang

Status = Literal["determined", "undetermined", "conflict", "no_rule", "not_applicable"]
DefeatReason = Literal["unless", "overrides", "replaces", "rank"]
AssumptionKind = Literal["presumption", "reading", "answer"]
CrossCheck = Literal["agreed", "unavailable", "off"]


_set: Final = object.__setattr__


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    _every_field: ClassVar[set[str]]

    @classmethod
    def __pydantic_init_subclass__(cls, **_options: Any) -> None:
        cls._every_field = set(cls.__pydantic_fields__)

    @classmethod
    def made(cls, **values: Any) -> Self:
        """A part of what the engine itself worked out: every field is given, in order, and nothing is checked.

        `model_construct` without defaults and aliases: it costs a tenth.
        """
        return cls.holding(values)

    @classmethod
    def holding(cls, values: dict[str, Any]) -> Self:
        """The same of values that stand in a dictionary already, which is the part's own from now on."""
        part = cls.__new__(cls)
        _set(part, "__dict__", values)
        _set(part, "__pydantic_fields_set__", cls._every_field)
        _set(part, "__pydantic_extra__", None)
        _set(part, "__pydantic_private__", None)
        return part


class Citation(_Part):
    """法律依据: a clause in words."""

    instrument: str
    title: str
    doc_no: str | None
    locator: str
    provenance: Provenance
    text: str


class Possible(_Part):
    """One result that is still possible (the only one, when determined)."""

    outcome: str
    modality: Modality | None
    label: str


class Finding(_Part):
    """认定: a rule that holds and carries the result."""

    rule: str
    title: str
    outcome: str
    modality: Modality | None
    clauses: tuple[Citation, ...]
    facts_used: dict[str, Any]
    facts_said: dict[str, str]


class Defeated(_Part):
    """A rule whose conditions are met but which something else defeats."""

    rule: str
    title: str
    by: str
    reason: DefeatReason


class Rejected(_Part):
    """A rule that is about this case but does not hold, and the tests that failed.

    `specific` marks rules written for this kind of case, as opposed to general ones; `exceptional` marks
    rules that would have led to the default or to an outcome that is settled first.
    """

    rule: str
    title: str
    outcome: str
    specific: bool
    exceptional: bool
    because: tuple[str, ...]


class MissingFact(_Part):
    """待补充事实: something that can still change the result, most decisive first."""

    fact: str
    kind: FactKind
    label: str
    question: str
    would_settle: tuple[str, ...]
    type: str
    unit: str | None = None
    values: dict[str, str] = Field(default_factory=dict)


class Conflict(_Part):
    """冲突: rules of equal rank with different outcomes; nobody picked one."""

    rules: tuple[str, ...]
    outcomes: tuple[str, ...]
    clauses: tuple[Citation, ...]


class Assumption(_Part):
    """A presumption, a legal reading, or an answered judgement the result rests on."""

    fact: str
    label: str
    value: Any
    value_label: str
    kind: AssumptionKind
    note: str | None
    clauses: tuple[Citation, ...]


class DutyItem(_Part):
    """附随义务 with its deadline, where it has one."""

    id: str
    label: str
    due: date | None
    due_text: str | None
    clauses: tuple[Citation, ...]
    note: str | None = None


class MaterialItem(DutyItem):
    """申请材料; `deferrable` (容缺) when it may follow later."""

    deferrable: bool


PathState = Literal["open", "closed", "unknown", "along"]


class Alternative(_Part):
    """Another path: open, closed, still open to question (`unknown`), or a matter reported `along`."""

    path: str
    label: str
    state: PathState
    matter: str
    status: Status
    outcome: str | None
    outcome_label: str | None
    modality: Modality | None
    findings: tuple[Finding, ...]
    reasons: tuple[str, ...]


class Caveat(_Part):
    """A warning: `notice` informs, `review` asks for a second look."""

    code: str
    level: Literal["notice", "review"]
    message: str
    clauses: tuple[Citation, ...] = ()


class LayerUse(_Part):
    """One ruleset that was in force here and then, and how it relates to the one above it."""

    ruleset: str
    title: str
    jurisdiction: str
    relation: str
    authority: tuple[Citation, ...]
    complete: bool


class Fine(_Part):
    """The range of a fine in the clause's unit."""

    low: str
    high: str
    unit: str
    discretionary: bool
    clauses: tuple[Citation, ...]


class RegimeSide(_Part):
    """What one of two compared laws says."""

    date: date
    status: Status
    outcome: str | None
    outcome_label: str | None
    modality: Modality | None
    fine: Fine | None


class Regimes(_Part):
    """从旧兼从轻: both sides, and which one applies."""

    applied: Literal["old", "new", "open"]
    old: RegimeSide
    new: RegimeSide
    reason: str


class FileStamp(_Part):
    """A file the decision depends on."""

    id: str
    sha256: str


class Receipt(_Part):
    """凭据: everything needed to repeat the decision and to notice that something has changed."""

    engine: str
    format: Literal[1] = 1
    rulesets: tuple[FileStamp, ...]
    files: tuple[FileStamp, ...]
    act_date: str | None
    decision_date: str
    facts_sha256: str
    backend: str
    cross_check: CrossCheck
    calendar: str


class Explanation(ABC):
    """Works out the parts of a decision that are only wanted when somebody reads them.

    Explanations compare equal, so that two decisions are equal when what they say is.
    """

    __slots__ = ()

    @abstractmethod
    def defeated(self) -> tuple[Defeated, ...]:
        """Rules whose conditions are met but which something else defeats."""

    @abstractmethod
    def rejected(self) -> tuple[Rejected, ...]:
        """Rules about this case that do not hold, with the tests that failed."""

    @abstractmethod
    def assumptions(self) -> tuple[Assumption, ...]:
        """Presumptions, legal readings and answered judgements the result rests on."""

    @abstractmethod
    def obligations(self) -> tuple[DutyItem, ...]:
        """What has to be done along with the outcome."""

    @abstractmethod
    def materials(self) -> tuple[MaterialItem, ...]:
        """What has to be handed in for the outcome."""

    @abstractmethod
    def alternatives(self) -> tuple[Alternative, ...]:
        """The other paths, and why they are open or closed."""

    @abstractmethod
    def provenance(self) -> Provenance | None:
        """The weakest provenance among the clauses that decided."""

    @abstractmethod
    def warnings(self) -> tuple[Caveat, ...]:
        """What a caseworker must be told or must review."""

    @abstractmethod
    def receipt(self) -> Receipt:
        """Everything needed to repeat the decision and to notice that something has changed."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Explanation)

    def __hash__(self) -> int:
        return 0


class _Given(Explanation):
    """The explanation of a decision that was sent or copied: every part was written down before."""

    __slots__ = ()

    def _written(self) -> NoReturn:
        raise AssertionError("every part of a decision that was sent stands in it")

    defeated = rejected = assumptions = obligations = materials = alternatives = _written
    provenance = warnings = receipt = _written


class Decision(_Part):
    """One decision about one matter of one case."""

    _explanation: Explanation = PrivateAttr()
    _linked: tuple[Caveat, ...] = PrivateAttr(default=())

    case_id: str | None
    file_id: str | None
    matter: str
    matter_label: str
    jurisdiction: str
    place: str
    status: Status
    outcome: str | None
    outcome_label: str | None
    modality: Modality | None
    possible: tuple[Possible, ...]
    findings: tuple[Finding, ...]
    missing: tuple[MissingFact, ...]
    conflicts: tuple[Conflict, ...]
    regimes: Regimes | None
    layers: tuple[LayerUse, ...]
    evidence: dict[str, str]

    @computed_field  # type: ignore[prop-decorator]
    @cached_property
    def defeated(self) -> tuple[Defeated, ...]:
        """Rules whose conditions are met but which something else defeats."""
        return self._explanation.defeated()

    @computed_field  # type: ignore[prop-decorator]
    @cached_property
    def rejected(self) -> tuple[Rejected, ...]:
        """Rules about this case that do not hold, with the tests that failed."""
        return self._explanation.rejected()

    @computed_field  # type: ignore[prop-decorator]
    @cached_property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Presumptions, legal readings and answered judgements the result rests on."""
        return self._explanation.assumptions()

    @computed_field  # type: ignore[prop-decorator]
    @cached_property
    def obligations(self) -> tuple[DutyItem, ...]:
        """What has to be done along with the outcome."""
        return self._explanation.obligations()

    @computed_field  # type: ignore[prop-decorator]
    @cached_property
    def materials(self) -> tuple[MaterialItem, ...]:
        """What has to be handed in for the outcome; deferrable materials may follow later."""
        return self._explanation.materials()

    @computed_field  # type: ignore[prop-decorator]
    @cached_property
    def alternatives(self) -> tuple[Alternative, ...]:
        """The other paths, and why they are open or closed."""
        return self._explanation.alternatives()

    @computed_field  # type: ignore[prop-decorator]
    @cached_property
    def provenance(self) -> Provenance | None:
        """The weakest provenance among the clauses that decided; None unless determined."""
        return self._explanation.provenance()

    @computed_field  # type: ignore[prop-decorator]
    @cached_property
    def warnings(self) -> tuple[Caveat, ...]:
        """What a caseworker must be told (notice) or must review."""
        return (*self._explanation.warnings(), *self._linked)

    @computed_field  # type: ignore[prop-decorator]
    @cached_property
    def receipt(self) -> Receipt:
        """Everything needed to repeat the decision and to notice that something has changed."""
        return self._explanation.receipt()

    def explained_by(self, explanation: Explanation) -> Decision:
        """This decision, its explanation to be written by `explanation` when it is read."""
        _set(self, "__pydantic_private__", {"_explanation": explanation, "_linked": ()})
        return self

    def linked(self, caveat: Caveat) -> Decision:
        """This decision with a warning about other cases of the same file."""
        other = self.model_copy(update={"warnings": (*self.warnings, caveat)})
        other._linked = (*self._linked, caveat)
        return other

    def _written_out(self) -> Self:
        """The same with every part written down, so that nothing of the engine hangs on it."""
        for part in type(self).model_computed_fields:
            getattr(self, part)
        other = self.model_copy()
        other._explanation = _Given()
        return other

    def __getstate__(self) -> dict[Any, Any]:
        return super(Decision, self._written_out()).__getstate__()

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return super(Decision, self._written_out()).__deepcopy__(memo)

    def reasons(self, lang: Lang = "zh") -> str:
        """The 说理 paragraph for the decision document."""
        return reasons(self, lang)
