"""A decision as an outline: conclusion first, then clauses, why, what is missing, caveats.

One outline, three renderers (text, Markdown, HTML), so that they cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from eco_rules.decision.decision import Alternative, Citation, Decision, DutyItem, Finding, RegimeSide
from eco_rules.decision.reasons import MODALITY, cite, cite_all
from eco_rules.model.legal import Provenance
from eco_rules.words import Lang, Text, marks


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a section, with details below it."""

    text: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its entries; `tone` is plain, ask or warn."""

    title: str
    lines: tuple[Line, ...]
    numbered: bool = False
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Outline:
    """A decision in the order in which it is read; `status` is empty where the headline is the status."""

    title: str
    headline: str
    status: str
    sections: tuple[Section, ...]


STATUS = {
    "determined": Text("已确定", "determined"),
    "undetermined": Text("待定：事实不足", "undetermined: facts are missing"),
    "conflict": Text("规定冲突，须由有权机关解释", "provisions conflict; the competent authority must decide"),
    "no_rule": Text("没有相应规则", "no rule"),
    "not_applicable": Text("当时当地没有编入的规则", "no encoded rule in force then and there"),
}
PROVENANCE = {
    "verified": Text("已核原文", "text read"),
    "excerpt": Text("仅见摘录", "excerpt read"),
    "secondary": Text("转述", "second hand"),
    "reconstruction": Text("重建，非官方条文", "reconstruction, not official"),
}
_REASON = {
    "unless": Text("被排除", "barred by"),
    "overrides": Text("被排除适用", "overridden by"),
    "replaces": Text("被本地规则取代", "replaced by"),
    "rank": Text("位阶较低或已有更高规定", "outranked by"),
}
KIND = {
    "fact": Text("事实", "fact"),
    "judgement": Text("裁量判断", "judgement"),
    "legal_question": Text("法律问题", "legal question"),
    "document": Text("须查阅的文件", "document"),
}
_ASSUMED = {
    "presumption": Text("推定", "presumed"),
    "reading": Text("解释", "reading"),
    "answer": Text("经办人认定", "answered"),
}
_APPLIED = {
    "old": Text("适用旧法（行为时的规定）", "the old law applies"),
    "new": Text("适用新法（决定时的规定）", "the new law applies"),
    "open": Text("适用新法还是旧法待定", "which law applies is open"),
}


def outline(decision: Decision, lang: Lang, *, receipt: bool = True) -> Outline:
    """The outline of one decision; without the receipt where nobody will repeat it."""
    title = f"{decision.matter_label} · {decision.place}"
    if decision.case_id:
        title += f" · {decision.case_id}"
    made = (
        _findings(decision, lang),
        _conflicts(decision, lang),
        _missing(decision, lang),
        _possible(decision, lang),
        _rejected(decision, lang),
        _defeated(decision, lang),
        _regimes(decision, lang),
        _assumptions(decision, lang),
        _alternatives(decision, lang),
        _materials(decision, lang),
        _duties(decision, lang),
        _warnings(decision, lang),
        _layers(decision, lang),
        *((_receipt(decision, lang),) if receipt else ()),
    )
    head, status = headline(decision, lang), STATUS[decision.status].to(lang)
    return Outline(title, head, "" if head == status else status, tuple(s for s in made if s.lines))


def headline(decision: Decision, lang: Lang) -> str:
    """The conclusion in one line."""
    if decision.status == "determined":
        return effect(decision.outcome_label or "", decision.modality, lang)
    if decision.status == "conflict":
        return (
            marks(lang).semicolon.join(decision.conflicts[0].outcomes)
            if decision.conflicts
            else STATUS["conflict"].to(lang)
        )
    if decision.outcome_label:
        return Text(f"{decision.outcome_label}（强度待定）", f"{decision.outcome_label} (strength open)").to(lang)
    return STATUS[decision.status].to(lang)


def effect(label: str, modality: str | None, lang: Lang) -> str:
    """An outcome with its strength, as it is said."""
    word = MODALITY[modality].to(lang)
    return f"{word} {label}".strip() if lang == "en" else f"{word}{label}"


def _cited(citations: Iterable[Citation], lang: Lang) -> list[str]:
    return [f"{cite(item)}{provenance_mark(item.provenance, lang)}{item.text}" for item in citations]


def provenance_mark(provenance: Provenance, lang: Lang) -> str:
    """How well a clause is known, between its place and its text."""
    word = PROVENANCE[provenance].to(lang)
    return f"〔{word}〕" if lang == "zh" else f" [{word}] "


def _findings(decision: Decision, lang: Lang) -> Section:
    lines = [
        Line(
            _effect_of(decision, finding, lang) + _named(finding.title, finding.rule, lang),
            (
                *_cited(finding.clauses, lang),
                *(f"{name}{marks(lang).colon}{value}" for name, value in finding.facts_said.items()),
            ),
        )
        for finding in decision.findings
    ]
    return Section(Text("依据与理由", "Basis and reasons").to(lang), tuple(lines))


def _named(title: str, ident: str, lang: Lang) -> str:
    return title + marks(lang).bracket(ident)


def _effect_of(decision: Decision, finding: Finding, lang: Lang) -> str:
    """The strength of a finding, where it differs from the decision's."""
    if finding.modality == decision.modality or finding.modality is None:
        return ""
    return f"[{MODALITY[finding.modality].to(lang)}] "


