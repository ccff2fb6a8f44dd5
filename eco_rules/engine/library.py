"""What decisions quote again and again: citations by clause, and one page of fixed texts a stack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from eco_rules.decision.decision import Caveat, Citation, DutyItem, LayerUse, MaterialItem
from eco_rules.engine.draft import Name
from eco_rules.engine.regime import Regime
from eco_rules.ir.facts import OUTCOME_PREFIX
from eco_rules.ir.lower import Stack
from eco_rules.ir.nodes import ATOM_KINDS, Atom, Node, Ref, children, slots_of
from eco_rules.ir.render import Renderer
from eco_rules.loading.corpus import Corpus
from eco_rules.model.facts import FactSpec
from eco_rules.model.ruleset import Material, Notice, Obligation
from eco_rules.words import Lang


class Library:
    """Citations and pages of one corpus, each made once."""

    def __init__(self, corpus: Corpus, lang: Lang) -> None:
        self.corpus = corpus
        self.lang: Lang = lang
        self._citations = {
            f"{instrument.id}#{key}": Citation(
                instrument=instrument.id,
                title=instrument.title,
                doc_no=instrument.doc_no,
                locator=clause.locator,
                provenance=clause.provenance or instrument.provenance,
                text=clause.text,
            )
            for instrument in corpus.instruments.values()
            for key, clause in instrument.clauses.items()
        }
        self._pages: dict[int, Page] = {}

    def cite(self, refs: Iterable[str]) -> tuple[Citation, ...]:
        """Citations for `instrument#clause` references."""
        return tuple(self._citations[ref] for ref in refs)

    def page(self, regime: Regime) -> Page:
        """The fixed texts of the regime's stack."""
        key = id(regime.stack)  # stacks live as long as their engine, which owns this library
        if key not in self._pages:
            self._pages[key] = Page(self, regime.stack, regime.day, regime.prepared.procedure_day)
        return self._pages[key]


class Page:
    """Texts and tables of one stack that do not depend on the case."""

    def __init__(self, library: Library, stack: Stack, day: date, procedure_day: date) -> None:
        self._library = library
        self._day = day
        self._renderer = Renderer(stack, library.corpus.matters, lang=library.lang)
        self._wanted: dict[tuple[int, bool], str] = {}
        self.layers = tuple(self._layers(stack))
        self.duties: dict[int, DutyItem] = {}
        self.notices: dict[int, Caveat] = {}
        for side in stack.sides:
            item, clauses = side.item, self.in_force(side.item.cites, procedure_day if side.procedural else day)
            if isinstance(item, Notice):
                self.notices[side.index] = Caveat(code=item.id, level=item.level, message=item.message, clauses=clauses)
            else:
                self.duties[side.index] = _duty(item, clauses)
        self.exceptional = frozenset(stack.matter.precedence) | (
            {stack.matter.default.outcome} if stack.matter.default else frozenset()
        )
        self.grounds = {rule.id: library.cite((*rule.standing.cites, *rule.authority)) for rule in stack.rules}
        self.names = _names(stack, library.lang)
        self.notable = _notable(stack)
        self.origins = _origins(stack)
        self.reads = [self._reads(stack, rule.holds) for rule in stack.rules]

    def in_force(self, refs: Sequence[str], day: date | None = None) -> tuple[Citation, ...]:
        """Citations of those clauses that are in force on the page's day (or another); of all when none is."""
        corpus, when = self._library.corpus, day or self._day
        current = [ref for ref in refs if (found := corpus.clause(ref)) and found[0].effective.covers(when)]
        return self._library.cite(current or refs)

    def wanted(self, atom: Atom, *, negated: bool) -> str:
        """What a test wants of its fact, in words."""
        key = (id(atom), negated)
        if key not in self._wanted:
            self._wanted[key] = self._renderer.wanted(atom, negated=negated)
        return self._wanted[key]

    def _layers(self, stack: Stack) -> Iterable[LayerUse]:
        for file in stack.files:
            ruleset = file.ruleset
            authority = dict.fromkeys((*ruleset.authority, *(ref for rule in ruleset.rules for ref in rule.authority)))
            yield LayerUse(
                ruleset=ruleset.id,
                title=ruleset.title,
                jurisdiction=ruleset.jurisdiction,
                relation=ruleset.relation,
                authority=self._library.cite(authority),
                complete=ruleset.complete,
            )

    def _reads(self, stack: Stack, index: int) -> frozenset[int]:
        """Every slot an expression depends on, what those derive from included."""
        found: set[int] = set()
        todo: list[Node] = [stack.program.expressions[index]]
        while todo:
            node = todo.pop()
            todo += children(node)
            if isinstance(node, Ref):
                todo.append(stack.program.expressions[node.index])
            elif isinstance(node, ATOM_KINDS):
                for slot in slots_of(node):
                    found |= self.origins[slot]
        return frozenset(found)


def _duty(item: Obligation | Material, clauses: tuple[Citation, ...]) -> DutyItem:
    if isinstance(item, Material):
        return MaterialItem(
            id=item.id,
            label=item.label,
            due=None,
            due_text=item.due_text,
            clauses=clauses,
            note=item.note,
            deferrable=item.deferrable,
        )
    return DutyItem(id=item.id, label=item.label, due=None, due_text=item.due_text, clauses=clauses, note=item.note)


def _names(stack: Stack, lang: Lang) -> dict[int, Name]:
    """What the facts of the filled slots are called."""
    vocabulary, slots = stack.table.vocabulary, stack.table.slots
    found = {}
    for index in stack.table.filled:
        key = slots[index].key
        if not key.name.startswith(OUTCOME_PREFIX):
            spec = vocabulary.spec(key)
            found[index] = Name(vocabulary.display(key), vocabulary.label(key, lang), spec.values, spec.unit)
    return found


def _notable(stack: Stack) -> dict[int, FactSpec]:
    """Slots whose value may be a presumption, a legal reading or somebody's judgement."""
    found = {}
    for index, slot in enumerate(stack.table.slots):
        if slot.key.name.startswith(OUTCOME_PREFIX):
            continue
        spec = stack.table.vocabulary.spec(slot.key)
        if spec.presume is not None or spec.reading is not None or spec.kind != "fact":
            found[index] = spec
    return found


def _origins(stack: Stack) -> list[frozenset[int]]:
    """For each slot, itself and everything it is derived from."""
    found: list[frozenset[int]] = []
    for index, slot in enumerate(stack.table.slots):
        found.append(frozenset({index}).union(*(found[other] for other in slot.inputs)))
    return found
