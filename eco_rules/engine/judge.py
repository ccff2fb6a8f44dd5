"""One table from possible results to a status, 从旧兼从轻 between two laws, and the finished decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Literal

from eco_rules.decision.decision import (
    Caveat,
    CrossCheck,
    Decision,
    Explanation,
    FileStamp,
    Fine,
    MissingFact,
    Possible,
    Receipt,
    Regimes,
    RegimeSide,
    Status,
)
from eco_rules.engine.border import Day, Header, Stated
from eco_rules.engine.caveats import caveats
from eco_rules.engine.compose import Composer
from eco_rules.engine.diagram import Builder, Diagram, leaves
from eco_rules.engine.library import Library
from eco_rules.engine.missing import describe, missing_facts
from eco_rules.engine.regime import Regime
from eco_rules.engine.resolution import Result
from eco_rules.engine.sanctions import fine, lighter, open_facts
from eco_rules.ir.vocabulary import FactKey, Vocabulary
from eco_rules.loading.corpus import Corpus
from eco_rules.model.case import Case
from eco_rules.model.matter import Matter
from eco_rules.values.kinds import Interval
from eco_rules.values.workdays import calendar_version
from eco_rules.words import Lang, Text

Applied = Literal["old", "new", "open"]


@dataclass(frozen=True, slots=True)
class Judged:
    """What one matter comes to, before it is written up."""

    regimes: tuple[Regime, ...]
    results: tuple[Result, ...]
    status: Status
    missing: tuple[MissingFact, ...]

    @property
    def result(self) -> Result | None:
        """The one result, when there is only one."""
        return self.results[0] if len(self.results) == 1 else None

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes still possible; empty when something else than an outcome is possible."""
        if any(result.kind != "outcome" for result in self.results):
            return ()
        return tuple(dict.fromkeys(result.outcome for result in self.results if result.outcome))


