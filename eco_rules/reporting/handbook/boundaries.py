"""Thresholds: each limit, from which side it is meant, and whether the limit itself counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from eco_rules.ir.nodes import Below, Constant, Node, Not, Ref, children
from eco_rules.ir.vocabulary import describe
from eco_rules.reporting.handbook.links import Links, Word
from eco_rules.reporting.handbook.lowered import Lowered
from eco_rules.reporting.handbook.prose import Teller
from eco_rules.reporting.handbook.uses import side_title
from eco_rules.words import Lang, Text

_UP = {False: Text("以上 ≥", "at least ≥"), True: Text("以上 >", "more than >")}
_DOWN = {False: Text("以下 ≤", "at most ≤"), True: Text("以下 <", "less than <")}
_SINCE = {False: Text("以后 ≥", "from ≥"), True: Text("以后 >", "after >")}
_UNTIL = {False: Text("以前 ≤", "until ≤"), True: Text("以前 <", "before <")}


@dataclass(frozen=True, slots=True)
class Boundary:
    """One limit of one fact and the rules and conditions that set it."""

    fact: Word
    limit: str
    side: str
    included: bool
    counts: str
    rules: tuple[Word, ...]


def boundaries(lowered: Lowered, teller: Teller, links: Links, shown: frozenset[str], lang: Lang) -> list[Boundary]:
    """Every limit of a ruleset, ordered by fact and value; `shown` are the rules and conditions that are."""
    found: dict[tuple[int, str, str, bool], list[str]] = {}
    order: dict[tuple[int, str, str, bool], tuple[str, Decimal]] = {}
    for name, node in lowered.nodes():
        if name and name not in shown:
            continue
        for atom, negated in _limits(lowered, node, negated=False):
            upper, strict = not negated, atom.inclusive is negated
            limit, is_date = _limit(lowered, teller, atom, lang)
            side = (_UNTIL if is_date else _DOWN)[strict] if upper else (_SINCE if is_date else _UP)[strict]
            key = (atom.slot, limit, side.to(lang), strict)
            order[key] = (teller.label(atom.slot).text, _size(atom.limit))
            if name not in found.setdefault(key, []):
                found[key].append(name)
    keys = sorted(found, key=lambda key: (*order[key], key[2]))
    return [
        Boundary(
            teller.label(slot),
            limit,
            side,
            not strict,
            _counts(limit, strict=strict).to(lang),
            tuple(_owner(lowered, name, links) for name in found[slot, limit, side, strict]),
        )
        for slot, limit, side, strict in keys
    ]


def _counts(limit: str, *, strict: bool) -> Text:
    """Whether the limit itself counts, in words."""
    if strict:
        return Text(f"不含：恰为 {limit} 的不成立", f"not included: {limit} itself does not hold")
    return Text(f"含：恰为 {limit} 的成立", f"included: {limit} itself holds")


def _size(limit: Constant | None) -> Decimal:
    """Where a limit stands among those of its fact; another fact has no size."""
    if isinstance(limit, date):
        return Decimal(limit.toordinal())
    return Decimal(limit) if isinstance(limit, int | Decimal) else Decimal(0)


def _limits(lowered: Lowered, node: Node, *, negated: bool) -> Iterator[tuple[Below, bool]]:
    """Bounds inside a node, and whether they are turned round; named conditions have rows of their own."""
    if isinstance(node, Below):
        yield node, negated
    elif isinstance(node, Not):
        yield from _limits(lowered, node.item, negated=not negated)
    elif isinstance(node, Ref):
        if node.index not in {index for _, index in lowered.stack.names.values()}:
            yield from _limits(lowered, lowered.stack.program.expressions[node.index], negated=negated)
    else:
        for item in children(node):
            yield from _limits(lowered, item, negated=negated)


def _limit(lowered: Lowered, teller: Teller, atom: Below, lang: Lang) -> tuple[str, bool]:
    """The limit in words, and whether it is a day."""
    if atom.limit is None:
        other = lowered.stack.table.slots[atom.other or 0].key
        return teller.label(atom.other or 0).text, lowered.stack.table.vocabulary.spec(other).type == "date"
    spec = lowered.stack.table.vocabulary.spec(lowered.stack.table.slots[atom.slot].key)
    return describe(atom.limit, spec.values, spec.unit, lang), isinstance(atom.limit, date)


def _owner(lowered: Lowered, name: str, links: Links) -> Word:
    """The rule, condition or duty a limit stands in; the ruleset itself where the name is empty."""
    ruleset = lowered.file.ruleset
    titles = {ident: item.title for ident, item in ruleset.conditions.items()} | {r.id: r.title for r in ruleset.rules}
    if name in titles:
        return Word(titles[name], links.part(f"{ruleset.id}/{name}", [lowered.file]))
    sides = {item.id: item for items in ruleset.sides.values() for item in items}
    if name in sides:
        return Word(side_title(sides[name]), f"{links.ruleset(lowered.file)}#side-{name}")
    return Word(ruleset.title, links.ruleset(lowered.file))
