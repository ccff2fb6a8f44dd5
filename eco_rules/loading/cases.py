"""Case files (YAML or JSON, one case, a list, or several documents) → `Case`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from eco_rules.diagnostics import Problems, choose_from
from eco_rules.errors import CaseError
from eco_rules.limits import MAX_CASES_PER_FILE
from eco_rules.loading.punctuation import with_full_width
from eco_rules.loading.yamldoc import SourceMap, decode, parse, read_source
from eco_rules.model.case import Case
from eco_rules.model.condition import Path as ValuePath
from eco_rules.source import Source
from eco_rules.words import Text

_KEYS = tuple(field.name for field in fields(Case) if field.name not in ("spans", "given"))
_MAPPINGS = ("facts", "evidence")
_TEXTS = ("id", "file_id", "jurisdiction", "subject", "note")


def read_cases(path: Path | str) -> list[Case]:
    """Read every case of a file.

    Raises:
        CaseError: the file cannot be read or is no case file; all problems are listed.
    """
    problems = Problems()
    source = read_source(Path(path), problems)
    return _cases(source, problems)


def parse_cases(data: bytes, name: str = "<stdin>") -> list[Case]:
    """Read cases from bytes, as from standard input.

    Raises:
        CaseError: as `read_cases`.
    """
    problems = Problems()
    return _cases(decode(data, name, problems), problems)


def _cases(source: Source | None, problems: Problems) -> list[Case]:
    documents = parse(source, problems) if source else []
    cases: list[Case] = []
    for document in documents:
        listed = document.value if isinstance(document.value, list) else [document.value]
        many = isinstance(document.value, list)
        for index, item in enumerate(listed):
            case = _case(item, document.spans, (index,) if many else (), problems)
            if case is not None:
                cases.append(case)
    if len(cases) > MAX_CASES_PER_FILE:
        message = Text(f"一个文件不超过 {MAX_CASES_PER_FILE} 件", f"at most {MAX_CASES_PER_FILE} cases a file")
        problems.add("E102", message, None, Text("请拆分文件", "split the file"))
    if problems or not cases:
        if not problems:
            problems.add("E109", Text("文件里没有个案", "the file holds no case"), None, _SHAPE)
        raise CaseError(problems.items)
    return cases


def _case(raw: Any, spans: SourceMap, base: ValuePath, problems: Problems) -> Case | None:
    if not isinstance(raw, Mapping):
        message = Text(
            "个案应是映射，含 jurisdiction、decision_date、facts",
            "a case is a mapping with jurisdiction, decision_date, facts",
        )
        problems.add("E702", message, spans.value(base), with_full_width(raw, _SHAPE))
        return None
    count = len(problems.items)
    for name in raw:
        if name not in _KEYS:
            message = Text(f"个案没有键 `{name}`", f"a case has no key `{name}`")
            problems.add("E201", message, spans.key((*base, name)), _nearest_key(name))
    for name in ("jurisdiction", "decision_date"):
        if raw.get(name) is None:
            code = "E710"
            message = Text(f"缺少 `{name}`", f"`{name}` is missing")
            problems.add(code, message, spans.value(base), _EXAMPLES[name])
    for name in _MAPPINGS:
        if raw.get(name) is not None and not isinstance(raw[name], Mapping):
            message = Text(f"`{name}` 应是映射（事实项: 值）", f"`{name}` is a mapping (fact: value)")
            problems.add("E702", message, spans.value((*base, name)), with_full_width(raw[name], _PAIRS))
    if not _is_matter(raw.get("matter")):
        message = Text("`matter` 应是事项名或其列表", "`matter` is the id of a matter or a list of them")
        problems.add("E708", message, spans.value((*base, "matter")), _MATTER)
    if len(problems.items) > count:
        return None
    values = {name: value for name, value in raw.items() if value is not None}
    values.update({name: str(values[name]) for name in _TEXTS if name in values})
    return Case(**values, spans=(spans, base))


_EXAMPLES = {
    "jurisdiction": Text('如 jurisdiction: "360700"', 'e.g. jurisdiction: "360700"'),
    "decision_date": Text("如 decision_date: 2024-04-10", "e.g. decision_date: 2024-04-10"),
}


_SHAPE = Text("写法见 examples/cases", "see examples/cases for what a case looks like")
_PAIRS = Text("每行写一个 名称: 值", "write one name: value a line")
_MATTER = Text(
    "如 matter: minor-violation；全部事项列表见 eco-rules list", "e.g. matter: minor-violation; see eco-rules list"
)


def _nearest_key(name: str) -> Callable[[], Text | None]:
    return lambda: with_full_width(name, choose_from(name, list(_KEYS)))


def _is_matter(value: Any) -> bool:
    return (
        value is None
        or isinstance(value, str)
        or (isinstance(value, list) and all(isinstance(item, str) for item in value))
    )