def _conflicts(decision: Decision, lang: Lang) -> Section:
    lines = [
        Line(marks(lang).between.join(item.rules), tuple(_cited(item.clauses, lang))) for item in decision.conflicts
    ]
    return Section(Text("冲突的规定", "Conflicting provisions").to(lang), tuple(lines), tone="warn")


_ASKED = 12
"""How many missing facts a page names; answering those leaves few of the others. JSON has them all."""


def _missing(decision: Decision, lang: Lang) -> Section:
    lines = []
    for item in decision.missing[:_ASKED]:
        colon = marks(lang).colon
        details = [Text("类别", "kind").to(lang) + colon + KIND[item.kind].to(lang)] if item.kind != "fact" else []
        if item.unit:
            details.append(Text("单位", "unit").to(lang) + colon + item.unit)
        if item.values and len(item.values) <= 8:
            details.append(marks(lang).semicolon.join(f"{name} = {label}" for name, label in item.values.items()))
        lines.append(Line(f"{item.question}  [{item.fact}]", tuple(details)))
    left = len(decision.missing) - _ASKED
    if left > 0:
        lines.append(
            Line(Text(f"……另有 {left} 项，补充上列各项后再问", f"… and {left} more, once these are known").to(lang))
        )
    title = Text("待补充（排在前面的最能定案）", "Missing (the first ones settle most)")
    return Section(title.to(lang), tuple(lines), numbered=True, tone="ask")


def _possible(decision: Decision, lang: Lang) -> Section:
    if decision.status != "undetermined" or len(decision.possible) < 2:
        return Section("", ())
    labels = {finding.outcome: decision.outcome_label for finding in decision.findings}
    words = [effect(labels.get(item.outcome) or item.label, item.modality, lang) for item in decision.possible]
    return Section(Text("仍有可能的结论", "Still possible").to(lang), tuple(Line(word) for word in words))


def _rejected(decision: Decision, lang: Lang) -> Section:
    """Rules about this case that failed; left out where the result is what they would have given."""
    lines = [
        Line(_named(item.title, item.rule, lang), item.because)
        for item in decision.rejected
        if item.outcome != decision.outcome and not item.exceptional and (item.specific or _by_default(decision))
    ]
    return Section(Text("不符合的规则", "Rules that do not hold").to(lang), tuple(lines))


def _by_default(decision: Decision) -> bool:
    """Whether the result came about because nothing milder holds."""
    return any(item.rule.endswith("/default") for item in decision.findings)


def _defeated(decision: Decision, lang: Lang) -> Section:
    lines = [
        Line(f"{_named(item.title, item.rule, lang)}{marks(lang).colon}{_REASON[item.reason].to(lang)} {item.by}")
        for item in decision.defeated
    ]
    return Section(Text("条件符合但不适用的规则", "Met but defeated").to(lang), tuple(lines))


def _regimes(decision: Decision, lang: Lang) -> Section:
    if decision.regimes is None:
        return Section("", ())
    regimes = decision.regimes
    lines = [
        Line(f"{_APPLIED[regimes.applied].to(lang)}{marks(lang).colon}{regimes.reason}"),
        _side(Text("旧法", "old law").to(lang), regimes.old, lang),
        _side(Text("新法", "new law").to(lang), regimes.new, lang),
    ]
    return Section(Text("从旧兼从轻", "Old law or milder new law").to(lang), tuple(lines))


def _side(name: str, side: RegimeSide, lang: Lang) -> Line:
    result = effect(side.outcome_label or STATUS[side.status].to(lang), side.modality, lang)
    details = []
    if side.fine:
        word = Text("可以处罚款", "fine (discretionary)") if side.fine.discretionary else Text("罚款", "fine")
        details = [
            f"{word.to(lang)} {side.fine.low}{Text('～', '–').to(lang)}{side.fine.high} {side.fine.unit}",
            *(cite(item) for item in side.fine.clauses),
        ]
    return Line(f"{_named(name, str(side.date), lang)}{marks(lang).colon}{result}", tuple(details))