class Judge:
    """Turns regimes into decisions for one corpus."""

    def __init__(self, corpus: Corpus, backend: str, cross_check: CrossCheck, lang: Lang) -> None:
        self._corpus = corpus
        self._library = Library(corpus)
        self._backend = backend
        self._cross_check = cross_check
        self._lang: Lang = lang
        self._engine = f"eco_rules {version('eco_rules')}"
        self._calendar = calendar_version()
        self._stamps = {stamp.id: FileStamp(id=stamp.id, sha256=stamp.sha256) for stamp in corpus.stamps}

    def judge(
        self,
        matter: Matter,
        regimes: Sequence[Regime],
        absent: Sequence[str],
        elsewhere: Callable[[str], tuple[MissingFact, ...]],
    ) -> Judged:
        """Results, status and missing facts.

        `absent` are header dates without which it is not known which law applies; what the law of the
        dates that are known would ask for is asked for along with them.
        """
        if any(not regime.stack.files for regime in regimes):
            return Judged(tuple(regimes), (), "not_applicable", ())
        if absent:
            vocabulary = Vocabulary(self._corpus.facts_of(matter), self._corpus.units)
            dates = tuple(describe(vocabulary, FactKey(name), ()) for name in absent)
            more = tuple(
                item
                for regime in regimes
                for item in missing_facts((regime,), regime.diagram, elsewhere)
                if item.fact not in absent
            )
            return Judged((), (), "undetermined", (*dates, *more))
        diagram = self._combined(matter, regimes)
        results = tuple(leaves(diagram))
        status = _status(results)
        undetermined = status == "undetermined"
        missing = missing_facts(tuple(regimes), diagram, elsewhere) if undetermined else ()
        return Judged(tuple(regimes), results, status, missing)

    def _combined(self, matter: Matter, regimes: Sequence[Regime]) -> Diagram[Result]:
        if len(regimes) == 1:
            return regimes[0].diagram
        builder: Builder[Result] = Builder()
        old, new = (builder.copy(regime.diagram, index) for index, regime in enumerate(regimes))
        return builder.combine(old, new, lambda left, right: _lenient(matter, left, right)[0])

    def decision(self, case: Case, matter: Matter, header: Header, stated: Stated, judged: Judged) -> Decision:
        """Write the decision up."""
        regimes, applied = self._regimes(matter, judged)
        composer = Composer(self._library, applied, self._lang) if applied else None
        result = judged.result
        outcome = judged.outcomes[0] if len(judged.outcomes) == 1 else None
        settled = judged.status == "determined"
        findings = composer.findings(Result("outcome", outcome)) if composer and outcome else ()
        by_default = bool(findings) and findings[0].rule.endswith("/default")
        duties, open_duties = composer.obligations(outcome) if composer and settled else ((), ())
        provenance = composer.provenance(findings, by_failure=by_default) if composer and settled else None
        warnings: tuple[Caveat, ...] = ()
        if composer and applied:
            warnings = (
                *caveats(self._corpus, judged.regimes, findings, provenance, self._lang),
                *composer.notices(outcome),
                *open_duties,
                *self._open_law(judged, regimes),
            )
        decision = Decision.model_construct(
            case_id=case.id,
            file_id=case.file_id,
            matter=matter.id,
            matter_label=matter.label,
            jurisdiction=header.place,
            place=self._corpus.places.name(header.place),
            status=judged.status,
            outcome=outcome,
            outcome_label=matter.outcomes[outcome] if outcome else None,
            modality=result.modality if result and settled else None,
            possible=tuple(
                Possible.model_construct(
                    outcome=item.outcome, modality=item.modality, label=matter.outcomes[item.outcome]
                )
                for item in judged.results
                if item.outcome is not None
            ),
            findings=findings,
            defeated=composer.defeated(result) if composer else (),
            missing=judged.missing,
            conflicts=composer.conflicts(result) if composer and result and result.kind == "clash" else (),
            alternatives=(),
            materials=(),
            regimes=regimes,
            obligations=duties,
            warnings=_unique(warnings),
            layers=composer.layers() if composer else (),
            provenance=provenance,
            evidence=stated.evidence,
        )
        return decision.explained_by(
            Explanation(
                composer.rejected if composer else tuple,
                composer.assumptions if composer else tuple,
                lambda: self._receipt(header, stated, applied),
            )
        )

    def _receipt(self, header: Header, stated: Stated, regime: Regime | None) -> Receipt:
        files = regime.stack.files if regime else ()
        return Receipt.model_construct(
            engine=self._engine,
            format=1,
            rulesets=tuple(self._stamps[file.stamp.id] for file in files),
            files=tuple(self._stamps.values()),
            act_date=_day_text(header.act_date),
            decision_date=_day_text(header.decision_date) or "",
            facts_sha256=stated.digest(),
            backend=self._backend,
            cross_check=self._cross_check,
            calendar=self._calendar,
        )

    def _regimes(self, matter: Matter, judged: Judged) -> tuple[Regimes | None, Regime | None]:
        """Both sides of a comparison, and the regime the decision is written from."""
        if len(judged.regimes) < 2:
            return None, judged.regimes[0] if judged.regimes else None
        old, new = judged.regimes
        applied, reason = self._applied(matter, judged)
        sides = [self._side(regime) for regime in (old, new)]
        compared = Regimes.model_construct(applied=applied, old=sides[0], new=sides[1], reason=reason.to(self._lang))
        return compared, new if applied == "new" else old

    def _applied(self, matter: Matter, judged: Judged) -> tuple[Applied, Text]:
        """Which law applies, whatever the open facts turn out to be; `open` when that depends on them."""
        old, new = judged.regimes
        choices = {_lenient(matter, left, right)[1] for left in leaves(old.diagram) for right in leaves(new.diagram)}
        by_fine, reason = self._by_fine(old, new) if "tie" in choices else (None, None)
        sides = {by_fine if choice == "tie" else choice for choice in choices}
        if sides in ({"old"}, {"new"}):
            side: Applied = "old" if sides == {"old"} else "new"
            law = "旧法" if side == "old" else "新法"
            milder = Text(f"{law}的结论较轻（从旧兼从轻）", f"the {side} law gives the milder outcome")
            return side, milder if "tie" not in choices or reason is None else reason
        if len(choices) == 1 and reason is not None:
            return "open", reason
        return "open", Text(
            "待查明的事实可能改变新旧法的比较", "open facts may still change the comparison of the two laws"
        )

    def _by_fine(self, old: Regime, new: Regime) -> tuple[Applied, Text]:
        """The comparison of the fines when both laws give the same outcome."""
        before, after = fine(old, self._corpus), fine(new, self._corpus)
        if before is None or after is None:
            return "open", Text("新旧法结论相同；罚款幅度尚不能比较", "same outcome; the fines cannot be compared yet")
        order = lighter(before, after)
        if order == "open":
            return "open", Text(
                "新旧法结论相同；罚款单位不同，须由法制人员判断", "same outcome; the fines differ in unit"
            )
        if order == "tie":
            return "old", Text("新旧法轻重相同，适用旧法", "equally severe: the old law applies")
        if order == "old":
            return "old", Text("结论相同，旧法的罚款较轻", "same outcome; the old law's fine is lower")
        return "new", Text("结论相同，新法的罚款较轻", "same outcome; the new law's fine is lower")

    def _side(self, regime: Regime) -> RegimeSide:
        ends = tuple(leaves(regime.diagram))
        one = ends[0] if len(ends) == 1 else None
        amount = fine(regime, self._corpus)
        shown = None
        if amount is not None:
            shown = Fine.model_construct(
                low=f"{amount.low.normalize():f}",
                high=f"{amount.high.normalize():f}",
                unit=amount.unit,
                discretionary=amount.discretionary,
                clauses=self._library.cite(amount.refs),
            )
        return RegimeSide.model_construct(
            date=regime.day,
            status=_status(ends),
            outcome=one.outcome if one else None,
            outcome_label=regime.stack.matter.outcomes[one.outcome] if one and one.outcome else None,
            modality=one.modality if one else None,
            fine=shown,
        )

    def _open_law(self, judged: Judged, regimes: Regimes | None) -> tuple[Caveat, ...]:
        """When the outcome is settled but the governing law is not: a review, naming what would tell."""
        if regimes is None or regimes.applied != "open" or judged.status != "determined":
            return ()
        labels = []
        for regime in judged.regimes:
            table = regime.stack.table
            labels += [table.vocabulary.label(table.slots[slot].key) for slot in open_facts(regime, self._corpus)]
        names = "、".join(dict.fromkeys(labels))
        message = Text(
            f"适用新法还是旧法尚未确定：{regimes.reason}" + (f"；取决于 {names}" if names else ""),
            f"which law applies is open: {regimes.reason}" + (f"; it depends on {names}" if names else ""),
        )
        return (
            Caveat.model_construct(
                code="governing-law-open", level="review", message=message.to(self._lang), clauses=()
            ),
        )


