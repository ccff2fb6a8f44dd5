"""What a decision says, without texts: equal for two decisions that say the same."""

from __future__ import annotations

from eco_rules.decision.decision import Decision, DutyItem, Finding


def shown(decision: Decision) -> tuple[object, ...]:
    """The result, the rules behind it, what goes with it, and what is still possible and asked for."""
    return (
        decision.status,
        decision.outcome,
        decision.modality,
        frozenset((item.outcome, item.modality) for item in decision.possible),
        frozenset(_finding(item) for item in decision.findings),
        frozenset((item.rule, item.reason, item.by if item.reason != "rank" else "") for item in decision.defeated),
        frozenset(name for item in decision.conflicts for name in item.rules),
        frozenset(item.fact for item in decision.missing),
        frozenset(_duty(item) for item in decision.obligations),
        frozenset((*_duty(item), item.deferrable) for item in decision.materials),
        decision.regimes and (decision.regimes.applied, decision.regimes.old.fine, decision.regimes.new.fine),
        frozenset((item.code, item.level) for item in decision.warnings if not item.code.startswith(_PROVENANCE)),
    )


_PROVENANCE = "provenance-"
"""Warnings of clauses not read in full; they also depend on why rules do not hold."""


def _finding(item: Finding) -> tuple[object, ...]:
    cited = frozenset((clause.instrument, clause.locator) for clause in item.clauses)
    return item.rule, item.outcome, item.modality, cited


def _duty(item: DutyItem) -> tuple[object, ...]:
    return item.id, item.due, frozenset((clause.instrument, clause.locator) for clause in item.clauses)
