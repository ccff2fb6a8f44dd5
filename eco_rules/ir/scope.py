"""Turning names into slots and raw conditions into typed nodes, with a diagnostic for whatever fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from eco_rules.diagnostics import Problems, choose_from
from eco_rules.ir.nodes import (
    And,
    AtLeast,
    Below,
    Constant,
    Equals,
    Fixed,
    Includes,
    Intersects,
    Known,
    Node,
    Not,
    OneOf,
    Or,
    conjunction,
)
from eco_rules.ir.slots import SlotTable
from eco_rules.ir.vocabulary import FactKey, ValueProblemError, Vocabulary, find_value, parse_scalar
from eco_rules.model.condition import (
    Condition,
    FactOperand,
    Holds,
    Junction,
    Negation,
    OutcomeOf,
    ParameterOperand,
    Path,
    Quorum,
    Scalar,
    Test,
)
from eco_rules.model.facts import FactSpec
from eco_rules.source import Span
from eco_rules.words import Text

ORDERED = ("integer", "number", "date")
ALLOWED = {
    "boolean": ("eq", "ne", "known"),
    "enum": ("eq", "ne", "in", "not_in", "known"),
    "text": ("eq", "ne", "in", "not_in", "known"),
    "clause": ("eq", "ne", "known"),
    "set": ("eq", "any_of", "all_of", "none_of", "known"),
    "records": ("known",),
}
ORDERED_OPERATORS = ("eq", "ne", "gt", "ge", "lt", "le", "between", "in", "not_in", "known")
_FALSE = Fixed(value=False)

Where = Callable[[Path], Span]


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything a condition may refer to, and where its problems go."""

    table: SlotTable
    slot_of: Callable[[FactKey], int]
    parameters: Mapping[str, Any]
    named: Callable[[str, Path], Node]
    outcome_of: Callable[[OutcomeOf], Node]
    problems: Problems
    where: Where

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary names are looked up in."""
        return self.table.vocabulary

    def complain(self, code: str, message: Text, path: Path, hint: Text | None = None) -> Fixed:
        """Record a problem; the returned node stands in so that lowering can go on."""
        self.problems.add(code, message, self.where(path), hint)
        return _FALSE

    def key(self, name: str, arguments: tuple[tuple[str, Scalar], ...], path: Path) -> FactKey | None:
        """Key of a fact written in a condition, its arguments resolved."""
        try:
            key = self.vocabulary.find(name)
        except ValueProblemError as problem:
            self.complain(problem.code, problem.message, path, problem.hint)
            return None
        if key is None and name in self.vocabulary.facts:
            bound = tuple((item, self.parameter(value, path)) for item, value in arguments)
            wanted = self.vocabulary.facts[name].parameters
            if {item for item, _ in bound} == set(wanted):
                return FactKey(name, bound)
            need = ", ".join(wanted)
            self.complain("E303", Text(f"`{name}` 须用 with 给出参数 {need}", f"`{name}` needs `with`: {need}"), path)
            return None
        if key is None:
            message = Text(f"未知事实项 `{name}`", f"unknown fact `{name}`")
            self.complain("E301", message, path, choose_from(name, self.vocabulary.names))
        return key

    def parameter(self, value: Any, path: Path) -> Any:
        """A literal as it is; `$name` as the parameter's value."""
        name = value.name if isinstance(value, ParameterOperand) else None
        if isinstance(value, str) and value.startswith("$"):
            name = value[1:]
        if name is None:
            return value
        if name not in self.parameters:
            message = Text(f"没有参数 `{name}`", f"no parameter `{name}`")
            self.complain("E307", message, path, choose_from(name, list(self.parameters)))
            return None
        return self.parameters[name]


def lower(condition: Condition, scope: Scope) -> Node:
    """A condition as a typed node."""
    if isinstance(condition, Junction):
        items = [lower(item, scope) for item in condition.items]
        return conjunction(items) if condition.every else (items[0] if len(items) == 1 else Or(tuple(items)))
    if isinstance(condition, Negation):
        return Not(lower(condition.item, scope))
    if isinstance(condition, Quorum):
        return AtLeast(condition.count, tuple(lower(item, scope) for item in condition.items))
    if isinstance(condition, Holds):
        return scope.named(condition.name, condition.path)
    if isinstance(condition, OutcomeOf):
        return scope.outcome_of(condition)
    if isinstance(condition, Test):
        return _lower_test(condition, scope)
    return _FALSE  # malformed: reported when the file was read


