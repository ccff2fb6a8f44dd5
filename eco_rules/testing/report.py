"""What came of scenarios, for people (text) and programs (JSON, JUnit XML)."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from itertools import groupby
from textwrap import indent
from typing import Any

from eco_rules.diagnostics import Diagnostic
from eco_rules.reporting.formats import Style, plain, to_text
from eco_rules.testing.suite import Example, Failure
from eco_rules.testing.trials import Trial, Trials
from eco_rules.words import Lang, Text, marks

_FAILED = Text("未通过", "FAILED")
_STEP = Text("步骤", "step")
_NO_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def failure_text(example: Example, failure: Failure, lang: Lang, style: Style = plain) -> str:
    """A failure: where, which step, what was wanted and found, and the decision with its law."""
    colon = marks(lang).colon
    lines = [
        style(f"{_FAILED.to(lang)} {example.path}:{failure.line}  {example.name}", "warn"),
        f"  {_STEP.to(lang)}{colon}{failure.step}",
    ]
    said = failure.english if lang == "en" and failure.english else failure.message
    lines.append(indent(said, "  "))
    return "\n".join(lines) + "\n" + indent(to_text(failure.decisions[-1:], lang, receipt=False), "    ")


def summary(found: Trials, lang: Lang) -> str:
    """How many passed, failed and were put aside, and how long it took."""
    seconds = sum(trial.seconds for trial in found.trials)
    passed, failed, skipped = (found.count(outcome) for outcome in ("passed", "failed", "skipped"))
    wrong = len(found.diagnostics)
    return Text(
        f"场景 {len(found.trials)} 个：通过 {passed}，未通过 {failed}，跳过 {skipped}"
        + (f"；功能文件有 {wrong} 处错误，所涉场景没有运行" if wrong else "")
        + f"（{seconds:.1f} 秒）",
        f"{len(found.trials)} scenarios: {passed} passed, {failed} failed, {skipped} skipped"
        + (f"; {wrong} mistakes in feature files, whose scenarios were not run" if wrong else "")
        + f" ({seconds:.1f} s)",
    ).to(lang)


def to_json(found: Trials, lang: Lang) -> str:
    """Counts, every scenario, failures with their decisions, and what is wrong with the files."""
    shown = {
        "format": 1,
        "summary": {outcome: found.count(outcome) for outcome in ("passed", "failed", "skipped")},
        "scenarios": [_scenario(trial) for trial in found.trials],
        "errors": [item.as_dict(lang) for item in found.diagnostics],
    }
    return json.dumps(shown, ensure_ascii=False, indent=1, default=str)


def _scenario(trial: Trial) -> dict[str, Any]:
    example, failure = trial.example, trial.failure
    shown: dict[str, Any] = {
        "file": str(example.path),
        "line": example.line,
        "feature": example.feature,
        "name": example.name,
        "outcome": trial.outcome,
    }
    if failure:
        shown["failure"] = {
            "message": failure.message,
            "step": failure.step,
            "line": failure.line,
            "expected": failure.wanted,
            "found": failure.found,
            "decisions": [decision.model_dump(mode="json") for decision in failure.decisions],
        }
    return shown


def to_junit(found: Trials, lang: Lang) -> str:
    """JUnit XML: one suite a file, one case a scenario; a mistake in a file is a case in error."""
    root = ET.Element("testsuites", name="eco_rules")
    for path, trials in groupby(found.trials, key=lambda trial: str(trial.example.path)):
        _suite(root, path, [_case(trial, lang) for trial in trials])
    for name, items in groupby(found.diagnostics, key=_file):
        _suite(root, name, [_error(item, lang) for item in items])
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(root: ET.Element, name: str, cases: Iterable[ET.Element]) -> None:
    suite = ET.SubElement(root, "testsuite", name=_xml(name))
    suite.extend(cases)
    suite.set("tests", str(len(suite)))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(sum(case.find(tag) is not None for case in suite)))
    suite.set("time", f"{sum(float(case.get('time', 0)) for case in suite):.3f}")


def _case(trial: Trial, lang: Lang) -> ET.Element:
    example, failure = trial.example, trial.failure
    case = ET.Element(
        "testcase",
        classname=_xml(example.feature or str(example.path)),
        name=_xml(example.name),
        file=_xml(str(example.path)),
        line=str(example.line),
        time=f"{trial.seconds:.3f}",
    )
    if failure:
        ET.SubElement(case, "failure", message=_xml(f"{failure.step} — {failure.message}")).text = _xml(
            failure_text(example, failure, lang)
        )
    elif example.skipped:
        ET.SubElement(case, "skipped")
    return case


def _error(item: Diagnostic, lang: Lang) -> ET.Element:
    case = ET.Element("testcase", classname=_xml(_file(item)), name=item.code, time="0")
    if item.span:
        case.set("file", _xml(item.span.source.name))
        case.set("line", str(item.span.line))
    ET.SubElement(case, "error", message=_xml(item.message.to(lang))).text = _xml(item.render(lang))
    return case


def _file(item: Diagnostic) -> str:
    return item.span.source.name if item.span else item.code


def _xml(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _NO_XML.sub("�", text)
