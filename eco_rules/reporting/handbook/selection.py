"""Which part of the law a handbook shows: some matters, one place and what lies above it, one day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from eco_rules.ir.lower import in_force
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.matter import Matter
from eco_rules.model.ruleset import Rule
from eco_rules.values.places import chain


@dataclass(frozen=True, slots=True)
class Selection:
    """The matters and rulesets that are shown; `day` also leaves out rules that are not in force then."""

    corpus: Corpus
    matters: tuple[Matter, ...]
    files: tuple[RulesetFile, ...]
    place: str | None
    day: date | None
    whole: bool

    def rules(self, file: RulesetFile) -> tuple[Rule, ...]:
        """The rules of a ruleset that are shown."""
        if self.day is None:
            return file.ruleset.rules
        return tuple(rule for rule in file.ruleset.rules if in_force(self.corpus, rule, self.day))

    def cites(self, rule: Rule) -> tuple[str, ...]:
        """The clauses of a rule that are shown: on a day, those in force."""
        return rule.cites if self.day is None else in_force(self.corpus, rule, self.day)

    def current(self, refs: Iterable[str]) -> tuple[str, ...]:
        """On a day, the clauses in force then; all of them where none is."""
        if self.day is None:
            return tuple(refs)
        listed = tuple(refs)
        found = tuple(ref for ref in listed if (item := self.corpus.clause(ref)) and item[0].effective.covers(self.day))
        return found or listed

    def of(self, matter: Matter) -> tuple[RulesetFile, ...]:
        """The rulesets of a matter that are shown, widest place first, then by id and age."""
        return tuple(file for file in self.files if file.ruleset.matter == matter.id)

    def latest(self, matter: Matter) -> tuple[RulesetFile, ...]:
        """Of several versions of one ruleset the last, so that each rule is counted and drawn once."""
        return tuple({file.ruleset.id: file for file in self.of(matter)}.values())


def select(
    corpus: Corpus, matters: tuple[str, ...] = (), place: str | None = None, day: date | None = None
) -> Selection:
    """Everything, or only some matters, the law of one place, the law of one day."""
    chosen = tuple(matter for matter in corpus.matters.values() if not matters or matter.id in matters)
    names = {matter.id for matter in chosen}
    files = [
        file
        for file in corpus.rulesets
        if file.ruleset.matter in names
        and (place is None or file.ruleset.jurisdiction in chain(place))
        and (day is None or file.ruleset.effective.covers(day))
    ]
    return Selection(
        corpus, chosen, tuple(sorted(files, key=_order)), place, day, not matters and place is None and day is None
    )


def _order(file: RulesetFile) -> tuple[int, str, str, date]:
    ruleset = file.ruleset
    return len(chain(ruleset.jurisdiction)), ruleset.jurisdiction, ruleset.id, ruleset.effective.start
