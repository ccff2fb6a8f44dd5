"""The border: raw cases become typed facts, or a `CaseError` that lists everything that does not fit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from eco_rules.diagnostics import Problems, choose_from, suggest
from eco_rules.errors import CaseError
from eco_rules.ir.facts import matter_asked
from eco_rules.ir.vocabulary import FactKey, ValueProblemError, Vocabulary, find_value
from eco_rules.ir.wording import DATE_HELP, as_yaml
from eco_rules.loading.corpus import Corpus
from eco_rules.loading.punctuation import with_full_width
from eco_rules.model.case import Case
from eco_rules.model.condition import Path
from eco_rules.source import Span
from eco_rules.values.dates import parse_date
from eco_rules.values.kinds import Interval, Value, bounds, plain
from eco_rules.words import Text

Day = date | Interval

_DAYS = (str, date, type(None))
_REMEMBERED = 4096

OUTCOME_WORD = "outcome:"
"""Prefix under which another matter's outcome is asked for and answered."""


class Header(NamedTuple):
    """Dates and place of a case, typed. A date known to the month is an `Interval`."""

    place: str
    act_from: Day | None
    act_date: Day | None
    decision_date: Day


@dataclass(slots=True)
class Stated:
    """The facts of a case, typed; unknown ones are left out.

    `outcomes` are answers to what another matter left open: `outcome:<matter>: <outcome>`.
    """

    facts: dict[FactKey, Value]
    outcomes: dict[str, str]
    evidence: dict[str, str]

    def digest(self) -> str:
        """SHA-256 of the facts in a canonical form."""
        listed = sorted((str(key), plain(value)) for key, value in self.facts.items())
        listed += sorted(self.outcomes.items())
        return hashlib.sha256(json.dumps(listed, ensure_ascii=False, default=str).encode()).hexdigest()


