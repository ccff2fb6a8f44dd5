"""Listings of what a corpus holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from eco_rules.loading.corpus import Corpus

KINDS = ("matters", "rulesets", "rules", "facts", "instruments", "places")


@dataclass(frozen=True, slots=True)
class Row:
    """One entry: id, Chinese label, and a detail."""

    id: str
    label: str
    detail: str = ""

    def as_dict(self) -> dict[str, str]:
        """The entry as JSON."""
        return asdict(self)


def catalogue(corpus: Corpus, kind: str, matter: str | None) -> list[Row]:
    """Everything of one kind, narrowed to a matter where that makes sense."""
    return list(_ROWS[kind](corpus, matter))


def _matters(corpus: Corpus, matter: str | None) -> Iterator[Row]:
    for item in corpus.matters.values():
        if matter in (None, item.id):
            outcomes = " · ".join(f"{name} {label}" for name, label in item.outcomes.items())
            yield Row(item.id, item.label, outcomes)


def _rulesets(corpus: Corpus, matter: str | None) -> Iterator[Row]:
    for file in corpus.rulesets:
        item = file.ruleset
        if matter in (None, item.matter):
            end = item.effective.end.isoformat() if item.effective.end else ""
            place = corpus.places.name(item.jurisdiction)
            whole = "" if item.complete else "，未收录全文"
            yield Row(item.id, item.title, f"{place}，{item.effective.start}～{end}{whole}")


def _rules(corpus: Corpus, matter: str | None) -> Iterator[Row]:
    for file in corpus.rulesets:
        if matter in (None, file.ruleset.matter):
            for rule in file.ruleset.rules:
                yield Row(f"{file.ruleset.id}/{rule.id}", rule.title, ", ".join(rule.cites))


def _facts(corpus: Corpus, matter: str | None) -> Iterator[Row]:
    chosen = corpus.matters.get(matter) if matter else None
    for subject in corpus.subjects.values():
        if chosen is not None and subject.id not in (chosen.subject, *chosen.includes):
            continue
        for name, spec in subject.facts.items():
            unit = f"，{spec.unit}" if spec.unit else ""
            yield Row(name, spec.label, f"{subject.label}，{spec.type}{unit}")


def _instruments(corpus: Corpus, _matter: str | None) -> Iterator[Row]:
    for item in corpus.instruments.values():
        end = item.effective.end.isoformat() if item.effective.end else ""
        yield Row(
            item.id,
            item.title,
            "，".join(part for part in (item.doc_no, f"{item.effective.start}～{end}", item.provenance) if part),
        )


def _places(corpus: Corpus, _matter: str | None) -> Iterator[Row]:
    for name in corpus.places.names:
        code = corpus.places.find(name)
        if code is not None and corpus.places.full_name(code) == name:
            yield Row(code, name)


_ROWS = {
    "matters": _matters,
    "rulesets": _rulesets,
    "rules": _rules,
    "facts": _facts,
    "instruments": _instruments,
    "places": _places,
}
