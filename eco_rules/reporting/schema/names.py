"""What an editor may complete: clauses, places, levels, facts, rules and outcomes, each with what it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, get_args

from eco_rules.ir.lower import all_names
from eco_rules.loading.corpus import Corpus
from eco_rules.model.facts import FactSpec, FactType
from eco_rules.model.matter import Matter

Schema: TypeAlias = dict[str, Any]

PARAMETER: Schema = {"type": "string", "pattern": r"^\$"}
LOCAL_NAME: Schema = {"type": "string", "pattern": "^[a-z0-9-]+$"}
"""A rule or condition of the same file, which the exported schema cannot know."""


def ref(name: str) -> Schema:
    """A reference to a definition."""
    return {"$ref": f"#/$defs/{name}"}


def one_of(described: Mapping[str, str]) -> Schema:
    """One of several words, each with the words an editor shows beside it."""
    return {"enum": list(described), "enumDescriptions": list(described.values())}


def one_or_more(item: Schema) -> Schema:
    """A value, or a list of such values."""
    return {"anyOf": [item, {"type": "array", "items": item}]}


def clauses(corpus: Corpus, *, with_sanction: bool = False) -> Schema:
    """`instrument#clause` of every instrument."""
    return one_of(
        {
            f"{instrument.id}#{key}": f"{instrument.title} {clause.locator}：{clause.text}"
            for instrument in sorted(corpus.instruments.values(), key=lambda item: item.id)
            for key, clause in instrument.clauses.items()
            if clause.sanction is not None or not with_sanction
        }
    )


def places(corpus: Corpus) -> Schema:
    """Codes of places; below a province a place need not be listed."""
    named = corpus.places.named
    provinces = "|".join(sorted({code[:2] for code in named}))
    unlisted = {"type": "string", "pattern": rf"^({provinces})(\d{{2}}){{0,2}}(\d{{6}})?$"}
    return {"anyOf": [one_of({"cn": "国家", **named}), unlisted, {"type": "integer", "minimum": 11}]}


def place_names(corpus: Corpus) -> Schema:
    """Codes or names of places, as a case may give them."""
    return {"anyOf": [*places(corpus)["anyOf"], {"enum": sorted(corpus.places.names)}]}


def levels(corpus: Corpus) -> Schema:
    """Ids of the hierarchy of norms."""
    return one_of({name: level.label for name, level in corpus.levels.items()})


def matters(corpus: Corpus) -> Schema:
    """Ids of matters."""
    return one_of({matter.id: matter.label for matter in corpus.matters.values()})


def subjects(corpus: Corpus) -> Schema:
    """Ids of subjects."""
    return one_of({subject.id: subject.label for subject in corpus.subjects.values()})


def facts_of(corpus: Corpus, subjects_read: Iterable[str]) -> dict[str, FactSpec]:
    """Facts of several subjects by id."""
    return {name: spec for subject in subjects_read for name, spec in corpus.subjects[subject].facts.items()}


def facts(corpus: Corpus, subjects_read: Iterable[str], types: Iterable[str] = get_args(FactType)) -> Schema:
    """Ids of facts of some types, friendly names included."""
    found = {name: spec for name, spec in facts_of(corpus, subjects_read).items() if spec.type in types}
    described = {name: spec.label for name, spec in found.items()}
    return one_of(described | {alias: item.label for spec in found.values() for alias, item in spec.named.items()})


def outcomes(matter: Matter) -> Schema:
    """Outcomes of a matter."""
    return one_of(dict(matter.outcomes))


def rules(corpus: Corpus) -> Schema:
    """Rules and conditions: of the same file by their own name, of another as `ruleset/name`."""
    return {"anyOf": [{"enum": sorted(all_names(corpus))}, LOCAL_NAME]}
