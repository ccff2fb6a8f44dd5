"""One case before the engine: which law applies, other matters first, each matter judged once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from eco_rules.decision.decision import MissingFact
from eco_rules.diagnostics import Diagnostic
from eco_rules.engine.border import OUTCOME_WORD, Day, Header, Stated, span_of
from eco_rules.engine.gist import Conclusion, conclusion
from eco_rules.engine.judge import Judged, judge
from eco_rules.engine.missing import describe
from eco_rules.engine.regime import Prepared, Regime, evaluate
from eco_rules.errors import CaseError
from eco_rules.ir.facts import matter_asked, outcome_key
from eco_rules.ir.vocabulary import FactKey, Vocabulary
from eco_rules.model.case import Case
from eco_rules.model.matter import Matter
from eco_rules.values.kinds import Interval, Members, Value
from eco_rules.words import Text

if TYPE_CHECKING:
    from eco_rules.engine.engine import Engine


class Law(NamedTuple):
    """The law of one day, and the dates of the case's header that it reads, as facts."""

    day: date
    prepared: Prepared
    dates: dict[FactKey, Value]


class Docket(NamedTuple):
    """The laws a matter is judged under for the place and dates of a case; `absent` names dates that would tell."""

    laws: tuple[Law, ...]
    absent: tuple[str, ...]


