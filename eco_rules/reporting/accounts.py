"""The words of `explain`: rules with their conditions ticked off, and what would change the result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from eco_rules.analysis.account import Account, Branch, RuleAccount
from eco_rules.analysis.regions import Bound, Region
from eco_rules.analysis.sliders import as_stated
from eco_rules.analysis.whatif import Change, Proposal, WhatIf, is_ordered
from eco_rules.decision.decision import Decision
from eco_rules.decision.reasons import cite
from eco_rules.ir.vocabulary import Vocabulary
from eco_rules.reporting.outline import STATUS, effect, headline, provenance_mark
from eco_rules.reporting.pages import Entry, Page, Passage
from eco_rules.truth import Truth
from eco_rules.values.kinds import Members, number_text, plain
from eco_rules.words import Lang, Text, marks

_MARK: dict[Truth, Text] = {True: Text("✓", "✓"), False: Text("✗", "✗"), None: Text("？", "?")}
_STANDING = {
    "holds": Text("成立的规则", "Rules that hold"),
    "barred": Text("条件符合但被排除的规则", "Rules whose conditions are met but that are barred"),
    "open": Text("待定的规则", "Rules still open"),
    "fails": Text("差少数几项不成立的规则", "Rules that fail by little"),
}
_REASON = {
    "unless": Text("但书", "unless"),
    "overrides": Text("被排除适用", "overridden by"),
    "replaces": Text("被取代", "replaced by"),
}
_PARTS = {"all": Text("以下各项均须成立", "all of these"), "any": Text("以下有一项成立即可", "any of these")}
_RULES = 6
"""Rules of one standing a page shows; JSON has them all."""
_SHOWN = 12
"""Proposals a page shows; JSON has them all."""


def page_of(told: Account, found: WhatIf | None, lang: Lang) -> Page:
    """One decision explained, with what would change it where that was searched."""
    decision = told.decision
    title = f"{decision.matter_label} · {decision.place}" + (f" · {decision.case_id}" if decision.case_id else "")
    label = Text("结论", "Conclusion").to(lang) + marks(lang).colon
    status = STATUS[decision.status].to(lang)
    line = label + headline(decision, lang)
    line += "" if line.endswith(status) else f"  [{status}]"
    passages = [
        Passage(words.to(lang), tuple(_rules(rules, told, lang)))
        for standing, words in _STANDING.items()
        if (rules := [item for item in told.rules if item.standing == standing])
    ]
    passages.append(_left_out(told, lang))
    return Page(title, line, (_by_default(decision, lang), *passages, *(_what_if(found, lang) if found else ())))


def _rules(rules: Sequence[RuleAccount], told: Account, lang: Lang) -> Iterator[Entry]:
    for item in rules[:_RULES]:
        yield from _rule(item, told, lang)
    if (left := len(rules) - _RULES) > 0:
        yield Entry(0, Text(f"……另有 {left} 条，见 --format json", f"… and {left} more in --format json").to(lang))


def _by_default(decision: Decision, lang: Lang) -> Passage:
    """The matter's default, which is a finding without a rule."""
    entries = [
        entry
        for finding in decision.findings
        if finding.rule.endswith("/default")
        for entry in (
            Entry(0, finding.title + marks(lang).bracket(finding.rule)),
            *(Entry(1, f"{cite(item)}{provenance_mark(item.provenance, lang)}{item.text}") for item in finding.clauses),
        )
    ]
    return Passage(Text("没有规则成立时的默认结论", "What follows when no rule holds").to(lang), tuple(entries))


def _left_out(told: Account, lang: Lang) -> Passage:
    if not told.left_out:
        return Passage("", ())
    text = Text(
        f"另有 {told.left_out} 条规则差得多，或者不影响结论，未列出",
        f"{told.left_out} more rules fail by much or change nothing; they are not shown",
    )
    return Passage(Text("未列出的规则", "Rules not shown").to(lang), (Entry(0, text.to(lang)),))


