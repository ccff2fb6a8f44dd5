"""The rules that stand above a local one: of the same matter, over a wider place, in force with it."""

from __future__ import annotations

from collections.abc import Iterator

from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.matter import Matter
from eco_rules.model.ruleset import Rule


def rules_above(corpus: Corpus, file: RulesetFile) -> Iterator[tuple[RulesetFile, Rule]]:
    """Every rule above a ruleset's own."""
    place = file.ruleset.jurisdiction
    for other in corpus.rulesets:
        wider = other.ruleset.jurisdiction
        is_above = wider != place and (wider == "cn" or place.startswith(wider))
        same = other.ruleset.matter == file.ruleset.matter and other.ruleset.effective.overlaps(file.ruleset.effective)
        yield from ((other, rule) for rule in other.ruleset.rules if is_above and same)


def mildest_first(matter: Matter) -> tuple[str, ...]:
    """The outcomes of a matter from the mildest to the strictest; empty where nothing says so."""
    return matter.leniency or tuple(reversed(matter.strictness))


def empowered(file: RulesetFile, rule: Rule) -> bool:
    """Whether a clause is cited that lets a rule depart from what stands above it."""
    return bool(rule.authority or file.ruleset.authority)