class Sitting:
    """Judges the matters of one case."""

    __slots__ = ("_case", "_done", "_engine", "_header", "_stated", "_then")

    def __init__(self, engine: Engine, case: Case, header: Header, stated: Stated) -> None:
        self._engine = engine
        self._case = case
        self._header = header
        self._stated = stated
        self._done: dict[str, Judged] = {}
        self._then: Sitting | None = None

    def judged(self, matter: Matter) -> Judged:
        """What a matter comes to; those it depends on are judged first.

        Raises:
            CaseError: something stated contradicts what follows from the rest of the case (E707).
        """
        judged = self._done.get(matter.id)
        if judged is None:
            docket = self._engine.docket(self, matter, self._header)
            regimes = [self._regime(law) for law in docket.laws]
            vocabulary = self._engine.vocabularies[matter.id]
            judged = judge(matter, vocabulary, regimes, docket.absent, self._missing_elsewhere)
            self._done[matter.id] = judged
        return judged

    def conclusion(self, matter: Matter) -> Conclusion:
        """The bare answer: what a matter comes to, without anything that would have to be written up.

        Raises:
            CaseError: something stated contradicts what follows from the rest of the case (E707).
        """
        docket = self._engine.docket(self, matter, self._header)
        if len(docket.laws) == 1 and not docket.absent:
            values = {**self._stated.facts, **docket.laws[0].dates}
            prepared = docket.laws[0].prepared.narrowed(values)
            filling = prepared.stack.table.fill(values)
            if not (prepared.stack.asks or prepared.observer or filling.disputed):
                return prepared.gist(filling.values).conclusion
        judged = self.judged(matter)
        return conclusion(judged.status, judged.results)

    def docket(self, matter: Matter) -> Docket:
        """The laws a matter is judged under: what depends on place and dates only."""
        days, header, procedure = self.days(matter), self._header, self.procedure_day(matter)
        dates: dict[FactKey, Value] = {
            FactKey("act_date"): header.act_date,
            FactKey("act_from"): header.act_from,
            FactKey("decision_date"): header.decision_date,
        }
        laws = [self._law(matter, day, procedure, dates) for day in days.values() if day is not None]
        return Docket(tuple(laws), tuple(name for name, day in days.items() if day is None))

    def _law(self, matter: Matter, day: date, procedure: date | None, dates: Mapping[FactKey, Value]) -> Law:
        prepared = self._engine.prepared(matter, self._header.place, day, procedure)
        every = {**dates, FactKey("law_date"): day}
        read = {key: value for key, value in every.items() if prepared.stack.table.find(key) is not None}
        return Law(day, prepared, read)

    def elsewhere(self, question: str) -> Judged:
        """What another matter comes to, on the dates of the case or as if decided on the day of the act."""
        name = matter_asked(question)
        sitting = self if name == question else self._on_act_date()
        if sitting is None:
            vocabulary = self._engine.vocabularies[name]
            return Judged((), (), "undetermined", (describe(vocabulary, FactKey("act_date"), ()),))
        return sitting.judged(self._engine.rulesets.matters[name])

    def _on_act_date(self) -> Sitting | None:
        """The case as if decided on the day of the act; None while that day is not known."""
        day = self._header.act_date
        if self._then is None and day is not None:
            self._then = Sitting(self._engine, self._case, self._header._replace(decision_date=day), self._stated)
        return self._then

    def _missing_elsewhere(self, name: str) -> tuple[MissingFact, ...]:
        """What another matter still asks for; if it cannot be settled by facts, its outcome itself."""
        judged = self.elsewhere(name)
        if judged.missing or judged.outcomes:
            return judged.missing
        matter = self._engine.rulesets.matters[matter_asked(name)]
        lang = self._engine.lang
        question = Text(
            f"“{matter.label}”没有得出结论（规定冲突、没有规则或者没有编入），请认定其结论",
            f"{matter.label}: no outcome follows (provisions conflict, no rule, or none encoded); what is the outcome?",
        )
        return (
            MissingFact.made(
                fact=OUTCOME_WORD + name,
                kind="legal_question",
                label=Text(f"{matter.label}的结论", f"outcome of {matter.label}").to(lang),
                question=question.to(lang),
                would_settle=(),
                type="enum",
                unit=None,
                values=dict(matter.outcomes),
            ),
        )

    def days(self, matter: Matter) -> dict[str, date | None]:
        """The days whose law counts; two only when the law changed between them. None: that date is missing."""
        rule = matter.dates.substance
        given = {"act_date": self._header.act_date, "decision_date": self._header.decision_date}
        names = ("act_date", "decision_date") if rule == "lenient" else (rule,)
        days = {name: self._one_law(matter, given[name]) for name in names}
        act, decision = days.get("act_date"), days.get("decision_date")
        if act is not None and decision is not None and self._same_law(matter, act, decision):
            return {"decision_date": decision}
        return days

    def _one_law(self, matter: Matter, day: Day | None) -> date | None:
        """The day; for a rough date its last day, if the law is the same throughout."""
        if not isinstance(day, Interval):
            return day
        low, high = day.low, day.high
        if isinstance(low, date) and isinstance(high, date):
            laws = self._engine.laws_between(matter, self._header.place, low, high)
            return high if len(laws) == 1 else None
        return None

    def procedure_day(self, matter: Matter) -> date | None:
        """The day whose procedure applies; None (the day of the substance) while it is not known."""
        day = self._header.act_date if matter.dates.procedure == "act_date" else self._header.decision_date
        high = day.high if isinstance(day, Interval) else day
        return high if isinstance(high, date) else None

    def _same_law(self, matter: Matter, first: date, second: date) -> bool:
        return self._engine.same_law(matter, self._header.place, first, second)

    def _regime(self, law: Law) -> Regime:
        values = {**self._stated.facts, **law.dates}
        prepared = law.prepared.narrowed(values)
        answered = _NOTHING
        if self._stated.outcomes:
            answered = frozenset(self._stated.outcomes) & frozenset(prepared.stack.asks)
        for name in prepared.stack.asks:
            possible = self._possible(name)
            if possible:
                values[outcome_key(name)] = Members(possible if len(possible) == 1 else frozenset(), possible)
        regime = evaluate(prepared, values, law.day, answered)
        if regime.filling.disputed:
            self._dispute(regime)
        return regime

    def _possible(self, name: str) -> frozenset[str]:
        """The outcomes another matter may have; an answer of the case narrows them, and may not contradict."""
        possible = frozenset(self.elsewhere(name).outcomes)
        answer = self._stated.outcomes.get(name)
        if answer is None:
            return possible
        if possible and answer not in possible:
            label = self._engine.rulesets.matters[matter_asked(name)].label
            message = Text(
                f"“{label}”的结论与规则得出的不同", f"the stated outcome of `{label}` differs from what follows"
            )
            raise CaseError([Diagnostic("E707", message, span_of(self._case, ("facts", OUTCOME_WORD + name)), _CHECK)])
        return frozenset({answer})

    def _dispute(self, regime: Regime) -> None:
        """A derived fact that was also stated, differently, is an error of the case."""
        table = regime.stack.table
        diagnostics = []
        for slot, computed in regime.filling.disputed:
            key = table.slots[slot].key
            message = _disputed(table.vocabulary, key, regime.filling.values[slot], computed)
            span = span_of(self._case, ("facts", table.vocabulary.display(key)))
            diagnostics.append(Diagnostic("E707", message, span, _CHECK))
        raise CaseError(diagnostics)


def _disputed(vocabulary: Vocabulary, key: FactKey, stated: Value, computed: Value) -> Text:
    """What was stated and what follows, in both languages."""
    said, derived = (
        Text(vocabulary.value_label(key, value, "zh"), vocabulary.value_label(key, value, "en"))
        for value in (stated, computed)
    )
    return Text(
        f"“{vocabulary.label(key, 'zh')}”写作 {said.zh}，但由其他事实推得 {derived.zh}",
        f"`{vocabulary.label(key, 'en')}` is given as {said.en} but derives as {derived.en}",
    )


_NOTHING: frozenset[str] = frozenset()
_CHECK = Text("请核对两处，改正或删去其中一处", "check both, and correct or remove one")
