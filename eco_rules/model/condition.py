"""The grammar of conditions, and its parser.

A condition is a mapping: `all`, `any`, `not`, `at_least`, `holds`, `outcome_of`, or `fact: test`.
Several keys in one mapping all have to hold. What cannot be read becomes `Malformed`, so that one
pass over a file finds every mistake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from eco_rules.diagnostics import suggest
from eco_rules.words import Text

Path: TypeAlias = tuple[str | int, ...]
Scalar: TypeAlias = str | bool | int | Decimal

COMPARISONS = ("eq", "ne", "gt", "ge", "lt", "le")
OPERATORS = (*COMPARISONS, "between", "in", "not_in", "any_of", "all_of", "none_of", "known")
CONNECTIVES = ("all", "any", "not", "at_least", "holds", "outcome_of")


@dataclass(frozen=True, slots=True)
class FactOperand:
    """`fact` or `{fact: id, with: {…}}`: another fact's value."""

    name: str
    arguments: tuple[tuple[str, Scalar], ...] = ()


@dataclass(frozen=True, slots=True)
class ParameterOperand:
    """`$name`: a parameter of the ruleset, or of the derived fact."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """`{function: [arguments]}` inside a derivation."""

    function: str
    arguments: tuple[Operand, ...]
    path: Path


Operand: TypeAlias = Scalar | FactOperand | ParameterOperand | Call | tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Junction:
    """All or any of several conditions."""

    every: bool
    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """The condition does not hold."""

    item: Condition


@dataclass(frozen=True, slots=True)
class Quorum:
    """At least so many of several conditions hold."""

    count: int
    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Holds:
    """A named condition or rule holds: `name` here, `ruleset/name` elsewhere."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class OutcomeOf:
    """Another matter's outcome for the same case and place; `at` a date of the case, by default its own dates."""

    matter: str
    outcomes: tuple[str, ...]
    at: str | None
    path: Path


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of one fact."""

    fact: str
    arguments: tuple[tuple[str, Scalar], ...]
    operator: str
    operand: Operand
    path: Path


@dataclass(frozen=True, slots=True)
class Malformed:
    """Something that is no condition: why, and where relative to the condition."""

    message: Text
    path: Path
    code: str = "E205"
    hint: Text | None = None


Condition: TypeAlias = Junction | Negation | Quorum | Holds | OutcomeOf | Test | Malformed


def parse_condition(raw: object, path: Path = ()) -> Condition:
    """Read a condition from plain YAML values; never raises."""
    if not isinstance(raw, Mapping):
        return Malformed(Text("条件应是映射，如 `事实项: 值`", "a condition is a mapping such as `fact: value`"), path)
    if not raw:
        return Malformed(Text("条件是空的", "the condition is empty"), path)
    items = tuple(_entry(str(key), value, path) for key, value in raw.items())
    return items[0] if len(items) == 1 else Junction(every=True, items=items)


def _entry(key: str, value: object, path: Path) -> Condition:
    here = (*path, key)
    if key in ("all", "any"):
        return _junction(key, value, here)
    if key == "not":
        return Negation(parse_condition(value, here))
    if key == "at_least":
        return _quorum(value, here)
    if key == "holds":
        if isinstance(value, str):
            return Holds(value, here)
        return Malformed(Text("`holds` 后应是条件名", "`holds` wants the name of a condition"), here)
    if key == "outcome_of":
        return _outcome_of(value, here)
    return _tests(key, value, here)


def _junction(key: str, value: object, path: Path) -> Condition:
    if not isinstance(value, list) or not value:
        return Malformed(Text(f"`{key}` 后应是非空列表", f"`{key}` wants a non-empty list"), path)
    items = tuple(parse_condition(item, (*path, index)) for index, item in enumerate(value))
    return Junction(every=key == "all", items=items)


def _quorum(value: object, path: Path) -> Condition:
    if isinstance(value, Mapping) and set(value) == {"n", "of"}:
        count, items = value["n"], value["of"]
        if isinstance(count, int) and isinstance(items, list) and 1 <= count <= len(items):
            parsed = tuple(parse_condition(item, (*path, "of", i)) for i, item in enumerate(items))
            return Quorum(count, parsed)
    return Malformed(
        Text(
            "`at_least` 应写作 {n: 个数, of: [条件…]}，个数不超过条件数",
            "`at_least` is {n: count, of: [conditions…]}",
        ),
        path,
    )


def _outcome_of(value: object, path: Path) -> Condition:
    if isinstance(value, Mapping) and len(value) - ("at" in value) == 1 and value.get("at") in (None, "act_date"):
        ((matter, outcomes),) = ((key, item) for key, item in value.items() if key != "at")
        names = [outcomes] if isinstance(outcomes, str) else outcomes
        if isinstance(names, list) and names and all(isinstance(name, str) for name in names):
            return OutcomeOf(str(matter), tuple(names), value.get("at"), path)
    message = Text(
        "`outcome_of` 应写作 {事项: 结论}，可加 at: act_date",
        "`outcome_of` is {matter: outcome}, with `at: act_date` where that day counts",
    )
    return Malformed(message, path)


def _tests(fact: str, value: object, path: Path) -> Condition:
    if isinstance(value, bool | int | Decimal | str):
        return Test(fact, (), "eq", read_operand(value, path), path)
    if not isinstance(value, Mapping):
        return Malformed(
            Text(f"`{fact}` 的条件应是值或 {{运算符: 值}}", f"the test of `{fact}` is a value or {{operator: value}}"),
            path,
        )
    arguments = value.get("with", {})
    if not isinstance(arguments, Mapping) or not all(isinstance(v, Scalar) for v in arguments.values()):
        return Malformed(Text("`with` 应是 {参数: 值}", "`with` is {parameter: value}"), (*path, "with"))
    bound = tuple(sorted((str(name), item) for name, item in arguments.items()))
    tests = tuple(_operator(fact, bound, str(key), item, (*path, key)) for key, item in value.items() if key != "with")
    if not tests:
        return Malformed(Text("缺少运算符", "an operator is missing"), path)
    return tests[0] if len(tests) == 1 else Junction(every=True, items=tests)


def _operator(fact: str, arguments: tuple[tuple[str, Scalar], ...], name: str, value: object, path: Path) -> Condition:
    if name not in OPERATORS:
        near = suggest(name, OPERATORS)
        options = " ".join(OPERATORS)
        hint = Text(
            f"可用 {options}" + (f"；{near.zh}" if near else ""),
            f"allowed: {options}" + (f"; {near.en}" if near else ""),
        )
        return Malformed(Text(f"未知运算符 `{name}`", f"unknown operator `{name}`"), path, "E204", hint)
    if name == "between" and not (isinstance(value, list) and len(value) == 2):
        return Malformed(
            Text("`between` 应是 [下限, 上限]（两端都含）", "`between` is [low, high], both included"), path
        )
    if name in ("in", "not_in", "any_of", "all_of", "none_of") and isinstance(value, Scalar):
        value = [value]
    operand = read_operand(value, path)
    if isinstance(operand, Malformed):
        return operand
    return Test(fact, arguments, name, operand, path)


def read_operand(raw: object, path: Path) -> Any:
    """Read what a fact is compared with: a literal, `$parameter`, `{fact: …}`, a call, or a list of them."""
    if isinstance(raw, str) and raw.startswith("$"):
        return ParameterOperand(raw[1:])
    if isinstance(raw, bool | int | Decimal | str):
        return raw
    if isinstance(raw, list):
        items = tuple(read_operand(item, (*path, index)) for index, item in enumerate(raw))
        return next((item for item in items if isinstance(item, Malformed)), items)
    if isinstance(raw, Mapping) and "fact" in raw and set(raw) <= {"fact", "with"}:
        bound = raw.get("with", {})
        if isinstance(raw["fact"], str) and isinstance(bound, Mapping):
            return FactOperand(raw["fact"], tuple(sorted((str(k), v) for k, v in bound.items())))
    if isinstance(raw, Mapping) and len(raw) == 1:
        ((function, arguments),) = raw.items()
        listed = arguments if isinstance(arguments, list) else [arguments]
        parsed = read_operand(listed, (*path, function))
        return parsed if isinstance(parsed, Malformed) else Call(str(function), parsed, path)
    return Malformed(Text("无法识别的比较值", "this value cannot be compared with"), path)


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and everything inside it."""
    yield condition
    if isinstance(condition, Junction | Quorum):
        for item in condition.items:
            yield from walk(item)
    elif isinstance(condition, Negation):
        yield from walk(condition.item)


class ConditionField:
    """A pydantic field that holds a `Condition`; malformed parts are kept, and reported by the loader."""

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Parse with our own parser; pydantic's union errors would point nowhere."""
        return core_schema.no_info_plain_validator_function(parse_condition)

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """A placeholder for the definition that the schema exporter supplies."""
        return {"title": "Condition"}
