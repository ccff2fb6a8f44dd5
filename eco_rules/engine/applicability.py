"""Which rulesets are in force on a day in a place, and which lists there have not been read."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.base import Validity
from eco_rules.model.matter import Layer, Matter
from eco_rules.values.places import chain


@dataclass(frozen=True, slots=True)
class Applicable:
    """The rulesets of one matter for one day and place, widest place first."""

    substance: tuple[RulesetFile, ...]
    procedure: tuple[RulesetFile, ...]
    expired: tuple[RulesetFile, ...]
    later: tuple[RulesetFile, ...]
    unread: tuple[tuple[str, Layer], ...]


class Timeline:
    """The corpus by matter, place and date. Between two neighbouring change days nothing changes there."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._changes: dict[tuple[str, tuple[str, ...]], list[date]] = {}
        self._files: dict[tuple[str, str], list[RulesetFile]] = {}
        for file in corpus.rulesets:
            key = (file.ruleset.matter, file.ruleset.jurisdiction)
            self._files.setdefault(key, []).append(file)

    def epoch(self, matter: Matter, places: tuple[str, ...], day: date) -> int:
        """Number of the period `day` lies in; the law of the matter at these places is the same throughout."""
        return bisect_right(self.changes(matter, places), day)

    def changes(self, matter: Matter, places: tuple[str, ...]) -> list[date]:
        """The days on which something of the matter begins or has ended at these places."""
        key = (matter.id, places)
        if key not in self._changes:
            self._changes[key] = sorted(self._change_days(matter, places))
        return self._changes[key]

    def _change_days(self, matter: Matter, places: tuple[str, ...]) -> set[date]:
        periods: list[Validity] = []
        cited: set[str] = set(matter.default.cites) if matter.default else set()
        for ruleset in (file.ruleset for place in places for file in self._files.get((matter.id, place), [])):
            periods.append(ruleset.effective)
            periods += [rule.effective for rule in ruleset.rules if rule.effective]
            cited.update(ref for rule in ruleset.rules for ref in rule.cites)
            cited.update(ref for items in ruleset.sides.values() for item in items for ref in item.cites)
        names = {ref.partition("#")[0] for ref in cited}
        periods += [instrument.effective for name, instrument in self._corpus.instruments.items() if name in names]
        starts = {period.start for period in periods}
        return starts | {period.end + timedelta(days=1) for period in periods if period.end and period.end < date.max}

    def layers(self, matter: Matter, place: str) -> tuple[str, ...]:
        """The places along the chain that matter here: those with rulesets, and those expected to have some."""
        expected = {layer.digits for layer in matter.layers if layer.expected}
        return tuple(
            part
            for part in chain(place)
            if (matter.id, part) in self._files or (part.isdigit() and len(part) in expected)
        )

    def applicable(self, matter: Matter, places: tuple[str, ...], day: date) -> Applicable:
        """Rulesets in force on `day` along `places`."""
        files = [file for part in places for file in self._files.get((matter.id, part), [])]
        current = [file for file in files if file.ruleset.effective.covers(day)]
        current_ids = {file.ruleset.id for file in current}
        expired = [
            file
            for file in files
            if (end := file.ruleset.effective.end) and end < day and file.ruleset.id not in current_ids
        ]
        return Applicable(
            substance=tuple(file for file in current if file.ruleset.governs == "substance"),
            procedure=tuple(file for file in current if file.ruleset.governs == "procedure"),
            expired=tuple(_latest(expired)),
            later=tuple(file for file in files if file.ruleset.effective.start > day),
            unread=tuple(self._unread(matter, places, day)),
        )

    def _unread(self, matter: Matter, places: tuple[str, ...], day: date) -> list[tuple[str, Layer]]:
        found = []
        for layer in matter.layers:
            place = next((part for part in places if part.isdigit() and len(part) == layer.digits), None)
            if place is None:
                continue
            files = self._files.get((matter.id, place), [])
            current = [file for file in files if file.ruleset.effective.covers(day)]
            if current:
                read = all(file.ruleset.complete for file in current)
            else:
                read = not layer.expected or any((end := file.ruleset.effective.end) and end < day for file in files)
            if not read:
                found.append((place, layer))
        return found


def _latest(files: list[RulesetFile]) -> list[RulesetFile]:
    """Of several expired versions of one ruleset, the last."""
    last: dict[str, RulesetFile] = {}
    for file in sorted(files, key=lambda item: item.ruleset.effective.start):
        last[file.ruleset.id] = file
    return list(last.values())
