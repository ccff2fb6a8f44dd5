"""L402: a rule or duty outlives every instrument it cites; a rule then silently ends, a duty stands on nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from eco_rules.analysis.lint.check import Check, Found
from eco_rules.analysis.lint.checks.cited import RULE, Cited, cited_parts
from eco_rules.loading.corpus import Corpus
from eco_rules.words import Text


def _run(corpus: Corpus) -> Iterator[Found]:
    for item in cited_parts(corpus):
        ends = [instrument.effective.end for instrument in item.cites.values()]
        if not ends or None in ends or not item.stands_on_it:
            continue
        last = max(end for end in ends if end is not None)
        within = item.validity.start <= last < (item.validity.end or date.max)
        if within and not item.taken_over(last + timedelta(days=1)) and (item.kind is RULE or not item.dated):
            yield Found(
                _message(item, last),
                item.span,
                Text(
                    "请加引接续的条款，或者写明 effective 的 until",
                    "cite the clause that succeeds them, or say `until` in `effective`",
                )
                if item.kind is RULE
                else Text(
                    "请加引接续的条款，或者在 when 里写明日期",
                    "cite the clause that succeeds them, or say in `when` until which date",
                ),
            )


def _message(item: Cited, last: date) -> Text:
    zh, en = ("规则此后不再适用", "the rule ends with them")
    if item.kind is not RULE:
        zh, en = ("此后没有依据", "it stands on nothing after that")
    return Text(
        f"{item.kind.zh} `{item.part.id}` 引用的文件到 {last} 全部失效，{zh}",
        f"every instrument {item.kind.en} `{item.part.id}` cites has ended by {last}; {en}",
    )


CHECK = Check("L402", "warning", Text("规则比它引用的文件活得长", "a rule outlives the instruments it cites"), _run)