class Border:
    """Reads cases against one corpus."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._headers: dict[tuple[object, ...], Header] = {}

    def header(self, case: Case) -> Header:
        """Type place and dates; many cases share them, so those that were right are remembered for a while.

        Raises:
            CaseError: an unknown place, a missing or impossible date.
        """
        place, act, decision = case.jurisdiction, case.act_date, case.decision_date
        if type(place) is not str or type(act) not in _DAYS or type(decision) not in _DAYS:
            return self._header(case)
        key = (place, act, decision)
        found = self._headers.get(key)
        if found is None:
            if len(self._headers) >= _REMEMBERED:
                self._headers = {}
            found = self._headers[key] = self._header(case)
        return found

    def _header(self, case: Case) -> Header:
        problems = Problems()
        place = self._corpus.places.find(str(case.jurisdiction or ""))
        if place is None:
            message = Text(f"未知辖区 `{case.jurisdiction}`", f"unknown place `{case.jurisdiction}`")
            near = suggest(str(case.jurisdiction), self._corpus.places.names)
            hint = near or Text(
                "写 GB/T 2260 代码（如 360700）或名称（如 江西省赣州市）",
                "write a GB/T 2260 code such as 360700, or a name",
            )
            problems.add("E709", message, span_of(case, ("jurisdiction",)), with_full_width(case.jurisdiction, hint))
        decision = self._day(case.decision_date, "decision_date", case, problems)
        if case.decision_date is None:
            problems.add(
                "E710",
                Text("缺少 `decision_date`（决定日）", "`decision_date` is missing"),
                span_of(case, ()),
                Text("写作 decision_date: 2024-04-10", "write decision_date: 2024-04-10"),
            )
        start, end = self._act(case, problems)
        if isinstance(end, date) and isinstance(decision, date) and decision < end:
            message = Text("决定日早于行为终了之日", "the decision is earlier than the end of the act")
            problems.add("E712", message, span_of(case, ("decision_date",)), _ORDER)
        if problems or place is None or decision is None:
            raise CaseError(problems.items)
        return Header(place, start, end, decision)

    def _act(self, case: Case, problems: Problems) -> tuple[Day | None, Day | None]:
        raw = case.act_date
        if not isinstance(raw, Mapping):
            day = self._day(raw, "act_date", case, problems)
            return day, day
        if set(raw) != {"from", "to"}:
            message = Text("`act_date` 应是日期或 {from, to}", "`act_date` is a date or {from, to}")
            problems.add("E705", message, span_of(case, ("act_date",)), with_full_width(raw, _PERIOD))
            return None, None
        start = self._day(raw["from"], "act_date", case, problems)
        end = self._day(raw["to"], "act_date", case, problems)
        if isinstance(start, date) and isinstance(end, date) and end < start:
            message = Text("`act_date` 的 to 早于 from", "`act_date`: `to` is earlier than `from`")
            problems.add("E705", message, span_of(case, ("act_date", "to")), _ORDER)
        return start, end

    def _day(self, raw: Any, name: str, case: Case, problems: Problems) -> Day | None:
        if raw is None or isinstance(raw, date):
            return raw
        if isinstance(raw, Mapping) and set(raw) == {"from", "to"} and name == "decision_date":
            low, high = (self._day(raw[end], name, case, problems) for end in ("from", "to"))
            if low is None or high is None:
                return None
            first, last = bounds(low)[0], bounds(high)[1]
            if isinstance(first, date) and isinstance(last, date) and first <= last:
                return first if first == last else Interval(first, last)
            message = Text(f"`{name}` 的 to 早于 from", f"`{name}`: `to` is earlier than `from`")
            problems.add("E705", message, span_of(case, (name, "to")), _ORDER)
            return None
        parsed = parse_date(str(raw))
        if parsed is None:
            problems.add(
                "E705",
                Text(f"`{name}` 不是有效日期：`{as_yaml(raw)}`", f"`{name}` is no valid date: `{as_yaml(raw)}`"),
                span_of(case, (name,)),
                with_full_width(raw, DATE_HELP),
            )
        return parsed

    def facts(self, case: Case, vocabularies: Iterable[Vocabulary]) -> Stated:
        """Type the facts; a name may belong to any of the vocabularies.

        Raises:
            CaseError: unknown facts or values, wrong types or units; all of them.
        """
        known = list(vocabularies)
        stated = _usual(case, known)
        if stated is None:
            return self._facts(case, known)
        if case.evidence:
            problems = Problems()
            stated.evidence = self._evidence(case, known, problems)
            if problems:
                raise CaseError(problems.items)
        return stated

    def _facts(self, case: Case, known: list[Vocabulary]) -> Stated:
        problems = Problems()
        if not isinstance(case.facts, Mapping):
            message = Text("`facts` 应是映射（事实项: 值）", "`facts` is a mapping (fact: value)")
            problems.add("E702", message, span_of(case, ("facts",)), with_full_width(case.facts, _PAIRS))
            raise CaseError(problems.items)
        facts: dict[FactKey, Value] = {}
        outcomes: dict[str, str] = {}
        replaced = _keys_given(case, known)
        for name, raw in case.facts.items():
            try:
                if str(name).startswith(OUTCOME_WORD):
                    self._outcome(str(name), raw, outcomes)
                    continue
                found = _find(str(name), known)
                if found is None:
                    self._unknown(str(name), known, span_of(case, ("facts", str(name)), key=True), problems)
                    continue
                vocabulary, key = found
                if key in replaced and name not in case.given:
                    continue  # the command line names it too, perhaps by its label
                value = vocabulary.parse(key, raw)
            except ValueProblemError as problem:
                hint = with_full_width(raw, problem.hint)
                problems.add(problem.code, problem.message, span_of(case, ("facts", str(name))), hint)
                continue
            if key in facts and facts[key] != value:
                message = Text(f"`{name}` 写了两次且不一致", f"`{name}` is given twice, differently")
                problems.add("E107", message, span_of(case, ("facts", str(name)), key=True), _ONCE)
            if value is not None:
                facts[key] = value
        evidence = self._evidence(case, known, problems) if case.evidence else {}
        if problems:
            raise CaseError(problems.items)
        return Stated(facts, outcomes, evidence)

    def _outcome(self, name: str, raw: Any, outcomes: dict[str, str]) -> None:
        """An answer to what another matter left open.

        Raises:
            ValueProblemError: an unknown matter or outcome.
        """
        question = name.removeprefix(OUTCOME_WORD)
        matter = self._corpus.matters.get(matter_asked(question))
        if matter is None:
            message = Text(f"没有事项 `{name}`", f"no matter `{name}`")
            raise ValueProblemError("E708", message, choose_from(name, list(self._corpus.matters)))
        if raw is not None:
            outcomes[question] = find_value(raw, matter.outcomes, matter.label)

    def _evidence(self, case: Case, known: list[Vocabulary], problems: Problems) -> dict[str, str]:
        found = {}
        for name, words in case.evidence.items():
            try:
                here = _find(str(name), known)
            except ValueProblemError as problem:
                problems.add(
                    problem.code, problem.message, span_of(case, ("evidence", str(name)), key=True), problem.hint
                )
                continue
            if here is None and name not in ("act_date", "decision_date", "jurisdiction"):
                self._unknown(str(name), known, span_of(case, ("evidence", str(name)), key=True), problems)
            else:
                found[here[0].display(here[1]) if here else str(name)] = str(words)
        return found

    def _unknown(self, name: str, known: list[Vocabulary], span: Span | None, problems: Problems) -> None:
        if any(name in vocabulary.facts and vocabulary.facts[name].header for vocabulary in known):
            message = Text(f"`{name}` 不在 facts 里写", f"`{name}` is not written under facts")
            hint = Text("请写在个案的最外层", "write it at the top level of the case")
            problems.add("E701", message, span, hint)
            return

        def nearest() -> Text | None:
            names = [item for vocabulary in known for item in vocabulary.names if not vocabulary.is_header(item)]
            return with_full_width(name, choose_from(name, names))

        problems.add("E701", Text(f"未知事实项 `{name}`", f"unknown fact `{name}`"), span, nearest)


_ORDER = Text("请核对两个日期", "check the two dates")
_ONCE = Text("请删去其中一个", "remove one of them")
_PAIRS = Text("每行写一个 事实项: 值", "write one fact: value a line")
_PERIOD = Text(
    "写作 2024-03-01 或 {from: 2024-03-01, to: 2024-04-01}", "write 2024-03-01 or {from: 2024-03-01, to: 2024-04-01}"
)


def _usual(case: Case, known: list[Vocabulary]) -> Stated | None:
    """The facts of a case that gives each once, by a plain name and as it should be; None for any other."""
    if type(case.facts) is not dict or case.given or len(known) != 1:
        return None
    readers = known[0].readers
    facts: dict[FactKey, Value] = {}
    for name, raw in case.facts.items():
        reader = readers.get(name)
        if reader is None:
            return None
        key, parse = reader
        if key in facts:
            return None
        try:
            value = parse(raw)
        except ValueProblemError:
            return None  # told with everything else that is wrong
        if value is not None:
            facts[key] = value
    return Stated(facts, {}, {})


def _keys_given(case: Case, known: list[Vocabulary]) -> set[FactKey]:
    """Facts given on the command line, whichever of their names was used."""
    if not case.given:
        return set()
    keys = set()
    for name in case.given & {str(name) for name in case.facts}:
        try:
            found = _find(name, known)
        except ValueProblemError:  # an ambiguous label; told where the facts are read
            continue
        if found is not None:
            keys.add(found[1])
    return keys


def _find(name: str, known: list[Vocabulary]) -> tuple[Vocabulary, FactKey] | None:
    for vocabulary in known:
        key = vocabulary.find(name)
        if key is not None and not vocabulary.spec(key).header:
            return vocabulary, key
    return None


def span_of(case: Case, path: Path, *, key: bool = False) -> Span | None:
    """Where a value (or its key) stands in the file a case was read from; None for a case made in Python."""
    if case.spans is None or not case.given.isdisjoint(str(step) for step in path):
        return None
    spans, base = case.spans
    found: Span = (spans.key if key else spans.value)((*base, *path))
    return found
