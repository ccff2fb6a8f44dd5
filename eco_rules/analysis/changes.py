"""What differs in meaning between two corpora: added, removed and changed parts, in words.

Layout, comments, order and the names of files do not count. What only concerns words (titles, questions,
notes) is told apart from what bears on decisions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from eco_rules.analysis.difference import Affected, Comparison, Detail, Difference, How, What
from eco_rules.analysis.meaning import Item, Reader
from eco_rules.analysis.proof import Proof
from eco_rules.decision.reasons import MODALITY
from eco_rules.ir.nodes import Fixed, Node
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.base import Model, Validity
from eco_rules.model.facts import FactSpec
from eco_rules.model.matter import Default, Effect
from eco_rules.model.ruleset import Rule, Ruleset, Then
from eco_rules.values.kinds import number_text
from eco_rules.values.places import contains
from eco_rules.words import Lang, Text, marks, period

_WORDS = {"title", "label", "note", "question", "text", "locator", "sources", "doc_no", "alterable", "source"}
"""Fields that only hold words, and change no decision."""
_SHOWN_APART = {"when", "applies", "id", "format", "rules", "conditions", "parameters", "clauses"}


def compare(old: Corpus, new: Corpus, lang: Lang, matter: str | None = None, place: str | None = None) -> Comparison:
    """Compare two corpora; only one matter, or only what applies in one place, where asked."""
    comparer = _Comparer(old, new, lang)
    frame = list(comparer.frame())
    for before, after in _pairs(old, new, matter, place):
        comparer.files(before, after)
    return Comparison((*frame, *comparer.differences), tuple(comparer.affected), tuple(comparer.changed_matters))


def _pairs(
    old: Corpus, new: Corpus, matter: str | None, place: str | None
) -> Iterator[tuple[RulesetFile | None, RulesetFile | None]]:
    """The same ruleset on both sides: by id and first day, else by id where each side has one left."""

    def wanted(corpus: Corpus) -> dict[tuple[str, object], RulesetFile]:
        return {
            (file.ruleset.id, file.ruleset.effective.start): file
            for file in corpus.rulesets
            if (matter is None or file.ruleset.matter == matter)
            and (place is None or file.ruleset.jurisdiction == "cn" or contains(file.ruleset.jurisdiction, place))
        }

    left, right = wanted(old), wanted(new)
    moved = {}
    for key in left.keys() - right.keys():
        others = [other for other in right.keys() - left.keys() if other[0] == key[0]]
        if len(others) == 1 and [item for item in left.keys() - right.keys() if item[0] == key[0]] == [key]:
            moved[key] = others[0]
    for key, file in left.items():
        yield file, right.get(moved.get(key, key))
    for key, file in right.items():
        if key not in left and key not in moved.values():
            yield None, file


class _Comparer:
    """Collects differences of two corpora."""

    def __init__(self, old: Corpus, new: Corpus, lang: Lang) -> None:
        self._old = old
        self._new = new
        self._lang: Lang = lang
        self.differences: list[Difference] = []
        self.affected: list[Affected] = []
        self.changed_matters: list[str] = []
        self._touched: dict[str, bool] = {}
        self._readers: dict[tuple[int, ...], Reader] = {}
        self._proofs: dict[tuple[int, int, str], Proof] = {}
        self._changed_facts: set[str] = set()
        self._changed_instruments: set[str] = set()

    # —— what rules stand on

    def frame(self) -> Iterator[Difference]:
        """Matters, levels, facts and instruments."""
        for item in self._maps("matter", self._old.matters, self._new.matters, lambda matter: matter.label):
            if not item.words_only:
                self.changed_matters.append(item.name)
            yield item
        yield from self._maps("level", self._old.levels, self._new.levels, lambda level: str(level.label))
        for item in self._maps("fact", _facts(self._old), _facts(self._new), lambda spec: str(spec.label)):
            if not item.words_only:
                self._changed_facts.add(item.name)
            yield item
        yield from self._instruments()

    def _instruments(self) -> Iterator[Difference]:
        for item in self._maps("instrument", self._old.instruments, self._new.instruments, lambda one: one.title):
            if not item.words_only:
                self._changed_instruments.add(item.name)
            yield item
        for name in self._old.instruments.keys() & self._new.instruments.keys():
            left, right = self._old.instruments[name].clauses, self._new.instruments[name].clauses
            if left != right:
                for item in self._maps("clause", left, right, lambda clause: str(clause.locator)):
                    yield Difference(item.what, item.how, f"{name}#{item.name}", item.title, item.details)

    def _maps(
        self, what: What, old: Mapping[str, Any], new: Mapping[str, Any], title: Callable[[Any], str]
    ) -> Iterator[Difference]:
        for name in dict.fromkeys([*old, *new]):
            if name not in old or name not in new:
                side = old.get(name) or new.get(name)
                yield Difference(what, "removed" if name in old else "added", name, title(side))
            elif details := self._fields(old[name], new[name]):
                yield Difference(what, "changed", name, title(new[name]), details)

    # —— rulesets

    def files(self, before: RulesetFile | None, after: RulesetFile | None) -> None:
        """One ruleset on both sides."""
        file = after or before
        assert file is not None  # a pair has one side at least
        if before is None or after is None:
            how: How = "added" if before is None else "removed"
            title = f"{file.ruleset.title}"
            self.differences.append(Difference("ruleset", how, file.ruleset.id, title, self._header(file.ruleset, how)))
        elif not self._may_differ(before, after):
            return
        elif details := self._fields(before.ruleset, after.ruleset):
            self.differences.append(Difference("ruleset", "changed", file.ruleset.id, after.ruleset.title, details))
        left, right = self._reader(self._old, before), self._reader(self._new, after)
        self._parts(file.ruleset.id, before, after, left, right)
        self._rules(file.ruleset.id, before, after, left, right)

    def _reader(self, corpus: Corpus, file: RulesetFile | None) -> Reader | None:
        """The meaning of a file; None where it is not there, or nobody knows its matter."""
        if file is None or file.ruleset.matter not in corpus.matters:
            return None
        files = corpus.beside(file)
        key = tuple(map(id, (corpus, *files)))  # both corpora live as long as this comparison
        if key not in self._readers:
            self._readers[key] = Reader(corpus, files, self._lang)
        return self._readers[key]

    def _proof(self, ruleset: str, left: Reader, right: Reader) -> Proof:
        """What can be proven of two readings of a ruleset; nothing, where the facts themselves differ."""
        key = id(left), id(right), ruleset
        if key not in self._proofs:
            self._proofs[key] = Proof(None if self._changed_facts else self._old, ruleset, left, right)
        return self._proofs[key]

    def _may_differ(self, before: RulesetFile, after: RulesetFile) -> bool:
        """Whether the files, what they may refer to, or what they stand on differ at all."""
        if self._frame_changed or before.ruleset.matter != after.ruleset.matter:
            return True
        matter = after.ruleset.matter
        if matter not in self._touched:
            self._touched[matter] = _rulesets(self._old, matter) != _rulesets(self._new, matter)
        return self._touched[matter]

    @property
    def _frame_changed(self) -> bool:
        return bool(self._changed_facts or self._changed_instruments or self._old.levels != self._new.levels)

    def _header(self, ruleset: Ruleset, how: How) -> tuple[Detail, ...]:
        said = period(ruleset.effective.start, ruleset.effective.end, self._lang)
        return (Detail("effective", None if how == "added" else said, said if how == "added" else None),)

    def _parts(
        self,
        ident: str,
        before: RulesetFile | None,
        after: RulesetFile | None,
        left: Reader | None,
        right: Reader | None,
    ) -> None:
        """Parameters, named conditions, duties and warnings; of a ruleset that is there on one side only, none."""
        if before is None or after is None:
            return
        old, new = before.ruleset, after.ruleset
        for item in self._maps("parameter", old.parameters, new.parameters, lambda one: one.label):
            self._add(item, ident)
        for name in dict.fromkeys([*old.conditions, *new.conditions]):
            self._part("condition", ident, name, old.conditions.get(name), new.conditions.get(name), left, right)
        for section, sides in old.sides.items():
            one = {item.id: item for item in sides}
            other = {item.id: item for item in new.sides[section]}
            for name in dict.fromkeys([*one, *other]):
                self._part(section, ident, name, one.get(name), other.get(name), left, right)  # type: ignore[arg-type]

    def _part(
        self,
        what: What,
        ident: str,
        name: str,
        old: Any,
        new: Any,
        left: Reader | None,
        right: Reader | None,
    ) -> None:
        item = new or old
        title = getattr(item, "title", None) or getattr(item, "label", None) or str(getattr(item, "message", ""))
        if old is None or new is None:
            side = (right, _node(right, f"{ident}/{name}", new)) if new else (left, _node(left, f"{ident}/{name}", old))
            said = side[0].sentence(side[1]) if side[0] and side[1] is not None else None
            detail = Detail("when", None if new else said, said if new else None)
            self.differences.append(
                Difference(what, "added" if new else "removed", f"{ident}/{name}", title, (detail,) if said else ())
            )
            return
        details = list(self._fields(old, new))
        if left and right:
            nodes = _node(left, f"{ident}/{name}", old), _node(right, f"{ident}/{name}", new)
            details += self._conditions(ident, left, nodes[0], right, nodes[1])
        if details:
            self.differences.append(Difference(what, "changed", f"{ident}/{name}", title, tuple(details)))

    def _rules(
        self,
        ident: str,
        before: RulesetFile | None,
        after: RulesetFile | None,
        left: Reader | None,
        right: Reader | None,
    ) -> None:
        affected: list[Affected] = []
        old = {rule.id: rule for rule in before.ruleset.rules} if before else {}
        new = {rule.id: rule for rule in after.ruleset.rules} if after else {}
        for name in dict.fromkeys([*old, *new]):
            full = f"{ident}/{name}"
            one = (before, old[name]) if before and name in old else None
            other = (after, new[name]) if after and name in new else None
            found = self._rule(full, one, other, left, right)
            if found is not None and (before is None) == (after is None):
                self.differences.append(found)
            if self._is_affected(full, one, other, left, right):
                affected.append(Affected(full, one, other))
        regrouped = False
        if affected and before and after and left and right and not self._changed_instruments:
            regrouped = self._proof(ident, left, right).regrouped(before, after, {item.name for item in affected})
        self.affected += [replace(item, regrouped=regrouped) for item in affected]

    def _rule(
        self,
        full: str,
        one: tuple[RulesetFile, Rule] | None,
        other: tuple[RulesetFile, Rule] | None,
        left: Reader | None,
        right: Reader | None,
    ) -> Difference | None:
        if one is None or other is None:
            side, reader = (other, right) if other else (one, left)
            assert side is not None  # a rule is there on one side at least
            rule = side[1]
            said: list[tuple[str, str | None]] = []
            if reader:
                said.append(("when", reader.sentence(reader.expression(reader.rules[full].when))))
            said += [("then", self._said(rule.then)), ("cites", self._said(rule.cites))]
            details = tuple(Detail(name, None if other else text, text if other else None) for name, text in said)
            return Difference("rule", "added" if other else "removed", full, rule.title, details)
        details = self._fields(one[1], other[1])
        if left and right:
            nodes = left.expression(left.rules[full].when), right.expression(right.rules[full].when)
            details = (*details, *self._conditions(_ruleset(full), left, nodes[0], right, nodes[1]))
        return Difference("rule", "changed", full, other[1].title, details) if details else None

    def _is_affected(
        self,
        full: str,
        one: tuple[RulesetFile, Rule] | None,
        other: tuple[RulesetFile, Rule] | None,
        left: Reader | None,
        right: Reader | None,
    ) -> bool:
        """Whether the rule, with all it refers to, can decide otherwise."""
        if one is None or other is None or left is None or right is None:
            return True
        periods = [(file.ruleset.effective, rule.effective, file.ruleset.complete) for file, rule in (one, other)]
        cited = {ref.partition("#")[0] for ref in (*one[1].cites, *other[1].cites)}
        if periods[0] != periods[1] or cited & self._changed_instruments or _undated(one[1]) != _undated(other[1]):
            return True
        forms = [(reader.rule_form(reader.rules[full]), reader.referred(full)) for reader in (left, right)]
        if forms[0] != forms[1]:
            return not self._proof(_ruleset(full), left, right).reworded(full)
        return bool(self._changed_facts) and bool(right.facts_read(full) & self._changed_facts)

    def _add(self, item: Difference, ident: str) -> None:
        self.differences.append(Difference(item.what, item.how, f"{ident}/${item.name}", item.title, item.details))

    # —— conditions and fields in words

    def _conditions(
        self, ruleset: str, left: Reader, one: Node | None, right: Reader, other: Node | None
    ) -> Iterator[Detail]:
        """What of a condition changed: test by test, and as a whole where the connectives changed too."""
        one, other = one or Fixed(value=True), other or Fixed(value=True)
        if left.form(one, whole=False) == right.form(other, whole=False):
            return
        if self._proof(ruleset, left, right).same([one], [other]):
            yield Detail("when", left.sentence(one), right.sentence(other), words_only=True, proven=True)
            return
        gone, come = _apart(list(left.items(one)), list(right.items(other)))
        paired = 0
        for item in gone:
            match = next((new for new in come if new.subject == item.subject), None)
            if match is not None:
                come.remove(match)
                paired += 1
            yield Detail(item.subject, item.wanted, match.wanted if match else None)
        for item in come:
            yield Detail(item.subject, None, item.wanted)
        if paired != len(gone) or come or not gone:
            yield Detail("when", left.sentence(one), right.sentence(other))

    def _fields(self, old: Any, new: Any) -> tuple[Detail, ...]:
        """The plain fields in which two models differ; conditions are compared by meaning, elsewhere."""
        found = []
        for name in type(new).model_fields:
            if name in _SHOWN_APART:
                continue
            one, other = getattr(old, name), getattr(new, name)
            if _bare(one) != _bare(other) and name not in ("obligations", "materials", "warnings"):
                words = name in _WORDS or (name == "cites" and not isinstance(new, Rule))
                found.append(Detail(name, self._said(one), self._said(other), words))
        return tuple(found)

    def _effect(self, outcome: str, modality: str | None) -> str:
        """An outcome in the words of its matter, with its strength."""
        matters = (*self._new.matters.values(), *self._old.matters.values())
        label = next((matter.outcomes[outcome] for matter in matters if outcome in matter.outcomes), outcome)
        return f"{MODALITY[modality].to(self._lang)}{Text('', ' ').to(self._lang)}{label}".strip()

    def _said(self, value: Any) -> str | None:
        """A field's value in words."""
        if value is None or (isinstance(value, tuple | Mapping) and not value):
            return None
        if isinstance(value, Then | Default | Effect) and value.outcome is not None:
            return self._effect(value.outcome, value.modality)
        if isinstance(value, Validity):
            return period(value.start, value.end, self._lang)
        if isinstance(value, Model):
            parts = value.model_dump(exclude_none=True, exclude_defaults=True, by_alias=True)
            return marks(self._lang).comma.join(f"{name}: {self._said(part)}" for name, part in parts.items())
        if isinstance(value, Mapping):
            return marks(self._lang).between.join(f"{name} = {self._said(part)}" for name, part in value.items())
        if isinstance(value, tuple | list):
            return marks(self._lang).between.join(str(self._said(part)) for part in value)
        if isinstance(value, bool):
            return str(value).lower()
        if is_dataclass(value):
            return None
        return number_text(value) if hasattr(value, "as_tuple") else str(value)


