"""L403: a ruleset ends and nothing of its matter and place follows."""

from __future__ import annotations

from collections.abc import Iterator

from eco_rules.analysis.lint.check import Check, Found
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.words import Text


def _run(corpus: Corpus) -> Iterator[Found]:
    for file in corpus.rulesets:
        end = file.ruleset.effective.end
        if end is not None and not any(_follows(other, file) for other in corpus.rulesets):
            yield Found(
                Text(
                    f"规则集 `{file.ruleset.id}` 到 {end} 为止，同一事项、同一地区没有接续的规则集",
                    f"ruleset `{file.ruleset.id}` ends on {end} and nothing of its matter and place follows",
                ),
                file.spans.key(("effective",)),
                Text("请补上接续的规则集，或者说明为什么没有", "add what follows, or say why nothing does"),
            )


def _follows(other: RulesetFile, file: RulesetFile) -> bool:
    one, two, end = other.ruleset, file.ruleset, file.ruleset.effective.end
    later = end is not None and (one.effective.end is None or one.effective.end > end)
    return later and (one.matter, one.jurisdiction) == (two.matter, two.jurisdiction)


CHECK = Check("L403", "info", Text("规则集到期后没有接续", "a ruleset ends and nothing follows"), _run)
