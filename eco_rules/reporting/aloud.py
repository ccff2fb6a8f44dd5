"""Rules, clauses, facts and matters read aloud."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from eco_rules.decision.reasons import MODALITY
from eco_rules.diagnostics import Problems
from eco_rules.ir.lower import Lowering, Stack, qualified
from eco_rules.ir.render import Renderer
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.condition import Holds, walk
from eco_rules.model.facts import FactSpec
from eco_rules.model.legal import Instrument
from eco_rules.model.matter import Matter
from eco_rules.model.ruleset import NamedCondition, Parameter, Rule, Ruleset, Side
from eco_rules.reporting.outline import PROVENANCE, provenance_mark
from eco_rules.values.kinds import number_text
from eco_rules.words import Lang, Text, marks, period

Part = Rule | NamedCondition | Side | Parameter


def read_aloud(corpus: Corpus, name: str, lang: Lang) -> str | None:
    """Whatever the program prints the id of, in words; None if there is nothing of that name."""
    blocks = [list(block) for block in _blocks(corpus, name, lang)]
    return "\n\n".join("\n".join(block) for block in blocks) if blocks else None


def _blocks(corpus: Corpus, name: str, lang: Lang) -> Iterator[Iterator[str]]:
    yield from _of_rulesets(corpus, name, lang)
    for matter in corpus.matters.values():
        if name in (matter.id, f"{matter.id}/default", f"outcome:{matter.id}"):
            yield _matter(corpus, matter, lang)
    for subject in corpus.subjects.values():
        for ident, spec in subject.facts.items():
            if _is_called(ident, spec, name):
                yield _fact(corpus, ident, spec, lang)
    if name in corpus.instruments:
        yield _instrument(corpus.instruments[name], lang)
    if corpus.clause(name):
        yield _clause(corpus, name, lang)
    place = corpus.places.find(name.removesuffix(".unread").partition(".unread/")[0])
    if place is not None:
        yield _place(corpus, place, lang)


def _is_called(ident: str, spec: FactSpec, name: str) -> bool:
    """Whether a fact has this id or label, or one of its instances has."""
    aliases = [text for alias, item in spec.named.items() for text in (alias, item.label)]
    return name in (ident, spec.label, *aliases) or (bool(spec.parameters) and name.startswith(f"{ident}("))


def _of_rulesets(corpus: Corpus, name: str, lang: Lang) -> Iterator[Iterator[str]]:
    for file in corpus.rulesets:
        ruleset = file.ruleset
        if name in (ruleset.id, f"{ruleset.id}@{ruleset.effective.start}"):
            yield _ruleset(corpus, file, lang)
        for ident, part in parts(ruleset):
            if name in (f"{ruleset.id}/{ident}", ident):
                yield (
                    _rule(corpus, file, part, lang)
                    if isinstance(part, Rule)
                    else _part(corpus, file, ident, part, lang)
                )


def parts(ruleset: Ruleset) -> Iterator[tuple[str, Part]]:
    """Everything of a ruleset that is printed as `ruleset/name`."""
    yield from ((rule.id, rule) for rule in ruleset.rules)
    yield from ruleset.conditions.items()
    yield from ruleset.parameters.items()
    for items in ruleset.sides.values():
        yield from ((item.id, item) for item in items)


def find_names(corpus: Corpus, name: str) -> list[str]:
    """Names like the one that was not found."""
    names = [*corpus.matters, *corpus.instruments]
    for subject in corpus.subjects.values():
        for ident, spec in subject.facts.items():
            names += [ident, *spec.named]
    for file in corpus.rulesets:
        names += [file.ruleset.id, *(f"{file.ruleset.id}/{ident}" for ident, _ in parts(file.ruleset))]
    return difflib.get_close_matches(name, names, n=3, cutoff=0.5)


def _stack(corpus: Corpus, file: RulesetFile) -> Stack:
    return Lowering(corpus, corpus.matters[file.ruleset.matter], corpus.beside(file), None, Problems()).stack(())


def _part(corpus: Corpus, file: RulesetFile, ident: str, part: Part, lang: Lang) -> Iterator[str]:
    mark, full = marks(lang), f"{file.ruleset.id}/{ident}"
    if isinstance(part, Parameter):
        yield _parameter(full, part, lang)
    else:
        title: str | None = part.title if isinstance(part, NamedCondition | Rule) else getattr(part, "label", None)
        yield (title or str(getattr(part, "message", ""))) + mark.bracket(full)
        if part.when is not None:
            stack = _stack(corpus, file)
            index = (
                stack.names[full][1]
                if isinstance(part, NamedCondition)
                else next(item.index for item in stack.sides if item.item is part)
            )
            sentence = Renderer(stack, corpus.matters, lang=lang).sentence(stack.program.expressions[index])
            yield f"  {Text('条件', 'when').to(lang)}{mark.colon}{sentence}"
    for ref in part.cites:
        yield from (f"  {line}" for line in _clause(corpus, ref, lang))
    if note := getattr(part, "note", None):
        yield f"  {_NOTE.to(lang)}{mark.colon}{note}"


def _parameter(name: str, item: Parameter, lang: Lang) -> str:
    value, mark = item.value, marks(lang)
    shown = number_text(value) if not isinstance(value, str | bool | tuple) else str(value)
    source = mark.between.join(item.cites) or item.source
    origin = f"{item.label}{mark.semicolon}{Text('来源', 'source').to(lang)}{mark.colon}{source}"
    unit = item.unit or ""
    return f"{Text('参数', 'parameter').to(lang)} {name} = {shown} {unit}{mark.bracket(origin)}"


def _place(corpus: Corpus, code: str, lang: Lang) -> Iterator[str]:
    mark = marks(lang)
    yield corpus.places.name(code, lang) + mark.bracket(code)
    for file in corpus.rulesets:
        if file.ruleset.jurisdiction == code:
            yield f"  {file.ruleset.id}{mark.colon}{file.ruleset.title}"


_NOTE = Text("注", "note")


def _rule(corpus: Corpus, file: RulesetFile, rule: Rule, lang: Lang) -> Iterator[str]:
    ruleset, matter, mark = file.ruleset, corpus.matters[file.ruleset.matter], marks(lang)
    stack = _stack(corpus, file)
    code = next(item for item in stack.rules if item.id == f"{ruleset.id}/{rule.id}")
    conditions = {
        index: title for title, index in stack.names.values() if index not in {item.holds for item in stack.rules}
    }
    renderer = Renderer(stack, corpus.matters, conditions, lang)
    yield rule.title + mark.bracket(code.id)
    place, start = corpus.places.name(ruleset.jurisdiction, lang), ruleset.effective.start
    yield "  " + Text(
        f"规则集：{ruleset.title}，{place}，{start} 起", f"ruleset: {ruleset.title}, {place}, from {start}"
    ).to(lang)
    sentence = renderer.sentence(stack.program.expressions[code.when])
    if rule.then.outcome:
        word = MODALITY[rule.then.modality].to(lang) + Text("", " ").to(lang)
        effect = word.lstrip() + matter.outcomes[rule.then.outcome]
    else:
        effect = Text("罚则为 ", "the sanction is that of ").to(lang) + str(rule.then.sanction)
    yield "  " + Text(f"如果{sentence}，则{effect}。", f"If {sentence}, then {effect}.").to(lang)
    for barrier in code.barriers:
        verb = _BARRED[barrier.reason].to(lang)
        ending = Text(f"的除外（{barrier.name}）。", f" ({barrier.name}).").to(lang)
        yield f"  {verb}“{barrier.title}”{ending}"
    for what, targets in zip(_AGAINST, (rule.overrides, rule.replaces, rule.special_to), strict=True):
        if targets:
            basis = mark.between.join(rule.authority or ruleset.authority) or "—"
            aside = mark.bracket(Text("授权", "authority").to(lang) + mark.colon + basis)
            yield f"  {what.to(lang)}{mark.colon}{mark.between.join(targets)}{aside}{Text('。', '.').to(lang)}"
    for name in dict.fromkeys(_named(rule, ruleset.id)):
        if name in stack.names:
            title, index = stack.names[name]
            meaning = renderer.sentence(stack.program.expressions[index])
            yield "  " + Text(f"其中“{title}”指：{meaning}。", f"“{title}” means: {meaning}.").to(lang)
    for ref in rule.cites:
        yield from (f"  {line}" for line in _clause(corpus, ref, lang))
    if rule.note:
        yield f"  {_NOTE.to(lang)}{mark.colon}{rule.note}"


def _named(rule: Rule, ruleset: str) -> Iterator[str]:
    for part in (rule.applies, rule.when):
        if part is not None:
            for item in walk(part):
                if isinstance(item, Holds):
                    yield qualified(ruleset, item.name)


_BARRED = {
    "unless": Text("但是，属于", "Except where this holds: "),
    "overrides": Text("被排除适用：", "Except where overridden by "),
    "replaces": Text("被取代：", "Except where replaced by "),
}
_AGAINST = (
    Text("排除适用", "overrides"),
    Text("取代", "replaces"),
    Text("作为特别法优先于", "prevails as the special rule over"),
)


def _ruleset(corpus: Corpus, file: RulesetFile, lang: Lang) -> Iterator[str]:
    item, mark = file.ruleset, marks(lang)
    yield item.title + mark.bracket(item.id)
    start, end = item.effective.start, item.effective.end
    when = Text(f"{start} 至 {end or '（未定）'}", period(start, end, "en")).to(lang)
    whole = Text("全文", "complete") if item.complete else Text("未收录全文", "not complete")
    yield "  " + mark.comma.join((corpus.places.name(item.jurisdiction, lang), when, whole.to(lang)))
    if item.note:
        yield f"  {_NOTE.to(lang)}{mark.colon}{item.note}"
    for name, parameter in item.parameters.items():
        yield "  " + _parameter(name, parameter, lang)
    for ident, condition in item.conditions.items():
        yield f"  {Text('条件', 'condition').to(lang)} {ident}{mark.colon}{condition.title}"
    for rule in item.rules:
        yield f"  - {rule.id}{mark.colon}{rule.title}{mark.bracket(mark.between.join(rule.cites))}"
    for word, duties in ((Text("义务", "duty"), item.obligations), (Text("材料", "material"), item.materials)):
        for duty in duties:
            later = Text("（可容缺）", " (may follow later)").to(lang) if getattr(duty, "deferrable", False) else ""
            cites = mark.bracket(mark.between.join(duty.cites))
            yield f"  {word.to(lang)} {duty.id}{mark.colon}{duty.label}{later}{cites}"
    for notice in item.warnings:
        yield f"  {Text('提醒', 'warning').to(lang)} {notice.id}{mark.colon}{notice.message}"


def _matter(corpus: Corpus, item: Matter, lang: Lang) -> Iterator[str]:
    yield f"{item.label}{marks(lang).bracket(item.id)}{marks(lang).colon}{item.question}"
    for name, label in item.outcomes.items():
        default = item.default and item.default.outcome == name
        yield f"  {name} = {label}" + (Text("（默认）", " (default)").to(lang) if default else "")
    if item.default:
        yield f"  {item.id}/default{marks(lang).colon}{item.default.title}"
        for ref in item.default.cites:
            yield from (f"    {line}" for line in _clause(corpus, ref, lang))


def _fact(corpus: Corpus, ident: str, spec: FactSpec, lang: Lang) -> Iterator[str]:
    mark = marks(lang)
    unit = f"{mark.comma}{Text('单位', 'unit').to(lang)} {spec.unit}" if spec.unit else ""
    yield f"{spec.label}{mark.bracket(ident)}{mark.colon}{spec.type}{unit}"
    if spec.question:
        yield f"  {Text('问', 'question').to(lang)}{mark.colon}{spec.question}"
    if spec.note:
        yield f"  {_NOTE.to(lang)}{mark.colon}{spec.note}"
    for name, label in spec.values.items():
        yield f"  {name} = {label}"
    for name, field in spec.fields.items():
        yield f"  {Text('字段', 'field').to(lang)} {name}{mark.colon}{field.label or name}{mark.bracket(field.type)}"
    for name, instance in spec.named.items():
        yield f"  {name} = {instance.label}"
    if spec.presume:
        cites = mark.bracket(mark.between.join(spec.presume.cites))
        yield f"  {Text('推定', 'presumed').to(lang)}{mark.colon}{spec.presume.value}{cites}{spec.presume.note or ''}"
    if spec.reading:
        cites = mark.bracket(mark.between.join(spec.reading.cites))
        yield f"  {Text('解释', 'reading').to(lang)}{mark.colon}{spec.reading.note}{cites}"
    users = sorted({file.ruleset.id for file in corpus.rulesets if ident in str(file.spans.source.text)})
    if users:
        yield f"  {Text('用于', 'used by').to(lang)}{mark.colon}{mark.between.join(users)}"


def _instrument(item: Instrument, lang: Lang) -> Iterator[str]:
    number = f"（{item.doc_no}）" if item.doc_no else ""
    when, known = period(item.effective.start, item.effective.end, lang), PROVENANCE[item.provenance].to(lang)
    yield f"《{item.title}》{number} " + marks(lang).comma.join((item.issuer, when, known))
    if item.note:
        yield f"  {_NOTE.to(lang)}{marks(lang).colon}{item.note}"
    for key, clause in item.clauses.items():
        yield f"  #{key} {clause.locator}{marks(lang).colon}{clause.text}"


def _clause(corpus: Corpus, ref: str, lang: Lang) -> Iterator[str]:
    found = corpus.clause(ref)
    if found is None:
        return
    instrument, clause = found
    number = f"（{instrument.doc_no}）" if instrument.doc_no else ""
    known = provenance_mark(clause.provenance or instrument.provenance, lang).rstrip()
    yield f"《{instrument.title}》{number}{clause.locator}{known}{marks(lang).colon}{clause.text}"
    for source in clause.sources:
        yield f"  {Text('来源', 'source').to(lang)}{marks(lang).colon}{source}"
