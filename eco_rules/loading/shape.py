"""Plain values → frozen models; pydantic's complaints become diagnostics with file, line and column."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from eco_rules.diagnostics import Problems, choose_from
from eco_rules.loading.punctuation import full_width_hint
from eco_rules.loading.yamldoc import SourceMap, YamlDocument
from eco_rules.model.condition import Malformed, Path, walk
from eco_rules.model.derivation import Aggregate, Choice, TruthOf
from eco_rules.words import Text

AnyModel = TypeVar("AnyModel", bound=BaseModel)

_TYPES = {
    "dict_type": Text("应是映射（键: 值）", "a mapping (key: value) is wanted"),
    "model_type": Text("应是映射（键: 值）", "a mapping (key: value) is wanted"),
    "model_attributes_type": Text("应是映射（键: 值）", "a mapping (key: value) is wanted"),
    "tuple_type": Text("应是列表", "a list is wanted"),
    "list_type": Text("应是列表", "a list is wanted"),
    "string_type": Text("应是文字", "a text is wanted"),
    "int_type": Text("应是整数", "an integer is wanted"),
    "int_parsing": Text("应是整数", "an integer is wanted"),
    "int_from_float": Text("应是整数", "an integer is wanted"),
    "decimal_type": Text("应是数字", "a number is wanted"),
    "decimal_parsing": Text("应是数字", "a number is wanted"),
    "bool_type": Text("应是 true 或 false", "true or false is wanted"),
    "bool_parsing": Text("应是 true 或 false", "true or false is wanted"),
    "too_short": Text("不能为空", "it must not be empty"),
    "string_too_short": Text("不能为空", "it must not be empty"),
    "date": Text("应是日期，如 2024-03-01", "a date like 2024-03-01 is wanted"),
    "place": Text("应是 GB/T 2260 代码，如 36、3607、360702", "a GB/T 2260 code is wanted, e.g. 36, 3607, 360702"),
    "range": Text("应是 [下限, 上限]，且下限不大于上限", "[lowest, highest] is wanted"),
    "values": Text("enum、set 类型须列出 values", "an enum or set lists its `values`"),
    "fields": Text("records 类型须列出 fields", "records list their `fields`"),
    "parameters": Text("只有推导事实才有参数", "only a derived fact has parameters"),
    "with": Text("命名实例须给出全部参数", "a named instance fills every parameter"),
    "question": Text("非推导的事实须有 question", "a fact that is not derived has a `question`"),
    "source": Text("参数须注明来源：cites 或 source", "a parameter names its source: `cites` or `source`"),
    "then": Text("then 只能二选一：outcome 或 sanction", "`then` gives either `outcome` or `sanction`"),
    "due": Text(
        "due 应写作 {fact: 日期} 或 {after: 日期, days|workdays|months: 数}",
        "`due` is {fact: date} or {after: date, days|workdays|months: count}",
    ),
    "outcomes": Text("用了未声明的结论", "an undeclared outcome is used"),
    "period": Text("until 早于 from", "`until` is earlier than `from`"),
    "string_too_long": Text("文字过长", "the text is too long"),
    "string_pattern_mismatch": Text(
        "写法不合：id 用小写字母、数字、连字符（事实项用下划线）；条款写作 文件#条款",
        "malformed: ids use lower-case letters, digits and hyphens (facts: underscores); clauses are instrument#clause",
    ),
    "ids": Text("名称重复", "a name is repeated"),
    "strictness": Text("strictness 须把每个结论列一次", "`strictness` lists every outcome once"),
    "leniency": Text("leniency 须把每个结论列一次", "`leniency` lists every outcome once"),
}


def shape(document: YamlDocument, model: type[AnyModel], problems: Problems) -> AnyModel | None:
    """Validate one document against `model`; None when problems were found."""
    before = len(problems.items)
    try:
        parsed = model.model_validate(document.value)
    except ValidationError as error:
        report_validation(error, document, model, problems)
        return None
    for path, malformed in malformed_parts(parsed):
        problems.add(malformed.code, malformed.message, document.spans.key((*path, *malformed.path)), malformed.hint)
    return parsed if len(problems.items) == before else None


def report_validation(
    error: ValidationError, document: YamlDocument, model: type[BaseModel], problems: Problems
) -> None:
    """Add every complaint of pydantic to `problems`, in our words and at its place."""
    reported: set[Path] = set()
    for item in error.errors(include_url=False):
        path = _existing(document.value, item["loc"])
        if path in reported and item["type"] not in ("missing", "extra_forbidden"):
            continue  # the other members of a union say the same
        reported.add(path)
        spans, kind = document.spans, str(item["type"])
        last = str(item["loc"][-1]) if item["loc"] else ""
        if kind == "missing":
            problems.add("E202", Text(f"缺少 `{last}`", f"`{last}` is missing"), spans.key(path))
        elif kind == "extra_forbidden":
            names = _field_names(model, item["loc"][:-1])
            problems.add(
                "E201", Text(f"未知的键 `{last}`", f"unknown key `{last}`"), spans.key(path), choose_from(last, names)
            )
        else:
            _wrong_value(item, path, spans, problems)


def _wrong_value(item: Any, path: Path, spans: SourceMap, problems: Problems) -> None:
    kind, found = str(item["type"]), item.get("input")
    where = ".".join(str(step) for step in path) or "(文件)"
    shown = (
        Text("", "")
        if isinstance(found, dict | list)
        else Text(f"，写的是 `{str(found)[:60]}`", f", found `{str(found)[:60]}`")
    )
    context = item.get("ctx", {})
    if "expected" in context:
        wanted = Text(f"应是 {context['expected']}".replace(" or ", " 或 "), f"{context['expected']} is wanted")
    else:
        wanted = _TYPES.get(kind, Text(str(item["msg"]), str(item["msg"])))
    detail = f"（{context['names']}）" if "names" in context else ""
    code = "E207" if kind == "too_short" and "presume" in where else "E203"
    problems.add(
        code,
        Text(f"`{where}` {wanted.zh}{detail}{shown.zh}", f"`{where}`: {wanted.en}{detail}{shown.en}"),
        spans.value(path),
        full_width_hint(found),
    )


def _existing(value: Any, loc: tuple[str | int, ...]) -> Path:
    """The part of pydantic's `loc` that is a path of the document; union tags are left out."""
    path: list[str | int] = []
    for step in loc:
        found = _step(value, step)
        if found is not None:
            (value,) = found
            path.append(step)
    return tuple(path)


