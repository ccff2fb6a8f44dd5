"""Warnings of the engine itself: weak provenance, lists not read, expired or local rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from eco_rules.decision.decision import Caveat, Finding
from eco_rules.engine.regime import Regime
from eco_rules.loading.corpus import Corpus
from eco_rules.model.legal import Provenance
from eco_rules.values.kinds import is_exact
from eco_rules.values.workdays import is_workday
from eco_rules.words import Lang, Text

PROVENANCE = {
    "excerpt": Text(
        "所依据的条文只见到摘录，未读全文；请核对原文",
        "the clauses relied on were read in excerpts only; check the full text",
    ),
    "secondary": Text(
        "所依据的条文来自转述，未见原文；不得单独据此作出决定",
        "the clauses relied on are known at second hand; do not rely on them alone",
    ),
    "reconstruction": Text(
        "本结论依据的是重建规则，不是官方条文；必须以正式文件核对后方可使用",
        "this result rests on reconstructed rules, not on an official text; check against the official document before use",
    ),
}


def caveats(
    corpus: Corpus, regimes: Sequence[Regime], findings: Sequence[Finding], provenance: Provenance | None, lang: Lang
) -> tuple[Caveat, ...]:
    """Everything the engine itself has to warn of, for the law(s) the case was judged under."""
    found = [*_about_provenance(provenance)]
    for regime in regimes:
        found += _about_lists(corpus, regime, lang)
        found += _about_nothing(regime)
        found += _about_calendar(regime)
        found += _about_validity(regime, findings)
        found += _about_replacements(corpus, regime)
    return tuple(
        Caveat.made(code=code, level=level, message=message.to(lang), clauses=()) for code, level, message in found
    )


Item = tuple[str, Literal["notice", "review"], Text]


def _about_provenance(provenance: Provenance | None) -> Iterator[Item]:
    if provenance in PROVENANCE:
        yield f"provenance-{provenance}", "review", PROVENANCE[provenance]


def _about_lists(corpus: Corpus, regime: Regime, lang: Lang) -> Iterator[Item]:
    for place, layer, known in regime.stack.unread:
        if regime.truths[known]:
            continue  # looked up by the caseworker: listed among the assumptions
        name = corpus.places.name(place, lang)
        yield (
            "list-not-read",
            "review",
            Text(
                f"{name}的{layer.label}未收录全文；本结论没有对照该清单",
                f"the list of {name} is not encoded in full; it was not consulted",
            ),
        )
    for file in regime.prepared.applicable.expired:
        end = file.ruleset.effective.end
        yield (
            "ruleset-expired",
            "notice",
            Text(
                f"“{file.ruleset.title}”已于 {end} 失效，未适用",
                f"`{file.ruleset.title}` expired on {end} and was not applied",
            ),
        )


def _about_nothing(regime: Regime) -> Iterator[Item]:
    """Where nothing is in force yet: since when something is."""
    starts = [file.ruleset.effective.start for file in regime.prepared.applicable.later]
    if starts and not regime.stack.files:
        yield (
            "rules-begin-later",
            "notice",
            Text(
                f"编入的规定最早自 {min(starts)} 起施行；{regime.day} 当时的规定没有编入",
                f"the rules encoded begin on {min(starts)}; those of {regime.day} are not encoded",
            ),
        )


def _about_calendar(regime: Regime) -> Iterator[Item]:
    """Working days that cannot be counted although the dates are known: no calendar is published that far."""
    table, values = regime.stack.table, regime.filling.values
    for index in table.filled:
        slot = table.slots[index]
        if slot.compute is None or values[index] is not None:
            continue
        inputs = [values[other] for other in slot.inputs]
        if all(map(is_exact, inputs)) and any(isinstance(day, date) and is_workday(day) is None for day in inputs):
            label = table.vocabulary.label(slot.key)
            yield (
                "calendar-ends",
                "review",
                Text(
                    f"“{label}”涉及的日期超出已公布的工作日历，没有计算，须自行计算后填写",
                    f"`{label}`: a date lies beyond the published calendar; count it yourself and state it",
                ),
            )


def _about_validity(regime: Regime, findings: Sequence[Finding]) -> Iterator[Item]:
    used = {finding.rule.partition("/")[0] for finding in findings}
    for file in regime.stack.files:
        if file.ruleset.id in used and file.ruleset.effective.unknown:
            yield (
                "validity-unknown",
                "review",
                Text(
                    f"“{file.ruleset.title}”的施行或失效日期未查到",
                    f"when `{file.ruleset.title}` is in force was not found",
                ),
            )


def _about_replacements(corpus: Corpus, regime: Regime) -> Iterator[Item]:
    shared = ("_facts", "_matters", "_instruments", "_levels", "_places", "_units")
    in_use = {file.ruleset.id for file in regime.stack.files}
    for item in corpus.replacements:
        target = item.target.partition("/$")[0].partition("@")[0]
        if target in in_use or item.target.startswith(shared):
            yield (
                "local-replacement",
                "notice",
                Text(
                    f"本地设置替换了 {item.target}：{item.old} → {item.new}（来源：{item.source}）",
                    f"a local setting replaces {item.target}: {item.old} → {item.new} (source: {item.source})",
                ),
            )
