"""How a derived fact is computed: dates, arithmetic, counts over records, cases, conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from eco_rules.model.condition import (
    Condition,
    FactOperand,
    Malformed,
    Operand,
    ParameterOperand,
    Path,
    parse_condition,
    read_operand,
)
from eco_rules.words import Text

AGGREGATES = ("count", "max", "min", "sum")


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Count, maximum, minimum or sum over the records that pass a filter."""

    kind: str
    of: str
    field: str | None
    where: Condition | None
    path: Path


@dataclass(frozen=True, slots=True)
class Choice:
    """The value of the first case whose condition holds; unknown while an earlier one is unknown."""

    items: tuple[tuple[Condition, Operand], ...]
    path: Path


@dataclass(frozen=True, slots=True)
class TruthOf:
    """The truth of a condition, as a boolean fact."""

    condition: Condition


Derivation: TypeAlias = Aggregate | Choice | TruthOf | Operand | Malformed


def parse_derivation(raw: object, path: Path = ()) -> Derivation:
    """Read a derivation from plain YAML values; never raises."""
    if isinstance(raw, Mapping) and len(raw) == 1:
        ((key, body),) = raw.items()
        here = (*path, str(key))
        if key in AGGREGATES and isinstance(body, Mapping):
            return _aggregate(str(key), body, here)
        if key == "when":
            return TruthOf(parse_condition(body, here))
        if key == "cases":
            return _choice(body, here)
    operand: Derivation = _name_as_fact(read_operand(raw, path))
    if isinstance(operand, Malformed):
        return Malformed(Text("无法识别的推导式", "this derivation cannot be read"), operand.path, "E208", operand.hint)
    return operand


def _name_as_fact(operand: Any) -> Any:
    """Inside a derivation a bare word is a fact, as in `workdays_between: [order_served_at, corrected_at]`."""
    if isinstance(operand, str):
        return FactOperand(operand)
    if isinstance(operand, tuple):
        return tuple(_name_as_fact(item) for item in operand)
    if hasattr(operand, "function"):
        return type(operand)(operand.function, _name_as_fact(operand.arguments), operand.path)
    return operand


def _aggregate(kind: str, body: Mapping[str, object], path: Path) -> Derivation:
    wrong = set(body) - {"of", "where", "field"}
    if wrong or not isinstance(body.get("of"), str) or (kind != "count") != isinstance(body.get("field"), str):
        return Malformed(
            Text(
                f"`{kind}` 应写作 {{of: 记录, where: 条件" + ("}" if kind == "count" else ", field: 字段}"),
                f"`{kind}` is {{of: records, where: condition" + ("}" if kind == "count" else ", field: name}"),
            ),
            path,
            "E208",
        )
    where = parse_condition(body["where"], (*path, "where")) if "where" in body else None
    field = body.get("field")
    return Aggregate(kind, str(body["of"]), field if isinstance(field, str) else None, where, path)


def _choice(body: object, path: Path) -> Derivation:
    items = []
    if isinstance(body, list):
        for index, item in enumerate(body):
            if not isinstance(item, Mapping) or set(item) != {"when", "value"}:
                break
            here = (*path, index)
            items.append((parse_condition(item["when"], (*here, "when")), read_operand(item["value"], here)))
        else:
            if items:
                return Choice(tuple(items), path)
    return Malformed(
        Text("`cases` 应是 [{when: 条件, value: 值}, …]", "`cases` is [{when: condition, value: …}, …]"),
        path,
        "E208",
    )


def operands(derivation: Derivation) -> list[FactOperand | ParameterOperand]:
    """Facts and parameters named as operands (not those inside conditions)."""
    if isinstance(derivation, FactOperand | ParameterOperand):
        return [derivation]
    if isinstance(derivation, tuple):
        return [found for item in derivation for found in operands(item)]
    if hasattr(derivation, "arguments"):
        return operands(derivation.arguments)
    return []


class DerivationField:
    """A pydantic field that holds a `Derivation`."""

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Parse with our own parser."""
        return core_schema.no_info_plain_validator_function(parse_derivation)

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """A placeholder for the definition that the schema exporter supplies."""
        return {"title": "Derivation"}
