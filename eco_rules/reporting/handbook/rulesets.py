"""The page of a ruleset: its rules in words, in a table, as a picture, and every limit in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eco_rules.ir.lower import Barrier, qualified
from eco_rules.loading.corpus import RulesetFile
from eco_rules.model.ruleset import Material, Notice, Parameter, Rule, Ruleset, Side
from eco_rules.reporting.handbook.book import Badge, Book, ClauseLine
from eco_rules.reporting.handbook.boundaries import boundaries
from eco_rules.reporting.handbook.facts import fact_row
from eco_rules.reporting.handbook.links import Word
from eco_rules.reporting.handbook.lowered import Lowered
from eco_rules.reporting.handbook.prose import Prose, Teller
from eco_rules.reporting.handbook.rule_flow import rule_pictures
from eco_rules.reporting.handbook.stages import stages
from eco_rules.reporting.handbook.tables import table_of
from eco_rules.reporting.outline import LEVEL, RELATION
from eco_rules.values.kinds import number_text
from eco_rules.words import Text

_REASON = {
    "unless": Text("属于下列情形的除外", "Not where this holds"),
    "overrides": Text("下列规则成立时不适用", "Overridden by"),
    "replaces": Text("由下列规则取代", "Replaced by"),
}
_ATTACKS = (
    ("overrides", Text("排除适用", "overrides")),
    ("replaces", Text("取代", "replaces")),
    ("special_to", Text("作为特别法优先于", "prevails as the special rule over")),
)
_GOVERNS = {"substance": Text("实体", "substance"), "procedure": Text("程序", "procedure")}
_COMPLETE = {True: Text("全文", "complete"), False: Text("未收录全文", "not complete")}


@dataclass(frozen=True, slots=True)
class RuleCard:
    """A rule as it stands on the page."""

    ident: str
    title: str
    outcome: str
    must: str
    badge: Badge | None
    scope: Prose | None
    when: Prose | None
    barriers: tuple[tuple[str, tuple[Word, ...]], ...]
    attacks: tuple[tuple[str, tuple[Word, ...]], ...]
    authority: tuple[ClauseLine, ...]
    clauses: tuple[ClauseLine, ...]
    period: str
    note: str | None
    source: str


@dataclass(frozen=True, slots=True)
class SideCard:
    """A duty, material or notice."""

    ident: str
    title: str
    mark: str
    outcomes: str
    when: Prose | None
    due: str
    clauses: tuple[ClauseLine, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class NamedCard:
    """A named condition."""

    ident: str
    title: str
    when: Prose
    clauses: tuple[ClauseLine, ...]
    source: str


def ruleset_context(book: Book, file: RulesetFile) -> dict[str, Any]:
    """What the page of a ruleset says."""
    ruleset, matter = file.ruleset, book.corpus.matters[file.ruleset.matter]
    lowered = book.shelf.of(file)
    teller, rules = book.teller(lowered), book.selection.rules(file)
    outcomes = {rule.id: book.leads_to(matter, rule.then) for rule in rules}
    shown = frozenset(
        (*ruleset.conditions, *(rule.id for rule in rules), *(i.id for items in ruleset.sides.values() for i in items))
    )
    common = lowered.common_scope()
    found = stages(matter, book.codes(file), book.corpus, book.lang)
    return {
        "title": ruleset.title,
        "ruleset": ruleset,
        "matter": Word(matter.label, book.links.matter(matter.id)),
        "place": book.place(ruleset.jurisdiction),
        "period": book.period(ruleset.effective),
        "relation": book.say(RELATION[ruleset.relation]) if ruleset.jurisdiction != "cn" else "",
        "governs": book.say(_GOVERNS[ruleset.governs]),
        "complete": book.say(_COMPLETE[ruleset.complete]),
        "source": book.source(file, ()),
        "instruments": _instruments(book, rules, ruleset),
        "bounds": _bounds(book, rules),
        "parameters": [_parameter(book, name, item) for name, item in ruleset.parameters.items()],
        "common": teller.tell(common) if common is not None else None,
        "common_unless": [_titled(book, lowered, qualified(ruleset.id, name)) for name in ruleset.unless],
        "authority": book.clauses(ruleset.authority),
        "table": table_of(lowered, rules, teller, book.links, outcomes),
        "strictest": matter.strictness[:1] if matter.combine == "strictest" else (),
        "pictures": rule_pictures(matter, found, book.corpus, book.links, book.lang),
        "boundaries": boundaries(lowered, teller, book.links, shown, book.lang),
        "conditions": [
            NamedCard(
                ident,
                item.title,
                teller.tell(lowered.condition(ident)),
                book.clauses(item.cites, ruleset.effective),
                book.source(file, ("conditions", ident)),
            )
            for ident, item in ruleset.conditions.items()
        ],
        "rules": [_card(book, lowered, teller, rule, outcomes[rule.id]) for rule in rules],
        "sides": [
            (section, [_side(book, lowered, teller, item) for item in items])
            for section, items in (
                ("materials", ruleset.materials),
                ("duties", ruleset.obligations),
                ("notices", ruleset.warnings),
            )
            if items
        ],
        "facts": [fact_row(book, subject, name) for subject, name in book.uses.read[file.stamp.id]],
    }


def _instruments(book: Book, rules: tuple[Rule, ...], ruleset: Ruleset) -> list[tuple[Word, str, Badge]]:
    """The instruments the rules cite: title, 文号, provenance."""
    refs = [ref for rule in rules for ref in book.selection.cites(rule)]
    refs += [ref for items in ruleset.sides.values() for item in items for ref in book.selection.current(item.cites)]
    names = dict.fromkeys(ref.partition("#")[0] for ref in refs)
    items = [book.corpus.instruments[name] for name in names]
    return [
        (Word(f"《{item.title}》", book.links.instrument(item.id)), item.doc_no or "", book.badge(item.provenance))
        for item in items
    ]


def _bounds(book: Book, rules: tuple[Rule, ...]) -> list[tuple[Word, str]]:
    """How the cited instruments read 以上 and 以下, where they say so."""
    names = dict.fromkeys(ref.partition("#")[0] for rule in rules for ref in book.selection.cites(rule))
    items = [book.corpus.instruments[name] for name in names]
    return [
        (Word(f"《{item.title}》", book.links.instrument(item.id)), bounds_text(book, item.id))
        for item in items
        if item.bounds is not None
    ]


def bounds_text(book: Book, ident: str) -> str:
    """How an instrument reads 以上 and 以下, in words; empty where it does not say."""
    item = book.corpus.instruments[ident]
    if item.bounds is None:
        return ""
    said = []
    for word, reading in (("以上", item.bounds.above), ("以下", item.bounds.below)):
        if reading is not None:
            included = reading == "inclusive"
            said.append(
                book.say(
                    Text(
                        f"“{word}”{'含' if included else '不含'}本数",
                        f"“{word}” {'includes' if included else 'excludes'} the number itself",
                    )
                )
            )
    where = [item.clauses[key].locator for key in item.bounds.cites if key in item.clauses]
    return book.marks.comma.join(said) + (book.marks.bracket(book.marks.between.join(where)) if where else "")


def _parameter(book: Book, name: str, item: Parameter) -> dict[str, Any]:
    values = item.value if isinstance(item.value, tuple) else (item.value,)
    shown = [
        value if isinstance(value, str) else str(value) if isinstance(value, bool) else number_text(value)
        for value in values
    ]
    return {
        "ident": name,
        "label": item.label,
        "value": book.marks.between.join(shown) + (f" {item.unit}" if item.unit else ""),
        "clauses": book.clauses(item.cites),
        "source": item.source,
        "note": item.note,
    }


def _titled(book: Book, lowered: Lowered, name: str) -> Word:
    """A rule or condition by its full name, with its title where it is known."""
    title = lowered.stack.names[name][0] if name in lowered.stack.names else name
    return Word(title, book.links.part(name, lowered.stack.files))


def _card(book: Book, lowered: Lowered, teller: Teller, rule: Rule, outcome: str) -> RuleCard:
    file, ruleset = lowered.file, lowered.file.ruleset
    scope, when, code = lowered.scope(rule), lowered.when(rule), lowered.code(rule)
    cites = book.selection.cites(rule)
    index = ruleset.rules.index(rule)
    barriers: dict[str, list[Word]] = {}
    for barrier in code.barriers:
        if book.links.shows(barrier.name, lowered.stack.files):
            barriers.setdefault(barrier.reason, []).append(_barrier(book, lowered, barrier))
    attacks = tuple(
        (book.say(word), tuple(_titled(book, lowered, qualified(ruleset.id, name)) for name in names))
        for field, word in _ATTACKS
        if (names := getattr(rule, field))
    )
    return RuleCard(
        rule.id,
        rule.title,
        outcome,
        rule.then.modality or ("" if rule.then.outcome else "sanction"),
        book.weakest(cites),
        teller.tell(scope) if scope is not None else None,
        teller.tell(when) if when is not None else None,
        tuple((book.say(_REASON[reason]), tuple(words)) for reason, words in barriers.items()),
        attacks,
        book.clauses(rule.authority),
        book.clauses(dict.fromkeys((*cites, *([rule.then.sanction] if rule.then.sanction else ()))), ruleset.effective),
        book.period(rule.effective) if rule.effective else "",
        rule.note,
        book.source(file, ("rules", index)),
    )


def _barrier(book: Book, lowered: Lowered, barrier: Barrier) -> Word:
    """What bars a rule; the place is named where it is another one's."""
    word = _titled(book, lowered, barrier.name)
    ruleset = barrier.name.partition("/")[0]
    place = next((item.ruleset.jurisdiction for item in lowered.stack.files if item.ruleset.id == ruleset), "cn")
    if place in ("cn", lowered.file.ruleset.jurisdiction):
        return word
    return Word(word.text + book.marks.bracket(book.corpus.places.name(place, book.lang)), word.href)


def _side(book: Book, lowered: Lowered, teller: Teller, item: Side) -> SideCard:
    matter = lowered.stack.matter
    node = lowered.side(item)
    mark = ""
    if isinstance(item, Material) and item.deferrable:
        mark = book.say(Text("可容缺", "may follow later"))
    if isinstance(item, Notice):
        mark = book.say(LEVEL[item.level])
    due = getattr(item, "due", None)
    said = [book.due(due, matter) if due else "", getattr(item, "due_text", None) or ""]
    return SideCard(
        item.id,
        item.message if isinstance(item, Notice) else item.label,
        mark,
        book.marks.between.join(matter.outcomes.get(name, name) for name in item.outcomes),
        teller.tell(node) if node is not None else None,
        book.marks.semicolon.join(text for text in said if text),
        book.clauses(item.cites, lowered.file.ruleset.effective),
        getattr(item, "note", None),
    )