def _rule(item: RuleAccount, told: Account, lang: Lang) -> Iterator[Entry]:
    mark = marks(lang)
    result = effect(item.outcome_label, item.modality, lang)
    day = ""
    if len({rule.law_of for rule in told.rules}) > 1:
        day = mark.bracket(Text(f"按 {item.law_of} 的法律", f"law of {item.law_of}").to(lang))
    yield Entry(0, f"{item.title}{mark.bracket(item.rule)} → {result}{day}")
    for clause in item.clauses:
        yield Entry(1, f"{cite(clause)}{provenance_mark(clause.provenance, lang)}{clause.text}")
    yield from _tree(item.branch, 1, lang)
    for obstacle in item.obstacles:
        truth = obstacle.branch.truth
        if item.standing in ("barred", "open") and truth is not False:
            yield Entry(
                1, f"{_REASON[obstacle.reason].to(lang)}{mark.colon}“{obstacle.title}”{mark.bracket(obstacle.name)}"
            )
            yield from _tree(obstacle.branch, 2, lang)
    if item.failing:
        yield Entry(1, Text("未满足：", "failed: ").to(lang) + mark.semicolon.join(item.failing))


def _tree(branch: Branch, depth: int, lang: Lang) -> Iterator[Entry]:
    mark = marks(lang)
    text = branch.text
    if branch.kind == "test":
        if branch.given is not None:
            text += mark.bracket(Text("现为", "given").to(lang) + mark.colon + branch.given)
    elif branch.kind != "all" or not text:
        words = _PARTS.get(branch.kind) or Text(f"以下至少 {branch.count} 项成立", f"at least {branch.count} of these")
        text = text + mark.colon.rstrip() + " " * (lang == "en") + words.to(lang) if text else words.to(lang)
    yield Entry(depth, f"{_MARK[branch.truth].to(lang)} {text}")
    for part in branch.parts:
        yield from _tree(part, depth + 1, lang)


def _what_if(found: WhatIf, lang: Lang) -> Iterator[Passage]:
    """What was found, how far it was searched, and how near the numbers are to their limits."""
    open_now = found.decision.status == "undetermined"
    title = (
        Text("哪些答案得出什么结论", "Which answers lead where")
        if open_now
        else Text("改变哪些事实会改变结论（改动少的在前）", "What would change the result, fewest changes first")
    )
    entries = []
    for number, item in enumerate(found.proposals[:_SHOWN], 1):
        entries.append(Entry(0, f"{number}. {_changes(item, lang)} → {_result(item, lang)}"))
        entries += [Entry(1, text) for change in item.changes for text in _details(change, item, lang)]
    left = len(found.proposals) - _SHOWN
    if left > 0:
        entries.append(
            Entry(0, Text(f"……另有 {left} 种，见 --format json", f"… and {left} more in --format json").to(lang))
        )
    entries.append(Entry(0, _extent(found, lang)))
    yield Passage(title.to(lang), tuple(entries), "ask")
    nearest = [Entry(0, f"{_changes(item, lang)} → {_result(item, lang)}") for item in found.margins]
    words = Text("离界限最近的数（只改这一项，结论就不同）", "Nearest limits (this number alone changes the result)")
    yield Passage(words.to(lang), tuple(nearest))


def _extent(found: WhatIf, lang: Lang) -> str:
    """How far the search went, so that nothing found means what it says."""
    names = marks(lang).between.join(item.vocabulary.label(item.key, lang) for item in found.varied)
    if not found.varied:
        return Text("规则所用的事实里没有还能改变的", "none of the facts the rules use can still be changed").to(lang)
    stopped = Text(
        "" if found.complete else "；到了次数上限，没有试完",
        "" if found.complete else "; stopped at the limit, not all were tried",
    )
    none = Text("没有找到；" if not found.proposals else "", "nothing found; " if not found.proposals else "")
    return Text(
        f"{none.zh}已试过下列事实至多同时改 {found.most} 项（判断 {found.trials} 次{stopped.zh}）：{names}",
        f"{none.en}tried up to {found.most} changes at once ({found.trials} decisions{stopped.en}) of: {names}",
    ).to(lang)


def _changes(item: Proposal, lang: Lang) -> str:
    return Text("，并且", " and ").to(lang).join(change_said(change, lang) for change in item.changes)


def change_said(change: Change, lang: Lang) -> str:
    """One change: the fact, where it has to go, where it is, and how far that is."""
    vocabulary, mark = change.vocabulary, marks(lang)
    label = vocabulary.label(change.key, lang)
    goal = _goal(change, lang)
    if change.before is None:
        return f"{label}{goal}"
    now = vocabulary.value_label(change.key, change.before, lang)
    said = Text("现", "now ").to(lang) + Text("", "").to(lang) + (" " if lang == "zh" else "") + now
    gap = _gap(change, lang)
    return f"{label}{goal}" + mark.bracket(said + (mark.comma + gap if gap else ""))


