"""The meaning of conditions, apart from how they are written: forms that are equal when the meaning plainly is.

Order, nesting of the same connective, double negation and the names of conditions do not count. Equal forms
mean the same; different forms may still mean the same, which only a search or a proof can tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from eco_rules.diagnostics import Problems
from eco_rules.ir.lower import Lowering, RuleCode, Stack
from eco_rules.ir.nodes import (
    ATOM_KINDS,
    And,
    AtLeast,
    Atom,
    Below,
    Equals,
    Fixed,
    Known,
    Node,
    Not,
    Or,
    Ref,
    children,
    slots_of,
    walk,
)
from eco_rules.ir.render import Renderer
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.values.kinds import number_text
from eco_rules.words import Lang

Form: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One test or named condition of a condition: what it is about, what it wants, and its form."""

    subject: str
    wanted: str
    form: Form


class Reader:
    """Ruleset files of one matter that may refer to each other, lowered together."""

    def __init__(self, corpus: Corpus, files: Sequence[RulesetFile], lang: Lang) -> None:
        matter = corpus.matters[files[0].ruleset.matter]
        self.stack: Stack = Lowering(corpus, matter, files, None, Problems()).stack(())
        self._names = {index: name for name, (_, index) in self.stack.names.items()}
        titles = {index: title for title, index in self.stack.names.values()}
        self._renderer = Renderer(self.stack, corpus.matters, titles, lang)
        self.rules = {rule.id: rule for rule in self.stack.rules}

    def expression(self, index: int) -> Node:
        """An expression of the program."""
        return self.stack.program.expressions[index]

    def condition(self, name: str) -> Node | None:
        """The meaning of a named condition."""
        return self.expression(self.stack.names[name][1]) if name in self.stack.names else None

    def sentence(self, node: Node) -> str:
        """A node in words; named conditions by their titles."""
        return self._renderer.sentence(node)

    def form(self, node: Node, *, whole: bool, negated: bool = False) -> Form:
        """The form of a node; `whole` spells named conditions out, otherwise they stand by name."""
        if isinstance(node, Not):
            return self.form(node.item, whole=whole, negated=not negated)
        if isinstance(node, Ref):
            name = self._names.get(node.index)
            if name is not None and not whole:
                return ("name", name, negated)
            return self.form(self.expression(node.index), whole=whole, negated=negated)
        if isinstance(node, And | Or):
            return self._junction(node, whole=whole, negated=negated)
        if isinstance(node, AtLeast):
            parts = Counter(self.form(item, whole=whole) for item in node.items)
            return ("count", node.count, frozenset(parts.items()), negated)
        if isinstance(node, Fixed):
            return ("fixed", node.value is not negated)
        return self._atom(node, negated=negated)

    def _junction(self, node: And | Or, *, whole: bool, negated: bool) -> Form:
        kind = "all" if isinstance(node, And) is not negated else "any"
        parts: set[Form] = set()
        for item in node.items:
            part = self.form(item, whole=whole, negated=negated)
            if part[0] == kind and isinstance(part[1], frozenset):
                parts |= part[1]
            elif part != ("fixed", kind == "all"):
                parts.add(part)
        if len(parts) == 1:
            return next(iter(parts))
        return (kind, frozenset(parts)) if parts else ("fixed", kind == "all")

    def _atom(self, atom: Atom, *, negated: bool) -> Form:
        key = str(self.stack.table.slots[atom.slot].key)
        if isinstance(atom, Below):
            other = str(self.stack.table.slots[atom.other].key) if atom.other is not None else None
            return ("below", key, _value(atom.limit), other, atom.inclusive, negated)
        if isinstance(atom, Known):
            return ("known", key, negated)
        if isinstance(atom, Equals):
            if isinstance(atom.value, bool):  # `is not no` is `is yes`
                return ("equals", key, atom.value is not negated, False)
            return ("equals", key, _value(atom.value), negated)
        return (type(atom).__name__, key, frozenset(atom.values), negated)

    def items(self, node: Node, *, negated: bool = False) -> Iterator[Item]:
        """Every test and named condition below a node."""
        if isinstance(node, Not):
            yield from self.items(node.item, negated=not negated)
        elif isinstance(node, Ref):
            name = self._names.get(node.index)
            if name is None:
                yield from self.items(self.expression(node.index), negated=negated)
            else:
                form = self.form(node, whole=False, negated=negated)
                said = self._renderer.sentence(node, negated=negated)
                yield Item(name, said, form)
        elif isinstance(node, And | Or | AtLeast):
            flip = negated and not isinstance(node, AtLeast)
            for item in node.items:
                yield from self.items(item, negated=flip)
        elif not isinstance(node, Fixed):
            label = self._renderer.atom(node, negated=negated)
            wanted = self._renderer.wanted(node, negated=negated)
            yield Item(label.removesuffix(wanted).strip(), wanted, self._atom(node, negated=negated))

    def rule_form(self, rule: RuleCode) -> Form:
        """Everything about a rule that bears on decisions, but the days on which it is in force."""
        ground = rule.standing
        return (
            self.form(self.expression(rule.when), whole=True),
            frozenset((item.reason, self.form(Ref(item.index), whole=True)) for item in rule.barriers),
            rule.effect,
            rule.sanction,
            (ground.rank, ground.issuer, ground.since),
            frozenset(rule.special_to),
        )

    def referred(self, name: str) -> set[str]:
        """The rules and conditions of other rulesets a rule refers to: they may be in force at other times."""
        rule, found = self.rules[name], set()
        todo: list[Node] = [Ref(rule.when), *(Ref(item.index) for item in rule.barriers)]
        while todo:
            node = todo.pop()
            if isinstance(node, Ref):
                found.add(self._names.get(node.index, name))
                todo.append(self.expression(node.index))
            todo += children(node)
        return {other for other in found if other.rpartition("/")[0] != name.rpartition("/")[0]}

    def facts_read(self, name: str) -> set[str]:
        """The facts a rule reads, and those they derive from."""
        rule, slots = self.rules[name], self.stack.table.slots
        todo: list[Node] = [Ref(rule.holds), Ref(rule.when)]
        done: set[int] = set()
        indices: set[int] = set()
        while todo:
            for part in walk(todo.pop()):
                if isinstance(part, Ref) and part.index not in done:
                    done.add(part.index)
                    todo.append(self.expression(part.index))
                elif isinstance(part, ATOM_KINDS):
                    indices.update(slots_of(part))
        for index in range(len(slots) - 1, -1, -1):  # inputs stand before what derives from them
            if index in indices:
                indices.update(slots[index].inputs)
        return {slots[index].key.name for index in indices}


def _value(value: object) -> object:
    """A constant; `1` and `1.0` are one number, but not `true`."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return (type(value).__name__, value)
    return number_text(value) if hasattr(value, "as_tuple") or isinstance(value, int) else value  # type: ignore[arg-type]
