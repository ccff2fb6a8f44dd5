"""Listings of what a corpus holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from eco_rules.loading.corpus import Corpus
from eco_rules.reporting.outline import PROVENANCE
from eco_rules.words import Lang, Text, marks, period

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


def catalogue(corpus: Corpus, kind: str, matter: str | None, lang: Lang = "zh") -> list[Row]:
    """Everything of one kind, narrowed to a matter where that makes sense."""
    return list(_ROWS[kind](corpus, matter, lang))


def _matters(corpus: Corpus, matter: str | None, _lang: Lang) -> Iterator[Row]:
    for item in corpus.matters.values():
        if matter in (None, item.id):
            outcomes = " · ".join(f"{name} {label}" for name, label in item.outcomes.items())
            yield Row(item.id, item.label, outcomes)


def _rulesets(corpus: Corpus, matter: str | None, lang: Lang) -> Iterator[Row]:
    for file in corpus.rulesets:
        item = file.ruleset
        if matter in (None, item.matter):
            details = [
                corpus.places.name(item.jurisdiction, lang),
                period(item.effective.start, item.effective.end, lang),
            ]
            if not item.complete:
                details.append(Text("未收录全文", "not complete").to(lang))
            yield Row(item.id, item.title, marks(lang).comma.join(details))


def _rules(corpus: Corpus, matter: str | None, _lang: Lang) -> Iterator[Row]:
    for file in corpus.rulesets:
        if matter in (None, file.ruleset.matter):
            for rule in file.ruleset.rules:
                yield Row(f"{file.ruleset.id}/{rule.id}", rule.title, ", ".join(rule.cites))


def _facts(corpus: Corpus, matter: str | None, lang: Lang) -> Iterator[Row]:
    chosen = corpus.matters.get(matter) if matter else None
    for subject in corpus.subjects.values():
        if chosen is not None and subject.id not in (chosen.subject, *chosen.includes):
            continue
        for name, spec in subject.facts.items():
            details = [subject.label, spec.type, *([spec.unit] if spec.unit else [])]
            if not spec.parameters:
                yield Row(name, spec.label, marks(lang).comma.join(details))
            else:  # a case states it with its parameters filled in
                wanted = ", ".join(f"{item}=…" for item in spec.parameters)
                yield Row(name, spec.label, marks(lang).comma.join([*details, f"{name}({wanted})"]))
            for alias, instance in spec.named.items():
                filled = ", ".join(f"{item}={value}" for item, value in instance.arguments.items())
                yield Row(alias, instance.label, marks(lang).comma.join([*details, f"= {name}({filled})"]))


def _instruments(corpus: Corpus, _matter: str | None, lang: Lang) -> Iterator[Row]:
    for item in corpus.instruments.values():
        details = (
            item.doc_no,
            period(item.effective.start, item.effective.end, lang),
            PROVENANCE[item.provenance].to(lang),
        )
        yield Row(item.id, item.title, marks(lang).comma.join(part for part in details if part))


def _places(corpus: Corpus, _matter: str | None, _lang: Lang) -> Iterator[Row]:
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