def _goal(change: Change, lang: Lang) -> str:
    region, spec = change.region, change.vocabulary.spec(change.key)
    if region.low is None and region.high is None:
        if isinstance(change.before, Members) and isinstance(region.value, Members):
            return _members(change.before, region.value, change, lang)
        value = change.vocabulary.value_label(change.key, region.value, lang)
        return Text(f"为“{value}”", f" is {value}").to(lang)
    return region_said(region, change.vocabulary, change, lang, dates=spec.type == "date")


def _members(before: Members, after: Members, change: Change, lang: Lang) -> str:
    """What is added to a set and what is taken out."""
    values, mark = change.vocabulary.spec(change.key).values, marks(lang)
    added = mark.between.join(text for name, text in values.items() if name in after.present - before.present)
    gone = mark.between.join(text for name, text in values.items() if name in before.present - after.present)
    parts = [
        Text(f"增加“{added}”", f" gains “{added}”").to(lang) if added else "",
        Text(f"不再有“{gone}”", f" no longer has “{gone}”").to(lang) if gone else "",
    ]
    return mark.comma.join(part for part in parts if part)


def region_said(region: Region, vocabulary: Vocabulary, change: Change, lang: Lang, *, dates: bool) -> str:
    """The ends of a region in words; the limit itself is in or out as the rules have it."""
    words = _DATES if dates else _NUMBERS
    parts = []
    for bound, side in ((region.low, 0), (region.high, 1)):
        if bound is not None and not _is_edge(bound, side, vocabulary, change):
            value = vocabulary.value_label(change.key, bound.at, lang)
            parts.append(words[side, bound.inclusive].to(lang) + value)
    if not parts:
        return Text("为", " is ").to(lang) + vocabulary.value_label(change.key, region.value, lang)
    return Text("且", " and").to(lang).join(parts)


def _is_edge(bound: Bound, side: int, vocabulary: Vocabulary, change: Change) -> bool:
    """Whether an end is only that of what the fact may be."""
    spec = vocabulary.spec(change.key)
    return bound.inclusive and bound.at == (spec.max if side else spec.min)


_NUMBERS = {
    (0, True): Text("不小于", " at least "),
    (0, False): Text("大于", " more than "),
    (1, True): Text("不大于", " at most "),
    (1, False): Text("小于", " less than "),
}
_DATES = {
    (0, True): Text("不早于", " not before "),
    (0, False): Text("晚于", " after "),
    (1, True): Text("不晚于", " not after "),
    (1, False): Text("早于", " before "),
}


def gap_of(change: Change) -> Decimal | int | None:
    """How far a number, or a date in days, is from the nearest end of the region; None for other facts.

    A whole number or a date has to reach the next value, another number only the end itself.
    """
    before, region = change.before, change.region
    if not is_ordered(before) or not is_ordered(region.value):
        return None
    if isinstance(before, date) and isinstance(region.value, date):
        return abs((region.value - before).days)
    bound = region.low if is_below(before, region) else region.high
    if bound is None or change.vocabulary.spec(change.key).type == "integer":
        return abs(Decimal(str(region.value)) - Decimal(str(before)))
    return abs(Decimal(str(bound.at)) - Decimal(str(before)))


def is_below(value: Any, region: Region) -> bool:
    """Whether a number or date lies before a region."""
    return bool(value < region.value)


def _gap(change: Change, lang: Lang) -> str:
    gap = gap_of(change)
    if gap is None:
        return ""
    if isinstance(change.before, date):
        return Text(f"差 {gap} 日", f"{gap} days off").to(lang)
    if gap == 0:
        return Text("正在界限上", "right at the limit").to(lang)
    unit = change.vocabulary.spec(change.key).unit
    text = number_text(gap) + (f" {unit}" if unit else "")
    return Text(f"差 {text}", f"{text} off").to(lang)


