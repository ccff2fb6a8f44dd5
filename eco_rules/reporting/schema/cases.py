"""JSON Schema of case files and of the JSON of `check`."""

from __future__ import annotations

from eco_rules.decision.decision import Decision
from eco_rules.loading.corpus import Corpus
from eco_rules.model.facts import FactSpec
from eco_rules.reporting.schema import names
from eco_rules.reporting.schema.names import Schema, one_of, one_or_more, ref


def decision() -> Schema:
    """What `check --format json` prints."""
    schema = Decision.model_json_schema(mode="serialization")
    definitions = schema.pop("$defs", {})
    return {
        "title": "eco-rules check --format json",
        "type": "object",
        "required": ["format"],
        "properties": {
            "format": {"const": 1},
            "decisions": {"type": "array", "items": {"$ref": "#/$defs/Decision"}},
            "errors": {"type": "array", "items": {"$ref": "#/$defs/Error"}},
        },
        "$defs": {
            **definitions,
            "Decision": schema,
            "Error": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "file": {"type": ["string", "null"]},
                    "line": {"type": ["integer", "null"]},
                    "column": {"type": ["integer", "null"]},
                    "help": {"type": ["string", "null"]},
                },
            },
        },
    }


def case(corpus: Corpus) -> Schema:
    """A case file: one case or a list of them."""
    facts = names.facts_of(corpus, corpus.subjects)
    properties: dict[str, Schema] = {}
    for name, spec in facts.items():
        if spec.header:
            continue
        if not spec.parameters:
            properties[name] = properties[spec.label] = _value(spec)
        for alias, instance in spec.named.items():
            properties[alias] = properties[instance.label] = _value(spec)
    text = {"type": "string"}
    day = {"type": ["string", "integer", "object"], "description": "2024-03-01；只知到月写 2024-03；{from, to}"}
    single = {
        "type": "object",
        "required": ["jurisdiction", "decision_date"],
        "additionalProperties": False,
        "properties": {
            "id": text,
            "file_id": text,
            "note": text,
            "subject": names.subjects(corpus),
            "matter": one_or_more(ref("Matter")),
            "jurisdiction": names.place_names(corpus),
            "act_date": day,
            "decision_date": day,
            "facts": {
                "type": "object",
                "properties": properties,
                "patternProperties": {r"\(.*\)$": {}},
                "additionalProperties": False,
            },
            "evidence": {"type": "object", "additionalProperties": text},
        },
    }
    return {
        "title": "eco_rules case",
        "anyOf": [{"$ref": "#/$defs/Case"}, {"type": "array", "items": {"$ref": "#/$defs/Case"}}],
        "$defs": {"Case": single, "Matter": _matters(corpus)},
    }


def _value(spec: FactSpec) -> Schema:
    described = {"description": spec.question or spec.label}
    if spec.type == "boolean":
        return {**described, "enum": [True, False, None, "是", "否", "有", "无"]}
    if spec.type == "enum":
        return {**described, "anyOf": [_values(spec), {"type": "null"}]}
    if spec.type == "set":
        listed = {"type": "array", "items": _values(spec)}
        return {**described, "anyOf": [listed, {"type": "object"}, {"type": "null"}]}
    if spec.type == "records":
        return {**described, "type": ["array", "null"], "items": {"type": "object"}}
    return {**described, "type": ["string", "number", "object", "null"]}


def _values(spec: FactSpec) -> Schema:
    return one_of({**spec.values, **{label: name for name, label in spec.values.items()}})


def _matters(corpus: Corpus) -> Schema:
    """Ids of matters, or their names."""
    return {"anyOf": [names.matters(corpus), {"enum": [matter.label for matter in corpus.matters.values()]}]}
