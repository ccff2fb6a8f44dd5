"""Why a decision came out as it did, rule by rule: each rule's conditions as a tree with the values given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from eco_rules.decision.decision import Citation, Decision
from eco_rules.engine.engine import Engine
from eco_rules.engine.regime import Regime
from eco_rules.ir.facts import OUTCOME_PREFIX
from eco_rules.ir.lower import RuleCode
from eco_rules.ir.nodes import And, AtLeast, Fixed, Node, Not, Or, Ref, slots_of
from eco_rules.ir.render import Renderer
from eco_rules.model.case import Case
from eco_rules.model.matter import Matter
from eco_rules.truth import Truth, negate
from eco_rules.words import Lang, Text, marks

Standing = Literal["holds", "barred", "fails", "open"]
_FEW = 3
"""A rule that fails by at most so many tests failed by little."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One item of a condition: its truth, what it says, the value given, and its parts.

    `kind` is `test` for a single test; otherwise how many of the parts must hold: `all`, `any`, or `count`.
    """

    truth: Truth
    kind: Literal["test", "all", "any", "count"]
    text: str
    given: str | None = None
    count: int = 0
    parts: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What bars a rule, or would: its name, how it bars, and its own conditions."""

    name: str
    title: str
    reason: Literal["unless", "overrides", "replaces"]
    branch: Branch


@dataclass(frozen=True, slots=True)
class RuleAccount:
    """One rule: what it gives, how it stands in this case, its conditions, what bars it, and what failed.

    `short_by` is the least number of tests that would have to come out otherwise for its conditions to hold;
    `specific`: it says itself which cases it is about; `law_of` the day under whose law it was judged.
    """

    rule: str
    title: str
    outcome: str
    outcome_label: str
    modality: str | None
    standing: Standing
    branch: Branch
    obstacles: tuple[Obstacle, ...]
    failing: tuple[str, ...]
    short_by: int
    specific: bool
    clauses: tuple[Citation, ...]
    law_of: date


@dataclass(frozen=True, slots=True)
class Account:
    """A decision and the rules that matter to it, those that hold first; `left_out` rules failed by much."""

    decision: Decision
    rules: tuple[RuleAccount, ...]
    left_out: int


def account(engine: Engine, case: Case, decision: Decision, lang: Lang) -> Account:
    """The rules that hold, are barred, are open or fail by little, under every law the case was judged by."""
    regimes = engine.sitting(case).judged(engine.rulesets.matters[decision.matter]).regimes
    found: dict[tuple[object, ...], RuleAccount] = {}
    left_out: set[str] = set()
    for regime in regimes:
        teller = _Teller(engine, regime, lang)
        for rule in regime.stack.rules:
            if rule.effect is None or regime.truths[rule.scope] is False:
                continue
            told = teller.rule(rule)
            if _matters(told, decision, engine.rulesets.matters[decision.matter]):
                found.setdefault((told.rule, told.standing, told.branch), told)
            else:
                left_out.add(told.rule)
    order = {"holds": 0, "barred": 1, "open": 2, "fails": 3}
    ranked = sorted(found.values(), key=lambda item: (order[item.standing], item.short_by, not item.specific))
    return Account(decision, tuple(ranked), len(left_out - {item.rule for item in ranked}))


def _matters(told: RuleAccount, decision: Decision, matter: Matter) -> bool:
    """Whether a rule says something about the result: what failed by much, or would change nothing, does not."""
    if told.standing == "open":
        return decision.status == "undetermined"
    if told.standing == "fails":
        return told.short_by <= _FEW and told.outcome != decision.outcome and told.outcome not in matter.precedence
    return True


_ALWAYS = Branch(True, "all", "")
"""What holds in every case; it is not told."""