def _details(change: Change, item: Proposal, lang: Lang) -> Iterator[str]:
    """How the fact can be changed, where the vocabulary says it, and what else would do."""
    how = change.how
    if how is not None and change.before is not None:
        yield Text("可以通过：", "by: ").to(lang) + how
    if change.outdated:
        names = [change.vocabulary.label(key, lang) for key in sorted(change.outdated)]
        yield Text("随之重新推导：", "follows from it: ").to(lang) + marks(lang).between.join(names)
    if item.also:
        names = [change.vocabulary.value_label(change.key, value, lang) for value in item.also[:4]]
        more = "…" if len(item.also) > 4 else ""
        yield Text("同样的还有：", "the same for: ").to(lang) + marks(lang).semicolon.join(names) + more


def _result(item: Proposal, lang: Lang) -> str:
    decision = item.decision
    if decision.status != "undetermined":
        return headline(decision, lang)
    labels = marks(lang).between.join(missing.label for missing in decision.missing[:4])
    more = "…" if len(decision.missing) > 4 else ""
    possible = marks(lang).between.join(effect(one.label, one.modality, lang) for one in decision.possible)
    text = Text(
        f"待定（可能：{possible}；还取决于：{labels}{more}）",
        f"open (possible: {possible}; depends on: {labels}{more})",
    )
    return text.to(lang)


def as_dict(told: Account, found: WhatIf | None) -> dict[str, Any]:
    """One decision explained, as JSON."""
    decision = told.decision
    shown: dict[str, Any] = {
        "case_id": decision.case_id,
        "matter": decision.matter,
        "jurisdiction": decision.jurisdiction,
        "status": decision.status,
        "outcome": decision.outcome,
        "modality": decision.modality,
        "rules": [_rule_dict(item) for item in told.rules],
        "rules_not_shown": told.left_out,
    }
    if found is not None:
        shown["what_if"] = {
            "most_changes": found.most,
            "decisions_tried": found.trials,
            "complete": found.complete,
            "varied": [item.vocabulary.display(item.key) for item in found.varied],
            "proposals": [_proposal_dict(item) for item in found.proposals],
            "nearest_limits": [_proposal_dict(item) for item in found.margins],
        }
    return shown


def _rule_dict(item: RuleAccount) -> dict[str, Any]:
    return {
        "rule": item.rule,
        "title": item.title,
        "outcome": item.outcome,
        "modality": item.modality,
        "standing": item.standing,
        "law_of": item.law_of.isoformat(),
        "short_by": item.short_by,
        "failing": list(item.failing),
        "conditions": _branch_dict(item.branch),
        "barriers": [
            {"name": one.name, "title": one.title, "reason": one.reason, "conditions": _branch_dict(one.branch)}
            for one in item.obstacles
        ],
        "clauses": [clause.model_dump(mode="json") for clause in item.clauses],
    }


def _branch_dict(branch: Branch) -> dict[str, Any]:
    shown: dict[str, Any] = {"truth": branch.truth, "kind": branch.kind, "text": branch.text}
    if branch.kind == "test":
        return {**shown, "given": branch.given}
    if branch.kind == "count":
        shown["count"] = branch.count
    return {**shown, "parts": [_branch_dict(part) for part in branch.parts]}


def _proposal_dict(item: Proposal) -> dict[str, Any]:
    return {
        "changes": [_change_dict(change) for change in item.changes],
        "status": item.result.status,
        "outcome": item.result.outcome,
        "modality": item.result.modality,
        "possible": [{"outcome": outcome, "modality": modality} for outcome, modality in item.result.possible],
        "missing": [missing.fact for missing in item.decision.missing],
        "same_for": [_plain(value) for value in item.also],
    }


def _change_dict(change: Change) -> dict[str, Any]:
    return {
        "fact": change.vocabulary.display(change.key),
        "label": change.vocabulary.label(change.key),
        "from": _plain(change.before),
        "to": _plain(as_stated(change.vocabulary.spec(change.key), change.region.value)),
        "low": _bound_dict(change.region.low),
        "high": _bound_dict(change.region.high),
        "gap": _plain(gap_of(change)),
        "alterable": bool(change.vocabulary.spec(change.key).alterable),
        "by": change.how,
        "follows": sorted(change.vocabulary.display(key) for key in change.outdated),
    }


def _bound_dict(bound: Bound | None) -> dict[str, Any] | None:
    return None if bound is None else {"at": _plain(bound.at), "inclusive": bound.inclusive}


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | list | dict) or value is None else plain(value)
