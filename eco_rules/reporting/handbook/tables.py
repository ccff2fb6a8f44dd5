"""Decision tables: rules that share what they ask, side by side.

Where the cases of a ruleset are told apart by one fact and each of its values leads to several outcomes (the
entries of a catalogue), a row is a value and a column an outcome. Elsewhere a row is a rule and a column a fact,
or a named condition, that several rules ask for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from eco_rules.ir.nodes import ATOM_KINDS, And, Below, Equals, Includes, Intersects, Node, Not, OneOf, Ref, conjunction
from eco_rules.ir.vocabulary import in_order
from eco_rules.model.matter import Matter
from eco_rules.model.ruleset import Rule
from eco_rules.reporting.handbook.links import Links, Word
from eco_rules.reporting.handbook.lowered import Lowered
from eco_rules.reporting.handbook.prose import Prose, Teller

_COLUMNS = 4
"""Facts that have a column; more do not fit on a page."""
_SHARED = 2
"""Rules that must ask for a fact before it gets a column; of many rules, one in eight."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one field: rules that lead there, each with what it asks; nothing where none does."""

    entries: tuple[tuple[Word, Prose | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it is about, its fields, what else is asked, and what follows."""

    anchor: str
    head: tuple[Word, ...]
    cells: tuple[Prose | Cell | None, ...]
    others: tuple[Prose, ...] = ()
    outcome: str = ""
    about: Prose | None = None

    def above(self, index: int) -> bool:
        """Whether some rule leads to an outcome further left."""
        return any(isinstance(cell, Cell) and cell.entries for cell in self.cells[:index])


@dataclass(frozen=True, slots=True)
class Table:
    """`by` is `outcome` or `fact`: what the columns are."""

    by: str
    about: Word | None
    columns: tuple[Word, ...]
    rows: tuple[Row, ...]


def table_of(
    lowered: Lowered, rules: Sequence[Rule], teller: Teller, links: Links, outcomes: dict[str, str]
) -> Table | None:
    """The table of a ruleset's rules; None where they have nothing in common. `outcomes` is what each rule leads to."""
    slot = guard_slot(lowered, rules)
    if slot is not None:
        rows = _by_value(lowered, rules, slot)
        if any(len({rule.then.outcome for rule in group}) > 1 for group in rows.values()):
            return _outcome_table(lowered, slot, rows, teller, links)
    return _fact_table(lowered, rules, teller, links, outcomes)


_Choice = Equals | OneOf | Includes | Intersects


def guard_slot(lowered: Lowered, rules: Sequence[Rule]) -> int | None:
    """The fact that the scope of every rule names values of; None where there is none."""
    named = [{part.slot for part in _parts(lowered.scope(rule)) if isinstance(part, _Choice)} for rule in rules]
    counted = Counter(slot for slots in named for slot in sorted(slots))
    return next((slot for slot, count in counted.most_common(1) if count == len(rules)), None)


def _parts(node: Node | None) -> tuple[Node, ...]:
    """What a condition demands, part by part."""
    if node is None:
        return ()
    return node.items if isinstance(node, And) and not _is_range(node) else (node,)


def _values(node: Node | None, slot: int) -> tuple[str, ...]:
    """The values a scope names of the fact in `slot`."""
    for part in _parts(node):
        if isinstance(part, _Choice) and part.slot == slot:
            return (str(part.value),) if isinstance(part, Equals) else tuple(sorted(part.values))
    return ()


def _rest(node: Node | None, slot: int) -> tuple[Node, ...]:
    """What a scope demands besides."""
    parts = _parts(node)
    first = next((part for part in parts if isinstance(part, _Choice) and part.slot == slot), None)
    return tuple(part for part in parts if part is not first)


def _by_value(lowered: Lowered, rules: Sequence[Rule], slot: int) -> dict[tuple[str, ...], list[Rule]]:
    found: dict[tuple[str, ...], list[Rule]] = {}
    for rule in rules:
        found.setdefault(_values(lowered.scope(rule), slot), []).append(rule)
    order = list(lowered.stack.table.vocabulary.spec(lowered.stack.table.slots[slot].key).values)
    place = {name: index for index, name in enumerate(order)}
    return dict(sorted(found.items(), key=lambda item: min(place.get(value, len(place)) for value in item[0])))


def _outcome_table(
    lowered: Lowered, slot: int, rows: dict[tuple[str, ...], list[Rule]], teller: Teller, links: Links
) -> Table:
    matter = lowered.stack.matter
    used = {rule.then.outcome for group in rows.values() for rule in group}
    columns = [name for name in ordered_outcomes(matter) if name in used]
    made = tuple(_value_row(lowered, slot, values, group, columns, teller, links) for values, group in rows.items())
    return Table("outcome", teller.label(slot), tuple(Word(matter.outcomes[name]) for name in columns), made)


def _value_row(
    lowered: Lowered,
    slot: int,
    values: tuple[str, ...],
    group: Sequence[Rule],
    columns: Sequence[str],
    teller: Teller,
    links: Links,
) -> Row:
    """A kind of case: what all of its rules demand stands under its name, what each demands in its field."""
    labels = lowered.stack.table.vocabulary.spec(lowered.stack.table.slots[slot].key).values
    rests = [_rest(lowered.scope(rule), slot) for rule in group]
    shared = rests[0] if all(rest == rests[0] for rest in rests) else ()
    cells = []
    for outcome in columns:
        entries = []
        for rule, rest in zip(group, rests, strict=True):
            if rule.then.outcome == outcome:
                asked = [*(() if shared else rest), *_parts(lowered.when(rule))]
                link = Word(rule.title, links.part(f"{lowered.file.ruleset.id}/{rule.id}", [lowered.file]))
                entries.append((link, teller.tell(conjunction(asked)) if asked else None))
        cells.append(Cell(tuple(entries)))
    head = tuple(Word(labels.get(name, name)) for name in in_order(values, labels))
    about = teller.tell(conjunction(list(shared))) if shared else None
    return Row(f"row-{'-'.join(values)}", head, tuple(cells), about=about)


def ordered_outcomes(matter: Matter) -> tuple[str, ...]:
    """The outcomes in the order they are settled, then as the matter lists them."""
    first = matter.strictness if matter.combine == "strictest" else matter.precedence
    return tuple(dict.fromkeys((*first, *matter.outcomes)))


Column = tuple[str, int]
"""A fact (`slot`) or a named condition (`ref`) that rules ask for."""


def _fact_table(
    lowered: Lowered, rules: Sequence[Rule], teller: Teller, links: Links, outcomes: dict[str, str]
) -> Table | None:
    asked = {rule.id: _parts(lowered.when(rule)) for rule in rules}
    counted = Counter(
        column for parts in asked.values() for column in dict.fromkeys(_column(lowered, part) for part in parts)
    )
    counted.pop(None, None)
    least = max(_SHARED, len(rules) // 8)
    columns = [column for column, count in counted.most_common(_COLUMNS) if column and count >= least]
    scoped = sum(rule.applies is not None for rule in rules)
    if len(rules) <= _SHARED or (not columns and scoped <= len(rules) // 2):
        return None
    heads = tuple(teller.label(index) if kind == "slot" else teller.column(Ref(index)) for kind, index in columns)
    return Table(
        "fact", None, heads, tuple(_row(lowered, r, asked[r.id], columns, teller, links, outcomes) for r in rules)
    )


def _row(
    lowered: Lowered,
    rule: Rule,
    parts: Sequence[Node],
    columns: Sequence[Column],
    teller: Teller,
    links: Links,
    outcomes: dict[str, str],
) -> Row:
    cells: list[Prose | None] = [None] * len(columns)
    others = []
    for part in parts:
        column = _column(lowered, part)
        if column is not None and column in columns and cells[columns.index(column)] is None:
            cells[columns.index(column)] = teller.wanted(part)
        else:
            others.append(teller.tell(part))
    link = Word(rule.title, links.part(f"{lowered.file.ruleset.id}/{rule.id}", [lowered.file]))
    scope = lowered.scope(rule)
    about = (teller.wanted(scope) if _column(lowered, scope) else teller.tell(scope)) if scope is not None else None
    return Row(f"row-{rule.id}", (link,), tuple(cells), tuple(others), outcomes[rule.id], about)


def _is_range(node: And) -> bool:
    return all(isinstance(item.item if isinstance(item, Not) else item, Below) for item in node.items)


def _column(lowered: Lowered, part: Node) -> Column | None:
    inner = part.item if isinstance(part, Not) else part
    if isinstance(inner, Ref):
        return ("ref", inner.index) if inner.index in {index for _, index in lowered.stack.names.values()} else None
    if isinstance(inner, ATOM_KINDS) and not (isinstance(inner, Below) and inner.other is not None):
        return ("slot", inner.slot)
    return None
