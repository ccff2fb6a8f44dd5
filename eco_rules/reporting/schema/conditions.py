"""The grammar of conditions as JSON Schema: every fact with the operators and values of its type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from eco_rules.ir.scope import ALLOWED, ORDERED, ORDERED_OPERATORS
from eco_rules.loading.corpus import Corpus
from eco_rules.model.condition import CONNECTIVES
from eco_rules.model.facts import FactSpec, RecordField
from eco_rules.reporting.schema.names import PARAMETER, Schema, one_of, one_or_more, outcomes, ref

_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_NUMBER: Schema = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^\$|[0-9０-９一二三四五六七八九十百千万]"}]
}
_DAY: Schema = {"type": "string", "pattern": r"^\$|^\d{4}"}
_SEVERAL = ("in", "not_in", "any_of", "all_of", "none_of")


def connectives(condition: str) -> dict[str, Schema]:
    """What joins conditions, by key; `condition` names the definition of the conditions joined."""
    here = ref(condition)
    several = {"type": "array", "items": here, "minItems": 1}
    quorum = {
        "type": "object",
        "required": ["n", "of"],
        "additionalProperties": False,
        "properties": {"n": {"type": "integer", "minimum": 1}, "of": several},
    }
    made = {
        "all": {**several, "description": "全部符合"},
        "any": {**several, "description": "任一符合"},
        "not": {**here, "description": "不符合"},
        "at_least": {**quorum, "description": "其中至少几项符合：{n: 个数, of: [条件…]}"},
        "holds": {**ref("RuleName"), "description": "有名称的条件或者规则成立"},
        "outcome_of": {**ref("OutcomeOf"), "description": "另一事项的结论：{事项: 结论}"},
    }
    assert set(made) == set(CONNECTIVES)  # the grammar and its schema grow together
    return made


def outcome_of(corpus: Corpus) -> Schema:
    """Another matter's outcome."""
    named = {
        matter.id: {**one_or_more(outcomes(matter)), "description": matter.label} for matter in corpus.matters.values()
    }
    return {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 2,
        "additionalProperties": False,
        "properties": {**named, "at": {"const": "act_date"}},
    }


def tests(corpus: Corpus) -> dict[str, Schema]:
    """What every fact may be compared with, one definition a fact; facts that compare alike share one."""
    made: dict[str, Schema] = {}
    for subject in corpus.subjects.values():
        for name, spec in subject.facts.items():
            made.setdefault(_test_name(subject.id, name, spec), fact_test(spec))
    return made


def _test_name(subject: str, name: str, spec: FactSpec) -> str:
    shared = spec.type in ("boolean", "date", "number", "integer", "records") and not spec.parameters
    return f"test.{spec.type}" if shared else f"test.{subject}.{name}"


def fact_tests(corpus: Corpus, subjects: Iterable[str]) -> dict[str, Schema]:
    """The facts of several subjects as keys of a condition."""
    found: dict[str, Schema] = {}
    for subject in subjects:
        for name, spec in corpus.subjects[subject].facts.items():
            test = ref(_test_name(subject, name, spec))
            found[name] = {**test, "description": f"{spec.label}（{spec.type}{_unit(spec)}）"}
            found |= {alias: {**test, "description": item.label} for alias, item in spec.named.items()}
    return found


def _unit(spec: FactSpec) -> str:
    return f"，{spec.unit}" if spec.unit else ""


def condition(keys: Mapping[str, Schema]) -> Schema:
    """A condition: some of these keys, all of which have to hold."""
    return {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": dict(keys)}


def fact_test(spec: FactSpec) -> Schema:
    """What a fact may be compared with: a value, or operators with values.

    A fact with parameters has them given in `with`, but under its friendly names, which fill them in.
    """
    other = [ref("OtherDate" if spec.type == "date" else "OtherNumber")] if spec.type in ORDERED else []
    arguments = dict.fromkeys(spec.parameters, _SCALAR)
    return _test(spec, other, {"with": {"type": "object", "properties": arguments, "additionalProperties": False}})


def field_test(field: RecordField) -> Schema:
    """What a column of records may be compared with, facts of the case and calculations included."""
    return _test(field, [ref("Computed")], {})


def _test(spec: FactSpec | RecordField, others: list[Schema], more: Mapping[str, Schema]) -> Schema:
    literal = _literal(spec)
    operand = {"anyOf": [literal, *others]} if others else literal
    allowed = ORDERED_OPERATORS if spec.type in ORDERED else ALLOWED[spec.type]
    operators: dict[str, Schema] = {name: one_or_more(operand) if name in _SEVERAL else operand for name in allowed}
    operators |= {"known": {"const": True}, **more}
    if "between" in operators:
        operators["between"] = {"type": "array", "items": operand, "minItems": 2, "maxItems": 2}
    detailed = {"type": "object", "properties": operators, "additionalProperties": False, "minProperties": 1}
    return detailed if "eq" not in allowed else {"anyOf": [literal, detailed]}


def _literal(spec: FactSpec | RecordField) -> Schema:
    if spec.values:
        labels = {label: name for name, label in spec.values.items()}
        return {"anyOf": [one_of({**spec.values, **labels}), PARAMETER]}
    if spec.type == "boolean":
        return {"anyOf": [{"type": "boolean"}, PARAMETER]}
    return {"number": _NUMBER, "integer": _NUMBER, "date": _DAY}.get(spec.type, {"type": "string"})
