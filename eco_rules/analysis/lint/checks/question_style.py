"""L409: a question that does not read as one."""

from __future__ import annotations

from collections.abc import Iterator

from eco_rules.analysis.lint.check import Check, Found
from eco_rules.loading.corpus import Corpus
from eco_rules.words import Text


def _run(corpus: Corpus) -> Iterator[Found]:
    for subject in corpus.subjects.values():
        for name, spec in subject.facts.items():
            if spec.question and "？" not in spec.question and "?" not in spec.question:
                yield Found(
                    Text(f"事实项 `{name}` 的问题不是问句", f"the question of `{name}` asks nothing"),
                    subject.origins[name].value(("facts", name, "question")),
                    Text("请写成以？结尾的问句", "write a question that ends with a question mark"),
                )


CHECK = Check("L409", "info", Text("问题不是问句", "a question that asks nothing"), _run)
