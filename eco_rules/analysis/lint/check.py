"""What a check is, and how checks walk a corpus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from eco_rules.diagnostics import Diagnostic, Severity
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.loading.yamldoc import SourceMap
from eco_rules.model.condition import Condition, Path
from eco_rules.source import Source, Span
from eco_rules.words import Text


@dataclass(frozen=True, slots=True)
class Found:
    """One place a check objects to."""

    message: Text
    span: Span
    help: Text | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look for: a stable code, how grave it is, and the search."""

    code: str
    severity: Severity
    title: Text
    run: Callable[[Corpus], Iterator[Found]]

    def diagnostics(self, corpus: Corpus) -> Iterator[Diagnostic]:
        """What it finds, as diagnostics."""
        for item in self.run(corpus):
            yield Diagnostic(self.code, item.message, item.span, item.help, self.severity)


def conditions(file: RulesetFile) -> Iterator[tuple[Path, Condition]]:
    """Every condition of a ruleset, with its place."""
    ruleset = file.ruleset
    if ruleset.applies is not None:
        yield ("applies",), ruleset.applies
    for name, named in ruleset.conditions.items():
        yield ("conditions", name, "when"), named.when
    for index, rule in enumerate(ruleset.rules):
        for key, part in (("applies", rule.applies), ("when", rule.when)):
            if part is not None:
                yield ("rules", index, key), part
    for section, sides in ruleset.sides.items():
        for index, side in enumerate(sides):
            if side.when is not None:
                yield (section, index, "when"), side.when


def sources(corpus: Corpus) -> dict[str, Source]:
    """Every text the corpus was read from, by name."""
    maps: list[SourceMap] = [file.spans for file in corpus.rulesets]
    maps += [*corpus.instrument_spans.values(), *corpus.matter_spans.values()]
    maps += [spans for subject in corpus.subjects.values() for spans in subject.origins.values()]
    return {spans.source.name: spans.source for spans in maps}
