"""L405: a fact of the vocabulary that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator

from eco_rules.analysis.lint.check import Check, Found
from eco_rules.diagnostics import Problems
from eco_rules.ir.lower import Lowering
from eco_rules.loading.corpus import Corpus
from eco_rules.words import Text


def _run(corpus: Corpus) -> Iterator[Found]:
    read = _read(corpus)
    for subject in corpus.subjects.values():
        for name, spec in subject.facts.items():
            if not spec.header and name not in read:
                yield Found(
                    Text(f"没有规则用到事实项 `{name}`", f"no rule reads the fact `{name}`"),
                    subject.origins[name].key(("facts", name)),
                    Text("请删去，或者补上用到它的规则", "remove it, or write the rule that reads it"),
                )


def _read(corpus: Corpus) -> set[str]:
    """The facts that rules, duties, fines and unread lists read, and those they are derived from."""
    found = {layer.unread.fact for matter in corpus.matters.values() for layer in matter.layers}
    for matter in corpus.matters.values():
        files = [file for file in corpus.rulesets if file.ruleset.matter == matter.id]
        stack = Lowering(corpus, matter, files, None, Problems()).stack(())
        found |= {slot.key.name for slot in stack.table.slots}
    return found


CHECK = Check("L405", "warning", Text("没有规则用到的事实项", "a fact nothing reads"), _run)
