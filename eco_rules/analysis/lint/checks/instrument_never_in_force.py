"""L401: a cited instrument is never in force while the rule is."""

from __future__ import annotations

from collections.abc import Iterator

from eco_rules.analysis.lint.check import Check, Found
from eco_rules.analysis.lint.checks.cited import cited_rules
from eco_rules.loading.corpus import Corpus
from eco_rules.words import Text


def _run(corpus: Corpus) -> Iterator[Found]:
    for item in cited_rules(corpus):
        for ref, instrument in item.cites.items():
            if not instrument.effective.overlaps(item.validity):
                period = f"{instrument.effective.start}～{instrument.effective.end or ''}"
                yield Found(
                    Text(
                        f"规则 `{item.rule.id}` 引用的 `{ref}` 在规则施行期间没有施行过（{period}）",
                        f"rule `{item.rule.id}` cites `{ref}`, which is not in force on any day of the rule ({period})",
                    ),
                    item.span,
                    Text("请改引当时有效的文件，或者核对日期", "cite what was in force then, or check the dates"),
                )


CHECK = Check("L401", "error", Text("引用的文件在规则施行期间没有施行", "a cited instrument is never in force"), _run)