def _ruleset(full: str) -> str:
    return full.rpartition("/")[0]


def _node(reader: Reader | None, full: str, part: Any) -> Node | None:
    """The condition of a named condition, a duty or a warning."""
    if reader is None or part.when is None:
        return None
    if full in reader.stack.names:
        return reader.condition(full)
    return next((reader.expression(side.index) for side in reader.stack.sides if side.item is part), None)


def _apart(one: list[Item], other: list[Item]) -> tuple[list[Item], list[Item]]:
    """The items only one of two conditions has."""
    here, there = {item.form for item in one}, {item.form for item in other}
    gone = {item.form: item for item in one if item.form not in there}
    come = {item.form: item for item in other if item.form not in here}
    return list(gone.values()), list(come.values())


def _rulesets(corpus: Corpus, matter: str) -> dict[tuple[str, object], Ruleset]:
    found = (file.ruleset for file in corpus.rulesets if file.ruleset.matter == matter)
    return {(ruleset.id, ruleset.effective.start): ruleset for ruleset in found}


def _facts(corpus: Corpus) -> dict[str, FactSpec]:
    return {name: spec for subject in corpus.subjects.values() for name, spec in subject.facts.items()}


def _bare(value: Any) -> Any:
    """A value without the places in files that parsed conditions and derivations carry."""
    if isinstance(value, tuple | list):
        return tuple(_bare(item) for item in value)
    if isinstance(value, Mapping):
        return {name: _bare(item) for name, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        parts = ((field.name, _bare(getattr(value, field.name))) for field in fields(value) if field.name != "path")
        return (type(value).__name__, *parts)
    return value


def _undated(rule: Rule) -> tuple[Sequence[str], ...]:
    return (sorted(rule.unless), sorted(rule.overrides), sorted(rule.replaces))
