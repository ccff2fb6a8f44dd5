"""The finished decision. What explains it is only worked out when somebody reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from eco_rules.decision.decision import (
    Alternative,
    Assumption,
    Caveat,
    CrossCheck,
    Decision,
    Defeated,
    DutyItem,
    Explanation,
    FileStamp,
    Finding,
    MaterialItem,
    Receipt,
    Regimes,
    Rejected,
)
from eco_rules.engine.border import Day, Header, Stated
from eco_rules.engine.caveats import caveats
from eco_rules.engine.compose import Composer
from eco_rules.engine.diagram import leaves
from eco_rules.engine.draft import Draft
from eco_rules.engine.gist import possible
from eco_rules.engine.judge import Judged
from eco_rules.engine.lenient import Comparison
from eco_rules.engine.library import Library
from eco_rules.engine.paths import Paths
from eco_rules.engine.regime import Regime
from eco_rules.engine.sanctions import open_facts
from eco_rules.loading.corpus import Corpus
from eco_rules.model.case import Case
from eco_rules.model.legal import Provenance
from eco_rules.model.matter import Matter
from eco_rules.values.kinds import Interval
from eco_rules.values.workdays import calendar_version
from eco_rules.words import Lang, Text, marks

_PLACES = 4096
"""Places whose name is kept ready."""


_OPEN: dict[str, Any] = dict.fromkeys(Decision.model_fields)
"""Every field of a decision in its order, still to be filled in."""


class Writer:
    """Writes decisions for one corpus."""

    def __init__(self, corpus: Corpus, backend: str, cross_check: CrossCheck, lang: Lang) -> None:
        self.library = Library(corpus, lang)
        self.lang: Lang = lang
        self._comparison = Comparison(self.library, lang)
        self._backend = backend
        self._cross_check = cross_check
        self._engine = f"eco_rules {version('eco_rules')}"
        self._calendar = calendar_version()
        self._place = lru_cache(maxsize=_PLACES)(lambda code: corpus.places.name(code, lang))
        self._stamps = {stamp.id: FileStamp(id=stamp.id, sha256=stamp.sha256) for stamp in corpus.stamps}

    def decision(
        self,
        case: Case,
        matter: Matter,
        header: Header,
        stated: Stated,
        judged: Judged,
        elsewhere: Callable[[str], Judged],
    ) -> Decision:
        """Write a decision up; `elsewhere` gives what other matters of the case come to."""
        regimes, applied = self._governing(matter, judged)
        draft = self._drafted(matter, judged, applied)
        findings: tuple[Finding, ...] = ()
        if applied is not None:
            values = applied.filling.values
            findings = tuple([quote.finding(values, self.lang) for quote in draft.quotes])
        decision = Decision.holding(
            {
                **draft.fields,
                "case_id": case.id,
                "file_id": case.file_id,
                "jurisdiction": header.place,
                "place": self._place(header.place),
                "findings": findings,
                "missing": judged.missing,
                "regimes": regimes,
                "evidence": stated.evidence,
            }
        )
        return decision.explained_by(
            _Account(self, judged, draft.outcome, findings, regimes, header, stated, applied, matter, elsewhere)
        )

    def _drafted(self, matter: Matter, judged: Judged, applied: Regime | None) -> Draft:
        """What the decision says whatever the values are: kept with the gist where one law decides."""
        if len(judged.regimes) != 1:
            return self._draft(matter, judged, applied)
        gist = judged.regimes[0].gist
        if gist.draft is None:
            gist.draft = self._draft(matter, judged, applied)
        return gist.draft

    def _draft(self, matter: Matter, judged: Judged, applied: Regime | None) -> Draft:
        composer = self.composer(applied)
        result, outcomes = judged.result, judged.outcomes
        outcome = outcomes[0] if len(outcomes) == 1 else None
        fields = _OPEN | {
            "matter": matter.id,
            "matter_label": matter.label,
            "status": judged.status,
            "outcome": outcome,
            "outcome_label": matter.outcomes[outcome] if outcome else None,
            "modality": result.modality if result and judged.status == "determined" else None,
            "possible": possible(matter, judged.results),
            "conflicts": composer.conflicts(result) if composer and result and result.kind == "clash" else (),
            "layers": composer.layers() if composer else (),
        }
        return Draft(fields, outcome, composer.quotes(outcome) if composer and outcome else ())

    def composer(self, applied: Regime | None) -> Composer | None:
        """Writes the parts of a decision under a law, where there is one."""
        return Composer(self.library, applied, self.lang) if applied is not None else None

    def _governing(self, matter: Matter, judged: Judged) -> tuple[Regimes | None, Regime | None]:
        """Both sides of a comparison, and the regime the decision is written from."""
        if len(judged.regimes) < 2:
            return None, judged.regimes[0] if judged.regimes else None
        old, new = judged.regimes
        compared = self._comparison.compare(matter, old, new)
        if compared.applied != "open":
            return compared, new if compared.applied == "new" else old
        # which law applies is open, what follows is not: the reasons are those of a law from which it follows
        giving = [regime for regime in judged.regimes if tuple(leaves(regime.diagram)) == judged.results]
        return compared, giving[0] if giving else old

    def receipt(self, header: Header, stated: Stated, regime: Regime | None) -> Receipt:
        """The receipt of a decision."""
        files = regime.stack.files if regime else ()
        return Receipt.made(
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


@dataclass(slots=True, eq=False)
class _Account(Explanation):
    """What explains one decision."""

    writer: Writer
    judged: Judged
    outcome: str | None
    findings: tuple[Finding, ...]
    regimes: Regimes | None
    header: Header
    stated: Stated
    applied: Regime | None
    matter: Matter
    elsewhere: Callable[[str], Judged]
    _composer: Composer | None = None

    @property
    def composer(self) -> Composer | None:
        """Writes the parts, made when the first is read."""
        if self._composer is None:
            self._composer = self.writer.composer(self.applied)
        return self._composer

    @property
    def paths(self) -> Paths:
        """The other matters of the case."""
        return Paths(self.writer.library, self.matter, self.elsewhere, self.writer.lang)

    def defeated(self) -> tuple[Defeated, ...]:
        return self.composer.defeated(self.judged.result) if self.composer else ()

    def rejected(self) -> tuple[Rejected, ...]:
        return self.composer.rejected() if self.composer else ()

    def assumptions(self) -> tuple[Assumption, ...]:
        return self.composer.assumptions() if self.composer else ()

    def obligations(self) -> tuple[DutyItem, ...]:
        return tuple(item for item in self._duties()[0] if not isinstance(item, MaterialItem))

    def materials(self) -> tuple[MaterialItem, ...]:
        return tuple(item for item in self._duties()[0] if isinstance(item, MaterialItem))

    def alternatives(self) -> tuple[Alternative, ...]:
        return tuple(self.paths.alternatives(self.outcome))

    def provenance(self) -> Provenance | None:
        if self.composer is None or self.judged.status != "determined":
            return None
        by_default = bool(self.findings) and self.findings[0].rule.endswith("/default")
        return self.composer.provenance(self.findings, by_failure=by_default)

    def warnings(self) -> tuple[Caveat, ...]:
        if self.composer is None:
            return ()
        found = (
            *caveats(
                self.writer.library.corpus, self.judged.regimes, self.findings, self.provenance(), self.writer.lang
            ),
            *self.composer.notices(self.outcome),
            *self._duties()[1],
            *self._open_law(),
            *self._unlisted_place(),
        )
        return tuple({(item.code, item.message): item for item in found}.values())

    def receipt(self) -> Receipt:
        return self.writer.receipt(self.header, self.stated, self.applied)

    def _duties(self) -> tuple[tuple[DutyItem, ...], tuple[Caveat, ...]]:
        if self.composer is None or self.judged.status != "determined":
            return (), ()
        duties, caveats = self.composer.duties(self.outcome)
        every = {(type(item), item.id): item for item in (*duties, *self.paths.duties(self.outcome))}
        return tuple(every.values()), caveats

    def _unlisted_place(self) -> tuple[Caveat, ...]:
        """A code nobody has listed may be a slip of the pen; the law of the place around it was used."""
        places = self.writer.library.corpus.places
        if places.listed(self.header.place):
            return ()
        name = places.name(self.header.place)
        message = Text(
            f"辖区代码没有收录名称，按其上级判断：{name}；请核对代码",
            f"a place of this code is not listed; the law of what contains it was used: {name}; check the code",
        )
        return (Caveat(code="place-not-listed", level="notice", message=message.to(self.writer.lang)),)

    def _open_law(self) -> tuple[Caveat, ...]:
        """When the outcome is settled but the governing law is not: a review, naming what would tell."""
        regimes = self.regimes
        if regimes is None or regimes.applied != "open" or self.judged.status != "determined":
            return ()
        labels = []
        for regime in self.judged.regimes:
            table = regime.stack.table
            slots = open_facts(regime, self.writer.library.corpus)
            labels += [table.vocabulary.label(table.slots[slot].key) for slot in slots]
        names = marks(self.writer.lang).between.join(dict.fromkeys(labels))
        message = Text(
            f"适用新法还是旧法尚未确定：{regimes.reason}" + (f"；取决于 {names}" if names else ""),
            f"which law applies is open: {regimes.reason}" + (f"; it depends on {names}" if names else ""),
        )
        return (Caveat(code="governing-law-open", level="review", message=message.to(self.writer.lang)),)


def _day_text(day: Day | None) -> str | None:
    if isinstance(day, Interval):
        return f"{day.low}..{day.high}"
    return day.isoformat() if isinstance(day, date) else None
