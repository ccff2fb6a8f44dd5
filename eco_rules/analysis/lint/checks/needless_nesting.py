"""L407: a list of one condition, or a negation of a negation."""

from __future__ import annotations

from collections.abc import Iterator

from eco_rules.analysis.lint.check import Check, Found, conditions
from eco_rules.loading.corpus import Corpus
from eco_rules.model.condition import Condition, Junction, Negation, Path, Quorum
from eco_rules.words import Text


def _run(corpus: Corpus) -> Iterator[Found]:
    for file in corpus.rulesets:
        for base, condition in conditions(file):
            for path, needless in _needless(condition, ()):
                yield Found(
                    Text(f"多余的 `{needless}`", f"needless `{needless}`"),
                    file.spans.key((*base, *path)),
                    Text("请直接写里面的条件", "write what is inside it"),
                )


def _needless(condition: Condition, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(condition, Negation):
        if isinstance(condition.item, Negation):
            yield (*path, "not"), "not"
        yield from _needless(condition.item, (*path, "not"))
    elif isinstance(condition, Junction | Quorum):
        word = "all" if isinstance(condition, Junction) and condition.every else "any"
        # several keys of one mapping are a junction without a word of its own
        if len(condition.items) == 1:
            yield (*path, word), word
        for index, item in enumerate(condition.items):
            yield from _needless(item, (*path, word, index))


CHECK = Check("L407", "info", Text("多余的 all、any 或 not", "a needless all, any or not"), _run)
