"""L408: a local rule is milder than a mandatory one above it and cites nothing that empowers it."""

from __future__ import annotations

from collections.abc import Iterator

from eco_rules.analysis.lint.check import Check, Found
from eco_rules.analysis.lint.checks.above import empowered, mildest_first, rules_above
from eco_rules.analysis.lint.checks.cited import named_by
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.ruleset import Rule
from eco_rules.words import Text

_NARROWS = ("restricts", "replaces")


def _run(corpus: Corpus) -> Iterator[Found]:
    for file in corpus.rulesets:
        matter = corpus.matters[file.ruleset.matter]
        order = mildest_first(matter)
        above = [
            (f"{other.ruleset.id}/{rule.id}", rule)
            for other, rule in rules_above(corpus, file)
            if rule.then.modality == "must" and rule.then.outcome in set(order) - set(matter.precedence)
        ]
        for index, rule in enumerate(file.ruleset.rules):
            if rule.then.outcome in order and not empowered(file, rule):
                stricter = [name for name, other in above if _meets(file, rule, other) and _milder(rule, other, order)]
                if stricter:
                    yield Found(
                        Text(
                            f"规则 `{rule.id}` 比上位的应当规则 `{stricter[0]}` 宽，没有注明授权",
                            f"rule `{rule.id}` is milder than the mandatory `{stricter[0]}` above it and cites no authority",
                        ),
                        file.spans.key(("rules", index)),
                        Text("请用 authority 注明授权条款", "cite the empowering clause in `authority`"),
                    )


def _meets(file: RulesetFile, rule: Rule, other: Rule) -> bool:
    """Whether both are about the same cases: a ruleset that narrows is about all, any other names what it is about."""
    return file.ruleset.relation in _NARROWS or bool(named_by(rule.applies) & named_by(other.applies))


def _milder(rule: Rule, other: Rule, order: tuple[str, ...]) -> bool:
    return order.index(str(rule.then.outcome)) < order.index(str(other.then.outcome))


CHECK = Check(
    "L408",
    "warning",
    Text("下位规则比上位规则宽而没有授权", "a local rule milder than the one above, without authority"),
    _run,
)
