"""L405: a fact of the vocabulary that nothing reads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from eco_rules.analysis.lint.check import Check, Found, sources
from eco_rules.loading.corpus import Corpus
from eco_rules.words import Text

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def _run(corpus: Corpus) -> Iterator[Found]:
    counted = Counter(name for source in sources(corpus).values() for name in _NAME.findall(source.text))
    for subject in corpus.subjects.values():
        for name, spec in subject.facts.items():
            if not spec.header and all(counted[alias] < 2 for alias in (name, *spec.named)):
                yield Found(
                    Text(f"没有规则用到事实项 `{name}`", f"no rule reads the fact `{name}`"),
                    subject.origins[name].key(("facts", name)),
                    Text("请删去，或者补上用到它的规则", "remove it, or write the rule that reads it"),
                )


CHECK = Check("L405", "warning", Text("没有规则用到的事实项", "a fact nothing reads"), _run)
