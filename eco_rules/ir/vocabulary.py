"""The vocabulary of a matter as the engine uses it: names → keys, raw values → typed values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from eco_rules.diagnostics import choose_from
from eco_rules.ir.wording import DATE_HELP, as_yaml, how_to_write, within
from eco_rules.limits import MAX_NUMBER_DIGITS
from eco_rules.model.condition import Scalar
from eco_rules.model.facts import FactSpec, RecordField
from eco_rules.values.clauses import parse_clause
from eco_rules.values.dates import parse_date
from eco_rules.values.kinds import Interval, Members, Record, Value, between, number_text
from eco_rules.values.units import UnitError, Units
from eco_rules.words import Lang, Text, marks

Parse: TypeAlias = Callable[[Any], "Value"]
"""Types a raw value of one fact."""


class FactKey(NamedTuple):
    """Identity of a fact: its id, and for a parametrised fact the values of its parameters."""

    name: str
    arguments: tuple[tuple[str, Scalar], ...] = ()

    def __str__(self) -> str:
        if not self.arguments:
            return self.name
        inner = ", ".join(f"{name}={value}" for name, value in self.arguments)
        return f"{self.name}({inner})"


class Reader(NamedTuple):
    """The fact a written name stands for, and what types its raw values."""

    key: FactKey
    parse: Parse


class ValueProblemError(ValueError):
    """A raw value does not fit its fact; carries the code and words of the diagnostic."""

    def __init__(self, code: str, message: Text, hint: Text | None = None) -> None:
        super().__init__(message.en)
        self.code = code
        self.message = message
        self.hint = hint


_LEAST, _MOST = float(f"1e-{MAX_NUMBER_DIGITS - 1}"), float(f"1e{MAX_NUMBER_DIGITS}")
"""Between these a float is no longer than a number may be."""

_TRUE = {"true", "yes", "y", "是", "有", "真"}
_FALSE = {"false", "no", "n", "否", "无", "假"}


class Vocabulary:
    """The facts one matter may read. Names are ids, Chinese labels, or names of instances.

    `lang` is the language of the words around the law's own, unless one is named.
    """

    def __init__(self, facts: Mapping[str, FactSpec], units: Units, lang: Lang = "zh") -> None:
        self.facts = facts
        self._lang: Lang = lang
        self.units = units
        self._keys: dict[str, FactKey] = {}
        self._display: dict[FactKey, str] = {}
        self._labels: dict[str, list[str]] = {}
        self._parsers: dict[str, Parse] = {}
        self._headers = {word for name, spec in facts.items() if spec.header for word in (name, spec.label)}
        for name, spec in facts.items():
            if not spec.parameters:
                self._name(name, spec.label, FactKey(name))
            for alias, instance in spec.named.items():
                self._name(alias, instance.label, FactKey(name, tuple(sorted(instance.arguments.items()))))

    def _name(self, name: str, label: str, key: FactKey) -> None:
        self._keys[name] = key
        self._display[key] = name
        self._labels.setdefault(label, []).append(name)

    @cached_property
    def readers(self) -> dict[str, Reader]:
        """Readers of the facts of a case by id, and by label where only one fact has it."""
        names = dict(self._keys)
        names.update((label, self._keys[found[0]]) for label, found in self._labels.items() if len(found) == 1)
        facts = {name: self.find(name) for name in names if not self.facts[names[name].name].header}
        return {name: Reader(key, self.parser(key)) for name, key in facts.items() if key is not None}

    @property
    def names(self) -> list[str]:
        """Every id and label, for suggestions."""
        return [*self._keys, *self._labels]

    def is_header(self, name: str) -> bool:
        """Whether a name is one of the case's own dates."""
        return name in self._headers

    def find(self, name: str) -> FactKey | None:
        """Key for an id, a label, an instance name, or `id(parameter=value)`; None if there is none.

        Raises:
            ValueProblemError: two facts share the label.
        """
        name = name.strip()
        if name in self._keys:
            return self._keys[name]
        shared = self._labels.get(name, [])
        if len(shared) > 1:
            message = Text(f"有多个事实项叫 `{name}`", f"several facts are labelled `{name}`")
            raise ValueProblemError("E711", message, choose_from(name, shared))
        if shared:
            return self._keys[shared[0]]
        return self._find_instance(name)

    def _find_instance(self, text: str) -> FactKey | None:
        name, bracket, rest = text.replace("（", "(").replace("）", ")").partition("(")
        spec = self.facts.get(name.strip())
        if spec is None or not bracket or not rest.endswith(")"):
            return None
        arguments: dict[str, Scalar] = {}
        for part in rest[:-1].split(","):
            parameter, _, value = (piece.strip() for piece in part.partition("="))
            arguments[parameter] = int(value) if value.isdigit() else value
        if set(arguments) != set(spec.parameters):
            return None
        return FactKey(name.strip(), tuple(sorted(arguments.items())))

    def display(self, key: FactKey) -> str:
        """The name a user sees and may write: an id, an instance name, or `id(parameter=value)`."""
        return self._display.get(key, str(key))

    def spec(self, key: FactKey) -> FactSpec:
        """Specification of a fact."""
        return self.facts[key.name]

    def label(self, key: FactKey, lang: Lang | None = None) -> str:
        """The label, with the parameters of an unnamed instance."""
        spec, mark = self.facts[key.name], marks(lang or self._lang)
        for instance in spec.named.values():
            if tuple(sorted(instance.arguments.items())) == key.arguments:
                return instance.label
        inner = mark.between.join(f"{name}={value}" for name, value in key.arguments)
        return spec.label + mark.bracket(inner) if inner else spec.label

    def question(self, key: FactKey) -> str:
        """The question that asks for the fact, parameters filled in; its label where it has none."""
        spec = self.facts[key.name]
        for instance in spec.named.values():
            if tuple(sorted(instance.arguments.items())) == key.arguments and instance.question:
                return instance.question
        question = spec.question
        for name, value in key.arguments:
            question = question.replace("{" + name + "}", str(value)) if question else None
        return question or self.label(key) + Text("？", "?").to(self._lang)

    def value_label(self, key: FactKey, value: Value, lang: Lang | None = None) -> str:
        """A value as a caseworker reads it."""
        spec = self.facts[key.name]
        return describe(value, spec.values, spec.unit, lang or self._lang)

    def parse(self, key: FactKey, raw: Any) -> Value:
        """Type a raw value of a case.

        Raises:
            ValueProblemError: wrong type, unknown value, wrong unit, impossible date, out of bounds.
        """
        return self.parser(key)(raw)

    def parser(self, key: FactKey) -> Parse:
        """What types the raw values of a fact; see `parse`."""
        found = self._parsers.get(key.name)
        if found is None:
            found = self._parsers[key.name] = self._parser(self.facts[key.name])
        return found

    def _parser(self, spec: FactSpec) -> Parse:
        if spec.type == "set":
            return lambda raw: None if raw is None else _parse_set(raw, spec)
        if spec.type == "records":
            return lambda raw: None if raw is None else self._parse_records(raw, spec)
        if spec.type == "boolean":
            return lambda raw: raw if raw is True or raw is False or raw is None else _parse_boolean(raw, spec)
        if spec.type == "enum":
            values, label = spec.values, spec.label
            return lambda raw: (
                raw if raw is None or (type(raw) is str and raw in values) else find_value(raw, values, label)
            )
        if spec.type in ("number", "integer"):
            return _number_parser(spec, self.units)
        return lambda raw: None if raw is None else parse_scalar(raw, spec, self.units)

    def _parse_records(self, raw: Any, spec: FactSpec) -> tuple[Record, ...]:
        if not isinstance(raw, list | tuple) or not all(isinstance(item, Mapping) for item in raw):
            raise ValueProblemError(
                "E702",
                Text(
                    f"`{spec.label}` 应是记录列表，没有记录写 []", f"`{spec.label}` is a list of records; [] for none"
                ),
                Text("写作 [{字段: 值}]，没有写 []", "write [{field: value}], or [] for none"),
            )
        return tuple(self._parse_record(item, spec) for item in raw)

    def _parse_record(self, raw: Mapping[str, Any], spec: FactSpec) -> Record:
        labels = {field.label: name for name, field in spec.fields.items() if field.label}
        values: dict[str, Value] = dict.fromkeys(spec.fields)
        for written, item in raw.items():
            name = labels.get(written, written)
            if name not in spec.fields:
                message = Text(f"记录没有字段 `{written}`", f"records have no field `{written}`")
                raise ValueProblemError("E701", message, choose_from(written, list(spec.fields)))
            if item is not None:
                field = spec.fields[name]
                labelled = field if field.label else field.model_copy(update={"label": name})
                values[name] = parse_scalar(item, labelled, self.units)
        return Record(values)


