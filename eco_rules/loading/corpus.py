"""A corpus: everything read from one or several rulesets folders, ready for lowering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from eco_rules.loading.yamldoc import SourceMap
from eco_rules.model.base import Validity
from eco_rules.model.facts import FactSpec
from eco_rules.model.legal import Clause, Instrument, Level
from eco_rules.model.matter import Matter
from eco_rules.model.ruleset import Accepted, Ruleset
from eco_rules.values.places import Gazetteer
from eco_rules.values.units import Units


@dataclass(frozen=True, slots=True)
class Stamp:
    """Identity of one file that was read: what it defines, and the hash of its bytes."""

    id: str
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class RulesetFile:
    """A ruleset with the places of its parts and its stamp."""

    ruleset: Ruleset
    spans: SourceMap
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Subject:
    """The vocabulary of one subject."""

    id: str
    label: str
    facts: Mapping[str, FactSpec]
    origins: Mapping[str, SourceMap]


@dataclass(frozen=True, slots=True)
class Replacement:
    """Something an overlay replaced: a file, or one parameter."""

    target: str
    old: str
    new: str
    source: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """Vocabularies, matters, instruments, places, units and rulesets. Immutable."""

    subjects: Mapping[str, Subject]
    matters: Mapping[str, Matter]
    matter_spans: Mapping[str, SourceMap]
    instruments: Mapping[str, Instrument]
    instrument_spans: Mapping[str, SourceMap]
    levels: Mapping[str, Level]
    places: Gazetteer
    units: Units
    rulesets: tuple[RulesetFile, ...]
    stamps: tuple[Stamp, ...]
    accepted: tuple[Accepted, ...] = field(default=())
    replacements: tuple[Replacement, ...] = field(default=())

    def clause(self, ref: str) -> tuple[Instrument, Clause] | None:
        """Instrument and clause for `instrument#clause`; None if there is none."""
        name, _, key = ref.partition("#")
        instrument = self.instruments.get(name)
        if instrument is None or key not in instrument.clauses:
            return None
        return instrument, instrument.clauses[key]

    def with_ruleset(self, file: RulesetFile) -> Corpus:
        """The same corpus with one ruleset file in the place of the one of the same path."""
        rulesets = tuple(file if item.stamp.path == file.stamp.path else item for item in self.rulesets)
        return replace(self, rulesets=rulesets)

    def beside(self, file: RulesetFile) -> list[RulesetFile]:
        """A file with the others of its matter, of each the version that was in force beside it, the last if several.

        Of one that never was: what stood before it, else what came after, the nearest in time.
        """
        mine, chosen = file.ruleset.effective, {}
        others = [item for item in self.rulesets if item.ruleset.matter == file.ruleset.matter]
        for other in sorted(others, key=lambda item: _nearness(item.ruleset.effective, mine)):
            chosen[other.ruleset.id] = other
        chosen[file.ruleset.id] = file
        return list(chosen.values())

    def facts_of(self, matter: Matter) -> dict[str, FactSpec]:
        """The facts a matter may read: its subject's, then those of the subjects it includes."""
        found: dict[str, FactSpec] = {}
        for subject in (matter.subject, *matter.includes):
            if subject in self.subjects:
                found |= {name: spec for name, spec in self.subjects[subject].facts.items() if name not in found}
        return found


def _nearness(period: Validity, mine: Validity) -> tuple[int, int]:
    """Smaller for periods that are of less account beside `mine`: later ones, earlier ones, then those that overlap."""
    start = period.start.toordinal()
    if period.start > (mine.end or date.max):
        return 0, -start
    return (1 if (period.end or date.max) < mine.start else 2), start
