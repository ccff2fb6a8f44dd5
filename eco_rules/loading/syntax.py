"""What libyaml cannot read, said so that a caseworker can mend it."""

from __future__ import annotations

import re

import yaml

from eco_rules.diagnostics import Problems
from eco_rules.loading.punctuation import misplaced
from eco_rules.source import Source, Span
from eco_rules.words import Text

_SYNTAX = (
    (
        "while scanning an a",
        Text(
            "以 & 或 * 开头的文字被当作 YAML 锚点或别名",
            "a text starting with & or * is read as a YAML anchor or alias",
        ),
        Text("请给这段文字加引号", "quote the text"),
    ),
    ("\\t", Text("缩进处有制表符（Tab）", "a tab is used for indentation"), Text("请改用空格", "use spaces")),
    (
        "mapping values",
        Text("此处不应有冒号", "a colon is not allowed here"),
        Text("含冒号的文字请加引号；一行只写一个键", "quote a text that contains a colon"),
    ),
    (
        "could not find expected ':'",
        Text("缺少冒号", "a colon is missing"),
        Text("键后须有英文冒号和空格“: ”，不是中文冒号“：”", "a key is followed by `: `, not by a full-width colon"),
    ),
    (
        "did not find expected",
        Text("YAML 语法错误", "YAML syntax error"),
        Text("请检查缩进、括号和引号是否配对", "check indentation, brackets and quotes"),
    ),
    (
        "end of stream",
        Text("文件在中途结束", "the file ends in the middle"),
        Text("请检查引号和括号是否配对", "check that quotes and brackets are closed"),
    ),
    (
        "control characters",
        Text("含有不可见的控制字符", "it contains control characters"),
        Text("请删去该字符", "remove the character"),
    ),
)


_LOOK = Text("请检查缩进、冒号、括号和引号", "check indentation, colons, brackets and quotes")


def report_syntax(error: yaml.YAMLError, source: Source, problems: Problems) -> None:
    """Say what libyaml found in words of a user, full-width punctuation first."""
    said = f"{getattr(error, 'context', '')} {error}"
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    span = Span(source, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2) if mark else None
    if span is None and (position := getattr(error, "position", None)) is not None:
        line = source.text.count("\n", 0, position) + 1
        span = Span(source, line, 1, line, 2)
    tab = mark is not None and "\t" in _line(source, mark.line)[: mark.column + 1]
    if mark is not None and (wide := _full_width_colon(source, mark.line)) is not None:
        problems.add("E108", *wide)
        return
    if (found := _full_width(error, source)) is not None:
        problems.add("E104", *found)
        return
    for part, message, hint in _SYNTAX:
        if part in said or (tab and part == "\\t"):
            problems.add("E104", message, span, hint)
            return
    detail = getattr(error, "problem", None) or "?"
    problems.add("E104", Text(f"YAML 语法错误：{detail}", f"YAML syntax error: {detail}"), span, _LOOK)


def _full_width(error: yaml.YAMLError, source: Source) -> tuple[Text, Span, Text] | None:
    """Full-width punctuation near the place where reading failed."""
    opened, failed = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
    if failed is None:
        return None
    flow = "flow" in str(getattr(error, "context", "")) and opened is not None
    first = opened.line if flow and opened else failed.line - 2
    found = misplaced(source.lines, first, failed.line, flow=flow)
    if found is None:
        return None
    line, column, advice = found
    span = Span(source, line + 1, column + 1, line + 1, column + 2)
    return Text("YAML 语法错误", "YAML syntax error"), span, advice


def _full_width_colon(source: Source, index: int) -> tuple[Text, Span, Text] | None:
    """The nearest line up to `index` on which a full-width colon stands where `: ` should."""
    for line in range(index, max(-1, index - 3), -1):
        match = re.match(r"\s*(?:- )?[^\s:#'\"：]+(：)", _line(source, line))
        if match:
            column = match.start(1) + 1
            message = Text("键后是中文冒号“：”", "a full-width colon follows the key")
            hint = Text("请改为英文冒号加空格“: ”", "write `: ` instead")
            return message, Span(source, line + 1, column, line + 1, column + 1), hint
    return None


def _line(source: Source, index: int) -> str:
    return source.lines[index] if index < len(source.lines) else ""
