"""What one matter comes to: the results still possible, the status, and what to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eco_rules.decision.decision import MissingFact, Status
from eco_rules.engine.diagram import Builder, Diagram, leaves
from eco_rules.engine.lenient import milder
from eco_rules.engine.missing import Elsewhere, describe, missing_facts
from eco_rules.engine.regime import Regime
from eco_rules.engine.resolution import Result, outcomes_of, status_of
from eco_rules.ir.vocabulary import FactKey, Vocabulary
from eco_rules.model.matter import Matter


@dataclass(slots=True)
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
        if len(self.regimes) == 1:
            return self.regimes[0].gist.outcomes
        return outcomes_of(self.results)


def judge(
    matter: Matter, vocabulary: Vocabulary, regimes: Sequence[Regime], absent: Sequence[str], elsewhere: Elsewhere
) -> Judged:
    """Results, status and missing facts.

    `absent` are header dates without which it is not known which law applies; what the law of the dates
    that are known would ask for is asked for along with them.
    """
    if len(regimes) == 1 and not absent:
        return _alone(regimes[0], elsewhere)
    if any(not regime.stack.files for regime in regimes):
        return Judged(tuple(regimes), (), "not_applicable", ())
    if absent:
        dates = tuple(describe(vocabulary, FactKey(name), ()) for name in absent)
        asked = [item for regime in regimes for item in missing_facts((regime,), regime.diagram, elsewhere)]
        return Judged((), (), "undetermined", (*dates, *(item for item in asked if item.fact not in absent)))
    diagram = combined(matter, [regime.diagram for regime in regimes])
    results = tuple(leaves(diagram))
    status = status_of(results)
    missing = missing_facts(tuple(regimes), diagram, elsewhere) if status == "undetermined" else ()
    return Judged(tuple(regimes), results, status, missing)


def _alone(regime: Regime, elsewhere: Elsewhere) -> Judged:
    """What follows under one law is what its gist says; not applicable where nothing is in force."""
    gist, regimes = regime.gist, (regime,)
    status = gist.conclusion.status
    missing = missing_facts(regimes, gist.diagram, elsewhere) if status == "undetermined" else ()
    return Judged(regimes, gist.results, status, missing)


def combined(matter: Matter, diagrams: Sequence[Diagram[Result]]) -> Diagram[Result]:
    """The milder result of two laws, as a function of what is open under either."""
    if len(diagrams) == 1:
        return diagrams[0]
    builder: Builder[Result] = Builder()
    old, new = (builder.copy(diagram, index) for index, diagram in enumerate(diagrams))
    return builder.combine(old, new, lambda left, right: milder(matter, left, right)[0])
