"""L408: a local rule is milder than a mandatory one above it and cites nothing that empowers it."""

from __future__ import annotations

from collections.abc import Iterator

from eco_rules.analysis.lint.check import Check, Found
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.matter import Matter
from eco_rules.model.ruleset import Rule
from eco_rules.words import Text

_NARROWS = ("restricts", "replaces")


def _run(corpus: Corpus) -> Iterator[Found]:
    for file in corpus.rulesets:
        matter = corpus.matters[file.ruleset.matter]
        order = matter.leniency or tuple(reversed(matter.strictness))
        above = _mandatory_above(corpus, file, matter)
        for index, rule in enumerate(file.ruleset.rules):
            if rule.then.outcome in order and not _empowered(file, rule):
                stricter = [name for name, outcome in above if order.index(outcome) > order.index(rule.then.outcome)]
                if stricter and file.ruleset.relation in _NARROWS:
                    yield Found(
                        Text(
                            f"规则 `{rule.id}` 比上位的应当规则 `{stricter[0]}` 宽，没有注明授权",
                            f"rule `{rule.id}` is milder than the mandatory `{stricter[0]}` above it and cites no authority",
                        ),
                        file.spans.key(("rules", index)),
                        Text("请用 authority 注明授权条款", "cite the empowering clause in `authority`"),
                    )


def _mandatory_above(corpus: Corpus, file: RulesetFile, matter: Matter) -> list[tuple[str, str]]:
    place = file.ruleset.jurisdiction
    found = []
    for other in corpus.rulesets:
        wider = other.ruleset.jurisdiction
        is_above = wider != place and (wider == "cn" or place.startswith(wider))
        if is_above and other.ruleset.matter == matter.id and other.ruleset.effective.overlaps(file.ruleset.effective):
            order = matter.leniency or matter.strictness
            found += [
                (f"{other.ruleset.id}/{rule.id}", rule.then.outcome)
                for rule in other.ruleset.rules
                if rule.then.modality == "must" and rule.then.outcome in set(order) - set(matter.precedence)
            ]
    return found


def _empowered(file: RulesetFile, rule: Rule) -> bool:
    return bool(rule.authority or file.ruleset.authority)


CHECK = Check(
    "L408",
    "warning",
    Text("下位规则比上位规则宽而没有授权", "a local rule milder than the one above, without authority"),
    _run,
)
