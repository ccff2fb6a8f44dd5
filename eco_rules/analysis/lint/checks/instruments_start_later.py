"""L410: a rule or duty stands from a day before any instrument it cites; a rule is silent until then, a duty stands on nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from eco_rules.analysis.lint.check import Check, Found
from eco_rules.analysis.lint.checks.cited import RULE, Cited, cited_parts
from eco_rules.loading.corpus import Corpus
from eco_rules.words import Text


def _run(corpus: Corpus) -> Iterator[Found]:
    for item in cited_parts(corpus):
        first = min((instrument.effective.start for instrument in item.cites.values()), default=date.min)
        within = item.validity.start < first <= (item.validity.end or date.max)
        if within and item.stands_on_it and not item.dated and not item.taken_over(first - timedelta(days=1)):
            yield Found(
                _message(item, first),
                item.span,
                Text(
                    "请加引在先的条款，或者写明 effective 的 from",
                    "cite the clause that came before, or say `from` in `effective`",
                )
                if item.kind is RULE
                else Text(
                    "请加引在先的条款，或者在 when 里写明日期",
                    "cite the clause that came before, or say in `when` from which date",
                ),
            )


def _message(item: Cited, first: date) -> Text:
    zh, en = ("规则在此以前不适用", "the rule does not exist before")
    if item.kind is not RULE:
        zh, en = ("在此以前没有依据", "it stands on nothing before")
    return Text(
        f"{item.kind.zh} `{item.part.id}` 引用的文件到 {first} 才开始施行，{zh}",
        f"no instrument {item.kind.en} `{item.part.id}` cites is in force before {first}; {en}",
    )


CHECK = Check("L410", "info", Text("规则比它引用的文件施行得早", "a rule starts before the instruments it cites"), _run)
