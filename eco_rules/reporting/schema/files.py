"""JSON Schema of the files beside rulesets: matters, instruments, places, levels, units, parameters, explanations."""

from __future__ import annotations

from pydantic import BaseModel

from eco_rules.loading.corpus import Corpus
from eco_rules.model.facts import UnitsFile
from eco_rules.model.legal import Instrument
from eco_rules.model.matter import Matter
from eco_rules.model.ruleset import AcceptedFile, LevelsFile, ParametersFile, PlacesFile
from eco_rules.reporting.schema import names
from eco_rules.reporting.schema.names import Schema, ref
from eco_rules.reporting.schema.rulesets import fill


def files(corpus: Corpus) -> dict[str, Schema]:
    """The schema of each kind of file, by the name of the kind."""
    named = {
        "Clause": names.clauses(corpus),
        "Level": names.levels(corpus),
        "Place": names.places(corpus),
        "Matter": names.matters(corpus),
        "Subject": names.subjects(corpus),
        "Fact": names.facts(corpus, corpus.subjects),
    }
    subjects = {"anyOf": [ref("Subject")]}
    made = {
        "matter": _model(
            Matter,
            {
                ("Matter", "subject"): ref("Subject"),
                ("Matter", "includes"): {"type": "array", "items": subjects},
                ("Matter", "along"): {"type": "array", "items": ref("Matter")},
                ("OtherMatter", "matter"): ref("Matter"),
                ("Unread", "level"): ref("Level"),
                ("Unread", "fact"): ref("Fact"),
            },
        ),
        "instrument": _model(
            Instrument,
            {
                ("Instrument", "level"): ref("Level"),
                ("Instrument", "jurisdiction"): ref("Place"),
                ("Sanction", "of"): ref("Fact"),
            },
        ),
        "verify": _model(AcceptedFile, {("Accepted", "matter"): ref("Matter")}),
        "parameters": _parameters(corpus),
        "levels": _model(LevelsFile, {}),
        "places": _model(PlacesFile, {}),
        "units": _model(UnitsFile, {}),
    }
    return {name: _with_used(schema, named) for name, schema in made.items()}


def _model(model: type[BaseModel], replaced: dict[tuple[str, str], Schema]) -> Schema:
    """The schema of a model with some of its properties named by the loaded law; `Model.` keeps names apart."""
    made = model.model_json_schema(by_alias=True)
    parts = {**made.pop("$defs", {}), model.__name__: made}
    found = {name: fill(part, lambda name: f"model.{name}") for name, part in parts.items()}
    for (part, key), schema in replaced.items():
        assert key in found[part]["properties"]
        found[part]["properties"][key] = schema
    root = found.pop(model.__name__)
    return {**root, "$defs": {f"model.{name}": part for name, part in found.items()}}


def _parameters(corpus: Corpus) -> Schema:
    """`parameters.yaml`: the parameters that the rulesets have."""
    made = _model(ParametersFile, {})
    value = ref("model.ParameterOverride")
    rulesets: dict[str, Schema] = {}
    for file in corpus.rulesets:
        known = rulesets.setdefault(
            file.ruleset.id, {"type": "object", "additionalProperties": False, "properties": {}}
        )
        for name, parameter in file.ruleset.parameters.items():
            known["properties"][name] = {**value, "description": parameter.label}
    having = {name: schema for name, schema in rulesets.items() if schema["properties"]}
    made["properties"]["parameters"] = {"type": "object", "additionalProperties": False, "properties": having}
    return made


def _with_used(schema: Schema, named: dict[str, Schema]) -> Schema:
    """Add those definitions the schema refers to."""
    text = str(schema)
    used = {name: part for name, part in named.items() if f"'#/$defs/{name}'" in text}
    return {**schema, "$defs": {**schema["$defs"], **used}}
