"""The stages in which rules are consulted, and what bars a rule: what the pictures show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eco_rules.ir.lower import RuleCode
from eco_rules.loading.corpus import Corpus
from eco_rules.model.matter import Matter
from eco_rules.reporting.handbook.links import Links
from eco_rules.words import Lang, Text, marks

_FIRST = Text("先定：", "First: ")
_STRICTEST = Text("从严：", "Strictest: ")
_LEVEL = Text("位阶：", "Level: ")


@dataclass(frozen=True, slots=True)
class Stage:
    """Rules that are settled together: one outcome that goes first, or one level."""

    title: str
    decisive: bool
    codes: tuple[RuleCode, ...]


def stages(matter: Matter, codes: Sequence[RuleCode], corpus: Corpus, lang: Lang) -> list[Stage]:
    """The rules with an outcome in the order in which they are consulted."""
    strict = matter.combine == "strictest"
    first = matter.strictness if strict else matter.precedence
    lead = (_STRICTEST if strict else _FIRST).to(lang)
    found = [
        Stage(lead + matter.outcomes[name], True, tuple(c for c in codes if c.effect and c.effect.outcome == name))
        for name in first
    ]
    rest = [code for code in codes if code.effect and code.effect.outcome not in first]
    for rank in sorted({code.standing.rank for code in rest}):
        names = [level.label for level in corpus.levels.values() if level.rank == rank]
        title = _LEVEL.to(lang) + marks(lang).between.join(names)
        found.append(Stage(title, False, tuple(code for code in rest if code.standing.rank == rank)))
    return [stage for stage in found if stage.codes]


_ELSEWHERE = {"overrides": Text("排除适用：", "Overridden: "), "replaces": Text("取代：", "Replaced: ")}


def bars(code: RuleCode, corpus: Corpus, links: Links, lang: Lang) -> list[tuple[str, str]]:
    """What bars a rule: title and address. Rules of another place that take its place are said together."""
    found = []
    near = [code.file] if code.file else []
    home = code.file.ruleset.jurisdiction if code.file else "cn"
    for barrier in code.barriers:
        href = links.part(barrier.name, near)
        place = next(
            (
                file.ruleset.jurisdiction
                for file in corpus.rulesets
                if file.ruleset.id == barrier.name.partition("/")[0]
            ),
            home,
        )
        if not href:
            continue
        if barrier.reason == "unless" or place == home:
            found.append((barrier.title, href))
        else:
            title = _ELSEWHERE[barrier.reason].to(lang) + corpus.places.name(place, lang)
            found.append((title, href.partition("#")[0]))
    return found
