"""YAML and JSON text → plain values with the place of every one of them.

Built from libyaml's event stream, which neither recurses nor expands aliases, so hostile input costs
nothing. Scalars are resolved here: YAML 1.1 would turn `1.20` into 1.2, `no` into False, `12:30` into 750.
"""

from __future__ import annotations

import errno
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from eco_rules.diagnostics import Problems
from eco_rules.limits import MAX_DEPTH, MAX_FILE_BYTES, MAX_NODES, MAX_NUMBER_DIGITS, MAX_SCALAR
from eco_rules.loading.syntax import report_syntax
from eco_rules.model.condition import Path as ValuePath
from eco_rules.source import Source, Span
from eco_rules.words import Text

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NESTING = "maximum nesting depth"
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
        found = path.stat()
        if not any(kind(found.st_mode) for kind in (stat.S_ISREG, stat.S_ISFIFO, stat.S_ISDIR)):
            problems.add(
                "E101",
                Text(f"`{name}` 不是普通文件", f"`{name}` is no regular file"),
                None,
                Text("请给出文件；读标准输入写 -", "give a file, or - for standard input"),
            )
            return None
        if found.st_size > MAX_FILE_BYTES:
            problems.add("E102", _too_large(name), None, _SPLIT)
            return None
        with path.open("rb") as file:  # a pipe has no size, and a file may grow while it is read
            data = file.read(MAX_FILE_BYTES + 1)
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
        problems.add("E102", _too_large(name), None, _SPLIT)
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
    return Text(f"文件 `{name}` 超过 {limit} MB", f"file `{name}` exceeds {limit} MB")


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
        if _NESTING in str(error):  # libyaml's own limit, which it may meet before ours
            problems.add("E105", _too_deep(), Span(source, 1, 1, 1, 1), _UNNEST)
        else:
            report_syntax(error, source, problems)
        return []
    except RecursionError:
        problems.add("E105", _too_deep(), Span(source, 1, 1, 1, 1), _UNNEST)
        return []
    if not builder.documents and not problems:
        problems.add("E109", Text("文件是空的", "the file is empty"), Span(source, 1, 1, 1, 1), _FILL_IN)
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
            self._problems.add("E102", Text("文件内容过多", "the file holds too many values"), self._at(event), _SPLIT)
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
            self._problems.add("E105", _too_deep(), self._at(event), _UNNEST)
            return False
        if self._stack and isinstance(self._stack[-1].container, dict) and self._stack[-1].key is None:
            self._problems.add("E110", Text("键只能是文字", "a key must be plain text"), self._at(event), _KEY)
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
            self._problems.add("E102", Text("文字过长", "the text is too long"), self._at(event), _SHORTEN)
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


_UNNEST = Text("请检查括号是否配对，去掉多余的层次", "check that brackets are closed, and remove levels")
_FILL_IN = Text(
    "个案须有 jurisdiction、decision_date 和 facts，见 examples/cases",
    "a case has jurisdiction, decision_date and facts; see examples/cases",
)
_SHORTEN = Text(f"一段文字不超过 {MAX_SCALAR} 字", f"at most {MAX_SCALAR} characters a text")
_KEY = Text("请写作 键: 值；以 [ { 开头的键请加引号", "write key: value, and quote a key starting with [ or {")
_SPLIT = Text("请分成几个文件", "split it into several files")


def _too_deep() -> Text:
    return Text(f"嵌套超过 {MAX_DEPTH} 层", f"nested deeper than {MAX_DEPTH} levels")


def iter_keys(mapping: object) -> Iterator[str]:
    """Keys of a mapping, or nothing."""
    if isinstance(mapping, dict):
        yield from mapping
