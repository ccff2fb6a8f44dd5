"""Rows under the same laws → classes of rows about which the engine says the same.

A class is told by what resolution looks at: the state of every group of rules, the rule that carries the
outcome, and where facts are missing, what each fact can still do. One row of each class is then decided by
the engine itself, so that everything a table shows of it is the engine's own answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from eco_rules.backends.columnar import (
    Bits,
    Coded,
    Column,
    Rails,
    either,
)
from eco_rules.batch.combined import combined
from eco_rules.batch.law import Law
from eco_rules.engine.diagram import leaves, variables
from eco_rules.engine.judge import Judged
from eco_rules.engine.judge import combined as judged_together
from eco_rules.engine.resolution import status_of
from eco_rules.ir.lower import RuleCode
from eco_rules.loading.corpus import Corpus
from eco_rules.model.matter import Matter
from eco_rules.truth import Truth

_WORD = 30
"""Truths packed into one number, two bits each."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from the states of the groups, before it is written up; `waiting`: what it still depends on."""

    status: str
    outcome: str | None
    modality: str | None
    waiting: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Classes:
    """The class of each row, what is known of each class, and the rows that only the row engine decides."""

    codes: pl.Series
    keys: Sequence[tuple[object, ...]]
    verdicts: Sequence[Verdict]
    beyond: Bits


def classify(matter: Matter, corpus: Corpus, laws: Sequence[Law], height: int) -> Classes:
    """The classes of some rows under the laws that govern them."""
    beyond: list[Bits] = [bits for law in laws for bits in law.disputed]
    packed = [_pack(law.states(), height) for law in laws]
    joined = combined(packed, height)
    verdicts = [_verdict(matter, laws, states) for states in joined.values]  # type: ignore[arg-type]
    parts: list[Column] = [Coded(joined.codes, range(len(joined.values)))]
    if len(laws) > 1:
        for law in laws:
            parts.append(_pack([law.rails[rule.holds] for rule in law.sanctions()], height))
            beyond += [law.rails[rule.holds].may for rule in law.sanctions() if _by_amount(rule, corpus)]
    coded_verdicts = Coded(joined.codes, [verdict.outcome for verdict in verdicts])
    for outcome in {verdict.outcome for verdict in verdicts if verdict.outcome is not None}:
        among = coded_verdicts.bits([verdict.outcome == outcome for verdict in verdicts])
        for law in laws:
            winner = law.winner(outcome, among)
            parts.append(Coded(winner, range(len(law.stack.rules) + 1)))
    whole = combined(parts, height)
    keys = [(joined.values[first], *rest) for first, *rest in whole.values]  # type: ignore[index]
    return Classes(whole.codes, keys, [verdicts[item[0]] for item in whole.values], either(beyond))  # type: ignore[index]


def _by_amount(rule: RuleCode, corpus: Corpus) -> bool:
    """Whether a fine is a share of some amount of the case."""
    found = corpus.clause(rule.sanction or "")
    return found is not None and found[1].sanction is not None and found[1].sanction.of is not None


def _verdict(matter: Matter, laws: Sequence[Law], states: Sequence[tuple[Truth, ...]]) -> Verdict:
    """What resolution makes of the states, as for a single case."""
    diagrams = [
        law.prepared.resolver.diagram(tuple(state[:-1]), state[-1]) for law, state in zip(laws, states, strict=True)
    ]
    diagram = judged_together(matter, diagrams)
    results = tuple(leaves(diagram))
    status = status_of(results)
    judged = Judged((), results, status, ())
    outcome = judged.outcomes[0] if len(judged.outcomes) == 1 else None
    modality = judged.result.modality if judged.result and status == "determined" else None
    return Verdict(status, outcome, modality, tuple(variables(diagram)))


def _pack(rails: Sequence[Rails], height: int) -> Coded:
    """The truths of several expressions as one column of tuples."""
    words = [_word(rails[at : at + _WORD], height) for at in range(0, len(rails), _WORD)]
    if not words:
        return Coded(pl.zeros(height, pl.UInt8, eager=True), [()])
    found = combined(words, height)
    return Coded(found.codes, [tuple(truth for word in values for truth in word) for values in found.values])  # type: ignore[union-attr,misc]


def _word(rails: Sequence[Rails], height: int) -> Coded:
    """Up to thirty truths, packed into bytes and those into one number."""
    total = pl.zeros(height, pl.UInt64, eager=True)
    for at in range(0, len(rails), 4):
        byte = _byte(rails[at : at + 4])
        if byte is not None:
            total = total + byte.cast(pl.UInt64) * (1 << (2 * at))
    distinct = total.unique().sort()
    values = [tuple(_unpacked(rail, number >> (2 * at)) for at, rail in enumerate(rails)) for number in distinct]
    codes = distinct.search_sorted(total) if len(distinct) > 1 else pl.zeros(height, pl.UInt8, eager=True)
    return Coded(codes.cast(pl.UInt32), values)  # type: ignore[arg-type]


def _byte(rails: Sequence[Rails]) -> pl.Series | None:
    total: pl.Series | None = None
    for at, rail in enumerate(rails):
        for bits, weight in ((rail.must, 1 << (2 * at)), (rail.may, 2 << (2 * at))):
            if isinstance(bits, pl.Series):
                part = bits.cast(pl.UInt8) * weight
                total = part if total is None else total + part
    return total


def _unpacked(rail: Rails, bits: int) -> Truth:
    must = rail.must if isinstance(rail.must, bool) else bool(bits & 1)
    may = rail.may if isinstance(rail.may, bool) else bool(bits & 2)
    return True if must else None if may else False
