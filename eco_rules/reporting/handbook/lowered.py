"""Rulesets lowered for reading: the expressions behind each rule, condition and duty."""

from __future__ import annotations

from collections.abc import Iterator

from eco_rules.diagnostics import Problems
from eco_rules.ir.lower import Lowering, RuleCode, Stack
from eco_rules.ir.nodes import ATOM_KINDS, And, Fixed, Node, Ref, slots_of, walk
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.ruleset import Rule, Side


class Lowered:
    """One ruleset among those it is in force with. `stack` holds every expression of the matter."""

    def __init__(self, file: RulesetFile, stack: Stack) -> None:
        self.file = file
        self.stack = stack
        self._codes = {code.id: code for code in stack.rules}
        self._sides = {id(side.item): side.index for side in stack.sides}

    def code(self, rule: Rule) -> RuleCode:
        """A rule as the engine sees it."""
        return self._codes[f"{self.file.ruleset.id}/{rule.id}"]

    def common_scope(self) -> Node | None:
        """What every rule of the ruleset demands first."""
        if self.file.ruleset.applies is None or not self.file.ruleset.rules:
            return None
        node = self.stack.program.expressions[self.code(self.file.ruleset.rules[0]).scope]
        return node.items[0] if self.file.ruleset.rules[0].applies is not None and isinstance(node, And) else node

    def scope(self, rule: Rule) -> Node | None:
        """Which cases a rule is about, besides what its whole ruleset is about."""
        if rule.applies is None:
            return None
        node = self.stack.program.expressions[self.code(rule).scope]
        return node.items[1] if self.file.ruleset.applies is not None and isinstance(node, And) else node

    def when(self, rule: Rule) -> Node | None:
        """What the cases a rule is about must satisfy."""
        node = self.stack.program.expressions[self.code(rule).when]
        return node.items[1] if isinstance(node, And) and rule.when is not None else None

    def condition(self, ident: str) -> Node:
        """A named condition."""
        return self.stack.program.expressions[self.stack.names[f"{self.file.ruleset.id}/{ident}"][1]]

    def side(self, item: Side) -> Node | None:
        """When a duty, material or notice applies; None where it always does."""
        node = self.stack.program.expressions[self._sides[id(item)]]
        return None if isinstance(node, Fixed) else node

    def nodes(self) -> Iterator[tuple[str, Node]]:
        """Every expression of the ruleset with the name of the rule, condition or duty it belongs to."""
        if (common := self.common_scope()) is not None:
            yield "", common
        for name in self.file.ruleset.conditions:
            yield name, self.condition(name)
        for rule in self.file.ruleset.rules:
            yield from ((rule.id, node) for node in (self.scope(rule), self.when(rule)) if node is not None)
        for items in self.file.ruleset.sides.values():
            yield from ((item.id, node) for item in items if (node := self.side(item)) is not None)

    def slots(self, node: Node) -> Iterator[int]:
        """The slots a node reads itself; named conditions and other rules are not followed."""
        named = {index for _, index in self.stack.names.values()}
        for part in walk(node):
            if isinstance(part, ATOM_KINDS):
                yield from slots_of(part)
            elif isinstance(part, Ref) and part.index not in named:
                yield from self.slots(self.stack.program.expressions[part.index])


class Shelf:
    """Lowers each ruleset once, together with the versions of its neighbours it is in force with."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._stacks: dict[tuple[str, ...], Stack] = {}
        self._found: dict[str, Lowered] = {}

    def of(self, file: RulesetFile) -> Lowered:
        """A ruleset, lowered."""
        if file.stamp.id not in self._found:
            self._found[file.stamp.id] = Lowered(file, self._stack(file))
        return self._found[file.stamp.id]

    def _stack(self, file: RulesetFile) -> Stack:
        chosen: dict[str, RulesetFile] = {}
        for other in self._corpus.rulesets:
            if other.ruleset.matter == file.ruleset.matter and _better(other, chosen.get(other.ruleset.id), file):
                chosen[other.ruleset.id] = other
        chosen[file.ruleset.id] = file
        key = tuple(item.stamp.id for item in chosen.values())
        if key not in self._stacks:
            matter = self._corpus.matters[file.ruleset.matter]
            self._stacks[key] = Lowering(self._corpus, matter, list(chosen.values()), None, Problems()).stack(())
        return self._stacks[key]


def _better(other: RulesetFile, known: RulesetFile | None, file: RulesetFile) -> bool:
    """Whether a version of a neighbour fits a ruleset better: in force with it, then later."""
    if known is None:
        return True
    one, two = (item.ruleset.effective for item in (other, known))
    period = file.ruleset.effective
    return (one.overlaps(period), one.start) > (two.overlaps(period), two.start)