def _status(results: Sequence[Result]) -> Status:
    """The status table: the first row that fits."""
    if len(results) > 1:
        return "undetermined"
    kind = results[0].kind
    if kind == "clash":
        return "conflict"
    if kind == "outcome":
        return "determined"
    return "undetermined" if kind == "unread" else "no_rule"


def _lenient(matter: Matter, old: Result, new: Result) -> tuple[Result, Literal["old", "new", "tie"]]:
    """从旧兼从轻 between two results: the milder outcome, then 应当 before 可以, else the old law."""
    if old == new:
        return old, "tie"
    for kind in ("clash", "unread"):
        for result in (old, new):
            if result.kind == kind:
                return result, "old" if result is old else "new"
    if old.kind != "outcome" or new.kind != "outcome":
        return (old, "old") if old.kind == "outcome" else (new, "new")
    order = [(matter.leniency.index(item.outcome or ""), item.modality != "must") for item in (old, new)]
    return (old, "old") if order[0] < order[1] else (new, "new")


def _day_text(day: Day | None) -> str | None:
    if isinstance(day, Interval):
        return f"{day.low}..{day.high}"
    return day.isoformat() if isinstance(day, date) else None


def _unique(items: tuple[Caveat, ...]) -> tuple[Caveat, ...]:
    return tuple({(item.code, item.message): item for item in items}.values())