def _step(value: Any, step: str | int) -> tuple[Any] | None:
    if isinstance(value, dict) and step in value:
        return (value[step],)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return (value[step],)
    return None


def _field_names(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """Keys allowed where an unknown one was found, by walking the model along `loc`."""
    current: Any = model
    for step in loc:
        current = _inside(current, step)
    found = _model_of(current)
    return [] if found is None else [str(field.alias or name) for name, field in found.model_fields.items()]


def _inside(annotation: Any, step: str | int) -> Any:
    """The annotation one step further in: a field of a model, an item of a list, a value of a mapping."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = annotation.model_fields.items()
        return next((field.annotation for name, field in fields if step in (name, field.alias)), None)
    parts: tuple[Any, ...] = getattr(annotation, "__args__", ())
    if getattr(annotation, "__origin__", None) is dict:
        return parts[1]
    found = [part for part in parts if _model_of(part) is not None]
    if getattr(annotation, "__origin__", None) is tuple or isinstance(step, int):
        return found[0] if found else None
    return _inside(found[0], step) if found else None


def _model_of(annotation: Any) -> type[BaseModel] | None:
    """The first model inside an annotation such as `dict[str, Model]` or `Model | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in getattr(annotation, "__args__", ()) if (found := _model_of(part)) is not None), None)


def malformed_parts(value: Any, path: Path = ()) -> list[tuple[Path, Malformed]]:
    """Every unreadable condition or derivation in a model, with the path of its field."""
    if isinstance(value, Malformed):
        return [(path, value)]
    if isinstance(value, BaseModel):
        found = []
        for name, field in type(value).model_fields.items():
            found += malformed_parts(getattr(value, name), (*path, str(field.alias or name)))
        return found
    if isinstance(value, dict):
        return [item for key, part in value.items() for item in malformed_parts(part, (*path, key))]
    if isinstance(value, tuple | list):
        return [item for index, part in enumerate(value) for item in malformed_parts(part, (*path, index))]
    if isinstance(value, TruthOf):
        return malformed_parts(value.condition, path)
    if isinstance(value, Choice):
        return [item for condition, _ in value.items for item in malformed_parts(condition, path)]
    if isinstance(value, Aggregate):
        return malformed_parts(value.where, path)
    if type(value).__module__ == Malformed.__module__ and hasattr(value, "__slots__"):
        return [(path, part) for part in walk(value) if isinstance(part, Malformed)]
    return []
