"""L411: something is taken for better known than it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eco_rules.analysis.lint.check import Check, Found
from eco_rules.ir.lower import qualified
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.condition import Condition, Holds, ParameterOperand, Test, walk
from eco_rules.model.legal import PROVENANCE_ORDER, Clause, Instrument, Provenance
from eco_rules.model.ruleset import Rule
from eco_rules.words import Text


def _run(corpus: Corpus) -> Iterator[Found]:
    for instrument in corpus.instruments.values():
        for key, clause in instrument.clauses.items():
            claimed = clause.provenance or instrument.provenance
            reason = _contradicted(instrument, clause, claimed)
            if reason is not None:
                yield Found(
                    Text(
                        f"条款 `{instrument.id}#{key}` 标为 {claimed}，而{reason.zh}",
                        f"clause `{instrument.id}#{key}` claims {claimed}, but {reason.en}",
                    ),
                    corpus.instrument_spans[instrument.id].key(("clauses", key)),
                    Text("请如实标明 provenance", "say in `provenance` what is known of it"),
                )
    for file in corpus.rulesets:
        for index, rule in enumerate(file.ruleset.rules):
            yield from _rests_on_less(corpus, file, rule, index)


def _contradicted(instrument: Instrument, clause: Clause, claimed: Provenance) -> Text | None:
    """Why a clause cannot be as well known as it claims."""
    if instrument.provenance == "reconstruction" and claimed != "reconstruction":
        return Text("整个文件是重建的", "its whole instrument is a reconstruction")
    if clause.sources and claimed in ("verified", "excerpt"):
        return Text("它是依别的材料写成的（sources）", "it was written from other texts (`sources`)")
    return None


def _rests_on_less(corpus: Corpus, file: RulesetFile, rule: Rule, index: int) -> Iterator[Found]:
    """A decision says how well known the clauses of its rules are: a rule cites the weakest it rests on."""
    claimed = _weakest(corpus, rule.cites)
    for name, refs in _grounds(corpus, file, rule):
        real = _weakest(corpus, refs)
        if PROVENANCE_ORDER.index(real) > PROVENANCE_ORDER.index(claimed):
            yield Found(
                Text(
                    f"规则 `{rule.id}` 的条款是 {claimed}，它依靠的 `{name}` 只是 {real}，决定里看不出来",
                    f"rule `{rule.id}` cites what is {claimed}; it rests on `{name}`, which is only {real}: no decision says so",
                ),
                file.spans.key(("rules", index, "cites")),
                Text(f"请一并引用 {'、'.join(refs)}", f"cite {', '.join(refs)} as well"),
            )


def _grounds(corpus: Corpus, file: RulesetFile, rule: Rule) -> Iterator[tuple[str, Sequence[str]]]:
    """The named conditions and parameters a rule rests on, however far down, with the clauses they cite."""
    named = {f"{each.ruleset.id}/{key}": (each, key) for each in corpus.rulesets for key in each.ruleset.conditions}
    waiting: list[tuple[RulesetFile, Condition | None]] = [(file, rule.applies), (file, rule.when)]
    seen: set[str] = set()
    while waiting:
        home, condition = waiting.pop()
        for part in walk(condition) if condition is not None else ():
            if isinstance(part, Holds) and (full := qualified(home.ruleset.id, part.name)) in named.keys() - seen:
                seen.add(full)
                other, key = named[full]
                found = other.ruleset.conditions[key]
                waiting.append((other, found.when))
                yield part.name, found.cites
            elif isinstance(part, Test) and isinstance(part.operand, ParameterOperand):
                parameter = home.ruleset.parameters.get(part.operand.name)
                if parameter is not None and f"${part.operand.name}" not in seen:
                    seen.add(f"${part.operand.name}")
                    yield f"${part.operand.name}", parameter.cites


def _weakest(corpus: Corpus, refs: Sequence[str]) -> Provenance:
    known = [found[1].provenance or found[0].provenance for ref in refs if (found := corpus.clause(ref))]
    return max(known, key=PROVENANCE_ORDER.index, default="verified")


CHECK = Check("L411", "warning", Text("可信程度标得比依据高", "provenance weaker than claimed"), _run)
