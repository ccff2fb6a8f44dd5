"""Conditions as a person lists them: one line for a test, a list of lines for what belongs together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eco_rules.ir.facts import OUTCOME_PREFIX, matter_asked
from eco_rules.ir.nodes import And, AtLeast, Atom, Below, Equals, Fixed, Node, Not, OneOf, Or, Ref
from eco_rules.ir.render import Renderer
from eco_rules.ir.vocabulary import describe, in_order
from eco_rules.model.matter import Matter
from eco_rules.reporting.handbook.links import Links, Word
from eco_rules.reporting.handbook.lowered import Lowered
from eco_rules.words import Lang, Text, marks

_EVERY = Text("以下各项均成立", "all of these")
_SOME = Text("以下任何一项成立", "any of these")
_NOT = Text("不属于", "not ")
_AND = Text("，且", " and ")
_ASKED = {
    False: Text("的结论", ": the outcome"),
    True: Text("（行为当日）的结论", " (on the day of the act): the outcome"),
}


@dataclass(frozen=True, slots=True)
class Prose:
    """A line, and the lines below it; `kind` is `all`, `any` or `some` where there are any."""

    words: tuple[Word, ...]
    items: tuple[Prose, ...] = ()
    kind: str = ""

    @property
    def text(self) -> str:
        """The words alone, for places that cannot hold a list."""
        return "".join(word.text for word in self.words)


class Teller:
    """Tells the expressions of one ruleset; facts, conditions and matters lead to their pages."""

    def __init__(self, lowered: Lowered, links: Links, matters: Mapping[str, Matter], lang: Lang) -> None:
        self._lowered = lowered
        self._stack = lowered.stack
        self._links = links
        self._matters = matters
        self._lang: Lang = lang
        self._renderer = Renderer(lowered.stack, matters, lang=lang)
        self._names = {index: (name, title) for name, (title, index) in lowered.stack.names.items()}

    def tell(self, node: Node, *, negated: bool = False) -> Prose:
        """A node in words."""
        if isinstance(node, Ref):
            if node.index in self._names:
                return Prose(self._named(node.index, negated=negated))
            return self.tell(self._stack.program.expressions[node.index], negated=negated)
        if isinstance(node, Not):
            return self.tell(node.item, negated=not negated)
        if isinstance(node, And | Or):
            return self._junction(node, negated=negated)
        if isinstance(node, AtLeast):
            return self._quorum(node, negated=negated)
        if isinstance(node, Fixed):
            return Prose((Word(self._renderer.sentence(node, negated=negated)),))
        return Prose((self.label(node.slot), Word(self._wanted(node, negated=negated))))

    def wanted(self, node: Node) -> Prose:
        """What a test wants, for a cell below the fact's name; yes and no alone."""
        negated = isinstance(node, Not)
        atom = node.item if isinstance(node, Not) else node
        if isinstance(atom, Ref):
            return Prose((Word(_YES[not negated].to(self._lang)),))
        assert not isinstance(atom, And | Or | AtLeast | Not | Fixed)  # only tests of one fact have a column
        if isinstance(atom, Equals) and isinstance(atom.value, bool):
            return Prose((Word(_YES[atom.value is not negated].to(self._lang)),))
        if isinstance(atom, Equals | OneOf) and not negated:
            return Prose((Word(self._values(atom)),))
        return Prose((Word(self._renderer.wanted(atom, negated=negated)),))

    def column(self, ref: Ref) -> Word:
        """The name of a named condition, for the head of a column."""
        name, title = self._names[ref.index]
        return Word(title, self._links.part(name, self._stack.files))

    def _values(self, atom: Equals | OneOf) -> str:
        """The values a test wants, as the vocabulary names them."""
        spec = self._stack.table.vocabulary.spec(self._stack.table.slots[atom.slot].key)
        if isinstance(atom, Equals):
            return describe(atom.value, spec.values, spec.unit, self._lang)
        names = in_order(atom.values, spec.values)
        return Text("或者", " or ").to(self._lang).join(spec.values.get(name, name) for name in names)

    def label(self, slot: int) -> Word:
        """The name of a fact, or of another matter's outcome."""
        key = self._stack.table.slots[slot].key
        if not key.name.startswith(OUTCOME_PREFIX):
            text = self._stack.table.vocabulary.label(key, self._lang)
            return Word(text, self._links.fact(self._stack.matter, key.name))
        question = key.name.removeprefix(OUTCOME_PREFIX)
        other = self._matters[matter_asked(question)]
        return Word(other.label + _ASKED[question != other.id].to(self._lang), self._links.matter(other.id))

    def _wanted(self, atom: Atom, *, negated: bool) -> str:
        text = self._renderer.wanted(atom, negated=negated)
        return text if self._lang == "zh" else f" {text}"

    def _named(self, index: int, *, negated: bool) -> tuple[Word, ...]:
        name, title = self._names[index]
        link = Word(title, self._links.part(name, self._stack.files))
        return (Word((_NOT.to(self._lang) if negated else "") + "“"), link, Word("”"))

    def _junction(self, node: And | Or, *, negated: bool) -> Prose:
        every = isinstance(node, And) is not negated
        parts = self._flat(node, negated=negated, every=every)
        if len(parts) == 1:
            return self.tell(parts[0][0], negated=parts[0][1])
        if every and (slot := _one_slot([part for part, _ in parts])) is not None:
            return Prose((self.label(slot), Word(self._both(parts))))
        lead = (_EVERY if every else _SOME).to(self._lang) + marks(self._lang).colon.strip()
        told = tuple(self.tell(part, negated=turned) for part, turned in parts)
        return Prose((Word(lead),), told, "all" if every else "any")

    def _both(self, parts: list[tuple[Node, bool]]) -> str:
        """Two bounds of one fact in one line: 不小于 5，且不大于 10."""
        said = [self._renderer.wanted(part, negated=turned) for part, turned in parts]  # type: ignore[arg-type]
        return ("" if self._lang == "zh" else " ") + _AND.to(self._lang).join(said)

    def _flat(self, node: And | Or, *, negated: bool, every: bool) -> list[tuple[Node, bool]]:
        """The parts and whether each is turned round; those that stand in the same list once told are opened."""
        found: list[tuple[Node, bool]] = []
        for item in node.items:
            inner, turned = self._bare(item, negated=negated)
            if isinstance(inner, And | Or) and (isinstance(inner, And) is not turned) is every:
                found += self._flat(inner, negated=turned, every=every)
            elif inner != Fixed(value=True):
                found.append((inner, turned))
        return found

    def _bare(self, node: Node, *, negated: bool) -> tuple[Node, bool]:
        """A node without the negations and nameless references around it."""
        while isinstance(node, Not | Ref):
            if isinstance(node, Not):
                node, negated = node.item, not negated
            elif node.index in self._names:
                break
            else:
                node = self._stack.program.expressions[node.index]
        return node, negated

    def _quorum(self, node: AtLeast, *, negated: bool) -> Prose:
        told = tuple(self.tell(item) for item in node.items)
        lead = Text(
            f"以下 {len(told)} 项中{'不足' if negated else '至少'} {node.count} 项成立：",
            f"{'fewer than' if negated else 'at least'} {node.count} of these {len(told)}:",
        )
        return Prose((Word(lead.to(self._lang)),), told, "some")


_YES = {True: Text("是", "yes"), False: Text("否", "no")}


def _one_slot(parts: list[Node]) -> int | None:
    """The slot that all parts bound, when they are bounds of one fact by constants."""
    slots = {part.slot if isinstance(part, Below) and part.other is None else -1 for part in parts}
    return slots.pop() if len(slots) == 1 and -1 not in slots else None
