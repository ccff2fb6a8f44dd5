"""L404: a threshold is drawn on the other side of a number than the clause's words say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from eco_rules.analysis.lint.check import Check, Found
from eco_rules.loading.corpus import Corpus
from eco_rules.loading.yamldoc import SourceMap
from eco_rules.model.condition import Condition, ParameterOperand, Path, Test, walk
from eco_rules.model.derivation import Choice, TruthOf
from eco_rules.model.legal import Instrument
from eco_rules.model.ruleset import Parameter
from eco_rules.values.clauses import chinese_number
from eco_rules.words import Text

_SAID = re.compile(
    r"(?P<before>不超过|不足|超过|低于|高于|小于|大于|未满|不低于|不少于|少于|多于)?\s*"
    r"(?P<number>\d+(?:\.\d+)?|[一二两三四五六七八九十百千]+)"
    r"(?P<unit>[^\d，。；、（）和或与]{0,8}?)(?P<own>及|（含）|（不含）)?(?P<after>以上|以下|以内)?(?=[，。；、（）的且和或与]|$)"
)
_BEFORE = {"不超过": "above", "超过": "above", "高于": "above", "大于": "above", "多于": "above"} | dict.fromkeys(
    ("不足", "低于", "小于", "未满", "不低于", "不少于", "少于"), "below"
)
_CUTS = {"ge": ("below",), "lt": ("below",), "gt": ("above",), "le": ("above",), "between": ("below", "above")}
"""Where an operator cuts the number line, at each of its numbers: just below the number, or just above it."""

_TIMES = {"万": Decimal(10000), "亿": Decimal(100000000), "%": Decimal("0.01"), "％": Decimal("0.01")}

Said = dict[Decimal, dict[str, str]]
"""For each number in some clauses, on which side of it they cut, and in which words."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A condition with the clauses it puts into operation."""

    spans: SourceMap
    path: Path
    condition: Condition
    cites: Sequence[str]
    parameters: Mapping[str, Parameter]


def _run(corpus: Corpus) -> Iterator[Found]:
    for place in (*_of_rulesets(corpus), *_of_facts(corpus)):
        said = _said(corpus, place.cites)
        for item in walk(place.condition):
            if isinstance(item, Test) and item.operator in _CUTS:
                yield from _compare(corpus, place, item, said)


def _of_rulesets(corpus: Corpus) -> Iterator[_Place]:
    for file in corpus.rulesets:
        ruleset, spans = file.ruleset, file.spans
        for name, named in ruleset.conditions.items():
            yield _Place(spans, ("conditions", name, "when"), named.when, named.cites, ruleset.parameters)
        for index, rule in enumerate(ruleset.rules):
            for key, part in (("applies", rule.applies), ("when", rule.when)):
                if part is not None:
                    yield _Place(spans, ("rules", index, key), part, rule.cites, ruleset.parameters)
        for section, sides in ruleset.sides.items():
            for index, side in enumerate(sides):
                if side.when is not None:
                    yield _Place(spans, (section, index, "when"), side.when, side.cites, ruleset.parameters)


def _of_facts(corpus: Corpus) -> Iterator[_Place]:
    for subject in corpus.subjects.values():
        for name, spec in subject.facts.items():
            cites = (*spec.cites, *(spec.reading.cites if spec.reading else ()))
            base: Path = ("facts", name, "derive")
            if isinstance(spec.derive, TruthOf):
                yield _Place(subject.origins[name], base, spec.derive.condition, cites, {})
            elif isinstance(spec.derive, Choice):
                yield from (_Place(subject.origins[name], base, part, cites, {}) for part, _ in spec.derive.items)


def _said(corpus: Corpus, refs: Sequence[str]) -> Said:
    found: Said = {}
    for ref in refs:
        cited = corpus.clause(ref)
        for match in _SAID.finditer(cited[1].text) if cited else ():
            side = _side(match, cited[0]) if cited else None
            if side is not None:
                for number in _numbers(match):
                    found.setdefault(number, {})[side] = match.group().strip()
    return found


def _numbers(match: re.Match[str]) -> Iterator[Decimal]:
    """The number a clause writes; and with 万 or % written out, since a fact may be counted in ones."""
    text = match["number"]
    number = Decimal(text) if text[0].isdigit() else Decimal(chinese_number(text))
    yield number
    factor = _TIMES.get(match["unit"][:1])
    if factor is not None:
        yield number * factor


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


def _compare(corpus: Corpus, place: _Place, test: Test, said: Said) -> Iterator[Found]:
    operands = test.operand if test.operator == "between" and isinstance(test.operand, tuple) else (test.operand,)
    for operand, cut in zip(operands, _CUTS[test.operator], strict=True):
        parameter = place.parameters.get(operand.name) if isinstance(operand, ParameterOperand) else None
        number = _number(parameter.value if parameter else operand)
        if number is None:
            continue
        words = {**said.get(number, {}), **_said(corpus, parameter.cites if parameter else ()).get(number, {})}
        if not words or cut in words:
            continue
        (text,) = list(words.values())[:1]
        yield Found(
            Text(
                f"条款写“{text}”，这里的 `{test.operator}` 把 {number} 划在另一边",
                f"the clause says “{text}”; `{test.operator}` puts {number} on the other side",
            ),
            place.spans.key((*place.path, *test.path)),
            _better(test.operator),
        )


def _better(operator: str) -> Text:
    other = {"ge": "gt", "gt": "ge", "lt": "le", "le": "lt"}.get(operator)
    if other is None:
        return Text("`between` 两端都含，请分写两项", "`between` includes both ends; write two tests")
    return Text(f"是否应为 `{other}`？", f"should it be `{other}`?")


def _number(operand: object) -> Decimal | None:
    if isinstance(operand, str):
        found = re.match(r"\d+(\.\d+)?", operand)
        operand = Decimal(found.group()) if found else None
    if isinstance(operand, int | Decimal) and not isinstance(operand, bool):
        return Decimal(operand)
    return None


CHECK = Check("L404", "error", Text("界限与条款的以上、以下不合", "a bound differs from the clause's own words"), _run)