def _assumptions(decision: Decision, lang: Lang) -> Section:
    lines = [
        Line(
            f"{_ASSUMED[item.kind].to(lang)}{marks(lang).colon}{item.label} = {item.value_label}",
            tuple(text for text in (item.note, cite_all(item.clauses, lang)) if text),
        )
        for item in decision.assumptions
    ]
    return Section(Text("推定与认定", "Presumptions and judgements").to(lang), tuple(lines))


_STATE = {
    "open": Text("也可以走", "also open"),
    "closed": Text("不能走", "closed"),
    "unknown": Text("待定", "open to question"),
    "along": Text("一并适用", "along with it"),
}


def _alternatives(decision: Decision, lang: Lang) -> Section:
    lines = [
        Line(
            f"{_state(item).to(lang)}{marks(lang).colon}{_path(item, lang)}",
            (*item.reasons, *_clauses(item, lang)),
        )
        for item in decision.alternatives
    ]
    return Section(Text("其他路径", "Other paths").to(lang), tuple(lines))


def _state(item: Alternative) -> Text:
    """Whether a path can be taken; where no facts would tell, why not."""
    open_to_facts = item.state != "unknown" or item.status in ("determined", "undetermined")
    return _STATE[item.state] if open_to_facts else STATUS[item.status]


def _path(item: Alternative, lang: Lang) -> str:
    if item.state != "along":
        return item.label
    result = effect(item.outcome_label, item.modality, lang) if item.outcome_label else STATUS[item.status].to(lang)
    return f"{item.label} = {result}"


def _clauses(item: Alternative, lang: Lang) -> list[str]:
    return [text for finding in item.findings for text in _cited(finding.clauses, lang)]


def _materials(decision: Decision, lang: Lang) -> Section:
    lines = [
        _duty(item, Text("（可容缺）", " (may follow later)").to(lang) if item.deferrable else "", lang)
        for item in decision.materials
    ]
    return Section(Text("申请材料", "Materials").to(lang), tuple(lines))


def _duties(decision: Decision, lang: Lang) -> Section:
    lines = [_duty(item, "", lang) for item in decision.obligations]
    return Section(Text("附随义务", "Duties").to(lang), tuple(lines))


def _duty(item: DutyItem, mark: str, lang: Lang) -> Line:
    due = marks(lang).bracket(f"{Text('期限', 'due').to(lang)} {item.due}") if item.due else ""
    details = (item.due_text, cite_all(item.clauses, lang), item.note)
    return Line(f"{item.label}{mark}{due}", tuple(text for text in details if text))


LEVEL = {"review": Text("复核", "review"), "notice": Text("提示", "notice")}


def _warnings(decision: Decision, lang: Lang) -> Section:
    lines = [
        Line(
            LEVEL[item.level].to(lang) + marks(lang).colon + item.message,
            tuple(cite(clause) for clause in item.clauses),
        )
        for item in sorted(decision.warnings, key=lambda item: item.level == "notice")
    ]
    return Section(Text("提醒", "Warnings").to(lang), tuple(lines), tone="warn")


RELATION = {
    "adds": Text("增列", "adds"),
    "elaborates": Text("细化上位规定", "elaborates"),
    "restricts": Text("收窄上位规定", "restricts"),
    "replaces": Text("取代上位规定", "replaces"),
}


def _layers(decision: Decision, lang: Lang) -> Section:
    lines = []
    for item in decision.layers:
        if item.jurisdiction == "cn":
            continue
        complete = "" if item.complete else Text("；未收录全文", "; not complete").to(lang)
        details = tuple(cite(clause) for clause in item.authority)
        lines.append(
            Line(
                f"{_named(item.title, item.ruleset, lang)}{marks(lang).colon}{RELATION[item.relation].to(lang)}{complete}",
                details,
            )
        )
    return Section(Text("地方规则", "Local rules").to(lang), tuple(lines))


def _receipt(decision: Decision, lang: Lang) -> Section:
    receipt = decision.receipt
    checked = {
        "agreed": Text("两个引擎一致", "both engines agree"),
        "unavailable": Text("第二引擎未安装", "second engine unavailable"),
        "off": Text("未作交叉核对", "no cross-check"),
    }[receipt.cross_check]
    rules = ", ".join(f"{item.id}:{item.sha256[:8]}" for item in receipt.rulesets)
    text = f"{receipt.engine} · {checked.to(lang)} · facts {receipt.facts_sha256[:8]}"
    return Section(Text("凭据", "Receipt").to(lang), (Line(text, (rules,) if rules else ()),))
