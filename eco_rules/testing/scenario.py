"""What a scenario builds up and then asks about: a case, its decision, and readable failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from eco_rules.decision.decision import Decision
from eco_rules.engine.engine import Engine
from eco_rules.engine.interview import UNKNOWN, read_answer
from eco_rules.errors import CaseError
from eco_rules.ir.vocabulary import Vocabulary
from eco_rules.model.case import Case
from eco_rules.model.facts import FactSpec
from eco_rules.reporting.formats import to_text
from eco_rules.testing.known_warnings import is_known_warning
from eco_rules.words import Lang, Text

_NOT_DECIDED = Text("还没有“判断”这一步", "nothing was decided")


class UnmetError(AssertionError):
    """A step that does not hold for a decision: in short, and with the decision as a caseworker would read it."""

    def __init__(
        self, short: Text, decision: Decision, lang: Lang, wanted: object = None, found: object = None
    ) -> None:
        self.short = short
        self.wanted = wanted
        self.found = found
        super().__init__(f"{short.to(lang)}\n\n{to_text([decision], lang, receipt=False)}")


class Scenario:
    """The case under construction, and what came of deciding it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.place = ""
        self.act_date: Any = None
        self.decision_date: Any = None
        self.facts: dict[str, Any] = {}
        self.decisions: list[Decision] = []
        self.error: CaseError | None = None

    def state(self, name: str, text: str) -> None:
        """Give a fact as text; `无` is an empty set or list, `未知` leaves it out."""
        spec = self._spec(name)
        self.facts[name] = read_answer(text.strip(), spec.type if spec else "text", spec.values if spec else {})

    def record(self, name: str, table: Sequence[Sequence[str]]) -> None:
        """Give records as a table whose first row names the fields."""
        head, *rows = table
        self.facts[name] = [
            {field: None if cell.strip() in UNKNOWN else cell for field, cell in zip(head, row, strict=True)}
            for row in rows
        ]

    def decide(self, matter: str) -> None:
        """Decide; an error of the case is kept for a step that expects it."""
        case = Case(
            jurisdiction=self.place,
            act_date=self.act_date,
            decision_date=self.decision_date,
            matter=matter,
            facts=self.facts,
        )
        try:
            self.decisions.append(self._engine.decide(case))
        except CaseError as error:
            self.error = error

    @property
    def decision(self) -> Decision:
        """The last decision; a scenario that expected one fails with the error it got instead."""
        if not self.decisions:
            raise AssertionError(self.error_text or self.said(_NOT_DECIDED))
        return self.decisions[-1]

    def expect(
        self, found: object, wanted: object, what: Text, labels: Mapping[Any, str] = MappingProxyType({})
    ) -> None:
        """Compare, and show the whole decision when it differs; `labels` are the Chinese words for the values."""
        if found != wanted:
            said, shown = (labels.get(item, item) if isinstance(item, str) else item for item in (wanted, found))
            short = Text(f"{what.zh}：应为 {said}，实为 {shown}", f"{what.en}: expected {wanted}, found {found}")
            raise UnmetError(short, self.decision, self._engine.lang, wanted, found)

    def require(self, holds: object, what: Text) -> None:
        """Fail with the whole decision unless something holds."""
        if not holds:
            raise UnmetError(what, self.decision, self._engine.lang)

    def said(self, words: Text) -> str:
        """Words in the language of the engine."""
        return words.to(self._engine.lang)

    @property
    def error_text(self) -> str:
        """The error of the case, as it would be reported; empty where there is none."""
        return "\n".join(item.render(self._engine.lang) for item in self.error.diagnostics) if self.error else ""

    def fact_id(self, name: str) -> str:
        """Id of a fact written as id or label; the name itself when the vocabulary does not know it."""
        for vocabulary in self._vocabularies():
            key = vocabulary.find(name)
            if key is not None:
                return vocabulary.display(key)
        return name

    @property
    def outcomes(self) -> Mapping[str, str]:
        """Ids and labels of the outcomes the matter may have."""
        return self._engine.rulesets.matters[self.decision.matter].outcomes

    def outcome_id(self, name: str) -> str:
        """Id of an outcome written as id or label."""
        return next((ident for ident, label in self.outcomes.items() if name in (ident, label)), name)

    def require_warning_exists(self, text: str) -> None:
        """Fail where no warning could say this: denying it would always pass."""
        if not is_known_warning(self._engine.rulesets, self.decision.matter, text):
            unknown = Text(f"没有任何提醒的代码或者文字含“{text}”", f"no warning has this code or text: {text}")
            raise AssertionError(self.said(unknown))

    def _spec(self, name: str) -> FactSpec | None:
        for vocabulary in self._vocabularies():
            key = vocabulary.find(name)
            if key is not None:
                return vocabulary.spec(key)
        return None

    def _vocabularies(self) -> list[Vocabulary]:
        return list(self._engine.subjects.values())
