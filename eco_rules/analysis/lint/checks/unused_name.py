"""L406: a parameter or a named condition of a ruleset that nothing uses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eco_rules.analysis.lint.check import Check, Found
from eco_rules.loading.corpus import Corpus
from eco_rules.source import Span
from eco_rules.words import Text


def _run(corpus: Corpus) -> Iterator[Found]:
    texts = [file.spans.source.text for file in corpus.rulesets]
    for file in corpus.rulesets:
        here = file.spans.source.text
        for name in file.ruleset.parameters:
            if not re.search(rf"\${name}\b", here):
                yield _found("参数", "parameter", name, file.spans.key(("parameters", name)))
        for name in file.ruleset.conditions:
            elsewhere = f"{file.ruleset.id}/{name}"
            if not _used(name, here) and not any(elsewhere in text for text in texts):
                yield _found("条件", "condition", name, file.spans.key(("conditions", name)))


def _used(name: str, text: str) -> bool:
    """Whether a name stands anywhere but where it is defined."""
    return len(re.findall(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)) > 1


def _found(zh: str, en: str, name: str, span: Span) -> Found:
    return Found(Text(f"没有用到的{zh} `{name}`", f"{en} `{name}` is not used"), span, Text("请删去", "remove it"))


CHECK = Check("L406", "warning", Text("没有用到的参数或者条件", "an unused parameter or condition"), _run)
