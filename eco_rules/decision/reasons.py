"""说理: a paragraph for the decision document, from what the decision holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from eco_rules.words import Lang, Text, marks

if TYPE_CHECKING:
    from eco_rules.decision.decision import Citation, Decision

MODALITY = {"must": Text("应当", "must"), "may": Text("可以", "may"), None: Text("", "")}


def reasons(decision: Decision, lang: Lang) -> str:
    """One paragraph: facts, clauses, conclusion; what is open is said to be open."""
    zh = lang == "zh"
    if decision.status == "determined":
        return _determined(decision, lang)
    if decision.status == "conflict":
        clauses = marks(lang).semicolon.join(cite(item) for conflict in decision.conflicts for item in conflict.clauses)
        start = "同等效力的规定指向不同结论，须由有权机关解释：" if zh else "Provisions of equal rank disagree: "
        return start + clauses
    if decision.status == "undetermined":
        names = marks(lang).between.join(item.label for item in decision.missing)
        return f"现有事实尚不足以作出认定，待补充：{names}。" if zh else f"Not yet determined; missing: {names}."
    return "现行已编入的规则对本案没有规定。" if zh else "No encoded rule decides this case."


def _determined(decision: Decision, lang: Lang) -> str:
    parts, mark = [], marks(lang)
    for finding in decision.findings:
        clauses = mark.semicolon.join(cite(item) for item in finding.clauses)
        facts = mark.between.join(f"{name}{mark.colon}{value}" for name, value in finding.facts_said.items())
        if lang == "zh":
            parts.append(f"依据{clauses}，{'经查，' + facts + '，' if facts else ''}符合“{finding.title}”")
        else:
            parts.append(f"under {clauses}{' (' + facts + ')' if facts else ''}: {finding.title}")
    conclusion = f"{MODALITY[decision.modality].to(lang)}{' ' if lang == 'en' else ''}{decision.outcome_label}"
    if lang == "zh":
        return "；".join(parts) + f"。据此，结论为：{conclusion}。"
    return "; ".join(parts) + f". Conclusion: {conclusion.strip()}."


def cite(citation: Citation) -> str:
    """《title》（文号）locator."""
    number = f"（{citation.doc_no}）" if citation.doc_no else ""
    return f"《{citation.title}》{number}{citation.locator}"


def cite_all(citations: Iterable[Citation], lang: Lang) -> str:
    """Several citations, separated."""
    return marks(lang).semicolon.join(cite(item) for item in citations)
