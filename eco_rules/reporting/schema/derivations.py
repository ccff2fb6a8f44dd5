"""How derived facts are written, as JSON Schema: functions, counts over records, cases, conditions."""

from __future__ import annotations

from eco_rules.ir.functions import FUNCTIONS
from eco_rules.ir.scope import ORDERED
from eco_rules.loading.corpus import Corpus
from eco_rules.model.condition import CONNECTIVES
from eco_rules.model.derivation import AGGREGATES
from eco_rules.model.facts import FactSpec
from eco_rules.reporting.schema.conditions import condition, connectives, fact_tests, field_test
from eco_rules.reporting.schema.names import PARAMETER, Schema, facts, ref

_JOINING = [key for key in CONNECTIVES if key not in ("holds", "outcome_of")]
"""A derived fact refers to facts only, never to rules or other matters."""


def derivations(corpus: Corpus, subject: str) -> dict[str, Schema]:
    """Definitions for the derived facts of one subject: `Derivation.<subject>` and what it uses."""
    here = f"Condition.{subject}"
    records = {name: spec for name, spec in corpus.subjects[subject].facts.items() if spec.type == "records"}
    fields = {f"Filter.{subject}.{name}": _filter(f"Filter.{subject}.{name}", spec) for name, spec in records.items()}
    counted = [_aggregate(kind, subject, name, spec) for kind in AGGREGATES for name, spec in records.items()]
    choice = {
        "type": "object",
        "required": ["when", "value"],
        "additionalProperties": False,
        "properties": {"when": ref(here), "value": {"type": ["string", "number", "boolean"]}},
    }
    whole = [
        *counted,
        _only("cases", {"type": "array", "minItems": 1, "items": choice}),
        _only("when", ref(here)),
        ref("Computed"),
        {"type": "number"},
        PARAMETER,
        facts(corpus, [subject]),
    ]
    own = {key: schema for key, schema in connectives(here).items() if key in _JOINING}
    return {
        **fields,
        here: condition({**own, **fact_tests(corpus, [subject])}),
        f"Derivation.{subject}": {"anyOf": whole},
    }


def computed(corpus: Corpus) -> dict[str, Schema]:
    """A fact, a fact with its parameters, or a function of such."""
    named = facts(corpus, corpus.subjects)
    argument = {"anyOf": [named, {"type": "number"}, PARAMETER, ref("Computed")]}
    calls = [_only(name, _arguments(len(function.arguments), argument)) for name, function in FUNCTIONS.items()]
    return {
        "OtherDate": _other(facts(corpus, corpus.subjects, ("date",))),
        "OtherNumber": _other(facts(corpus, corpus.subjects, ("integer", "number"))),
        "Computed": {"anyOf": [_other(named), *calls]},
    }


def _other(named: Schema) -> Schema:
    """`{fact: id}`, with the arguments of a fact that has parameters."""
    return {
        "type": "object",
        "required": ["fact"],
        "additionalProperties": False,
        "properties": {"fact": named, "with": {"type": "object"}},
    }


def _arguments(count: int, argument: Schema) -> Schema:
    listed = {"type": "array", "items": argument, "minItems": count, "maxItems": count}
    return {"anyOf": [listed, argument]} if count == 1 else listed


def _only(key: str, schema: Schema) -> Schema:
    return {"type": "object", "required": [key], "additionalProperties": False, "properties": {key: schema}}


def _aggregate(kind: str, subject: str, name: str, spec: FactSpec) -> Schema:
    properties: dict[str, Schema] = {"of": {"const": name}, "where": ref(f"Filter.{subject}.{name}")}
    if kind != "count":
        properties["field"] = {"enum": [key for key, field in spec.fields.items() if field.type in ORDERED]}
    required = [key for key in properties if key != "where"]
    return _only(
        kind, {"type": "object", "required": required, "additionalProperties": False, "properties": properties}
    )


def _filter(here: str, spec: FactSpec) -> Schema:
    own = {key: schema for key, schema in connectives(here).items() if key in _JOINING}
    fields = {
        name: {**field_test(field), **({"description": field.label} if field.label else {})}
        for name, field in spec.fields.items()
    }
    return condition({**own, **fields})
