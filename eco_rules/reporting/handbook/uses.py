"""Who reads a fact, and who cites a clause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eco_rules.ir.facts import OUTCOME_PREFIX
from eco_rules.ir.lower import Stack
from eco_rules.loading.corpus import RulesetFile
from eco_rules.model.facts import FactSpec
from eco_rules.model.matter import Matter
from eco_rules.model.ruleset import Notice, Side
from eco_rules.reporting.handbook.links import Links, Word
from eco_rules.reporting.handbook.lowered import Lowered, Shelf
from eco_rules.reporting.handbook.selection import Selection

_CLIPPED = 28
"""Letters of a message that name it elsewhere."""


@dataclass(frozen=True, slots=True)
class Use:
    """A rule, condition, duty or parameter of a ruleset; a matter; or a fact, that refers to something."""

    title: str
    file: RulesetFile | None = None
    part: str = ""
    side: str = ""
    matter: Matter | None = None
    fact: str = ""

    def word(self, links: Links) -> Word:
        """Its title, and where it stands."""
        if self.file is None:
            assert self.matter is not None  # a use is of a ruleset or of a matter
            return Word(self.title, links.fact(self.matter, self.fact) if self.fact else links.matter(self.matter.id))
        page = links.ruleset(self.file)
        if self.side:
            return Word(self.title, f"{page}#side-{self.side}")
        return Word(self.title, f"{page}#part-{self.part}" if self.part else page)


FactName = tuple[str, str]
"""Subject and fact."""


class Uses:
    """Everything shown that refers to facts and clauses."""

    def __init__(self, selection: Selection, shelf: Shelf) -> None:
        self._selection = selection
        self.facts: dict[FactName, list[Use]] = {}
        self.clauses: dict[str, list[Use]] = {}
        self.read: dict[str, list[FactName]] = {}
        for file in selection.files:
            self._facts_of(file, shelf.of(file))
            for ref, use in self._cited(file):
                self._cite(ref, use)
        for matter in selection.matters:
            self._matter(matter)
        for subject, name in list(self.facts):
            self._fact(subject, name)

    @property
    def instruments(self) -> list[str]:
        """Every instrument of which a clause is cited."""
        return list(dict.fromkeys(ref.partition("#")[0] for ref in self.clauses))

    def _cite(self, ref: str, use: Use) -> None:
        known = self.clauses.setdefault(ref, [])
        if use not in known:
            known.append(use)

    def _facts_of(self, file: RulesetFile, lowered: Lowered) -> None:
        names = _titles(file, {rule.id for rule in self._selection.rules(file)})
        read: dict[FactName, None] = {}
        for name, node in lowered.nodes():
            if name not in names:
                continue
            for slot in lowered.slots(node):
                for fact in self._origins(lowered.stack, slot):
                    read[fact] = None
                    uses = self.facts.setdefault(fact, [])
                    if names[name] not in uses:
                        uses.append(names[name])
        self.read[file.stamp.id] = list(read)

    def _origins(self, stack: Stack, slot: int) -> Iterator[FactName]:
        """The fact in a slot, and every fact it is derived from."""
        item = stack.table.slots[slot]
        if not item.key.name.startswith(OUTCOME_PREFIX):
            yield subject_of(self._selection, stack.matter, item.key.name), item.key.name
        for other in item.inputs:
            yield from self._origins(stack, other)

    def _cited(self, file: RulesetFile) -> Iterator[tuple[str, Use]]:
        ruleset, current = file.ruleset, self._selection.current
        for ref in current(ruleset.authority):
            yield ref, Use(ruleset.title, file)
        for ident, condition in ruleset.conditions.items():
            yield from ((ref, Use(condition.title, file, ident)) for ref in current(condition.cites))
        for rule in self._selection.rules(file):
            refs = [
                *self._selection.cites(rule),
                *current(rule.authority),
                *([rule.then.sanction] if rule.then.sanction else []),
            ]
            yield from ((ref, Use(rule.title, file, rule.id)) for ref in refs)
        for name, parameter in ruleset.parameters.items():
            yield from ((ref, Use(parameter.label, file, f"parameter-{name}")) for ref in current(parameter.cites))
        for items in ruleset.sides.values():
            for item in items:
                use = Use(side_title(item), file, side=item.id)
                yield from ((ref, use) for ref in current(item.cites))

    def _matter(self, matter: Matter) -> None:
        refs = [ref for layer in matter.layers for ref in layer.unread.cites]
        for ref in self._selection.current((*(matter.default.cites if matter.default else ()), *refs)):
            self._cite(ref, Use(matter.label, matter=matter))

    def _fact(self, subject: str, name: str) -> None:
        matter = next(item for item in self._selection.matters if subject in (item.subject, *item.includes))
        spec = self._selection.corpus.subjects[subject].facts[name]
        for ref in self._selection.current(fact_cites(spec)):
            self._cite(ref, Use(spec.label, matter=matter, fact=name))


def fact_cites(spec: FactSpec) -> tuple[str, ...]:
    """Every clause a fact rests on."""
    reading = spec.reading.cites if spec.reading else ()
    presumed = spec.presume.cites if spec.presume else ()
    return tuple(dict.fromkeys((*spec.cites, *reading, *presumed)))


def subject_of(selection: Selection, matter: Matter, name: str) -> str:
    """The subject a matter's fact belongs to."""
    subjects = selection.corpus.subjects
    return next(
        item for item in (matter.subject, *matter.includes) if item in subjects and name in subjects[item].facts
    )


def side_title(item: Side) -> str:
    """What a duty or material is called; of a notice, how its message begins."""
    if not isinstance(item, Notice):
        return item.label
    return item.message if len(item.message) <= _CLIPPED else item.message[: _CLIPPED - 1] + "…"


def _titles(file: RulesetFile, rules: set[str]) -> dict[str, Use]:
    """What is shown of a ruleset and reads facts, by name; the ruleset itself under the empty name."""
    ruleset = file.ruleset
    found = {"": Use(ruleset.title, file)}
    found |= {ident: Use(item.title, file, ident) for ident, item in ruleset.conditions.items()}
    found |= {rule.id: Use(rule.title, file, rule.id) for rule in ruleset.rules if rule.id in rules}
    for items in ruleset.sides.values():
        for item in items:
            found[item.id] = Use(side_title(item), file, side=item.id)
    return found
