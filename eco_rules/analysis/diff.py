"""Two versions of the rules: what changed in meaning, a case for each difference, and which decisions flip."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

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
    tried = _tried(found.affected, hunt, engines, same_frame=found.same_frame)
    tried += [
        Tried(name, new.matters[name].label, _of_matter(hunt, new, name, place))
        for name in found.matters
        if name in old.matters and name in new.matters and matter in (None, name)
    ]
    decided = flips(*engines, cases, matter, place) if cases is not None else None
    return Diff(found, tuple(tried), decided)


def _tried(
    affected: Sequence[Affected], hunt: Hunt, engines: tuple[Engine, Engine], *, same_frame: bool
) -> list[Tried]:
    """A case for each rule, quickly searched for.

    Where none is found for any rule of a ruleset, the solver looks for one, or proves that there is none.
    """
    tried = [
        Tried(item.name, _title(item), None if item.regrouped else hunt.for_rule(item), item.regrouped)
        for item in affected
    ]
    for ident in dict.fromkeys(item.file.ruleset.id for item in affected if same_frame):
        mine = [at for at, item in enumerate(affected) if item.file.ruleset.id == ident and not item.regrouped]
        if mine and not any(tried[at].witness for at in mine):
            solved = _solved(engines, affected[mine[0]])
            for at in mine:
                tried[at] = replace(solved, name=tried[at].name, title=tried[at].title)
    return tried


def _solved(engines: tuple[Engine, Engine], item: Affected) -> Tried:
    """What the solver says of the ruleset of a rule."""
    verdict = everywhere(*engines, item)
    if isinstance(verdict, Case):
        before, after = (engine.decide(verdict) for engine in engines)
        return Tried(item.name, "", Witness(verdict, before, after))
    return Tried(item.name, "", None, verdict is True, verdict if isinstance(verdict, Text) else None)


def _of_matter(hunt: Hunt, corpus: Corpus, name: str, place: str | None) -> Witness | None:
    """A witness for a change of the matter itself, on the latest day on which rules of it begin."""
    starts = [file.ruleset.effective.start for file in corpus.rulesets if file.ruleset.matter == name]
    return hunt.for_matter(name, place or "cn", max(starts)) if starts else None


def _title(item: Affected) -> str:
    side = item.after or item.before
    assert side is not None  # it is there on one side at least
    return side[1].title
