"""Outlines → text, Markdown, HTML; decisions and errors → JSON."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Sequence
from typing import Any

from eco_rules.decision.decision import Decision
from eco_rules.diagnostics import Diagnostic
from eco_rules.reporting.outline import Outline, outline
from eco_rules.words import Lang, Text, marks

Style = Callable[[str, str], str]


def plain(text: str, _tone: str) -> str:
    """No styling."""
    return text


def to_text(decisions: Sequence[Decision], lang: Lang, style: Style = plain, *, receipt: bool = True) -> str:
    """What a caseworker prints; `style(text, tone)` may colour headlines, headings and warnings."""
    return "\n".join(_text(outline(decision, lang, receipt=receipt), lang, style) for decision in decisions)


def _text(item: Outline, lang: Lang, style: Style) -> str:
    label = Text("结论", "Conclusion").to(lang)
    lines = [
        style(f"== {item.title} ==", "title"),
        style(f"{label}{marks(lang).colon}{item.headline}", "headline") + (f"  [{item.status}]" if item.status else ""),
    ]
    for section in item.sections:
        lines.append(style(section.title + marks(lang).colon.strip(), section.tone))
        for number, line in enumerate(section.lines, 1):
            lines.append(f"  {number}. {line.text}" if section.numbered else f"  - {line.text}")
            lines += [f"      {detail}" for detail in line.details]
    return "\n".join(lines) + "\n"


def to_markdown(decisions: Sequence[Decision], lang: Lang) -> str:
    """Markdown, one second-level heading a decision."""
    parts = []
    for item in (outline(decision, lang) for decision in decisions):
        status = " " + marks(lang).bracket(item.status).strip() if item.status else ""
        lines = [f"## {item.title}", "", f"**{item.headline}**{status}", ""]
        for section in item.sections:
            lines += [f"### {section.title}", ""]
            for number, line in enumerate(section.lines, 1):
                lines.append(f"{number}. {line.text}" if section.numbered else f"- {line.text}")
                lines += [f"  - {detail}" for detail in line.details]
            lines.append("")
        parts.append("\n".join(lines))
    return "\n".join(parts)


_STYLE = (
    "body{font:15px/1.6 sans-serif;max-width:50em;margin:2em auto;padding:0 1em;color:#222}"
    "article{page-break-after:always}.headline{font-size:1.3em;font-weight:bold}"
    ".warn h3{color:#a00}.ask h3{color:#06c}li ul{color:#555;font-size:.92em}@media print{body{margin:0}}"
)


def to_html(decisions: Sequence[Decision], lang: Lang) -> str:
    """A page of its own that prints well; every text is escaped."""
    body = []
    for item in (outline(decision, lang) for decision in decisions):
        body.append(f"<article><h2>{html.escape(item.title)}</h2>")
        status = f" <small>{html.escape(item.status)}</small>" if item.status else ""
        body.append(f'<p class="headline">{html.escape(item.headline)}{status}</p>')
        for section in item.sections:
            tag = "ol" if section.numbered else "ul"
            body.append(f'<section class="{section.tone}"><h3>{html.escape(section.title)}</h3><{tag}>')
            for line in section.lines:
                details = "".join(f"<li>{html.escape(detail)}</li>" for detail in line.details)
                nested = f"<ul>{details}</ul>" if details else ""
                body.append(f"<li>{html.escape(line.text)}{nested}</li>")
            body.append(f"</{tag}></section>")
        body.append("</article>")
    language = "zh-CN" if lang == "zh" else "en"
    head = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>eco_rules</title><style>{_STYLE}</style>'
    )
    return head + "<body>" + "\n".join(body) + "</body></html>\n"


def to_json(decisions: Sequence[Decision], errors: Sequence[Diagnostic], lang: Lang) -> str:
    """The outside contract: decisions, and errors where there are any."""
    shown: dict[str, Any] = {"format": 1}
    if decisions or not errors:
        shown["decisions"] = [decision.model_dump(mode="json") for decision in decisions]
    if errors:
        shown["errors"] = [error.as_dict(lang) for error in errors]
    return json.dumps(shown, ensure_ascii=False, indent=1)
