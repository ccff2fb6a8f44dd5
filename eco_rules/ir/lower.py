"""Rulesets in force together → one program, with what resolution needs to know about each rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from eco_rules.diagnostics import Problems, choose_from
from eco_rules.ir.facts import FactSlots, outcome_key, outcome_question
from eco_rules.ir.nodes import Equals, Fixed, Known, Node, Not, Program, Ref, Within, conjunction
from eco_rules.ir.scope import Scope, lower
from eco_rules.ir.slots import Slot, SlotTable
from eco_rules.ir.vocabulary import FactKey, Vocabulary
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.condition import Condition, OutcomeOf, Path
from eco_rules.model.matter import Effect, Layer, Matter
from eco_rules.model.ruleset import Due, Rule, Side
from eco_rules.words import Text

Attack = Literal["overrides", "replaces"]


@dataclass(frozen=True, slots=True)
class Barrier:
    """Something that defeats a rule when its expression holds."""

    name: str
    title: str
    index: int
    reason: Literal["unless"] | Attack


@dataclass(frozen=True, slots=True)
class Standing:
    """What a rule stands on: level, issuer and age of the deciding instruments, and the clauses cited."""

    rank: int
    issuer: str
    since: date
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleCode:
    """A rule in a program: the expressions for scope, condition and result, and its standing."""

    id: str
    title: str
    effect: Effect | None
    sanction: str | None
    standing: Standing
    scope: int
    when: int
    holds: int
    barriers: tuple[Barrier, ...]
    special_to: tuple[str, ...]
    authority: tuple[str, ...]
    specific: bool
    file: RulesetFile | None


@dataclass(frozen=True, slots=True)
class SideCode:
    """An obligation, material or notice, and the expression that says when it applies."""

    id: str
    item: Side
    index: int
    procedural: bool


@dataclass(frozen=True, slots=True)
class Stack:
    """Everything in force together on one day in one place for one matter.

    `names` gives title and expression of every rule and named condition.
    """

    matter: Matter
    files: tuple[RulesetFile, ...]
    table: SlotTable
    program: Program
    rules: tuple[RuleCode, ...]
    sides: tuple[SideCode, ...]
    complete: int
    unread: tuple[tuple[str, Layer, int], ...]
    asks: tuple[str, ...]
    names: Mapping[str, tuple[str, int]]


def qualified(ruleset: str, name: str) -> str:
    """Full name of a rule or condition: a name with a slash is full already."""
    return name if "/" in name else f"{ruleset}/{name}"


def in_force(corpus: Corpus, rule: Rule, day: date) -> tuple[str, ...]:
    """The clauses of a rule whose instruments are in force on `day`; empty when the rule is not."""
    if rule.effective is not None and not rule.effective.covers(day):
        return ()
    return tuple(ref for ref in rule.cites if _covers(corpus, ref, day))


def _covers(corpus: Corpus, ref: str, day: date) -> bool:
    found = corpus.clause(ref)
    return found is not None and found[0].effective.covers(day)


def standing(corpus: Corpus, cites: Sequence[str], level: str | None) -> Standing:
    """Rank of the highest level among the cited instruments, or of `level` when it is given."""
    instruments = [found[0] for ref in cites if (found := corpus.clause(ref))]
    ranks = [corpus.levels[item.level].rank for item in instruments if item.level in corpus.levels]
    rank = corpus.levels[level].rank if level is not None and level in corpus.levels else min(ranks, default=0)
    deciding = [item for item, at in zip(instruments, ranks, strict=False) if level or at == rank]
    if not deciding:
        return Standing(rank, "", date.min, tuple(cites))
    return Standing(rank, deciding[0].issuer, max(item.effective.start for item in deciding), tuple(cites))


@dataclass(slots=True)
class _Named:
    """A rule or condition that can be referred to, waiting to be lowered."""

    file: RulesetFile
    rule: Rule | None
    path: Path
    condition: Condition | None = None
    title: str = ""


@dataclass(slots=True)
class _Pieces:
    expressions: list[Node] = field(default_factory=list)
    rules: list[RuleCode] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)


class Lowering:
    """Lowers one stack; the same code checks files, when `day` is None and nothing is left out."""

    def __init__(
        self,
        corpus: Corpus,
        matter: Matter,
        files: Sequence[RulesetFile],
        day: date | None,
        problems: Problems,
        vocabulary: Vocabulary | None = None,
    ) -> None:
        self._corpus = corpus
        self._matter = matter
        self._files = files
        self._day = day
        self._problems = problems
        self.table = SlotTable(vocabulary or Vocabulary(corpus.facts_of(matter), corpus.units))
        origins = {
            name: spans
            for subject in (matter.subject, *matter.includes)
            if subject in corpus.subjects
            for name, spans in corpus.subjects[subject].origins.items()
        }
        self._facts = FactSlots(self.table, origins, problems)
        self._pieces = _Pieces()
        self._index: dict[str, int] = {}
        self._when: dict[str, tuple[int, int]] = {}
        self._barriers: dict[str, tuple[Barrier, ...]] = {}
        self._open: list[str] = []
        self._named = {name: item for file in files for name, item in self._names(file)}
        self._against = self._attacks()

    def _names(self, file: RulesetFile) -> Iterable[tuple[str, _Named]]:
        ruleset = file.ruleset
        for name, condition in ruleset.conditions.items():
            path = ("conditions", name, "when")
            yield f"{ruleset.id}/{name}", _Named(file, None, path, condition.when, condition.title)
        for index, rule in enumerate(ruleset.rules):
            if self._day is None or in_force(self._corpus, rule, self._day):
                yield f"{ruleset.id}/{rule.id}", _Named(file, rule, ("rules", index), title=rule.title)

    def _attacks(self) -> dict[str, list[tuple[str, Attack]]]:
        """For each rule, the rules that override or replace it."""
        found: dict[str, list[tuple[str, Attack]]] = {}
        for name, item in self._named.items():
            if item.rule is None:
                continue
            attacks: tuple[tuple[Attack, Sequence[str]], ...] = (
                ("overrides", item.rule.overrides),
                ("replaces", item.rule.replaces),
            )
            for reason, targets in attacks:
                for target in targets:
                    full = qualified(item.file.ruleset.id, target)
                    found.setdefault(full, []).append((name, reason))
        return found

    def stack(self, unread: Sequence[tuple[str, Layer]]) -> Stack:
        """Lower everything."""
        for name in self._named:
            self._ensure(name)
        sides = [side for file in self._files for side in self._sides(file)]
        layers = [(place, layer, self._unread(place, layer)) for place, layer in unread]
        complete = self._add(conjunction([Ref(index) for _, _, index in layers]))
        return Stack(
            matter=self._matter,
            files=tuple(self._files),
            table=self.table,
            program=Program(len(self.table.slots), tuple(self._pieces.expressions)),
            rules=tuple(self._pieces.rules),
            sides=tuple(sides),
            complete=complete,
            unread=tuple(layers),
            asks=tuple(dict.fromkeys(self._pieces.asks)),
            names={name: (self._named[name].title, index) for name, index in self._index.items()},
        )

    def _add(self, node: Node) -> int:
        self._pieces.expressions.append(node)
        return len(self._pieces.expressions) - 1

    def _ensure(self, name: str) -> int:
        """Index of the expression of a rule (`holds`) or condition, lowered on first use."""
        if name in self._index:
            return self._index[name]
        item = self._named[name]
        if name in self._open:
            return self._add(Fixed(value=False))  # a cycle: reported by the checks of the whole corpus
        self._open.append(name)
        index = self._add(self._condition(item)) if item.rule is None else self._rule(name, item, item.rule)
        self._open.pop()
        self._index[name] = index
        return index

    def _condition(self, item: _Named) -> Node:
        assert item.condition is not None  # named conditions carry one
        return lower(item.condition, self._scope(item.file, item.path))

    def _rule(self, name: str, item: _Named, rule: Rule) -> int:
        file = item.file
        scope_parts = [
            lower(condition, self._scope(file, path))
            for condition, path in ((file.ruleset.applies, ("applies",)), (rule.applies, (*item.path, "applies")))
            if condition is not None
        ]
        scope = self._add(conjunction(scope_parts))
        parts: list[Node] = [Ref(scope)]
        if rule.when is not None:
            parts.append(lower(rule.when, self._scope(file, (*item.path, "when"))))
        when = self._add(conjunction(parts))
        barriers = self._rule_barriers(name, item, rule)
        holds = self._add(conjunction([Ref(when), *(Not(Ref(barrier.index)) for barrier in barriers)]))
        cites = rule.cites if self._day is None else in_force(self._corpus, rule, self._day)
        effect = Effect(outcome=rule.then.outcome, modality=rule.then.modality) if rule.then.outcome else None
        if rule.then.sanction and (found := self._corpus.clause(rule.then.sanction)) and found[1].sanction:
            self._sanction_slot(found[1].sanction.of)
        special = tuple(qualified(file.ruleset.id, target) for target in rule.special_to)
        self._pieces.rules.append(
            RuleCode(
                name,
                rule.title,
                effect,
                rule.then.sanction,
                standing(self._corpus, cites, rule.level),
                scope,
                when,
                holds,
                barriers,
                special,
                rule.authority or file.ruleset.authority,
                rule.applies is not None,
                file,
            )
        )
        return holds

    def _sanction_slot(self, fact: str | None) -> None:
        """A fine that is a share of some fact needs that fact's value."""
        if fact is not None and fact in self.table.vocabulary.facts:
            self._facts.slot_of(FactKey(fact))

    def _rule_barriers(self, name: str, item: _Named, rule: Rule) -> tuple[Barrier, ...]:
        found = []
        for target in (*item.file.ruleset.unless, *rule.unless):
            full = qualified(item.file.ruleset.id, target)
            if full in self._named:
                found.append(Barrier(full, self._named[full].title, self._ensure(full), "unless"))
        for attacker, reason in self._against.get(name, ()):
            index = self._ensure(attacker) if reason == "overrides" else self._add(Fixed(value=True))
            found.append(Barrier(attacker, self._named[attacker].title, index, reason))
        return tuple(found)

    def _sides(self, file: RulesetFile) -> Iterable[SideCode]:
        ruleset = file.ruleset
        for section, items in ruleset.sides.items():
            for position, item in enumerate(items):
                node: Node = Fixed(value=True)
                if item.when is not None:
                    node = lower(item.when, self._scope(file, (section, position, "when")))
                due: Due | None = getattr(item, "due", None)
                if due is not None:
                    self._date_slots(due, file, (section, position, "due"))
                yield SideCode(f"{ruleset.id}/{item.id}", item, self._add(node), ruleset.governs == "procedure")

    def _date_slots(self, due: Due, file: RulesetFile, path: Path) -> None:
        scope = self._scope(file, path)
        key = scope.key(due.fact or due.after or "", (), ())
        if key is not None and scope.vocabulary.spec(key).type != "date":
            label = scope.vocabulary.label(key)
            scope.complain("E303", Text(f"`{label}` 不是日期", f"`{key.name}` is no date"), ())
        elif key is not None:
            self._facts.slot_of(key)

    def _unread(self, place: str, layer: Layer) -> int:
        """Rules for the answers to the document question of a list that was not read."""
        unread = layer.unread
        slot = self._facts.slot_of(FactKey(unread.fact))
        ground = standing(self._corpus, unread.cites, unread.level)
        always = self._add(Fixed(value=True))
        for answer, effect in unread.answers.items():
            if effect is None:
                continue
            index = self._add(Equals(slot, answer))
            self._pieces.rules.append(
                RuleCode(
                    f"{place}.unread/{answer.replace('_', '-')}",
                    unread.title,
                    effect,
                    None,
                    ground,
                    always,
                    index,
                    index,
                    (),
                    (),
                    (),
                    False,
                    None,
                )
            )
        return self._add(Known(slot))

    def _scope(self, file: RulesetFile, base: Path) -> Scope:
        spans = file.spans
        return Scope(
            table=self.table,
            slot_of=self._facts.slot_of,
            parameters={name: item.value for name, item in file.ruleset.parameters.items()},
            named=lambda name, path: self._reference(file, name, (*base, *path)),
            outcome_of=lambda condition: self._outcome_of(condition, file, (*base, *condition.path)),
            problems=self._problems,
            where=lambda path: spans.key((*base, *path)),
        )

    def _reference(self, file: RulesetFile, name: str, path: Path) -> Node:
        full = qualified(file.ruleset.id, name)
        if full in self._named:
            return Ref(self._ensure(full))
        names = all_names(self._corpus)
        if full not in names:
            message = Text(f"没有条件或规则 `{name}`", f"no condition or rule `{name}`")
            self._problems.add("E304", message, file.spans.key(path), choose_from(full, sorted(names)))
        return Fixed(value=False)  # known, but not in force here and then: it bars nothing

    def _outcome_of(self, condition: OutcomeOf, file: RulesetFile, path: Path) -> Node:
        other = self._corpus.matters.get(condition.matter)
        if other is None:
            message = Text(f"没有事项 `{condition.matter}`", f"no matter `{condition.matter}`")
            self._problems.add(
                "E306", message, file.spans.key(path), choose_from(condition.matter, list(self._corpus.matters))
            )
            return Fixed(value=False)
        for name in condition.outcomes:
            if name not in other.outcomes:
                message = Text(f"事项 `{other.id}` 没有结论 `{name}`", f"matter `{other.id}` has no outcome `{name}`")
                self._problems.add("E306", message, file.spans.key(path), choose_from(name, list(other.outcomes)))
        question = outcome_question(other.id, condition.at)
        self._pieces.asks.append(question)
        key = outcome_key(question)
        known = self.table.find(key)
        slot = self.table.add(Slot(key)) if known is None else known
        return Within(slot, frozenset(condition.outcomes))


def all_names(corpus: Corpus) -> set[str]:
    """Full names of every rule and condition of a corpus, in force or not."""
    names = set()
    for file in corpus.rulesets:
        names |= {f"{file.ruleset.id}/{name}" for name in file.ruleset.conditions}
        names |= {f"{file.ruleset.id}/{rule.id}" for rule in file.ruleset.rules}
    return names
