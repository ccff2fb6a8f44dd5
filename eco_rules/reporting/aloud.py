"""Rules, clauses, facts and matters read aloud."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from eco_rules.decision.reasons import MODALITY
from eco_rules.diagnostics import Problems
from eco_rules.ir.lower import Lowering, qualified
from eco_rules.ir.render import Renderer
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.condition import Holds, walk
from eco_rules.model.facts import FactSpec
from eco_rules.model.legal import Instrument
from eco_rules.model.matter import Matter
from eco_rules.model.ruleset import Rule
from eco_rules.reporting.outline import PROVENANCE
from eco_rules.values.kinds import number_text
from eco_rules.words import Lang


def read_aloud(corpus: Corpus, name: str, lang: Lang) -> str | None:
    """A rule, ruleset, matter, fact, instrument or clause in words; None if there is none of that name."""
    blocks = [list(block) for block in _blocks(corpus, name, lang)]
    return "\n\n".join("\n".join(block) for block in blocks) if blocks else None


def _blocks(corpus: Corpus, name: str, lang: Lang) -> Iterator[Iterator[str]]:
    for file in corpus.rulesets:
        if file.ruleset.id == name:
            yield _ruleset(corpus, file)
        for rule in file.ruleset.rules:
            if name in (f"{file.ruleset.id}/{rule.id}", rule.id if "/" not in name else ""):
                yield _rule(corpus, file, rule, lang)
    if name in corpus.matters:
        yield _matter(corpus.matters[name])
    for subject in corpus.subjects.values():
        for ident, spec in subject.facts.items():
            if name in (ident, spec.label):
                yield _fact(corpus, ident, spec)
    if name in corpus.instruments:
        yield _instrument(corpus.instruments[name], lang)
    if corpus.clause(name):
        yield _clause(corpus, name, lang)


def find_names(corpus: Corpus, name: str) -> list[str]:
    """Names like the one that was not found."""
    names = [*corpus.matters, *corpus.instruments]
    for subject in corpus.subjects.values():
        names += subject.facts
    for file in corpus.rulesets:
        names += [file.ruleset.id, *(f"{file.ruleset.id}/{rule.id}" for rule in file.ruleset.rules)]
    return difflib.get_close_matches(name, names, n=3, cutoff=0.5)


def _rule(corpus: Corpus, file: RulesetFile, rule: Rule, lang: Lang) -> Iterator[str]:
    ruleset, matter = file.ruleset, corpus.matters[file.ruleset.matter]
    latest = {other.ruleset.id: other for other in corpus.rulesets if other.ruleset.matter == ruleset.matter}
    latest[ruleset.id] = file
    stack = Lowering(corpus, matter, list(latest.values()), None, Problems()).stack(())
    code = next(item for item in stack.rules if item.id == f"{ruleset.id}/{rule.id}")
    conditions = {
        index: title for title, index in stack.names.values() if index not in {item.holds for item in stack.rules}
    }
    renderer = Renderer(stack, conditions)
    yield f"{rule.title}（{code.id}）"
    yield f"  规则集：{ruleset.title}，{corpus.places.name(ruleset.jurisdiction)}，{ruleset.effective.start} 起"
    sentence = renderer.sentence(stack.program.expressions[code.when])
    if rule.then.outcome:
        effect = MODALITY[rule.then.modality].to("zh") + matter.outcomes[rule.then.outcome]
    else:
        effect = f"罚则为 {rule.then.sanction}"
    yield f"  如果{sentence}，则{effect}。"
    for barrier in code.barriers:
        verb = {"unless": "但是，属于", "overrides": "被排除适用：", "replaces": "被取代："}[barrier.reason]
        yield f"  {verb}“{barrier.title}”的除外（{barrier.name}）。"
    for verb, targets in (("排除适用", rule.overrides), ("取代", rule.replaces), ("作为特别法优先于", rule.special_to)):
        if targets:
            yield f"  {verb}：{'、'.join(targets)}（授权：{'、'.join(rule.authority or ruleset.authority) or '—'}）。"
    for name in dict.fromkeys(_named(rule, ruleset.id)):
        if name in stack.names:
            title, index = stack.names[name]
            yield f"  其中“{title}”指：{renderer.sentence(stack.program.expressions[index])}。"
    for ref in rule.cites:
        yield from (f"  {line}" for line in _clause(corpus, ref, lang))
    if rule.note:
        yield f"  注：{rule.note}"


def _named(rule: Rule, ruleset: str) -> Iterator[str]:
    for part in (rule.applies, rule.when):
        if part is not None:
            for item in walk(part):
                if isinstance(item, Holds):
                    yield qualified(ruleset, item.name)


def _ruleset(corpus: Corpus, file: RulesetFile) -> Iterator[str]:
    item = file.ruleset
    yield f"{item.title}（{item.id}）"
    end = item.effective.end.isoformat() if item.effective.end else "（未定）"
    yield f"  {corpus.places.name(item.jurisdiction)}，{item.effective.start} 至 {end}，{'全文' if item.complete else '未收录全文'}"
    if item.note:
        yield f"  注：{item.note}"
    for name, parameter in item.parameters.items():
        value = parameter.value
        shown = number_text(value) if not isinstance(value, str | bool | tuple) else str(value)
        yield f"  参数 {name} = {shown} {parameter.unit or ''}（{parameter.label}；来源：{'、'.join(parameter.cites) or parameter.source}）"
    for rule in item.rules:
        yield f"  - {rule.id}：{rule.title}（{'、'.join(rule.cites)}）"
    for duty in item.obligations:
        yield f"  义务 {duty.id}：{duty.label}（{'、'.join(duty.cites)}）"
    for material in item.materials:
        yield f"  材料 {material.id}：{material.label}{'（可容缺）' if material.deferrable else ''}（{'、'.join(material.cites)}）"
    for notice in item.warnings:
        yield f"  提醒 {notice.id}：{notice.message}"


def _matter(item: Matter) -> Iterator[str]:
    yield f"{item.label}（{item.id}）：{item.question}"
    for name, label in item.outcomes.items():
        default = "（默认）" if item.default and item.default.outcome == name else ""
        yield f"  {name} = {label}{default}"


def _fact(corpus: Corpus, ident: str, spec: FactSpec) -> Iterator[str]:
    yield f"{spec.label}（{ident}）：{spec.type}" + (f"，单位 {spec.unit}" if spec.unit else "")
    if spec.question:
        yield f"  问：{spec.question}"
    for name, label in spec.values.items():
        yield f"  {name} = {label}"
    for name, field in spec.fields.items():
        yield f"  字段 {name}：{field.label or name}（{field.type}）"
    for name, instance in spec.named.items():
        yield f"  {name} = {instance.label}"
    if spec.presume:
        yield f"  推定：{spec.presume.value}（{'、'.join(spec.presume.cites)}）{spec.presume.note or ''}"
    if spec.reading:
        yield f"  解释：{spec.reading.note}（{'、'.join(spec.reading.cites)}）"
    users = sorted({file.ruleset.id for file in corpus.rulesets if ident in str(file.spans.source.text)})
    if users:
        yield f"  用于：{'、'.join(users)}"


def _instrument(item: Instrument, lang: Lang) -> Iterator[str]:
    number = f"（{item.doc_no}）" if item.doc_no else ""
    end = item.effective.end.isoformat() if item.effective.end else ""
    yield f"《{item.title}》{number} {item.issuer}，{item.effective.start}～{end}，{PROVENANCE[item.provenance].to(lang)}"
    if item.note:
        yield f"  注：{item.note}"
    for key, clause in item.clauses.items():
        yield f"  #{key} {clause.locator}：{clause.text}"


def _clause(corpus: Corpus, ref: str, lang: Lang) -> Iterator[str]:
    found = corpus.clause(ref)
    if found is None:
        return
    instrument, clause = found
    number = f"（{instrument.doc_no}）" if instrument.doc_no else ""
    provenance = PROVENANCE[clause.provenance or instrument.provenance].to(lang)
    yield f"《{instrument.title}》{number}{clause.locator}〔{provenance}〕：{clause.text}"
    for source in clause.sources:
        yield f"  来源：{source}"
