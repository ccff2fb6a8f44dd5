"""JSON Schema of ruleset and vocabulary files: made from the models, with the names of the loaded law filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from eco_rules.loading.corpus import Corpus
from eco_rules.model.facts import FactsFile
from eco_rules.model.matter import Matter
from eco_rules.model.ruleset import Ruleset
from eco_rules.reporting.schema import names
from eco_rules.reporting.schema.conditions import condition, connectives, fact_tests, outcome_of, tests
from eco_rules.reporting.schema.derivations import computed, derivations
from eco_rules.reporting.schema.names import Schema, one_or_more, ref

RULES = one_or_more(ref("RuleName"))


def ruleset(corpus: Corpus) -> Schema:
    """A ruleset file; what it may say depends on its matter."""
    made = Ruleset.model_json_schema(by_alias=True)
    shared = {
        "Clause": names.clauses(corpus),
        "Penalty": names.clauses(corpus, with_sanction=True),
        "Level": names.levels(corpus),
        "Place": names.places(corpus),
        "RuleName": names.rules(corpus),
        "OutcomeOf": outcome_of(corpus),
        **_conditions(corpus),
        **computed(corpus),
        **tests(corpus),
    }
    narrowed: dict[str, Schema] = {}
    for matter in corpus.matters.values():
        narrowed |= _for_matter(made, matter, corpus)
    return by_key(made, "matter", names.matters(corpus), {**shared, **narrowed}, list(corpus.matters), "Ruleset")


def _for_matter(made: Schema, matter: Matter, corpus: Corpus) -> dict[str, Schema]:
    outcome = ref(f"Outcome.{matter.id}")
    dated = ref(f"Date.{matter.id}")
    condition_read = ref(_condition_of(matter))
    replaced = {
        ("Ruleset", "matter"): {"const": matter.id},
        ("Ruleset", "jurisdiction"): ref("Place"),
        ("Ruleset", "unless"): RULES,
        ("Rule", "level"): ref("Level"),
        **{("Rule", key): RULES for key in ("unless", "overrides", "replaces", "special_to")},
        ("Then", "outcome"): outcome,
        ("Then", "sanction"): ref("Penalty"),
        **{(kind, "for"): one_or_more(outcome) for kind in ("Obligation", "Material", "Notice")},
        ("Due", "fact"): dated,
        ("Due", "after"): dated,
    }
    return {
        f"Outcome.{matter.id}": names.outcomes(matter),
        f"Date.{matter.id}": names.facts(corpus, _read(matter), ("date",)),
        f"Condition.{matter.id}": condition_read,
        **specialise(made, "Ruleset", matter.id, replaced),
    }


def _conditions(corpus: Corpus) -> dict[str, Schema]:
    """The conditions of every set of subjects that matters read; most matters share one."""
    read = {_condition_of(matter): _read(matter) for matter in corpus.matters.values()}
    return {name: condition({**connectives(name), **fact_tests(corpus, subjects)}) for name, subjects in read.items()}


def _read(matter: Matter) -> tuple[str, ...]:
    return (matter.subject, *matter.includes)


def _condition_of(matter: Matter) -> str:
    return "Facts." + "-".join(_read(matter))


def facts(corpus: Corpus) -> Schema:
    """A vocabulary file; derived facts name the facts of their subject. A new subject may be anything."""
    made = FactsFile.model_json_schema(by_alias=True)
    definitions: dict[str, Schema] = {"Clause": names.clauses(corpus), **computed(corpus), **tests(corpus)}
    definitions["RuleName"] = definitions["OutcomeOf"] = {"not": {}}
    for subject in corpus.subjects:
        definitions |= derivations(corpus, subject) | specialise(made, "FactsFile", subject, {})
    open_end = {"anyOf": [names.subjects(corpus), {"type": "string"}]}
    return by_key(made, "subject", open_end, definitions, list(corpus.subjects), "FactsFile")


def by_key(made: Schema, key: str, values: Schema, definitions: Schema, known: list[str], root: str) -> Schema:
    """A file whose contents depend on one of its keys; the other keys are offered before that one is written."""
    offered: dict[str, Schema] = {name: {} for name in made["properties"]}
    chosen = [
        {
            "if": {"required": [key], "properties": {key: {"const": name}}},
            "then": ref(f"{root}.{name}"),
        }
        for name in known
    ]
    return {
        "title": root,
        "type": "object",
        "required": made["required"],
        "additionalProperties": False,
        "properties": {**offered, key: values},
        "allOf": chosen,
        "$defs": definitions,
    }


def specialise(made: Schema, root: str, suffix: str, replaced: Mapping[tuple[str, str], Schema]) -> dict[str, Schema]:
    """The definitions of a model's schema under names of their own, some properties replaced.

    Raises:
        KeyError: `replaced` names a property the model does not have.
    """
    parts: dict[str, Schema] = {**made["$defs"], root: {key: value for key, value in made.items() if key != "$defs"}}
    found = {f"{name}.{suffix}": fill(part, lambda name: f"{name}.{suffix}") for name, part in parts.items()}
    for (part, key), schema in replaced.items():
        properties = found[f"{part}.{suffix}"]["properties"]
        properties[key] = {**schema, **_described(properties[key])}
    return found


def _described(schema: Schema) -> Schema:
    return {"description": schema["description"]} if "description" in schema else {}


def fill(schema: Any, renamed: Callable[[str], str] = str) -> Any:
    """A model's schema with references where conditions, derivations and clauses stand, without generated titles."""
    if isinstance(schema, list):
        return [fill(item, renamed) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("title") in ("Condition", "Derivation") and len(schema) == 1:
        return ref(renamed(schema["title"]))
    if schema.get("description") == "instrument#clause":
        return ref("Clause")
    if "$ref" in schema:
        return {**schema, "$ref": "#/$defs/" + renamed(schema["$ref"].removeprefix("#/$defs/"))}
    return {key: fill(value, renamed) for key, value in schema.items() if key != "title" or not isinstance(value, str)}
