"""YAML and JSON text → plain values with the place of every one of them.

Built from libyaml's event stream, which neither recurses nor expands aliases, so hostile input costs
nothing. Scalars are resolved here: YAML 1.1 would turn `1.20` into 1.2, `no` into False, `12:30` into 750.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from eco_rules.diagnostics import Problems
from eco_rules.limits import MAX_DEPTH, MAX_FILE_BYTES, MAX_NODES, MAX_NUMBER_DIGITS, MAX_SCALAR
from eco_rules.model.condition import Path as ValuePath
from eco_rules.source import Source, Span
from eco_rules.words import Text

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9]\d*)")
_NUMBER = re.compile(r"[-+]?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d{1,3})?")
_NULLS = {"", "~", "null", "Null", "NULL"}
_BOOLEANS = {"true": True, "True": True, "false": False, "False": False}

Mark: TypeAlias = tuple[int, int, int, int]


class SourceMap:
    """Where each value and each key of a document stands."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.keys: dict[ValuePath, Mark] = {}
        self.values: dict[ValuePath, Mark] = {}

    def value(self, path: ValuePath) -> Span:
        """Span of the value at `path`, or of its nearest surroundings that exist."""
        return self._nearest(self.values, path)

    def key(self, path: ValuePath) -> Span:
        """Span of the key at `path`; of the value where there is no key."""
        mark = self.keys.get(path)
        return self._span(mark) if mark else self.value(path)

    def _nearest(self, marks: dict[ValuePath, Mark], path: ValuePath) -> Span:
        for length in range(len(path), -1, -1):
            if (mark := marks.get(path[:length])) is not None:
                return self._span(mark)
        return Span(self.source, 1, 1, 1, 1)

    def _span(self, mark: Mark) -> Span:
        return Span(self.source, *mark)


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """One document of a file: plain values and where they stand."""

    value: Any
    spans: SourceMap


_REASONS = {errno.ENOENT: "文件不存在", errno.EISDIR: "这是一个文件夹", errno.EACCES: "没有读取权限"}


def read_source(path: Path, problems: Problems) -> Source | None:
    """Read a file as UTF-8 text; what is wrong with it is added to `problems`."""
    name = str(path)
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            problems.add("E102", _too_large(name))
            return None
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        problems.add(
            "E101",
            Text(
                f"无法读取文件 `{name}`：{_REASONS.get(error.errno or 0, reason)}",
                f"cannot read file `{name}`: {reason}",
            ),
            None,
            Text("请检查路径与权限", "check the path and its permissions"),
        )
        return None
    return decode(data, name, problems)


def decode(data: bytes, name: str, problems: Problems) -> Source | None:
    """Bytes → text, naming a wrong encoding and how to save the file."""
    if len(data) > MAX_FILE_BYTES:
        problems.add("E102", _too_large(name))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = None
    if text is not None and "\x00" not in text:
        return Source(name, text)
    problems.add(
        "E103",
        Text(
            f"文件 `{name}` 不是 UTF-8 文本，看来是 {_guess(data)}",
            f"file `{name}` is not UTF-8 text; it looks like {_guess(data)}",
        ),
        None,
        Text("请用编辑器“另存为”，编码选 UTF-8", "save it again as UTF-8 in your editor"),
    )
    return None


def _too_large(name: str) -> Text:
    limit = MAX_FILE_BYTES // 1024 // 1024
    return Text(f"文件 `{name}` 超过 {limit} MB；请拆分文件", f"file `{name}` exceeds {limit} MB; split it")


def _guess(data: bytes) -> str:
    head = data[:4096]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or head.count(0) * 3 > len(head):
        return "UTF-16"
    if b"\x00" in head:
        return "二进制 (binary)"
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return "二进制 (binary)"
    return "GBK/GB18030"


def parse(source: Source, problems: Problems) -> list[YamlDocument]:
    """All documents of a text; an empty list when there is none or it cannot be read."""
    builder = _Builder(source, problems)
    try:
        for event in yaml.parse(source.text, Loader=_Loader):
            if not builder.take(event):
                return []
    except yaml.YAMLError as error:
        _report(error, source, problems)
        return []
    except RecursionError:
        problems.add("E105", _too_deep(), Span(source, 1, 1, 1, 1))
        return []
    if not builder.documents and not problems:
        problems.add("E109", Text("文件是空的", "the file is empty"), Span(source, 1, 1, 1, 1))
    return builder.documents


@dataclass(slots=True)
class _Frame:
    path: ValuePath
    container: dict[str, Any] | list[Any]
    key: str | None = None
    duplicate: bool = False