def parse_scalar(raw: Any, spec: FactSpec | RecordField, units: Units) -> Value:
    """Type one raw value that is neither a set nor a list of records.

    Raises:
        ValueProblemError: it does not fit.
    """
    if spec.type == "boolean":
        return _parse_boolean(raw, spec)
    if spec.type == "enum":
        return find_value(raw, spec.values, spec.label or "")
    if spec.type == "date":
        return _parse_date(raw, spec)
    if spec.type in ("text", "clause"):
        text = number_text(raw) if isinstance(raw, int | Decimal) and not isinstance(raw, bool) else raw
        if isinstance(text, str):
            return parse_clause(text) if spec.type == "clause" else text
        raise _wrong_type(raw, spec, Text("文字", "a text"))
    return _parse_number(raw, spec, units)


def _parse_boolean(raw: Any, spec: FactSpec | RecordField) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    if isinstance(raw, str) and word in _TRUE:
        return True
    if isinstance(raw, str) and word in _FALSE:
        return False
    raise _wrong_type(raw, spec, Text("是或者否（true / false）", "true or false"))


def find_value(raw: Any, values: Mapping[str, str], label: str) -> str:
    """The id of an enum value written as id or label.

    Raises:
        ValueProblemError: there is no such value.
    """
    if isinstance(raw, str):
        if raw in values:
            return raw
        found = [ident for ident, text in values.items() if text == raw.strip()]
        if len(found) == 1:
            return found[0]
    message = Text(f"`{label}` 没有取值 `{as_yaml(raw)}`", f"`{label}` has no value `{as_yaml(raw)}`")
    raise ValueProblemError("E703", message, choose_from(str(raw), [*values, *values.values()]))


