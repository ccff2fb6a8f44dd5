"""JSON Schema of what users write and read, with the vocabulary filled in for editors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eco_rules.decision.decision import Decision
from eco_rules.loading.corpus import Corpus
from eco_rules.model.condition import CONNECTIVES, OPERATORS
from eco_rules.model.facts import FactsFile, FactSpec
from eco_rules.model.legal import Instrument
from eco_rules.model.matter import Matter
from eco_rules.model.ruleset import AcceptedFile, Ruleset

_SCALAR = {"type": ["string", "number", "boolean"]}
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schemas(corpus: Corpus) -> dict[str, dict[str, Any]]:
    """Every exported schema by name."""
    facts = {name: spec for subject in corpus.subjects.values() for name, spec in subject.facts.items()}
    clauses = sorted(f"{item.id}#{key}" for item in corpus.instruments.values() for key in item.clauses)
    made = {
        "ruleset": _with_conditions(Ruleset.model_json_schema(by_alias=True), facts, clauses),
        "facts": _with_conditions(FactsFile.model_json_schema(by_alias=True), facts, clauses),
        "matter": Matter.model_json_schema(by_alias=True),
        "instrument": Instrument.model_json_schema(by_alias=True),
        "verify": AcceptedFile.model_json_schema(by_alias=True),
        "case": _case(corpus, facts),
        "decision": _decisions(),
    }
    return {name: {"$schema": _DRAFT, **schema} for name, schema in made.items()}


def _decisions() -> dict[str, Any]:
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


def _with_conditions(schema: dict[str, Any], facts: Mapping[str, FactSpec], clauses: list[str]) -> dict[str, Any]:
    """Add the grammar of conditions, with one property for each fact, and the clauses that may be cited."""
    here = {"$ref": "#/$defs/Condition"}
    several = {"type": "array", "items": here, "minItems": 1}
    quorum = {"type": "object", "required": ["n", "of"], "properties": {"n": {"type": "integer"}, "of": several}}
    connectives: dict[str, Any] = {
        "all": several,
        "any": several,
        "not": here,
        "holds": {"type": "string"},
        "at_least": quorum,
        "outcome_of": {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 2,
            "properties": {"at": {"const": "act_date"}},
        },
    }
    assert set(connectives) == set(CONNECTIVES)  # the grammar and its schema grow together
    named = [(name, spec) for name, spec in facts.items()]
    named += [(alias, spec) for spec in facts.values() for alias in spec.named]
    values = {f"values.{name}": _values(spec) for name, spec in named if spec.type in ("enum", "set")}
    filled: dict[str, Any] = _fill(schema)
    filled["$defs"] = {
        **filled.get("$defs", {}),
        **values,
        "ClauseRef": {"enum": clauses},
        "Derivation": {"anyOf": [{"type": "object"}, _SCALAR]},
        "BooleanTest": _test({"type": "boolean"}),
        "OtherTest": _test({"type": ["string", "number", "object"]}),
        "Condition": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": False,
            "properties": {**connectives, **{name: _fact_test(name, spec) for name, spec in named}},
        },
    }
    return filled


def _fill(schema: Any) -> Any:
    """Put references where models left placeholders for conditions, derivations and clauses."""
    if isinstance(schema, dict):
        if schema in ({"title": "Condition"}, {"title": "Derivation"}):
            return {"$ref": f"#/$defs/{schema['title']}"}
        if schema.get("description") == "instrument#clause":
            return {"$ref": "#/$defs/ClauseRef"}
        return {key: _fill(value) for key, value in schema.items()}
    return [_fill(item) for item in schema] if isinstance(schema, list) else schema


def _values(spec: FactSpec) -> dict[str, Any]:
    return {"anyOf": [{"enum": [*spec.values, *spec.values.values()]}, {"type": "string", "pattern": r"^\$"}]}


def _fact_test(name: str, spec: FactSpec) -> dict[str, Any]:
    if spec.type in ("enum", "set"):
        return {**_test({"$ref": f"#/$defs/values.{name}"}), "description": spec.label}
    kind = "BooleanTest" if spec.type == "boolean" else "OtherTest"
    return {"$ref": f"#/$defs/{kind}", "description": spec.label}


def _test(operand: dict[str, Any]) -> dict[str, Any]:
    """A value, or operators with values."""
    listed = {"anyOf": [operand, {"type": "array", "items": operand}]}
    several = ("in", "not_in", "any_of", "all_of", "none_of")
    operators: dict[str, Any] = {name: listed if name in several else operand for name in OPERATORS}
    operators |= {"between": {"type": "array"}, "known": {"const": True}, "with": {"type": "object"}}
    detailed = {"type": "object", "properties": operators, "additionalProperties": False, "minProperties": 1}
    return {"anyOf": [operand, detailed]}


def _case(corpus: Corpus, facts: Mapping[str, FactSpec]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for name, spec in facts.items():
        if spec.header:
            continue
        if not spec.parameters:
            properties[name] = properties[spec.label] = _value(spec)
        for alias, instance in spec.named.items():
            properties[alias] = properties[instance.label] = _value(spec)
    text = {"type": "string"}
    day = {"type": ["string", "integer", "object"], "description": "2024-03-01；只知到月写 2024-03；{from, to}"}
    case = {
        "type": "object",
        "required": ["jurisdiction", "decision_date"],
        "additionalProperties": False,
        "properties": {
            "id": text,
            "file_id": text,
            "note": text,
            "subject": {"enum": sorted(corpus.subjects)},
            "matter": {
                "anyOf": [
                    {"enum": sorted(corpus.matters)},
                    {"type": "array", "items": {"enum": sorted(corpus.matters)}},
                ]
            },
            "jurisdiction": {"type": ["string", "integer"]},
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
        "$defs": {"Case": case},
    }


def _value(spec: FactSpec) -> dict[str, Any]:
    described = {"description": spec.question or spec.label}
    if spec.type == "boolean":
        return {**described, "enum": [True, False, None, "是", "否", "有", "无"]}
    if spec.type == "enum":
        return {**described, "enum": [*spec.values, *spec.values.values(), None]}
    if spec.type == "set":
        listed = {"type": "array", "items": {"enum": [*spec.values, *spec.values.values()]}}
        return {**described, "anyOf": [listed, {"type": "object"}, {"type": "null"}]}
    if spec.type == "records":
        return {**described, "type": ["array", "null"], "items": {"type": "object"}}
    return {**described, "type": ["string", "number", "object", "null"]}