def _lower_test(test: Test, scope: Scope) -> Node:
    key = scope.key(test.fact, test.arguments, test.path)
    if key is None:
        return _FALSE
    spec = scope.vocabulary.spec(key)
    allowed = ORDERED_OPERATORS if spec.type in ORDERED else ALLOWED[spec.type]
    if test.operator not in allowed:
        return scope.complain(
            "E303",
            Text(
                f"`{spec.label}`（{spec.type}）不能用 `{test.operator}`",
                f"`{test.operator}` does not apply to `{test.fact}` ({spec.type})",
            ),
            test.path,
            Text(f"可用 {' '.join(allowed)}", f"allowed: {' '.join(allowed)}"),
        )
    slot = scope.slot_of(key)
    if test.operator == "known":
        if test.operand is True:
            return Known(slot)
        return scope.complain("E303", Text("`known` 只能是 true", "`known` can only be true"), test.path)
    if spec.type == "set":
        return _lower_set(test, spec, slot, scope)
    if test.operator == "between":
        low, high = test.operand if isinstance(test.operand, tuple) else (None, None)
        return And(
            (
                Not(_ordered("lt", slot, low, spec, scope, test.path)),
                Not(_ordered("gt", slot, high, spec, scope, test.path)),
            )
        )
    if test.operator in ("gt", "ge", "lt", "le"):
        return _ordered(test.operator, slot, test.operand, spec, scope, test.path)
    return _lower_equality(test, spec, slot, scope)


def _items(test: Test, scope: Scope) -> tuple[Any, ...]:
    """The values a test names, parameters resolved; a parameter may hold several."""
    listed = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    found: list[Any] = []
    for item in listed:
        value = scope.parameter(item, test.path)
        found += value if isinstance(value, tuple) else (value,)
    return tuple(found)


def _lower_equality(test: Test, spec: FactSpec, slot: int, scope: Scope) -> Node:
    items = _items(test, scope)
    if isinstance(test.operand, FactOperand):
        other = _other_slot(test.operand, spec, scope, test.path)
        if other is None or spec.type not in ORDERED:
            return scope.complain(
                "E303",
                Text("只有数字和日期可以与另一事实比较", "only numbers and dates compare with another fact"),
                test.path,
            )
        node: Node = And(
            (Not(Below(slot, None, other, inclusive=False)), Not(Below(other, None, slot, inclusive=False)))
        )
        return node if test.operator == "eq" else Not(node)
    constants = [constant(item, spec, scope, test.path) for item in items]
    if None in constants:
        return _FALSE
    if test.operator in ("in", "not_in") and spec.type in ("enum", "text"):
        node = OneOf(slot, frozenset(str(item) for item in constants))
    else:
        equal = tuple(Equals(slot, item) for item in constants if item is not None)
        node = equal[0] if len(equal) == 1 else Or(equal)
    return Not(node) if test.operator in ("ne", "not_in") else node


def _lower_set(test: Test, spec: FactSpec, slot: int, scope: Scope) -> Node:
    items = _items(test, scope)
    constants = [constant(item, spec, scope, test.path) for item in items]
    if None in constants:
        return _FALSE
    values = frozenset(str(item) for item in constants)
    if test.operator in ("all_of", "eq"):  # `fact: value` on a set means that the set contains it
        return Includes(slot, values)
    node = Intersects(slot, values)
    return Not(node) if test.operator == "none_of" else node


def _ordered(operator: str, slot: int, operand: Any, spec: FactSpec, scope: Scope, path: Path) -> Node:
    if isinstance(operand, FactOperand):
        other = _other_slot(operand, spec, scope, path)
        if other is None:
            return _FALSE
        low, high = (slot, other) if operator in ("lt", "le") else (other, slot)
        return Below(low, None, other=high, inclusive=operator in ("le", "ge"))
    limit = constant(scope.parameter(operand, path), spec, scope, path)
    if limit is None:
        return _FALSE
    if operator in ("lt", "le"):
        return Below(slot, limit, None, inclusive=operator == "le")
    return Not(Below(slot, limit, None, inclusive=operator == "gt"))


def _other_slot(operand: FactOperand, spec: FactSpec, scope: Scope, path: Path) -> int | None:
    key = scope.key(operand.name, operand.arguments, path)
    if key is None:
        return None
    other = scope.vocabulary.spec(key)
    if (other.type == "date") != (spec.type == "date") or other.type not in ORDERED or other.unit != spec.unit:
        scope.complain(
            "E303",
            Text(
                f"`{spec.label}` 与 `{other.label}` 类型或单位不同",
                f"`{spec.label}` and `{other.label}` differ in type or unit",
            ),
            path,
        )
        return None
    return scope.slot_of(key)


def constant(raw: Any, spec: FactSpec, scope: Scope, path: Path) -> Constant | None:
    """A literal typed like the fact it is compared with; None after a complaint."""
    if raw is None:
        return None
    if not isinstance(raw, Scalar | date):
        scope.complain("E303", Text("此处应是单个值", "a single value is wanted here"), path)
        return None
    try:
        if spec.type == "set":
            return find_value(raw, spec.values, spec.label)
        value = parse_scalar(raw, spec, scope.vocabulary.units)
    except ValueProblemError as problem:
        code = "E302" if problem.code == "E703" else "E303"
        scope.complain(code, problem.message, path, problem.hint)
        return None
    if not isinstance(value, bool | int | Decimal | str | date):
        scope.complain("E303", Text("此处应是确定的值", "an exact value is wanted here"), path)
        return None
    return value
