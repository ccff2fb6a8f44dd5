"""What every page of the handbook draws on, and the phrases several of them share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from eco_rules.decision.decision import Citation
from eco_rules.decision.reasons import cite
from eco_rules.engine.library import Library
from eco_rules.ir.lower import RuleCode, standing
from eco_rules.loading.corpus import RulesetFile
from eco_rules.model.base import Validity
from eco_rules.model.legal import PROVENANCE_ORDER, Provenance, Sanction, weakest
from eco_rules.model.matter import Matter
from eco_rules.model.ruleset import Due, Then
from eco_rules.reporting.handbook.links import Links, Word
from eco_rules.reporting.handbook.lowered import Lowered, Shelf
from eco_rules.reporting.handbook.prose import Teller
from eco_rules.reporting.handbook.selection import Selection
from eco_rules.reporting.handbook.uses import Uses
from eco_rules.reporting.outline import PROVENANCE, effect
from eco_rules.values.kinds import number_text
from eco_rules.words import Lang, Text, marks


@dataclass(frozen=True, slots=True)
class Badge:
    """How well a clause is known, as a label."""

    kind: Provenance
    label: str


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause as it is cited below a rule."""

    head: str
    href: str
    text: str
    badge: Badge
    period: str = ""


class Book:
    """One handbook: what is shown, in which language, and where it stands."""

    def __init__(self, selection: Selection, lang: Lang) -> None:
        self.selection = selection
        self.corpus = selection.corpus
        self.lang: Lang = lang
        self.marks = marks(lang)
        self.shelf = Shelf(self.corpus)
        self.uses = Uses(selection, self.shelf)
        self.instruments = self._instruments()
        self.facts = self._facts()
        self.facts_set = frozenset(self.facts)
        parts = {
            file.stamp.id: (*file.ruleset.conditions, *(rule.id for rule in selection.rules(file)))
            for file in selection.files
        }
        self.links = Links(self.corpus, selection.matters, parts, selection.files, self.instruments, self.facts)
        self._citations = Library(self.corpus, lang)

    def _instruments(self) -> list[str]:
        """The instruments that are shown: all of them, or those something shown cites."""
        cited = set(self.uses.instruments)
        return [name for name in self.corpus.instruments if self.selection.whole or name in cited]

    def _facts(self) -> list[tuple[str, str]]:
        return [
            (subject.id, name)
            for subject in self.corpus.subjects.values()
            for name in subject.facts
            if self.selection.whole or (subject.id, name) in self.uses.facts
        ]

    def say(self, text: Text) -> str:
        """A phrase in the book's language."""
        return text.to(self.lang)

    def codes(self, file: RulesetFile) -> list[RuleCode]:
        """The rules of a ruleset as the engine sees them; on a day, with the standing they have then."""
        lowered, found = self.shelf.of(file), []
        for rule in self.selection.rules(file):
            code = lowered.code(rule)
            if self.selection.day is not None:
                code = replace(code, standing=standing(self.corpus, self.selection.cites(rule), rule.level))
            found.append(code)
        return found

    def teller(self, lowered: Lowered) -> Teller:
        """Tells the conditions of one ruleset."""
        return Teller(lowered, self.links, self.corpus.matters, self.lang)

    def citation(self, ref: str) -> Citation:
        """A clause as decisions cite it."""
        return self._citations.cite([ref])[0]

    def clauses(self, refs: Iterable[str], during: Validity | None = None) -> tuple[ClauseLine, ...]:
        """Clauses with their summaries; on a day, those in force.

        Where an instrument is not in force all the time `during` which it is cited, its own period is said.
        """
        return tuple(self._clause(ref, during) for ref in self.selection.current(refs))

    def _clause(self, ref: str, during: Validity | None) -> ClauseLine:
        item = self.citation(ref)
        period = self.corpus.instruments[item.instrument].effective
        said = self.period(period) if during is not None and not _spans(period, during) else ""
        return ClauseLine(cite(item), self.links.clause(ref), item.text, self.badge(item.provenance), said)

    def badge(self, kind: Provenance) -> Badge:
        """The label of a provenance."""
        return Badge(kind, PROVENANCE[kind].to(self.lang))

    def weakest(self, refs: Iterable[str]) -> Badge | None:
        """The label of the weakest of several clauses."""
        found = weakest([self.citation(ref).provenance for ref in refs])
        return self.badge(found) if found else None

    def badges(self) -> tuple[Badge, ...]:
        """Every provenance, strongest first."""
        return tuple(self.badge(kind) for kind in PROVENANCE_ORDER)

    def place(self, code: str) -> Word:
        """A place and where it is listed."""
        return Word(self.corpus.places.name(code, self.lang), self.links.place(code))

    def period(self, period: Validity) -> str:
        """A period in words; an end nobody has found is said to be so."""
        unknown = Text("（日期未查明）", " (date not found)").to(self.lang)
        start = f"{period.start}{unknown if 'from' in period.unknown else ''}"
        if period.end is None:
            return Text(f"{start} 起", f"from {start}").to(self.lang)
        end = f"{period.end}{unknown if 'until' in period.unknown else ''}"
        return Text(f"{start} 至 {end}", f"{start} to {end}").to(self.lang)

    def leads_to(self, matter: Matter, then: Then) -> str:
        """What follows from a rule: an outcome with its strength, or a sanction."""
        if then.outcome is not None:
            return effect(matter.outcomes[then.outcome], then.modality, self.lang)
        found = self.corpus.clause(then.sanction or "")
        if found is None or found[1].sanction is None:
            return Text("罚则", "sanction").to(self.lang)
        return Text("罚则：", "Sanction: ").to(self.lang) + self.sanction(found[1].sanction)

    def sanction(self, item: Sanction) -> str:
        """A sanction in words."""
        dash, parts = Text("～", "–").to(self.lang), []
        share = ""
        if item.of is not None:
            labels = [s.facts[item.of].label for s in self.corpus.subjects.values() if item.of in s.facts]
            share = Text(f"{labels[0]} × ", f"{labels[0]} × ").to(self.lang) if labels else ""
        if item.fine is not None:
            word = Text("可以处罚款 ", "a fine may be imposed: ") if item.discretionary else Text("罚款 ", "fine ")
            amount = f"{number_text(item.fine.low)}{dash}{number_text(item.fine.high)}"
            parts.append(f"{self.say(word)}{share}{amount}" + ("" if share else f" {item.unit}"))
        if item.on_refusal is not None:
            amount = f"{number_text(item.on_refusal.low)}{dash}{number_text(item.on_refusal.high)} {item.unit}"
            parts.append(self.say(Text(f"拒不改正的 {amount}", f"on refusal to correct {amount}")))
        if item.other:
            parts.append(item.other)
        return self.marks.semicolon.join(parts)

    def due(self, due: Due, matter: Matter) -> str:
        """A deadline in words."""
        facts = self.corpus.facts_of(matter)
        name = due.fact or due.after or ""
        label = facts[name].label if name in facts else name
        if due.fact is not None:
            return label
        count, unit = next(
            (count, unit)
            for count, unit in (
                (due.days, Text("日", "days")),
                (due.workdays, Text("个工作日", "working days")),
                (due.months, Text("个月", "months")),
            )
            if count is not None
        )
        return Text(f"{label}后 {count} {unit.zh}内", f"within {count} {unit.en} after {label}").to(self.lang)

    def source(self, file: RulesetFile, path: tuple[str | int, ...]) -> str:
        """File and line as an author finds them: below the rulesets folder."""
        return f"{short_path(file)}:{file.spans.value(path).line}"


def _spans(period: Validity, other: Validity) -> bool:
    """Whether every day of `other` lies within `period`."""
    return period.start <= other.start and (period.end is None or (other.end is not None and other.end <= period.end))


def short_path(file: RulesetFile) -> str:
    """The path of a ruleset's file from its place's folder on; the same on every machine."""
    parts = PurePath(file.stamp.path).parts
    place = file.ruleset.jurisdiction
    names = (place, f"cn-{place}")
    start = max((index for index, part in enumerate(parts[:-1]) if part in names), default=len(parts) - 1)
    return "/".join(parts[start:])


def joined(words: Sequence[Word], between: str) -> tuple[Word, ...]:
    """Words with the language's comma between them."""
    found: list[Word] = []
    for word in words:
        found += [Word(between), word] if found else [word]
    return tuple(found)
