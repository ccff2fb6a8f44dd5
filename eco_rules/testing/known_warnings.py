"""Which warnings there can be: a scenario that denies one must name one that exists, or it says nothing."""

from __future__ import annotations

from eco_rules.engine.caveats import PROVENANCE
from eco_rules.loading.corpus import Corpus

BUILT_IN = (
    "calendar-ends",
    "governing-law-open",
    "linked-case-excluded",
    "list-not-read",
    "local-replacement",
    "obligation-open",
    "rules-begin-later",
    "place-not-listed",
    "ruleset-expired",
    "validity-unknown",
    *(f"provenance-{key} {message}" for key, message in PROVENANCE.items()),
)


def is_known_warning(corpus: Corpus, matter: str, text: str) -> bool:
    """Whether a warning of the matter's rulesets, or one of the engine's own, has this text in its code or message."""
    rulesets = [file.ruleset for file in corpus.rulesets if file.ruleset.matter == matter]
    notices = [f"{item.id} {item.message}" for ruleset in rulesets for item in ruleset.warnings]
    return any(text in item for item in (*BUILT_IN, *notices))
