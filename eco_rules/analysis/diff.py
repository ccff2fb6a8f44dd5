"""Two versions of the rules: what changed in meaning, a case for each difference, and which decisions flip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from eco_rules.analysis.changes import compare
from eco_rules.analysis.difference import Affected, Comparison
from eco_rules.analysis.flips import Flips, flips
from eco_rules.analysis.proof import everywhere
from eco_rules.analysis.witness import Hunt, Witness
from eco_rules.engine.engine import Engine
from eco_rules.loading.corpus import Corpus
from eco_rules.model.case import Case
from eco_rules.words import Lang, Text


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule or matter that may decide otherwise, and a case that shows it; None when none was found.

    `proven`: no case is decided otherwise. `reason`: why neither a case nor a proof was found, where that is known.
    """

    name: str
    title: str
    witness: Witness | None
    proven: bool = False
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class Diff:
    """Everything `diff` found."""

    comparison: Comparison
    tried: tuple[Tried, ...]
    flips: Flips | None


def diff(
    old: Corpus,
    new: Corpus,
    lang: Lang,
    *,
    cases: Iterable[Case] | None = None,
    matter: str | None = None,
    place: str | None = None,
) -> Diff:
    """Compare two versions.

    Raises:
        RulesetError: a reference in one of them is wrong.
    """
    engines = Engine(old, lang=lang), Engine(new, lang=lang)
    found = compare(old, new, lang, matter, place)
    hunt = Hunt(*engines)
    tried = [_tried(item, hunt, engines, found.same_frame) for item in found.affected]
    tried += [
        Tried(name, new.matters[name].label, _of_matter(hunt, new, name, place))
        for name in found.matters
        if name in old.matters and name in new.matters and matter in (None, name)
    ]
    decided = flips(*engines, cases, matter, place) if cases is not None else None
    return Diff(found, tuple(tried), decided)


def _tried(item: Affected, hunt: Hunt, engines: tuple[Engine, Engine], same_frame: bool) -> Tried:
    """A case for a rule, quickly searched for; where none is found, the solver looks for one or proves there is none."""
    title = _title(item)
    if item.regrouped:
        return Tried(item.name, title, None, proven=True)
    witness = hunt.for_rule(item)
    verdict = everywhere(*engines, item) if witness is None and same_frame else None
    if isinstance(verdict, Case):
        before, after = (engine.decide(verdict) for engine in engines)
        witness = Witness(verdict, before, after)
    return Tried(item.name, title, witness, verdict is True, verdict if isinstance(verdict, Text) else None)


def _of_matter(hunt: Hunt, corpus: Corpus, name: str, place: str | None) -> Witness | None:
    """A witness for a change of the matter itself, on the latest day on which rules of it begin."""
    starts = [file.ruleset.effective.start for file in corpus.rulesets if file.ruleset.matter == name]
    return hunt.for_matter(name, place or "cn", max(starts)) if starts else None


def _title(item: Affected) -> str:
    side = item.after or item.before
    assert side is not None  # it is there on one side at least
    return side[1].title
