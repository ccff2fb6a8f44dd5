"""The scenario that would notice a mutant, but for what it expects: that has to be read in the law."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from eco_rules.decision.decision import Decision
from eco_rules.engine.engine import Engine
from eco_rules.errors import EcoRulesError
from eco_rules.ir.vocabulary import Vocabulary
from eco_rules.model.case import Case
from eco_rules.testing.mutation.mutant import OPERATORS, Mutant
from eco_rules.testing.steps import VOCABULARY

_STATUS = {status: word for word, status in VOCABULARY["words"]["status"].items()}
_MANY = 6
"""Names listed of what one version says and the other does not."""


def skeleton(mutant: Mutant, case: Case, one: Engine, other: Engine) -> str:
    """The case as a Chinese scenario; what the rules say of it now, and with the change, stands in remarks."""
    return "\n".join(_lines(mutant, case, one, other)) + "\n"


def _lines(mutant: Mutant, case: Case, one: Engine, other: Engine) -> Iterator[str]:
    matter = one.rulesets.matters[mutant.file.ruleset.matter]
    vocabulary = one.vocabularies[matter.id]
    yield f"  场景: {mutant.rule}，{OPERATORS[mutant.change.operator].zh}（{mutant.was} → {mutant.change.now}）"
    yield f'    假如案件发生在"{_place(one, str(case.jurisdiction))}"'
    if case.act_date is not None:
        yield _day("行为日期", case.act_date)
    yield _day("决定日期", case.decision_date)
    rows = {_label(vocabulary, name): _value(vocabulary, name, value) for name, value in case.facts.items()}
    if any(value is not None for value in rows.values()):
        yield "    而且以下事实"
    for label, value in rows.items():
        yield f"    # 还有记录“{label}”，请写成表格" if value is None else f"      | {label} | {value} |"
    yield f'    当判断"{matter.label}"'
    yield from (f"    # {line}" for line in _differences(_said(one, case), _said(other, case)))
    yield "    # 那么……（应得什么，请查原文后填写）"


def _place(engine: Engine, code: str) -> str:
    """The name of a place, where it is found by it."""
    name = engine.rulesets.places.name(code)
    return name if engine.rulesets.places.find(name) == code else code


def _day(name: str, day: Any) -> str:
    return f"    而且{name}是 {day}" if isinstance(day, date | str) else f"    # {name}：{day}"


def _label(vocabulary: Vocabulary, name: str) -> str:
    key = vocabulary.find(name)
    return name if key is None else vocabulary.label(key)


def _value(vocabulary: Vocabulary, name: str, value: Any) -> str | None:
    """A value in the words of a table; None for records, which have a table of their own."""
    key = vocabulary.find(name)
    if key is None:
        return str(value)
    if vocabulary.spec(key).type == "records":
        return None
    return vocabulary.value_label(key, vocabulary.parse(key, value))


def _said(engine: Engine, case: Case) -> Mapping[str, Any]:
    """What a decision says, by the word for it: one thing, or a set of names."""
    try:
        decision = engine.decide(case)
    except EcoRulesError as error:
        return {"报错": error.code}
    return dict(_parts(decision))


def _parts(decision: Decision) -> Iterator[tuple[str, Any]]:
    yield "状态", _STATUS[decision.status]
    yield "结论", decision.outcome_label or "没有"
    yield "强度", {"must": "应当", "may": "可以", None: "无"}[decision.modality]
    yield "可能", {item.label for item in decision.possible}
    yield "规则", {item.rule for item in decision.findings}
    yield "被排除", {f"{item.rule}（{item.by}）" for item in decision.defeated}
    yield "冲突", {name for item in decision.conflicts for name in item.rules}
    yield "待补充", {item.label for item in decision.missing}
    duties = (*decision.obligations, *decision.materials)
    yield "义务和材料", {f"{item.label}（{item.due or '无期限'}）" for item in duties}
    yield "提醒", {item.message for item in decision.warnings}
    if decision.regimes:
        yield "新旧法", decision.regimes.applied
        yield "罚款", f"{decision.regimes.old.fine} / {decision.regimes.new.fine}"


def _differences(now: Mapping[str, Any], changed: Mapping[str, Any]) -> Iterator[str]:
    yield f"现在的状态：{now.get('状态', '报错')}；结论：{now.get('结论', now.get('报错'))}"
    for name in dict.fromkeys((*now, *changed)):
        one, other = now.get(name), changed.get(name)
        if one == other:
            continue
        if isinstance(one, set) and isinstance(other, set):
            yield from (f"{name}，{word}：{_listed(names)}" for word, names in _sides(one, other) if names)
        else:
            yield f"{name}，现在：{one}；改动后：{other}"


def _sides(one: set[str], other: set[str]) -> Iterable[tuple[str, set[str]]]:
    return (("现在有、改动后没有", one - other), ("现在没有、改动后有", other - one))


def _listed(names: set[str]) -> str:
    shown = "、".join(sorted(names)[:_MANY])
    return shown if len(names) <= _MANY else f"{shown} 等 {len(names)} 项"
