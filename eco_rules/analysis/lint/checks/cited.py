"""What a corpus cites where, and the days it claims to be in force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.base import Validity
from eco_rules.model.condition import Condition, Path, Test, walk
from eco_rules.model.legal import Instrument
from eco_rules.model.ruleset import Notice, Rule, Side
from eco_rules.source import Span
from eco_rules.words import Text

RULE = Text("规则", "rule")
_PARTS = {
    "obligations": Text("义务", "obligation"),
    "materials": Text("材料", "material"),
    "warnings": Text("提醒", "warning"),
}


@dataclass(frozen=True, slots=True)
class Cited:
    """A rule, duty, material or warning, when it claims to be in force, and the instruments behind its clauses."""

    corpus: Corpus
    file: RulesetFile
    part: Rule | Side
    kind: Text
    validity: Validity
    cites: dict[str, Instrument]
    span: Span

    @property
    def stands_on_it(self) -> bool:
        """Whether it needs a clause to stand on; a warning may do without."""
        return not isinstance(self.part, Notice)

    @property
    def dated(self) -> bool:
        """Whether it says itself, by a date of the case, from when or until when it applies."""
        return any(
            isinstance(item, Test) and item.fact in _header_facts(self.corpus)
            for condition in (getattr(self.part, "applies", None), self.part.when)
            if condition is not None
            for item in walk(condition)
        )

    def taken_over(self, day: date) -> bool:
        """Whether another rule of the file says the same kind of thing about such cases on a day."""
        if not isinstance(self.part, Rule):
            return False
        about, effect = named_by(self.part.applies), self.part.then
        return any(
            other is not self.part
            and (other.then.outcome, other.then.sanction is None) == (effect.outcome, effect.sanction is None)
            and (about & named_by(other.applies) or about == named_by(other.applies))
            and any(item.effective.covers(day) for item in instruments_of(self.corpus, other.cites).values())
            for other in self.file.ruleset.rules
        )


def cited_parts(corpus: Corpus) -> Iterator[Cited]:
    """Every rule, duty and material, and every warning that cites, in the order of the files."""
    for file in corpus.rulesets:
        for index, rule in enumerate(file.ruleset.rules):
            validity = _both(file.ruleset.effective, rule.effective)
            yield _cited(corpus, file, rule, RULE, validity, ("rules", index))
        for section, sides in file.ruleset.sides.items():
            for index, side in enumerate(sides):
                if side.cites:
                    yield _cited(corpus, file, side, _PARTS[section], file.ruleset.effective, (section, index))


def _cited(corpus: Corpus, file: RulesetFile, part: Rule | Side, kind: Text, validity: Validity, path: Path) -> Cited:
    return Cited(
        corpus, file, part, kind, validity, instruments_of(corpus, part.cites), file.spans.key((*path, "cites"))
    )


def instruments_of(corpus: Corpus, refs: Sequence[str]) -> dict[str, Instrument]:
    """The instruments behind clauses."""
    return {ref: found[0] for ref in refs if (found := corpus.clause(ref))}


def named_by(condition: Condition | None) -> set[tuple[str, object]]:
    """The values that the scope of a rule names."""
    found: set[tuple[str, object]] = set()
    for part in walk(condition) if condition is not None else ():
        if isinstance(part, Test):
            values = part.operand if isinstance(part.operand, tuple) else (part.operand,)
            found |= {(part.fact, value) for value in values}
    return found


def _header_facts(corpus: Corpus) -> set[str]:
    return {name for subject in corpus.subjects.values() for name, spec in subject.facts.items() if spec.header}


def _both(ruleset: Validity, rule: Validity | None) -> Validity:
    if rule is None or not rule.overlaps(ruleset):
        return ruleset
    ends = [end for end in (ruleset.end, rule.end) if end is not None]
    return Validity.model_validate({"from": max(ruleset.start, rule.start), "until": min(ends) if ends else None})
