"""One mutant tried: the examples that could notice it, until one does; else a proof that nothing changed, or a case."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple, TypeAlias

from eco_rules.engine.engine import Engine
from eco_rules.errors import EcoRulesError, RulesetError
from eco_rules.ir.checks import check
from eco_rules.testing.mutation.baseline import Baseline, name_of
from eco_rules.testing.mutation.mutant import Mutant
from eco_rules.testing.mutation.skeleton import skeleton
from eco_rules.testing.mutation.witnesses import UnloadableError, Witnesses
from eco_rules.testing.suite import run
from eco_rules.words import Lang

Fate: TypeAlias = Literal["noticed", "rejected", "equivalent", "survived", "undecided"]
"""Noticed by a scenario; rejected when it is loaded; proven to decide the same; shown by a case to decide otherwise; or
neither proven nor shown."""

_RECENT = 5


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a mutant.

    `by` is the scenario that noticed it, or the code of the check that rejects it; `scenario` one that would notice a
    survivor; `reason` why there is none to show.
    """

    id: str
    fate: Fate
    by: str = ""
    scenario: str = ""
    reason: str = ""


class Earlier(NamedTuple):
    """What became of a mutant in an earlier run, and whether the rules and the program are still the same."""

    result: Result
    same_rules: bool


class MutantTrials:
    """Tries mutants one after the other; who noticed one is asked first about the next of the same rule."""

    def __init__(self, base: Baseline, *, prove: bool, lang: Lang = "zh") -> None:
        self._base = base
        # Most stacks of a mutant decide a case or two: generating code for them would cost more than it gains.
        self._engine = Engine(base.corpus, backend="reference", lang=lang)
        self._witnesses = Witnesses(base)
        self._numbers = {name_of(example): index for index, example in enumerate(base.examples)}
        self._prove = prove
        self._lang: Lang = lang
        self._recent: defaultdict[str, list[int]] = defaultdict(list)
        self._last = _last_day(base)

    def __call__(self, mutant: Mutant, earlier: Earlier | None = None) -> Result:
        """Try one mutant; what became of it `earlier` says whom to ask first, and what need not be proven again."""
        engine = self._engine.with_ruleset(mutant.mutated)
        try:
            if mutant.change.operator in ("rule", "modality"):
                check(engine.rulesets)  # others may refer to it, or give way to it
            able = self._witnesses.of(mutant)
        except (RulesetError, UnloadableError) as error:
            return Result(mutant.id, "rejected", error.code)
        recent, among = self._recent[mutant.rule], set(able)
        hint = self._numbers.get(earlier.result.by) if earlier else None
        first = [index for index in (hint, *reversed(recent)) if index in among]
        for index in dict.fromkeys((*first, *able)):
            assert index is not None  # nothing else is among those that are able
            if run(self._base.examples[index], engine) is not None:
                self._remember(recent, index)
                return Result(mutant.id, "noticed", name_of(self._base.examples[index]))
        if earlier is not None and earlier.same_rules and earlier.result.fate in ("survived", "undecided"):
            return earlier.result
        return self._unnoticed(mutant, engine)

    def _remember(self, recent: list[int], index: int) -> None:
        if index in recent:
            recent.remove(index)
        recent.append(index)
        del recent[:-_RECENT]

    def _unnoticed(self, mutant: Mutant, engine: Engine) -> Result:
        try:
            check(engine.rulesets)
        except RulesetError as error:
            return Result(mutant.id, "rejected", error.code)
        if not self._prove:
            return Result(mutant.id, "undecided")
        from eco_rules.analysis.verify.equivalence import Differs, Same, compare_everywhere

        try:
            verdict = compare_everywhere(self._engine, engine, mutant.file, self._period(mutant))
        except EcoRulesError as error:
            return Result(mutant.id, "undecided", reason=str(error))
        if isinstance(verdict, Same):
            return Result(mutant.id, "equivalent")
        if isinstance(verdict, Differs):
            return Result(mutant.id, "survived", scenario=skeleton(mutant, verdict.case, self._engine, engine))
        return Result(mutant.id, "undecided", reason=verdict.reason.to(self._lang))

    def _period(self, mutant: Mutant) -> tuple[date, date]:
        periods = (mutant.file.ruleset.effective, mutant.change.ruleset.effective)
        start = min(item.start for item in periods)
        ends = [item.end or self._last for item in periods]
        return start - timedelta(days=1), max(*ends, start) + timedelta(days=1)


def _last_day(base: Baseline) -> date:
    """A day after which no law changes any more."""
    corpus = base.corpus
    effective = [item.effective for item in corpus.instruments.values()]
    effective += [file.ruleset.effective for file in corpus.rulesets]
    return max(day for item in effective for day in (item.start, item.end) if day is not None) + timedelta(days=366)
