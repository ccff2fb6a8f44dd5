"""What lint found → text, JSON, SARIF 2.1.0."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from eco_rules.diagnostics import Diagnostic, Severity
from eco_rules.words import Lang, Text, marks

_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
_COUNTED: dict[Severity, Text] = {
    "error": Text("错误", "errors"),
    "warning": Text("警告", "warnings"),
    "info": Text("提示", "notes"),
}


def summary(found: Sequence[Diagnostic], ignored: int, lang: Lang) -> str:
    """One line: how many of each, and how many were ignored."""
    counted, mark = Counter(item.severity for item in found), marks(lang)
    parts = [f"{word.to(lang)} {counted[level]}" for level, word in _COUNTED.items()]
    return mark.comma.join([*parts, f"{Text('已忽略', 'ignored').to(lang)} {ignored}"])


def findings_json(found: Sequence[Diagnostic], ignored: int, lang: Lang) -> str:
    """The findings as JSON."""
    listed = [{**item.as_dict(lang), "severity": item.severity} for item in found]
    return json.dumps({"format": 1, "findings": listed, "ignored": ignored}, ensure_ascii=False, indent=1)


def findings_sarif(found: Sequence[Diagnostic], titles: Mapping[str, Text], lang: Lang) -> str:
    """The findings as SARIF 2.1.0, which code hosts and editors show beside the lines."""
    codes = sorted({item.code for item in found})
    driver = {
        "name": "eco-rules",
        "version": version("eco_rules"),
        "rules": [{"id": code, "shortDescription": {"text": _title(code, titles, found, lang)}} for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(item, codes, lang) for item in found],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _title(code: str, titles: Mapping[str, Text], found: Sequence[Diagnostic], lang: Lang) -> str:
    title = titles.get(code)
    return (title or next(item.message for item in found if item.code == code)).to(lang)


def _result(item: Diagnostic, codes: Sequence[str], lang: Lang) -> dict[str, Any]:
    text = item.message.to(lang) + (marks(lang).semicolon + item.help.to(lang) if item.help else "")
    result: dict[str, Any] = {
        "ruleId": item.code,
        "ruleIndex": codes.index(item.code),
        "level": _LEVELS[item.severity],
        "message": {"text": text},
    }
    if item.span:
        region = {
            "startLine": item.span.line,
            "startColumn": item.span.column,
            "endLine": item.span.end_line,
            "endColumn": item.span.end_column,
        }
        place = {"artifactLocation": {"uri": _uri(item.span.source.name)}, "region": region}
        result["locations"] = [{"physicalLocation": place}]
    return result


def _uri(name: str) -> str:
    """A file as SARIF names it: relative to where the command runs, else absolute."""
    path = Path(name).resolve()
    return quote(path.relative_to(Path.cwd()).as_posix()) if path.is_relative_to(Path.cwd()) else path.as_uri()
