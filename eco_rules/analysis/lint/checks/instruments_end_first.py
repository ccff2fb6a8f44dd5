"""L402: a rule outlives every instrument it cites, so it silently ceases to be in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from eco_rules.analysis.lint.check import Check, Found
from eco_rules.analysis.lint.checks.cited import CitedRule, cited_rules, instruments_of
from eco_rules.loading.corpus import Corpus
from eco_rules.model.condition import Test, walk
from eco_rules.model.ruleset import Rule
from eco_rules.words import Text


def _run(corpus: Corpus) -> Iterator[Found]:
    for item in cited_rules(corpus):
        ends = [instrument.effective.end for instrument in item.cites.values()]
        if not ends or None in ends:
            continue
        last = max(end for end in ends if end is not None)
        if item.validity.start <= last < (item.validity.end or date.max) and not _succeeded(item, last):
            yield Found(
                Text(
                    f"规则 `{item.rule.id}` 引用的文件到 {last} 全部失效，规则此后不再适用",
                    f"every instrument rule `{item.rule.id}` cites has ended by {last}; the rule ends with them",
                ),
                item.span,
                Text(
                    "请加引接续的条款，或者写明 effective 的 until",
                    "cite the clause that succeeds them, or say `until` in `effective`",
                ),
            )


def _succeeded(item: CitedRule, last: date) -> bool:
    """Whether another rule of the file says the same kind of thing about such cases after that day."""
    after, about, effect = last + timedelta(days=1), _about(item.rule), item.rule.then
    return any(
        other is not item.rule
        and (other.then.outcome, other.then.sanction is None) == (effect.outcome, effect.sanction is None)
        and (about & _about(other) or about == _about(other))
        and any(instrument.effective.covers(after) for instrument in instruments_of(item.corpus, other))
        for other in item.file.ruleset.rules
    )


def _about(rule: Rule) -> set[tuple[str, object]]:
    """The values that the scope of a rule names."""
    found: set[tuple[str, object]] = set()
    for part in walk(rule.applies) if rule.applies is not None else ():
        if isinstance(part, Test):
            values = part.operand if isinstance(part.operand, tuple) else (part.operand,)
            found |= {(part.fact, value) for value in values}
    return found


CHECK = Check("L402", "warning", Text("规则比它引用的文件活得长", "a rule outlives the instruments it cites"), _run)
