"""The fine each law provides for a case, and which of two laws is the lighter one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from eco_rules.engine.regime import Regime
from eco_rules.ir.vocabulary import FactKey
from eco_rules.loading.corpus import Corpus
from eco_rules.model.legal import Sanction
from eco_rules.values.kinds import bounds


@dataclass(frozen=True, slots=True)
class FineRange:
    """Lowest and highest fine in `unit`, and the clauses that provide it."""

    low: Decimal
    high: Decimal
    unit: str
    discretionary: bool
    refs: tuple[str, ...]


def fine(regime: Regime, corpus: Corpus) -> FineRange | None:
    """The fine of the sanction rules that hold; the heavier of several (法典第一千零五十五条).

    None when no sanction rule holds for sure, or when an amount depends on a fact that is unknown.
    """
    found = []
    for rule in regime.stack.rules:
        if rule.sanction is None or regime.truths[rule.holds] is False:
            continue
        if regime.truths[rule.holds] is None:
            return None
        clause = corpus.clause(rule.sanction)
        assert clause is not None  # checked on loading
        assert clause[1].sanction is not None
        amount = _amount(regime, clause[1].sanction)
        if amount is None:
            return None
        found.append(FineRange(*amount, clause[1].sanction.unit, clause[1].sanction.discretionary, (rule.sanction,)))
    if not found or len({item.unit for item in found}) > 1:
        return None
    return max(found, key=lambda item: (item.high, item.low))


def open_facts(regime: Regime, corpus: Corpus) -> list[int]:
    """Slots that keep the fine from being known."""
    slots = []
    for rule in regime.stack.rules:
        if rule.sanction is None or regime.truths[rule.holds] is False:
            continue
        node = regime.stack.program.expressions[rule.holds]
        slots += [atom.slot for atom in regime.reading.open_atoms(node)]
        clause = corpus.clause(rule.sanction)
        if clause and clause[1].sanction and clause[1].sanction.of:
            slot = regime.stack.table.find(FactKey(clause[1].sanction.of))
            if slot is not None and regime.filling.values[slot] is None:
                slots.append(slot)
    return list(dict.fromkeys(slots))


def _amount(regime: Regime, sanction: Sanction) -> tuple[Decimal, Decimal] | None:
    if sanction.fine is None:
        return Decimal(0), Decimal(0)
    if sanction.of is None:
        return sanction.fine.low, sanction.fine.high
    slot = regime.stack.table.find(FactKey(sanction.of))
    low, high = bounds(regime.filling.values[slot]) if slot is not None else (None, None)
    if not isinstance(low, int | Decimal) or low != high:
        return None
    return sanction.fine.low * low, sanction.fine.high * low


def lighter(old: FineRange, new: FineRange) -> str:
    """`old`, `new`, `tie` or `open`: upper bounds, then lower bounds, then 可以处 before 处.

    Fines in different units are not orderable (`open`).
    """
    if old.unit != new.unit:
        return "open"
    before, after = ((item.high, item.low, not item.discretionary) for item in (old, new))
    if before == after:
        return "tie"
    return "old" if before < after else "new"
