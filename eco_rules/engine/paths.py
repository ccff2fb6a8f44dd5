"""Matters that stand behind the outcomes of another: the paths not taken, and what goes with the one that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from eco_rules.decision.decision import Alternative, DutyItem, PathState
from eco_rules.engine.compose import Composer
from eco_rules.engine.judge import Judged
from eco_rules.engine.library import Library
from eco_rules.model.matter import Matter
from eco_rules.words import Lang, marks


@dataclass(frozen=True, slots=True)
class Paths:
    """Reads the other matters of one case."""

    library: Library
    matter: Matter
    elsewhere: Callable[[str], Judged]
    lang: Lang

    def alternatives(self, taken: str | None) -> Iterator[Alternative]:
        """Every path but the one taken, then what is reported along with any."""
        for outcome, path in self.matter.paths.items():
            if outcome != taken:
                yield self._alternative(outcome, self.matter.outcomes[outcome], path.matter, path.outcomes)
        for name in self.matter.along:
            yield self._alternative(name, self.library.corpus.matters[name].label, name, ())

    def duties(self, taken: str | None) -> Iterator[DutyItem]:
        """Obligations and materials of the matter behind the path taken, and of those along."""
        names = [self.matter.paths[taken].matter] if taken in self.matter.paths else []
        for name in dict.fromkeys((*names, *self.matter.along)):
            judged = self.elsewhere(name)
            composer = self._composer(judged)
            if composer is not None and judged.status == "determined":
                yield from composer.duties(judged.outcomes[0])[0]

    def _alternative(self, path: str, label: str, name: str, wanted: tuple[str, ...]) -> Alternative:
        other, judged = self.library.corpus.matters[name], self.elsewhere(name)
        composer = self._composer(judged)
        outcome = judged.outcomes[0] if len(judged.outcomes) == 1 else None
        findings = composer.findings(outcome) if composer and outcome else ()
        settled = judged.status == "determined"
        state: PathState
        if not wanted:
            state = "along"
        elif judged.outcomes and not set(judged.outcomes) & set(wanted):
            state = "closed"
        else:
            state = "open" if settled else "unknown"
        mark = marks(self.lang)
        reasons: tuple[str, ...] = tuple(item.title for item in findings)
        if state == "closed" and composer:
            failed = [item for item in composer.rejected() if item.outcome in wanted]
            reasons += tuple(f"{item.title}{mark.colon}{mark.semicolon.join(item.because)}" for item in failed)
        elif not settled:
            reasons = tuple(item.question for item in judged.missing)
        return Alternative.made(
            path=path,
            label=label,
            state=state,
            matter=name,
            status=judged.status,
            outcome=outcome,
            outcome_label=other.outcomes[outcome] if outcome else None,
            modality=judged.result.modality if judged.result and settled else None,
            findings=findings if state in ("open", "along") else (),
            reasons=reasons,
        )

    def _composer(self, judged: Judged) -> Composer | None:
        return Composer(self.library, judged.regimes[-1], self.lang) if judged.regimes else None
