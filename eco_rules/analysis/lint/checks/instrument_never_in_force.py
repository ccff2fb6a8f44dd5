"""L401: a cited instrument is never in force while what cites it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eco_rules.analysis.lint.check import Check, Found
from eco_rules.analysis.lint.checks.cited import RULE, cited_parts, instruments_of
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.base import Validity
from eco_rules.model.condition import Path
from eco_rules.source import Span
from eco_rules.words import Text

_RULESET = Text("规则集", "ruleset")
_CONDITION = Text("条件", "condition")
_PARAMETER = Text("参数", "parameter")


def _run(corpus: Corpus) -> Iterator[Found]:
    for item in cited_parts(corpus):
        yield from _never(corpus, (item.kind, item.part.id), item.validity, item.part.cites, item.span)
    for file in corpus.rulesets:
        for what, refs, path in _others(file):
            yield from _never(corpus, what, file.ruleset.effective, refs, file.spans.key(path))


def _others(file: RulesetFile) -> Iterator[tuple[tuple[Text, str], Sequence[str], Path]]:
    """What else of a ruleset cites clauses, with its name and place."""
    ruleset = file.ruleset
    yield (_RULESET, ruleset.id), ruleset.authority, ("authority",)
    for name, condition in ruleset.conditions.items():
        yield (_CONDITION, name), condition.cites, ("conditions", name, "cites")
    for name, parameter in ruleset.parameters.items():
        yield (_PARAMETER, name), parameter.cites, ("parameters", name, "cites")
    for index, rule in enumerate(ruleset.rules):
        yield (RULE, rule.id), rule.authority, ("rules", index, "authority")
        if rule.then.sanction is not None:
            yield (RULE, rule.id), (rule.then.sanction,), ("rules", index, "then", "sanction")


def _never(
    corpus: Corpus, what: tuple[Text, str], validity: Validity, refs: Sequence[str], span: Span
) -> Iterator[Found]:
    kind, name = what
    for ref, instrument in instruments_of(corpus, refs).items():
        if not instrument.effective.overlaps(validity):
            period = f"{instrument.effective.start}～{instrument.effective.end or ''}"
            yield Found(
                Text(
                    f"{kind.zh} `{name}` 引用的 `{ref}` 在{kind.zh}施行期间没有施行过（{period}）",
                    f"{kind.en} `{name}` cites `{ref}`, which is not in force on any day of the {kind.en} ({period})",
                ),
                span,
                Text("请改引当时有效的文件，或者核对日期", "cite what was in force then, or check the dates"),
            )


CHECK = Check("L401", "error", Text("引用的文件在规则施行期间没有施行", "a cited instrument is never in force"), _run)
