"""Derivations → functions over the values of earlier slots."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TypeAlias

from eco_rules.diagnostics import choose_from
from eco_rules.ir.compare import compare
from eco_rules.ir.formulas import Applied, Cases, Formula, Literal, Operand, Read, Truthful, value_of
from eco_rules.ir.functions import FUNCTIONS
from eco_rules.ir.nodes import Constant, Node, walk
from eco_rules.ir.scope import ALLOWED, ORDERED, ORDERED_OPERATORS, Scope, constant, lower
from eco_rules.ir.slots import Compute
from eco_rules.ir.vocabulary import ValueProblemError, parse_scalar
from eco_rules.model.condition import (
    Call,
    Condition,
    FactOperand,
    Junction,
    Negation,
    ParameterOperand,
    Path,
    Quorum,
    Scalar,
    Test,
)
from eco_rules.model.derivation import Aggregate, Choice, Derivation, TruthOf
from eco_rules.model.facts import FactSpec, RecordField
from eco_rules.truth import Truth, all_of, any_of, at_least, negate
from eco_rules.values.kinds import Number, Record, Value, between, bounds
from eco_rules.words import Text

Filter: TypeAlias = Callable[[Record, Sequence[Value]], Truth]


@dataclass(frozen=True, slots=True)
class Derived:
    """A computation with its result type (`number`, `date`, `boolean`, …) and the slots it reads.

    `formula` is what it computes, where it reads no records.
    """

    compute: Compute
    type: str
    inputs: tuple[int, ...]
    formula: Formula | None = None

    @classmethod
    def of(cls, formula: Formula, kind: str, inputs: Iterable[int]) -> Derived:
        """What a formula comes to."""
        return cls(partial(value_of, formula), kind, tuple(dict.fromkeys(inputs)), formula)


@dataclass(frozen=True, slots=True)
class _Typed:
    """An operand with the type of its values and the slots it reads."""

    operand: Operand
    type: str
    inputs: tuple[int, ...]


def derive(derivation: Derivation, spec: FactSpec, scope: Scope) -> Derived | None:
    """Make a derivation ready for evaluation; None after a complaint."""
    if isinstance(derivation, TruthOf):
        made: Derived | None = _truth(derivation, scope)
    elif isinstance(derivation, Choice):
        made = _choice(derivation, spec, scope)
    elif isinstance(derivation, Aggregate):
        made = _aggregate(derivation, scope)
    else:
        typed = _operand(derivation, scope, ())
        made = Derived.of(typed.operand, typed.type, typed.inputs) if typed is not None else None
    if made is not None and _family(made.type) != _family(spec.type):
        message = Text(
            f"推导结果是 {made.type}，事实项是 {spec.type}", f"it derives a {made.type}, the fact is a {spec.type}"
        )
        scope.complain("E303", message, ())
        return None
    return made


def _family(kind: str) -> str:
    return "number" if kind in ("integer", "number") else kind


def _truth(derivation: TruthOf, scope: Scope) -> Derived:
    node = lower(derivation.condition, scope)
    return Derived.of(Truthful(node), "boolean", _inputs(node))


def _inputs(node: object) -> tuple[int, ...]:
    found = []
    for part in walk(node):  # type: ignore[arg-type]
        found += [getattr(part, name) for name in ("slot", "other") if getattr(part, name, None) is not None]
    return tuple(dict.fromkeys(found))


def _choice(derivation: Choice, spec: FactSpec, scope: Scope) -> Derived | None:
    cases: list[tuple[Node, Constant]] = []
    inputs: list[int] = []
    for condition, operand in derivation.items:
        node = lower(condition, scope)
        value = constant(scope.parameter(operand, derivation.path), spec, scope, derivation.path)
        if value is None:
            return None
        cases.append((node, value))
        inputs += _inputs(node)
    return Derived.of(Cases(tuple(cases)), spec.type, inputs)


def _operand(operand: object, scope: Scope, path: Path) -> _Typed | None:
    if isinstance(operand, ParameterOperand):
        operand = scope.parameter(operand, path)
    if isinstance(operand, bool | int | Decimal | str):
        kind = "number" if isinstance(operand, int | Decimal) and not isinstance(operand, bool) else "text"
        return _Typed(Literal(operand), kind, ())
    if isinstance(operand, FactOperand):
        key = scope.key(operand.name, operand.arguments, path)
        if key is None:
            return None
        slot = scope.slot_of(key)
        return _Typed(Read(slot), scope.vocabulary.spec(key).type, (slot,))
    if isinstance(operand, Call):
        return _call(operand, scope)
    scope.complain("E208", Text("无法识别的推导式", "this derivation cannot be read"), path)
    return None


def _call(call: Call, scope: Scope) -> _Typed | None:
    function = FUNCTIONS.get(call.function)
    if function is None:
        message = Text(f"没有函数 `{call.function}`", f"no function `{call.function}`")
        scope.complain("E208", message, call.path, choose_from(call.function, list(FUNCTIONS)))
        return None
    named = [FactOperand(item) if isinstance(item, str) else item for item in call.arguments]
    parts = [_operand(item, scope, call.path) for item in named]
    ready = [part for part in parts if part is not None]
    kinds = tuple(_family(part.type) for part in ready)
    if len(ready) < len(parts):
        return None
    if kinds != function.arguments:
        wanted = ", ".join(function.arguments)
        message = Text(f"`{call.function}` 的参数应是 ({wanted})", f"`{call.function}` takes ({wanted})")
        scope.complain("E208", message, call.path)
        return None
    inputs = tuple(dict.fromkeys(slot for part in ready for slot in part.inputs))
    return _Typed(Applied(call.function, tuple(part.operand for part in ready)), function.result, inputs)


def _aggregate(derivation: Aggregate, scope: Scope) -> Derived | None:
    key = scope.key(derivation.of, (), derivation.path)
    if key is None:
        return None
    spec = scope.vocabulary.spec(key)
    if spec.type != "records":
        message = Text(f"`{spec.label}` 不是记录列表", f"`{derivation.of}` is no list of records")
        scope.complain("E303", message, derivation.path)
        return None
    slot = scope.slot_of(key)
    filters = Filters(spec, scope)
    keep = filters.build(derivation.where) if derivation.where is not None else _keep_all
    field = derivation.field
    countable = [name for name, item in spec.fields.items() if item.type in ORDERED]
    if field is not None and field not in countable:
        message = Text(f"记录没有数字或日期字段 `{field}`", f"records have no number or date field `{field}`")
        scope.complain("E301", message, derivation.path, choose_from(field, countable))
        return None
    inputs = tuple(dict.fromkeys([slot, *filters.inputs]))
    if field is None:
        return Derived(lambda values: _count(values[slot], keep, values), "integer", inputs)
    kind = derivation.kind
    return Derived(lambda values: _extreme(kind, values[slot], field, keep, values), spec.fields[field].type, inputs)


def _keep_all(_record: Record, _values: Sequence[Value]) -> Truth:
    return True


def _count(records: Value, keep: Filter, values: Sequence[Value]) -> Value:
    if not isinstance(records, tuple):
        return None
    kept = [keep(record, values) for record in records]
    return between(kept.count(True), len(kept) - kept.count(False))


def _extreme(kind: str, records: Value, field: str, keep: Filter, values: Sequence[Value]) -> Value:
    """Maximum, minimum or sum; bounds where records or fields are unknown, unknown over no records."""
    if not isinstance(records, tuple):
        return None
    kept = [(keep(record, values), bounds(record.fields[field])) for record in records]
    sure = [ends for truth, ends in kept if truth is True]
    possible = [ends for truth, ends in kept if truth is not False]
    if kind == "sum":
        if len(sure) < len(possible) or any(None in ends for ends in sure):
            return None
        return between(_sum(ends[0] for ends in sure), _sum(ends[1] for ends in sure))
    if not sure:
        return None
    pick = max if kind == "max" else min
    near, far = (0, 1) if kind == "max" else (1, 0)
    sure_ends = [ends[near] for ends in sure if ends[near] is not None]
    far_ends = [ends[far] for ends in possible]
    inner = pick(sure_ends) if sure_ends else None  # type: ignore[type-var]
    outer = None if None in far_ends else pick(far_ends)  # type: ignore[type-var]
    return between(inner, outer) if kind == "max" else between(outer, inner)


def _sum(items: object) -> Number:
    total: Number = 0
    for item in items:  # type: ignore[attr-defined]
        total += item
    return total


class Filters:
    """Builds record filters; remembers the case facts they read."""

    def __init__(self, spec: FactSpec, scope: Scope) -> None:
        self._fields = spec.fields
        self._scope = scope
        self.inputs: list[int] = []

    def build(self, condition: Condition) -> Filter:
        """A condition over the fields of a record as a function of the record and the case."""
        if isinstance(condition, Junction | Quorum):
            parts = [self.build(item) for item in condition.items]
            if isinstance(condition, Quorum):
                count = condition.count
                return lambda record, values: at_least(count, [part(record, values) for part in parts])
            combine = all_of if condition.every else any_of
            return lambda record, values: combine(part(record, values) for part in parts)
        if isinstance(condition, Negation):
            inner = self.build(condition.item)
            return lambda record, values: negate(inner(record, values))
        if isinstance(condition, Test):
            return self._test(condition)
        self._scope.complain(
            "E208", Text("记录筛选条件只能比较记录的字段", "a filter compares fields of the record only"), ()
        )
        return _keep_all

    def _test(self, test: Test) -> Filter:
        field, operator = test.fact, test.operator
        if field not in self._fields:
            message = Text(f"记录没有字段 `{field}`", f"records have no field `{field}`")
            self._scope.complain("E301", message, test.path, choose_from(field, list(self._fields)))
            return _keep_all
        allowed = ORDERED_OPERATORS if self._fields[field].type in ORDERED else ALLOWED[self._fields[field].type]
        if operator not in allowed:
            message = Text(
                f"记录字段 `{field}` 不能用 `{operator}`", f"`{operator}` does not apply to the field `{field}`"
            )
            self._scope.complain("E303", message, test.path, choose_from(operator, list(allowed)))
            return _keep_all
        operands = self.operands(test)

        def keep(record: Record, values: Sequence[Value]) -> Truth:
            return compare(operator, record.fields[field], [operand(values) for operand in operands])

        return keep

    def operands(self, test: Test) -> list[Compute]:
        """What the field of a test is compared with, as functions of the case."""
        items = test.operand if isinstance(test.operand, tuple) else (test.operand,)
        return [self._operand(item, self._fields[test.fact], test.path) for item in items]

    def _operand(self, raw: object, field: RecordField, path: Path) -> Compute:
        value = self._scope.parameter(raw, path)
        if isinstance(value, Scalar):
            try:
                typed = parse_scalar(value, field, self._scope.vocabulary.units)
            except ValueProblemError as problem:
                self._scope.complain("E303", problem.message, path, problem.hint)
                typed = None
            return lambda _values: typed
        other = _operand(value, self._scope, path)
        if other is None:
            return lambda _values: None
        self.inputs += other.inputs
        return partial(value_of, other.operand)