class _Teller:
    """Tells the rules of one regime."""

    def __init__(self, engine: Engine, regime: Regime, lang: Lang) -> None:
        self._engine = engine
        self._regime = regime
        self._lang: Lang = lang
        self._matters = engine.rulesets.matters
        self._vocabulary = regime.stack.table.vocabulary
        self._renderer = Renderer(regime.stack, engine.rulesets.matters, lang=lang)
        self._titles = {index: title for title, index in regime.stack.names.values()}

    def rule(self, rule: RuleCode) -> RuleAccount:
        """One rule, told."""
        assert rule.effect is not None  # the caller looked
        truths = self._regime.truths
        expressions = self._regime.stack.program.expressions
        branch = self._branch(expressions[rule.when], negated=False)
        obstacles = tuple(
            Obstacle(item.name, item.title, item.reason, self._branch(Ref(item.index), negated=False))
            for item in rule.barriers
        )
        failing: tuple[str, ...] = ()
        if truths[rule.when] is False:
            failing = tuple(dict.fromkeys(_failed(branch)))
        return RuleAccount(
            rule.id,
            rule.title,
            rule.effect.outcome,
            self._regime.stack.matter.outcomes[rule.effect.outcome],
            rule.effect.modality,
            self._standing(rule),
            branch,
            obstacles,
            failing,
            _short_by(branch),
            rule.specific,
            self._engine.cite((*rule.standing.cites, *rule.authority)),
            self._regime.day,
        )

    def _standing(self, rule: RuleCode) -> Standing:
        truths = self._regime.truths
        if truths[rule.holds]:
            return "holds"
        if truths[rule.when] is False:
            return "fails"
        return "barred" if truths[rule.holds] is False else "open"

    def _branch(self, node: Node, *, negated: bool) -> Branch:
        """A node as a branch; `not` is pushed down to the tests, so that a tick always means `as wanted`."""
        if isinstance(node, Not):
            return self._branch(node.item, negated=not negated)
        truth = self._regime.reading.truth(node)
        truth = negate(truth) if negated else truth
        if isinstance(node, Ref):
            return self._reference(node, truth, negated=negated)
        if isinstance(node, And | Or):
            parts = tuple(self._parts(node, negated=negated))
            if len(parts) == 1:
                return parts[0]
            return Branch(truth, "all" if isinstance(node, And) is not negated else "any", "", parts=parts)
        if isinstance(node, AtLeast):
            # Fewer than n of m hold exactly when at least m - n + 1 fail.
            count = len(node.items) - node.count + 1 if negated else node.count
            parts = tuple(self._branch(item, negated=negated) for item in node.items)
            return Branch(truth, "count", "", count=count, parts=parts)
        if isinstance(node, Fixed):
            text = self._renderer.sentence(node, negated=negated)
            return Branch(truth, "test", text) if not truth else _ALWAYS
        return Branch(truth, "test", self._renderer.atom(node, negated=negated), self._given(slots_of(node)))

    def _parts(self, node: And | Or, *, negated: bool) -> Iterator[Branch]:
        """The parts of a node; what only nests the same connective is told flat."""
        whole = "all" if isinstance(node, And) is not negated else "any"
        for item in node.items:
            branch = self._branch(item, negated=negated)
            if branch == _ALWAYS:
                continue
            if branch.kind == whole and not branch.text:
                yield from branch.parts
            else:
                yield branch

    def _reference(self, node: Ref, truth: Truth, *, negated: bool) -> Branch:
        inner = self._branch(self._regime.stack.program.expressions[node.index], negated=negated)
        title = self._titles.get(node.index)
        if title is None:
            return inner
        if inner.kind == "test":
            return Branch(truth, "all", f"“{title}”", parts=(inner,))
        return Branch(truth, inner.kind, f"“{title}”", count=inner.count, parts=inner.parts)

    def _given(self, slots: tuple[int, ...]) -> str:
        values = self._regime.filling.values
        said = []
        for slot in slots:
            key = self._regime.stack.table.slots[slot].key
            if key.name.startswith(OUTCOME_PREFIX):
                said.append(self._outcome(key.name.removeprefix(OUTCOME_PREFIX), slot))
            else:
                said.append(self._vocabulary.value_label(key, values[slot], self._lang))
        return " / ".join(said)

    def _outcome(self, matter: str, slot: int) -> str:
        value = self._regime.filling.values[slot]
        names = sorted(getattr(value, "possible", None) or ())
        between, unknown = marks(self._lang).between, Text("未知", "unknown").to(self._lang)
        return between.join(self._matters[matter].outcomes[name] for name in names) or unknown


def _short_by(branch: Branch) -> int:
    """How many tests at least would have to come out otherwise for a branch to hold; unknown ones count."""
    if branch.truth:
        return 0
    parts = sorted(_short_by(part) for part in branch.parts)
    if branch.kind == "test":
        return 1
    needed = {"all": len(parts), "any": 1}.get(branch.kind, branch.count)
    return sum(parts[:needed])


def _failed(branch: Branch) -> Iterator[str]:
    """The tests that made a branch fail."""
    if branch.truth is not False:
        return
    if branch.kind == "test":
        yield branch.text
    for part in branch.parts:
        yield from _failed(part)
