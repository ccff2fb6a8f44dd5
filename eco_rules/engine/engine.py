"""The engine: a corpus made ready once, then one decision a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from typing import Literal, get_args

from eco_rules.backends.base import Backend
from eco_rules.backends.derivations import computed
from eco_rules.decision.decision import Caveat, Citation, CrossCheck, Decision
from eco_rules.diagnostics import Diagnostic, Problems, choose_from
from eco_rules.engine.applicability import Timeline
from eco_rules.engine.border import Border, Header, Stated, span_of
from eco_rules.engine.gist import Conclusion, Gists
from eco_rules.engine.regime import Observer, Prepared
from eco_rules.engine.sitting import Docket, Sitting
from eco_rules.engine.writeup import Writer
from eco_rules.errors import BackendError, CaseError
from eco_rules.ir.checks import check
from eco_rules.ir.lower import Lowering
from eco_rules.ir.vocabulary import ValueProblemError, Vocabulary
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.loading.punctuation import with_full_width
from eco_rules.model.case import Case
from eco_rules.model.matter import Matter
from eco_rules.words import Lang, Text

BackendName = Literal["compiled", "reference", "rete"]


_REMEMBERED = 4096
"""Matters of a place and dates whose laws are kept ready."""


class Engine:
    """Decides cases against a corpus.

    Immutable after construction, safe to share between threads; what it keeps is bounded by the corpus,
    not by the number of cases. It never reads the clock.
    """

    def __init__(
        self,
        rulesets: Corpus,
        backend: BackendName = "compiled",
        cross_check: Literal["rete", "auto"] | None = None,
        lang: Lang = "zh",
        observer: Observer | None = None,
    ) -> None:
        """Check the corpus and make it ready.

        Args:
            rulesets: what `bundled_rulesets()` or `load_rulesets(…)` returned.
            backend: the evaluator that decides.
            cross_check: a second, independent evaluator; a difference raises `BackendError`. `auto` takes
                it where it is installed, and records `unavailable` in the receipt where it is not. Where
                Rete itself decides, the second one is the compiled evaluator.
            lang: language of what the program itself says.
            observer: is told of every evaluation. Decisions are the same, but slower: nothing is left out.

        Raises:
            RulesetError: a reference in the corpus is wrong; all problems are listed.
            BackendError: the backend is unknown or unavailable.
        """
        check(rulesets)
        self.rulesets = rulesets
        self.backend = backend
        self.lang: Lang = lang
        self._backend = load_backend(backend)
        self._second, self.cross_check = _second_engine(backend, cross_check)
        self._observer = observer
        self._timeline = Timeline(rulesets)
        self._border = Border(rulesets)
        self._writer = Writer(rulesets, backend, self.cross_check, lang)
        self.vocabularies = {
            matter.id: Vocabulary(rulesets.facts_of(matter), rulesets.units, lang)
            for matter in rulesets.matters.values()
        }
        self.subjects = {
            subject.id: Vocabulary(subject.facts, rulesets.units, lang) for subject in rulesets.subjects.values()
        }
        self._gists = Gists() if backend == "compiled" and self._second is None else None
        self._dockets: dict[tuple[str, Header], Docket] = {}
        self._ready: dict[tuple[str, tuple[str, ...], int, int], Prepared] = {}

    def with_ruleset(self, file: RulesetFile) -> Engine:
        """The same engine with one ruleset file in the place of the one of the same path.

        For versions of rules made from rules that were checked: nothing is checked again. What was made ready for
        other matters, and for places the file does not reach, is shared.
        """
        other = copy(self)
        other.rulesets = self.rulesets.with_ruleset(file)
        other._timeline = Timeline(other.rulesets)
        other._writer = Writer(other.rulesets, self.backend, self.cross_check, self.lang)
        other._dockets = {}
        other._gists = Gists() if self._gists is not None else None
        touched = (file.ruleset.matter, file.ruleset.jurisdiction)
        other._ready = {
            key: ready for key, ready in self._ready.items() if not (key[0] == touched[0] and touched[1] in key[1])
        }
        return other

    def decide(self, case: Case) -> Decision:
        """Decide the one matter a case names.

        Raises:
            CaseError: the case is wrong, or names no matter or several.
            BackendError: the two engines disagree.
        """
        matter = self._one_matter(case)
        sitting, header, stated = self._seated(case, (matter,))
        return self._writer.decision(case, matter, header, stated, sitting.judged(matter), sitting.elsewhere)

    def outcome(self, case: Case) -> Conclusion:
        """Status and outcomes still possible of the one matter a case names: what `decide` says, and no reasons.

        For those who count or sort many cases; `decide` costs some four times as much.

        Raises:
            CaseError: the case is wrong, or names no matter or several.
            BackendError: the two engines disagree.
        """
        matter = self._one_matter(case)
        stated = self._border.facts(case, (self.vocabularies[matter.id],))
        return Sitting(self, case, self._border.header(case), stated).conclusion(matter)

    def _one_matter(self, case: Case) -> Matter:
        if type(case.matter) is str and case.subject is None and case.matter in self.rulesets.matters:
            return self.rulesets.matters[case.matter]
        matters = self.matters_of(case)
        if len(matters) != 1:
            names = Text("、", ", ").joined(matter.id for matter in matters)
            message = Text(
                f"decide 只判断一个事项，本案有：{names.zh}", f"decide takes one matter, the case has: {names.en}"
            )
            hint = Text("请指明 matter，或用 decide_all", "name one `matter`, or use decide_all")
            raise CaseError([Diagnostic("E708", message, span_of(case, ()), hint)])
        return matters[0]

    def decide_all(self, case: Case) -> tuple[Decision, ...]:
        """Decide every matter the case names, or every matter of its subject.

        Raises:
            CaseError: the case is wrong.
            BackendError: the two engines disagree.
        """
        return self._decide(case, self.matters_of(case))

    def decide_file(self, cases: Sequence[Case]) -> list[Decision]:
        """Decide several cases, each on its own; cases of one `file_id` are told of each other.

        A decision is warned when another violation of the same file is excluded from leniency.

        Raises:
            CaseError: a case is wrong.
            BackendError: the two engines disagree.
        """
        return self.link([decision for case in cases for decision in self.decide_all(case)])

    def link(self, decisions: Sequence[Decision]) -> list[Decision]:
        """Warn each decision of others of its `file_id` that are excluded from leniency."""
        return [self._linked(decision, decisions) for decision in decisions]

    def _linked(self, decision: Decision, decisions: Sequence[Decision]) -> Decision:
        order = self.rulesets.matters[decision.matter].leniency
        default = self.rulesets.matters[decision.matter].default
        if decision.file_id is None or default is None or not order:
            return decision
        severe = order[order.index(default.outcome) :]
        names = [
            other.case_id or "?"
            for other in decisions
            if other is not decision
            and other.file_id == decision.file_id
            and other.matter == decision.matter
            and other.outcome in severe
        ]
        if not names:
            return decision
        listed = Text("、", ", ").joined(names)
        message = Text(
            f"同一案卷的其他违法行为不适用从宽：{listed.zh}；各违法行为独立判断，请一并复核",
            f"other violations of the same file are excluded from leniency: {listed.en}; each is judged on its own",
        )
        caveat = Caveat(code="linked-case-excluded", level="review", message=message.to(self.lang))
        return decision.linked(caveat)

    def matters_of(self, case: Case) -> list[Matter]:
        """The matters a case asks about.

        Raises:
            CaseError: an unknown matter or subject, or none can be told from the facts.
        """
        known = self.rulesets.matters
        if case.matter:
            names = [case.matter] if isinstance(case.matter, str) else list(case.matter)
            labels = {matter.label: matter for matter in known.values()}
            found = [known.get(name) or labels.get(name) for name in names]
            for name, matter in zip(names, found, strict=True):
                if matter is None:
                    message = Text(f"没有事项 `{name}`", f"no matter `{name}`")
                    hint = with_full_width(name, choose_from(name, [*known, *labels]))
                    raise CaseError([Diagnostic("E708", message, span_of(case, ("matter",)), hint)])
            matters = [matter for matter in found if matter is not None]
            odd = [matter for matter in matters if case.subject not in (None, matter.subject)]
            if odd:
                message = Text(
                    f"事项 `{odd[0].id}` 的主体是 `{odd[0].subject}`，不是 `{case.subject}`",
                    f"matter `{odd[0].id}` is about a `{odd[0].subject}`, not a `{case.subject}`",
                )
                hint = Text("请删去 subject，或改写 matter", "remove `subject`, or name another matter")
                raise CaseError([Diagnostic("E708", message, span_of(case, ("subject",)), hint)])
            return matters
        subject = case.subject or self._subject_of(case)
        matters = [matter for matter in known.values() if matter.subject == subject]
        if not matters:
            message = Text("看不出要判断哪个事项", "cannot tell which matter to decide")
            raise CaseError([Diagnostic("E708", message, span_of(case, ()), choose_from("", list(known)))])
        return matters

    def _subject_of(self, case: Case) -> str | None:
        """The one subject whose vocabulary knows every fact given."""
        names = [str(name) for name in case.facts] if isinstance(case.facts, Mapping) else []
        fitting = []
        for subject, vocabulary in self.subjects.items():
            if names and all(_knows(vocabulary, name) for name in names):
                fitting.append(subject)
        return fitting[0] if len(fitting) == 1 else None

    def sitting(self, case: Case) -> Sitting:
        """The case before the engine, with the laws and values behind its decisions: what analyses look into.

        Raises:
            CaseError: the case is wrong.
        """
        return self._seated(case, self.matters_of(case))[0]

    def cite(self, refs: Iterable[str]) -> tuple[Citation, ...]:
        """Citations for `instrument#clause` references, as decisions carry them."""
        return self._writer.library.cite(refs)

    def _decide(self, case: Case, matters: list[Matter]) -> tuple[Decision, ...]:
        sitting, header, stated = self._seated(case, matters)
        return tuple(
            self._writer.decision(case, matter, header, stated, sitting.judged(matter), sitting.elsewhere)
            for matter in matters
        )

    def _seated(self, case: Case, matters: Sequence[Matter]) -> tuple[Sitting, Header, Stated]:
        header = self._border.header(case)
        stated = self._border.facts(case, [self.vocabularies[matter.id] for matter in matters])
        return Sitting(self, case, header, stated), header, stated

    def prepared(self, matter: Matter, place: str, day: date, procedure_day: date | None = None) -> Prepared:
        """The rules in force for a matter on a day in a place, ready for evaluation.

        `procedure_day` is the day whose procedure goes with them; by default the same.
        """
        places = self._timeline.layers(matter, place)
        second_day = procedure_day or day
        first, second = (self._timeline.epoch(matter, places, item) for item in (day, second_day))
        key = (matter.id, places, first, second)
        if key not in self._ready:
            # Two threads may both get here; they make equal values, and one of them stays.
            applicable = self._timeline.applicable(matter, places, day)
            procedure = self._timeline.applicable(matter, places, second_day).procedure
            # Procedure alone decides nothing: without rules of substance nothing is in force.
            files = (*applicable.substance, *procedure) if applicable.substance else ()
            stack = Lowering(self.rulesets, matter, files, day, Problems(), self.vocabularies[matter.id]).stack(
                applicable.unread
            )
            if self.backend == "compiled":
                stack = replace(stack, table=stack.table.computed_by(computed))
            self._ready[key] = Prepared(
                stack, applicable, second_day, self._backend, self._second, self._observer, self._gists
            )
        return self._ready[key]

    def docket(self, sitting: Sitting, matter: Matter, header: Header) -> Docket:
        """The laws a matter is judged under: worked out by the first case of such a header, remembered for a while."""
        key = (matter.id, header)
        found = self._dockets.get(key)
        if found is None:
            if len(self._dockets) >= _REMEMBERED:
                self._dockets = {}
            found = self._dockets[key] = sitting.docket(matter)
        return found

    def changes(self, matter: Matter, place: str) -> list[date]:
        """The days on which something of the matter begins or has ended in a place."""
        return self._timeline.changes(matter, self._timeline.layers(matter, place))

    def laws_between(self, matter: Matter, place: str, first: date, last: date) -> list[date]:
        """One day for each different law in force in a period, the last day included."""
        places = self._timeline.layers(matter, place)
        changes = {first, *(day for day in self._timeline.changes(matter, places) if first < day <= last), last}
        turns = {turn for day in changes for turn in self.prepared(matter, place, day).turns if first < turn < last}
        found: dict[tuple[object, ...], date] = {}
        for day in sorted(changes | turns):
            found[self.prepared(matter, place, day).law_on(day)] = day
        return list(found.values())

    def same_law(self, matter: Matter, place: str, first: date, last: date) -> bool:
        """Whether the same rules say the same on two days."""
        one, other = (self.prepared(matter, place, day).law_on(day) for day in (first, last))
        return one == other


def _knows(vocabulary: Vocabulary, name: str) -> bool:
    try:
        return vocabulary.find(name) is not None
    except ValueProblemError:  # an ambiguous label is known, too well
        return True


def _second_engine(backend: str, wanted: str | None) -> tuple[Backend | None, CrossCheck]:
    if wanted is None:
        return None, "off"
    if backend == "rete":  # an engine that agrees with itself proves nothing
        return load_backend("compiled"), "agreed"
    from eco_rules.backends import rete

    if wanted == "auto" and not rete.available():
        return None, "unavailable"
    rete.require()
    return rete.prepare, "agreed"


def load_backend(name: str) -> Backend:
    """The evaluator with this name, imported when it is first wanted.

    Raises:
        BackendError: unknown (E802) or unavailable (E801).
    """
    if name == "compiled":
        from eco_rules.backends.compiled import prepare as compiled

        return compiled
    if name == "reference":
        from eco_rules.backends.reference import prepare as reference

        return reference
    if name == "rete":
        from eco_rules.backends import rete

        rete.require()
        return rete.prepare
    message = Text(f"没有后端 `{name}`", f"no backend `{name}`")
    raise BackendError([Diagnostic("E802", message, None, choose_from(name, list(get_args(BackendName))))])
