"""`# eco-rules: ignore[L401] reason` beside a line, or on a line of its own above it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eco_rules.diagnostics import Diagnostic
from eco_rules.source import Source, Span
from eco_rules.words import Text

_COMMENT = re.compile(r"#\s*eco-rules:\s*ignore\[([A-Z0-9,\s]*)\][ \t]*(.*?)\s*$")
CODE = "L490"


@dataclass(frozen=True, slots=True)
class Ignore:
    """One comment: which codes it puts aside on which line, and why."""

    codes: frozenset[str]
    reason: str
    line: int
    span: Span


def read_ignores(source: Source) -> Iterator[Ignore]:
    """The comments of one file."""
    for number, text in enumerate(source.lines, 1):
        found = _COMMENT.search(text)
        if found is None:
            continue
        alone = not text[: found.start()].strip()
        codes = frozenset(code.strip() for code in found.group(1).split(",") if code.strip())
        span = Span(source, number, found.start() + 1, number, len(text) + 1)
        yield Ignore(codes, found.group(2), number + 1 if alone else number, span)


def put_aside(found: Iterable[Diagnostic], sources: Iterable[Source]) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """What is left of the findings, and what was ignored; a comment without a reason or a use is itself a finding."""
    ignores = [item for source in sources for item in read_ignores(source)]
    by_place: dict[tuple[str, int], list[Ignore]] = {}
    for item in ignores:
        by_place.setdefault((item.span.source.name, item.line), []).append(item)
    used: set[Span] = set()
    left: list[Diagnostic] = []
    ignored: list[Diagnostic] = []
    for diagnostic in found:
        span = diagnostic.span
        here = by_place.get((span.source.name, span.line), []) if span else []
        hits = [item for item in here if diagnostic.code in item.codes and item.reason]
        used |= {item.span for item in hits}
        (ignored if hits else left).append(diagnostic)
    left += [_complaint(item) for item in ignores if item.span not in used]
    return left, ignored


def _complaint(item: Ignore) -> Diagnostic:
    if not item.codes or not item.reason:
        message = Text("忽略检查须写明代码和理由", "an ignore names its codes and gives its reason")
        hint = Text("写作 # eco-rules: ignore[L401] 理由", "write # eco-rules: ignore[L401] reason")
    else:
        codes = "、".join(sorted(item.codes))
        message = Text(f"这里没有 {codes} 可以忽略", f"nothing here for {codes} to ignore")
        hint = Text("请删去这句注释", "remove the comment")
    return Diagnostic(CODE, message, item.span, hint, "warning")
