"""Conditions read aloud; law words stay Chinese, the words between them follow the language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from eco_rules.ir.facts import OUTCOME_PREFIX, matter_asked
from eco_rules.ir.lower import Stack
from eco_rules.ir.nodes import (
    And,
    AtLeast,
    Atom,
    Below,
    Constant,
    Equals,
    Fixed,
    Intersects,
    Known,
    Node,
    Not,
    OneOf,
    Or,
    Ref,
    Within,
)
from eco_rules.ir.vocabulary import in_order
from eco_rules.model.matter import Matter
from eco_rules.values.kinds import number_text
from eco_rules.words import Lang, Text, marks

_ALWAYS = {True: Text("恒成立", "always"), False: Text("恒不成立", "never")}
_KNOWN = {False: Text("已查明", " is known"), True: Text("尚未查明", " is not known")}
_IS = {False: Text("是", " is "), True: Text("不是", " is not ")}
_YES = {True: Text("为“是”", " is yes"), False: Text("为“否”", " is no")}
_ONE_OF = {False: Text("属于", " is one of "), True: Text("不属于", " is none of ")}
_ALL_OF = {False: Text("包含", " includes "), True: Text("未同时包含", " does not include all of ")}
_ANY_OF = {False: Text("含有", " includes "), True: Text("不含", " does not include ")}
_NUMBERS = {
    (False, False): Text("小于", " is less than "),
    (True, False): Text("不大于", " is at most "),
    (False, True): Text("不小于", " is at least "),
    (True, True): Text("大于", " is more than "),
}
_DATES = {
    (False, False): Text("早于", " is before "),
    (True, False): Text("不晚于", " is not after "),
    (False, True): Text("不早于", " is not before "),
    (True, True): Text("晚于", " is after "),
}


class Renderer:
    """Reads the expressions of one stack aloud; references to named conditions are spelled out."""

    def __init__(
        self, stack: Stack, matters: Mapping[str, Matter], titles: dict[int, str] | None = None, lang: Lang = "zh"
    ) -> None:
        self._stack = stack
        self._matters = matters
        self._titles = titles or {}
        self._lang: Lang = lang
        self._marks = marks(lang)

    def sentence(self, node: Node, *, negated: bool = False) -> str:
        """A node as one sentence."""
        if isinstance(node, Ref):
            if node.index in self._titles:
                return self._say(Text("不属于", "not ") if negated else Text("", "")) + f"“{self._titles[node.index]}”"
            return self.sentence(self._stack.program.expressions[node.index], negated=negated)
        if isinstance(node, Fixed):
            return self._say(_ALWAYS[node.value is not negated])
        if isinstance(node, Not):
            return self.sentence(node.item, negated=not negated)
        if isinstance(node, And | Or):
            both = isinstance(node, And) is not negated
            parts = [self._part(item, negated=negated) for item in node.items if item != Fixed(value=True)]
            word = Text("，且", " and ") if both else Text("，或者", " or ")
            return self._say(word).join(parts) or self._say(_ALWAYS[True])
        if isinstance(node, AtLeast):
            parts = [self._part(item, negated=False) for item in node.items]
            count = Text(
                f"以下{len(parts)}项中{'不足' if negated else '至少'}{node.count}项成立：",
                f"{'fewer than' if negated else 'at least'} {node.count} of these {len(parts)} hold: ",
            )
            return self._say(count) + self._marks.semicolon.join(parts)
        return self.atom(node, negated=negated)

    def _say(self, text: Text) -> str:
        return text.to(self._lang)

    def _part(self, node: Node, *, negated: bool) -> str:
        inner = node.item if isinstance(node, Not) else node
        text = self.sentence(node, negated=negated)
        return self._marks.bracket(text).strip() if isinstance(inner, And | Or | AtLeast) else text

    def atom(self, atom: Atom, *, negated: bool = False) -> str:
        """A test with the fact it is about."""
        return f"{self._label(atom.slot)}{self._wanted(atom, negated=negated)}"

    def wanted(self, atom: Atom, *, negated: bool = False) -> str:
        """What a test wants of its fact, without the fact's name."""
        return self._wanted(atom, negated=negated).strip()

    def _wanted(self, atom: Atom, *, negated: bool) -> str:
        if isinstance(atom, Below):
            return self._below(atom, negated=negated)
        if isinstance(atom, Known):
            return self._say(_KNOWN[negated])
        if isinstance(atom, Equals):
            if isinstance(atom.value, bool):
                return self._say(_YES[atom.value is not negated])
            return self._say(_IS[negated]) + self._value(atom.slot, atom.value)
        values = in_order(atom.values, self._values(atom.slot))
        names = self._marks.between.join(self._value(atom.slot, item) for item in values)
        if isinstance(atom, OneOf | Within):
            return self._say(_ONE_OF[negated] if len(values) > 1 or self._lang == "zh" else _IS[negated]) + names
        if isinstance(atom, Intersects):
            several = len(values) > 1
            before = Text("", "any of ") if several else Text("", "")
            after = Text("中任何一项", "") if several else Text("", "")
            return self._say(_ANY_OF[negated]) + self._say(before) + names + self._say(after)
        return self._say(_ALL_OF[negated]) + names

    def _below(self, atom: Below, *, negated: bool) -> str:
        table = _DATES if self._is_date(atom.slot) else _NUMBERS
        limit = self._value(atom.slot, atom.limit) if atom.limit is not None else self._label(atom.other or 0)
        return self._say(table[(atom.inclusive, negated)]) + limit

    def _is_date(self, slot: int) -> bool:
        return self._stack.table.vocabulary.spec(self._stack.table.slots[slot].key).type == "date"

    def _label(self, slot: int) -> str:
        key = self._stack.table.slots[slot].key
        if key.name.startswith(OUTCOME_PREFIX):
            question = key.name.removeprefix(OUTCOME_PREFIX)
            asked = matter_asked(question)
            name = self._matters[asked].label
            if asked != question:
                return self._say(Text(f"行为当日“{name}”的结论", f"the outcome of {name} on the day of the act"))
            return self._say(Text(f"“{name}”的结论", f"the outcome of {name}"))
        return self._stack.table.vocabulary.label(key, self._lang)

    def _values(self, slot: int) -> Mapping[str, str]:
        """The values a fact, or another matter's outcome, may have, in order."""
        key = self._stack.table.slots[slot].key
        if key.name.startswith(OUTCOME_PREFIX):
            return self._matters[matter_asked(key.name.removeprefix(OUTCOME_PREFIX))].outcomes
        return self._stack.table.vocabulary.spec(key).values

    def _value(self, slot: int, value: Constant) -> str:
        if isinstance(value, date):
            return value.isoformat()
        values = self._values(slot)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            unit = self._stack.table.vocabulary.spec(self._stack.table.slots[slot].key).unit
            return number_text(value) + (f" {unit}" if unit else "")
        return f"“{values.get(str(value), str(value))}”"
