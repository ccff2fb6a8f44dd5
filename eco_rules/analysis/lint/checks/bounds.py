"""L404: a threshold is drawn on the other side of a number than the clause's words say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from eco_rules.analysis.lint.check import Check, Found
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.condition import ParameterOperand, Test, walk
from eco_rules.model.legal import Instrument
from eco_rules.model.ruleset import Rule
from eco_rules.words import Text

_SAID = re.compile(
    r"(?P<before>不超过|不足|超过|低于|高于|小于|大于|未满)?\s*(?P<number>\d+(?:\.\d+)?)"
    r"(?P<unit>[^\d，。；、（）和或与]{0,8}?)(?P<own>及|（含）|（不含）)?(?P<after>以上|以下|以内)?(?=[，。；、（）的且和或与]|$)"
)
_BEFORE = {"不超过": "above", "超过": "above", "高于": "above", "大于": "above"} | dict.fromkeys(
    ("不足", "低于", "小于", "未满"), "below"
)
_CUTS = {"ge": "below", "lt": "below", "gt": "above", "le": "above"}
"""Where an operator cuts the number line: just below the number, or just above it."""


def _run(corpus: Corpus) -> Iterator[Found]:
    for file in corpus.rulesets:
        for index, rule in enumerate(file.ruleset.rules):
            said = _said(corpus, rule)
            for key, condition in (("applies", rule.applies), ("when", rule.when)):
                for item in walk(condition) if condition is not None else ():
                    if isinstance(item, Test) and item.operator in _CUTS:
                        yield from _compare(file, ("rules", index, key), item, said)


def _said(corpus: Corpus, rule: Rule) -> dict[Decimal, dict[str, str]]:
    """For each number in the cited clauses, on which side of it they cut, and in which words."""
    found: dict[Decimal, dict[str, str]] = {}
    for ref in rule.cites:
        cited = corpus.clause(ref)
        for match in _SAID.finditer(cited[1].text) if cited else ():
            side = _side(match, cited[0]) if cited else None
            if side is not None:
                found.setdefault(Decimal(match["number"]), {})[side] = match.group().strip()
    return found


def _side(match: re.Match[str], instrument: Instrument) -> str | None:
    if match["before"]:
        return _BEFORE[match["before"]]
    own = {"及": "inclusive", "（含）": "inclusive", "（不含）": "exclusive"}.get(match["own"] or "")
    above = own or (instrument.bounds.above if instrument.bounds else None)
    below = own or (instrument.bounds.below if instrument.bounds else None)
    if match["after"] == "以上" and above:
        return "below" if above == "inclusive" else "above"
    if match["after"] in ("以下", "以内") and below:
        return "above" if below == "inclusive" else "below"
    return None


def _compare(
    file: RulesetFile, base: tuple[str | int, ...], test: Test, said: dict[Decimal, dict[str, str]]
) -> Iterator[Found]:
    number = _number(test.operand, file)
    words = said.get(number) if number is not None else None
    if not words or _CUTS[test.operator] in words:
        return
    (text,) = list(words.values())[:1]
    other = {"ge": "gt", "gt": "ge", "lt": "le", "le": "lt"}[test.operator]
    yield Found(
        Text(
            f"条款写“{text}”，这里的 `{test.operator}` 把 {number} 划在另一边",
            f"the clause says “{text}”; `{test.operator}` puts {number} on the other side",
        ),
        file.spans.key((*base, *test.path)),
        Text(f"是否应为 `{other}`？", f"should it be `{other}`?"),
    )


def _number(operand: object, file: RulesetFile) -> Decimal | None:
    if isinstance(operand, ParameterOperand):
        parameter = file.ruleset.parameters.get(operand.name)
        operand = parameter.value if parameter else None
    if isinstance(operand, str):
        found = re.match(r"\d+(\.\d+)?", operand)
        operand = Decimal(found.group()) if found else None
    if isinstance(operand, int | Decimal) and not isinstance(operand, bool):
        return Decimal(operand)
    return None


CHECK = Check("L404", "error", Text("界限与条款的以上、以下不合", "a bound differs from the clause's own words"), _run)
