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
    unread: tuple[tuple[str, Layer], ...]


class Timeline:
    """The corpus by matter, place and date. Between two neighbouring change days nothing changes."""

    def __init__(self, corpus: Corpus) -> None:
        self._files: dict[tuple[str, str], list[RulesetFile]] = {}
        for file in corpus.rulesets:
            key = (file.ruleset.matter, file.ruleset.jurisdiction)
            self._files.setdefault(key, []).append(file)
        self._changes = sorted(_change_days(corpus))

    def epoch(self, day: date) -> int:
        """Number of the period `day` lies in; the law is the same throughout a period."""
        return bisect_right(self._changes, day)

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


def _change_days(corpus: Corpus) -> set[date]:
    periods: list[Validity] = [instrument.effective for instrument in corpus.instruments.values()]
    for file in corpus.rulesets:
        periods.append(file.ruleset.effective)
        periods += [rule.effective for rule in file.ruleset.rules if rule.effective]
    days = {period.start for period in periods}
    return days | {period.end + timedelta(days=1) for period in periods if period.end and period.end < date.max}
