"""What verification found → text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

import yaml

from eco_rules.analysis.verify.findings import Finding, Report, Verified
from eco_rules.words import Lang, Text, marks

_KINDS = {
    "unreachable": Text("规则永远不成立", "a rule that can never hold"),
    "shadowed": Text("规则总被排除", "a rule that is always barred"),
    "redundant": Text("规则去掉以后结论不变", "a rule without which no result changes"),
    "conflict": Text("同级规则结论不同", "rules of one level that say different things"),
    "gap": Text("没有规则的情形", "a case no rule speaks to"),
    "premature": Text("事实未明就下判断", "decided before it is settled"),
    "stuck": Text("无从再问而没有结论", "undetermined with nothing left to ask"),
    "overlap": Text("竞合，已有先后", "rules that say different things, one of which prevails"),
}
_ANSWERS = {
    "proven": Text("已证明", "proven"),
    "witness": Text("有个案为证", "shown by a case"),
    "undecided": Text("未能判定", "not decided"),
}


def verified_text(report: Report, lang: Lang) -> str:
    """Every open finding with its case, then what was examined."""
    return "\n".join(_lines(report, lang)) + "\n"


def _lines(report: Report, lang: Lang) -> Iterator[str]:
    mark = marks(lang)
    for item, finding in report.open:
        where = f"{item.matter} {item.place} {item.day}"
        rules = mark.between.join(finding.rules)
        yield f"{_KINDS[finding.kind].to(lang)}{mark.bracket(_ANSWERS[finding.answer].to(lang))} {where} {rules}".rstrip()
        yield from _details(finding, lang)
    for accepted in report.stale:
        said = Text("_verify.yaml 里的理由已经没有对象", "an explanation in _verify.yaml explains nothing")
        yield f"{said.to(lang)}{mark.colon}{accepted.matter} {accepted.kind} {mark.between.join(accepted.rules)}".rstrip()
    yield from _overlaps(report, lang)
    stacks, questions = len(report.verified), sum(item.questions for item in report.verified)
    explained = sum(len(item.findings) for item in report.verified) - len(report.open)
    yield Text(
        f"规则组合 {stacks}，查问 {questions}，已说明 {explained}，待说明 {len(report.open)}",
        f"{stacks} stacks, {questions} questions, {explained} explained, {len(report.open)} open",
    ).to(lang)


def _details(finding: Finding, lang: Lang) -> Iterator[str]:
    for text in (finding.note, finding.reason):
        if text:
            yield f"    {text.to(lang)}"
    if finding.case:
        yield from (f"    {line}" for line in _case(finding).splitlines())


def _overlaps(report: Report, lang: Lang) -> Iterator[str]:
    """Each overlap once, where it is first found, and how many more places and days have it."""
    found: dict[tuple[object, ...], list[tuple[Verified, Finding]]] = {}
    for item in report.verified:
        for overlap in item.overlaps:
            found.setdefault((item.matter, overlap.note, overlap.answer), []).append((item, overlap))
    mark = marks(lang)
    for (item, overlap), *more in found.values():
        others = Text(f"，另有 {len(more)} 处", f", and {len(more)} more").to(lang) if more else ""
        answer = mark.bracket(_ANSWERS[overlap.answer].to(lang))
        yield f"{_KINDS['overlap'].to(lang)}{answer} {item.matter} {item.place} {item.day}{others}"
        yield from _details(overlap, lang)


def _case(finding: Finding) -> str:
    """The case as a file that `check` reads."""
    assert finding.case is not None
    case = finding.case
    days = {name: str(getattr(case, name)) for name in ("act_date", "decision_date")}
    facts = {name: value if isinstance(value, bool | list) else str(value) for name, value in case.facts.items()}
    body = {"matter": case.matter, "jurisdiction": case.jurisdiction, **days, "facts": facts}
    return str(yaml.safe_dump(body, allow_unicode=True, sort_keys=False))


def verified_json(report: Report, lang: Lang) -> str:
    """The report as JSON."""
    found = [_finding(item, finding, lang) for item, finding in report.open]
    examined = [
        {
            "matter": item.matter,
            "place": item.place,
            "day": str(item.day),
            "rules": item.rules,
            "questions": item.questions,
        }
        for item in report.verified
    ]
    stale = [accepted.model_dump() for accepted in report.stale]
    overlaps = [_finding(item, overlap, lang) for item in report.verified for overlap in item.overlaps]
    body = {"format": 1, "findings": found, "overlaps": overlaps, "stale": stale, "examined": examined}
    return json.dumps(body, ensure_ascii=False, indent=1)


def _finding(item: Verified, finding: Finding, lang: Lang) -> dict[str, object]:
    return {
        "kind": finding.kind,
        "answer": finding.answer,
        "matter": item.matter,
        "place": item.place,
        "day": str(item.day),
        "rules": list(finding.rules),
        "case": yaml.safe_load(_case(finding)) if finding.case else None,
        "reason": finding.reason.to(lang) if finding.reason else None,
        "note": finding.note.to(lang) if finding.note else None,
    }
