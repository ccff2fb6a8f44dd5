"""The rules of a corpus with the instruments they cite and the days they claim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.base import Validity
from eco_rules.model.legal import Instrument
from eco_rules.model.ruleset import Rule
from eco_rules.source import Span


@dataclass(frozen=True, slots=True)
class CitedRule:
    """A rule, when it claims to be in force, and the instruments behind its clauses."""

    corpus: Corpus
    file: RulesetFile
    rule: Rule
    validity: Validity
    cites: dict[str, Instrument]
    span: Span


def cited_rules(corpus: Corpus) -> Iterator[CitedRule]:
    """Every rule, in the order of the files."""
    for file in corpus.rulesets:
        for index, rule in enumerate(file.ruleset.rules):
            cites = {ref: found[0] for ref in rule.cites if (found := corpus.clause(ref))}
            validity = _both(file.ruleset.effective, rule.effective)
            yield CitedRule(corpus, file, rule, validity, cites, file.spans.key(("rules", index, "cites")))


def instruments_of(corpus: Corpus, rule: Rule) -> list[Instrument]:
    """The instruments a rule cites."""
    return [found[0] for ref in rule.cites if (found := corpus.clause(ref))]


def _both(ruleset: Validity, rule: Validity | None) -> Validity:
    if rule is None or not rule.overlaps(ruleset):
        return ruleset
    ends = [end for end in (ruleset.end, rule.end) if end is not None]
    return Validity.model_validate({"from": max(ruleset.start, rule.start), "until": min(ends) if ends else None})