def _parse_set(raw: Any, spec: FactSpec) -> Members:
    if isinstance(raw, Mapping) and set(raw) <= {"includes", "excludes"}:
        present = _members(raw.get("includes", []), spec)
        absent = _members(raw.get("excludes", []), spec)
        if present & absent:
            both = sorted(present & absent)
            hint = Text("请从 includes 或 excludes 中删去", "remove it from `includes` or from `excludes`")
            message = Text(f"既含又不含：{'、'.join(both)}", f"both included and excluded: {', '.join(both)}")
            raise ValueProblemError("E702", message, hint)
        return Members(present, frozenset(spec.values) - absent)
    present = _members(raw, spec)
    return Members(present, present if spec.closed else None)


def _members(raw: Any, spec: FactSpec) -> frozenset[str]:
    items = [raw] if isinstance(raw, str) else raw
    if not isinstance(items, list | tuple | set | frozenset):
        raise _wrong_type(raw, spec, Text("列表，经核查均无写 []", "a list; [] for none"))
    return frozenset(find_value(item, spec.values, spec.label) for item in items)


def _parse_date(raw: Any, spec: FactSpec | RecordField) -> Value:
    if isinstance(raw, date):
        return raw
    if isinstance(raw, Mapping) and set(raw) == {"from", "to"}:
        low, high = _parse_date(raw["from"], spec), _parse_date(raw["to"], spec)
        if isinstance(low, date) and isinstance(high, date) and low <= high:
            return between(low, high)
    parsed = parse_date(str(raw)) if isinstance(raw, str | int) and not isinstance(raw, bool) else None
    if parsed is None:
        raise ValueProblemError(
            "E705",
            Text(
                f"`{spec.label}` 不是有效日期：`{as_yaml(raw)}`", f"`{spec.label}` is no valid date: `{as_yaml(raw)}`"
            ),
            DATE_HELP,
        )
    return parsed


def _parse_number(raw: Any, spec: FactSpec | RecordField, units: Units) -> Value:
    if isinstance(raw, float):
        raw = _from_float(raw)
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool) and _is_sane(raw):
        return _whole(raw, raw, spec)
    if isinstance(raw, Mapping) and set(raw) == {"from", "to"}:
        low, high = _parse_number(raw["from"], spec, units), _parse_number(raw["to"], spec, units)
        if isinstance(low, int | Decimal) and isinstance(high, int | Decimal) and low <= high:
            return between(low, high)
    if isinstance(raw, str) and (split := units.split(raw)):
        return _whole(_with_unit(*split, raw, spec, units), raw, spec)
    kind = Text("整数", "an integer") if spec.type == "integer" else Text("数字", "a number")
    raise _wrong_type(raw, spec, kind)