class _Builder:
    """Turns events into values, iteratively; `take` answers False when reading must stop."""

    def __init__(self, source: Source, problems: Problems) -> None:
        self.documents: list[YamlDocument] = []
        self._source = source
        self._problems = problems
        self._stack: list[_Frame] = []
        self._spans = SourceMap(source)
        self._nodes = 0

    def take(self, event: Any) -> bool:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            return self._count(event) and self._plain(event) and self._scalar(event)
        if kind in (yaml.MappingStartEvent, yaml.SequenceStartEvent):
            return (
                self._count(event)
                and self._plain(event)
                and self._open(event, {} if kind is yaml.MappingStartEvent else [])
            )
        if kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            self._close(event)
        elif kind is yaml.AliasEvent:
            return self._refuse(event, f"*{event.anchor}")
        elif kind is yaml.DocumentStartEvent:
            self._spans = SourceMap(self._source)
        return True

    def _count(self, event: Any) -> bool:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._problems.add("E102", Text("文件内容过多", "the file holds too many values"), self._at(event))
            return False
        return True

    def _plain(self, event: Any) -> bool:
        if event.anchor:
            return self._refuse(event, f"&{event.anchor}")
        if event.tag and event.tag != "!":
            return self._refuse(event, event.tag)
        return True

    def _refuse(self, event: Any, what: str) -> bool:
        self._problems.add(
            "E106",
            Text(f"不支持 YAML 锚点、别名和标签：`{what}`", f"YAML anchors, aliases and tags are refused: `{what}`"),
            self._at(event),
            Text(
                "请把内容直接写出；以 & * ! 开头的文字请加引号",
                "write the content out, or quote a text starting with & * !",
            ),
        )
        return False

    def _open(self, event: Any, container: dict[str, Any] | list[Any]) -> bool:
        if len(self._stack) >= MAX_DEPTH:
            self._problems.add("E105", _too_deep(), self._at(event))
            return False
        if self._stack and isinstance(self._stack[-1].container, dict) and self._stack[-1].key is None:
            self._problems.add("E110", Text("键只能是文字", "a key must be plain text"), self._at(event))
            return False
        path = self._next_path()
        self._spans.values[path] = _mark(event.start_mark, event.start_mark)
        self._stack.append(_Frame(path, container))
        return True

    def _close(self, event: Any) -> None:
        frame = self._stack.pop()
        line, column, _, _ = self._spans.values[frame.path]
        self._spans.values[frame.path] = (line, column, event.end_mark.line + 1, event.end_mark.column + 1)
        self._put(frame.container)

    def _scalar(self, event: Any) -> bool:
        if len(event.value) > MAX_SCALAR:
            self._problems.add("E102", Text("文字过长", "the text is too long"), self._at(event))
            return False
        frame = self._stack[-1] if self._stack else None
        if frame and isinstance(frame.container, dict) and frame.key is None:
            self._key(frame, event)
            return True
        self._spans.values[self._next_path()] = _mark(event.start_mark, event.end_mark)
        self._put(event.value if event.style else resolve(event.value))
        return True

    def _key(self, frame: _Frame, event: Any) -> None:
        name = str(event.value)
        path = (*frame.path, name)
        frame.duplicate = name in frame.container
        if frame.duplicate:
            first = self._spans.keys[path][0]
            self._problems.add(
                "E107",
                Text(f"重复的键 `{name}`，第 {first} 行已写过", f"duplicate key `{name}`, already on line {first}"),
                self._at(event),
                Text("请删去其中一个", "remove one of them"),
            )
        else:
            self._spans.keys[path] = _mark(event.start_mark, event.end_mark)
        frame.key = name

    def _next_path(self) -> ValuePath:
        if not self._stack:
            return ()
        frame = self._stack[-1]
        step: str | int = len(frame.container) if isinstance(frame.container, list) else str(frame.key)
        return (*frame.path, step)

    def _put(self, value: Any) -> None:
        if not self._stack:
            self.documents.append(YamlDocument(value, self._spans))
            return
        frame = self._stack[-1]
        if isinstance(frame.container, list):
            frame.container.append(value)
            return
        if not frame.duplicate:
            frame.container[str(frame.key)] = value
        frame.key, frame.duplicate = None, False

    def _at(self, event: Any) -> Span:
        return Span(self._source, *_mark(event.start_mark, event.end_mark))


def resolve(text: str) -> Any:
    """A plain scalar → null, boolean, integer, decimal or text; nothing else is guessed."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if len(text) <= MAX_NUMBER_DIGITS and _NUMBER.fullmatch(text):
        return int(text) if _INTEGER.fullmatch(text) else Decimal(text)
    return text


def _mark(start: Any, end: Any) -> Mark:
    return (start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _too_deep() -> Text:
    return Text(f"嵌套超过 {MAX_DEPTH} 层", f"nested deeper than {MAX_DEPTH} levels")


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


def _report(error: yaml.YAMLError, source: Source, problems: Problems) -> None:
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
    for part, message, hint in _SYNTAX:
        if part in said or (tab and part == "\\t"):
            problems.add("E104", message, span, hint)
            return
    detail = getattr(error, "problem", None) or "?"
    problems.add("E104", Text(f"YAML 语法错误：{detail}", f"YAML syntax error: {detail}"), span)


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


def full_width_hint(value: object) -> Text | None:
    """A hint when a text looks like a mapping written with full-width punctuation."""
    if isinstance(value, str) and any(mark in value for mark in "：“”，"):
        return Text(
            '用了中文标点？键后应是英文冒号加空格“: ”，引号应是 ""，列表用英文逗号',
            "full-width punctuation? use `: `, plain quotes and plain commas",
        )
    return None


def iter_keys(mapping: object) -> Iterator[str]:
    """Keys of a mapping, or nothing."""
    if isinstance(mapping, dict):
        yield from mapping