def _number_parser(spec: FactSpec, units: Units) -> Parse:
    """`_parse_number` with the bounds of the fact; plain numbers, which most are, take the short way."""
    low, high, fractional = spec.min, spec.max, spec.type == "number"

    def parse(raw: Any) -> Value:
        kind = type(raw)
        if kind is float and fractional and (_LEAST <= abs(raw) < _MOST or raw == 0):
            number: int | Decimal = Decimal(repr(raw))  # what a person would have written
        elif (kind is int or (kind is Decimal and fractional)) and _is_sane(raw):
            number = raw
        elif raw is None:
            return None
        else:
            value = _parse_number(raw, spec, units)
            _check_bounds(value, spec)
            return value
        if (low is not None and number < low) or (high is not None and number > high):
            _check_bounds(number, spec)
        return number

    return parse


def _from_float(raw: float) -> Decimal | float:
    """A Python float as the decimal a person would have written; NaN and infinities stay as they are."""
    try:
        return Decimal(repr(raw)) if raw - raw == 0 else raw
    except InvalidOperation:
        return raw


def _is_sane(number: int | Decimal) -> bool:
    if isinstance(number, int):
        return number.bit_length() < MAX_NUMBER_DIGITS * 4
    return number.is_finite() and abs(number.adjusted()) < MAX_NUMBER_DIGITS


def _with_unit(amount: Decimal, written: str, raw: str, spec: FactSpec | RecordField, units: Units) -> Decimal:
    if not written:
        return amount
    if spec.unit is None:
        raise ValueProblemError(
            "E704",
            Text(f"`{spec.label}` 没有单位：`{raw}`", f"`{spec.label}` has no unit: `{raw}`"),
            Text("只写数字", "write the number only"),
        )
    try:
        return units.convert(amount, written, spec.unit)
    except UnitError as error:
        raise ValueProblemError(
            "E704",
            Text(f"`{spec.label}` 的单位不对：`{raw}`", f"wrong unit for `{spec.label}`: `{raw}`"),
            Text(f"应是 {spec.unit}，或可以换算成它的单位", f"{spec.unit} is wanted, or a unit that converts to it"),
        ) from error


def _whole(number: int | Decimal, raw: Any, spec: FactSpec | RecordField) -> int | Decimal:
    if spec.type == "integer" or isinstance(number, int):
        if number != int(number):
            raise _wrong_type(raw, spec, Text("整数", "an integer"))
        return int(number)
    return number


def _check_bounds(value: Value, spec: FactSpec) -> None:
    ends = (value.low, value.high) if isinstance(value, Interval) else (value,)
    for end in ends:
        if not isinstance(end, int | Decimal) or isinstance(end, bool):
            continue
        if (spec.min is not None and end < spec.min) or (spec.max is not None and end > spec.max):
            raise ValueProblemError(
                "E706",
                Text(
                    f"`{spec.label}` 超出范围：{number_text(end)}",
                    f"`{spec.label}` is out of range: {number_text(end)}",
                ),
                within(spec.min, spec.max),
            )


def _wrong_type(raw: Any, spec: FactSpec | RecordField, wanted: Text) -> ValueProblemError:
    shown = as_yaml(raw)
    return ValueProblemError(
        "E702",
        Text(f"`{spec.label}` 应是{wanted.zh}，写的是 `{shown}`", f"`{spec.label}` wants {wanted.en}, found `{shown}`"),
        how_to_write(spec.type),
    )


_NUMBERS = (int, Decimal)
_YES_NO = {True: Text("是", "yes"), False: Text("否", "no")}


def describe(value: Value, values: Mapping[str, str], unit: str | None, lang: Lang = "zh") -> str:
    """A value in words: labels for ids, yes or no for booleans, the unit after a number."""
    if isinstance(value, str):
        return values.get(value, value)
    if value is None:
        return Text("未知", "unknown").to(lang)
    if isinstance(value, bool):
        return _YES_NO[value].to(lang)
    if isinstance(value, _NUMBERS):
        return number_text(value) + (f" {unit}" if unit else "")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Interval):
        low, high = (describe(end, values, unit, lang) if end is not None else "" for end in (value.low, value.high))
        return f"{low}{Text('～', '–').to(lang)}{high}"
    if isinstance(value, Members):
        items = in_order(value.present, values)
        return marks(lang).between.join(values.get(item, item) for item in items) or Text("无", "none").to(lang)
    return Text(f"{len(value)} 条记录", f"{len(value)} records").to(lang)


def in_order(items: Iterable[str], values: Mapping[str, str]) -> list[str]:
    """Values in the order the vocabulary lists them: the law's own order, mildest or first-named first."""
    listed = list(items)
    if len(listed) < 2:
        return listed
    place = {name: index for index, name in enumerate(values)}
    return sorted(listed, key=lambda item: (place.get(item, len(place)), item))
