"""Conditions read aloud in Chinese."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from eco_rules.ir.facts import OUTCOME_PREFIX
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
from eco_rules.values.kinds import number_text


class Renderer:
    """Reads the expressions of one stack aloud; references to named conditions are spelled out."""

    def __init__(self, stack: Stack, titles: dict[int, str] | None = None) -> None:
        self._stack = stack
        self._titles = titles or {}

    def sentence(self, node: Node, *, negated: bool = False) -> str:
        """A node as one sentence."""
        if isinstance(node, Ref):
            if node.index in self._titles:
                return ("不属于" if negated else "") + f"“{self._titles[node.index]}”"
            return self.sentence(self._stack.program.expressions[node.index], negated=negated)
        if isinstance(node, Fixed):
            return "恒成立" if node.value is not negated else "恒不成立"
        if isinstance(node, Not):
            return self.sentence(node.item, negated=not negated)
        if isinstance(node, And | Or):
            both = isinstance(node, And) is not negated
            parts = [self._part(item, negated=negated) for item in node.items if item != Fixed(value=True)]
            return ("，且" if both else "，或者").join(parts) or "恒成立"
        if isinstance(node, AtLeast):
            parts = [self._part(item, negated=False) for item in node.items]
            return f"以下{len(parts)}项中{'不足' if negated else '至少'}{node.count}项成立：" + "；".join(parts)
        return self.atom(node, negated=negated)

    def _part(self, node: Node, *, negated: bool) -> str:
        inner = node.item if isinstance(node, Not) else node
        text = self.sentence(node, negated=negated)
        return f"（{text}）" if isinstance(inner, And | Or | AtLeast) else text

    def atom(self, atom: Atom, *, negated: bool = False) -> str:
        """A test with the fact it is about."""
        return f"{self._label(atom.slot)}{self.wanted(atom, negated=negated)}"

    def wanted(self, atom: Atom, *, negated: bool = False) -> str:
        """What a test wants of its fact, without the fact's name."""
        if isinstance(atom, Below):
            return self._below(atom, negated=negated)
        if isinstance(atom, Known):
            return "尚未查明" if negated else "已查明"
        if isinstance(atom, Equals):
            if isinstance(atom.value, bool):
                return "为“是”" if atom.value is not negated else "为“否”"
            return ("不是" if negated else "是") + self._value(atom.slot, atom.value)
        names = "、".join(self._value(atom.slot, item) for item in sorted(atom.values))
        if isinstance(atom, OneOf | Within):
            return ("不属于" if negated else "属于") + names
        if isinstance(atom, Intersects):
            return ("不含" if negated else "含有") + names + ("中任何一项" if len(atom.values) > 1 else "")
        return ("未同时包含" if negated else "包含") + names

    def _below(self, atom: Below, *, negated: bool) -> str:
        words = {(False, False): "小于", (True, False): "不大于", (False, True): "不小于", (True, True): "大于"}
        dates = {(False, False): "早于", (True, False): "不晚于", (False, True): "不早于", (True, True): "晚于"}
        table = dates if self._is_date(atom.slot) else words
        limit = self._value(atom.slot, atom.limit) if atom.limit is not None else self._label(atom.other or 0)
        return table[(atom.inclusive, negated)] + limit

    def _is_date(self, slot: int) -> bool:
        return self._stack.table.vocabulary.spec(self._stack.table.slots[slot].key).type == "date"

    def _label(self, slot: int) -> str:
        key = self._stack.table.slots[slot].key
        if key.name.startswith(OUTCOME_PREFIX):
            return f"事项 {key.name.removeprefix(OUTCOME_PREFIX)} 的结论"
        return self._stack.table.vocabulary.label(key)

    def _value(self, slot: int, value: Constant) -> str:
        key = self._stack.table.slots[slot].key
        if isinstance(value, date):
            return value.isoformat()
        if key.name.startswith(OUTCOME_PREFIX):
            return str(value)
        spec = self._stack.table.vocabulary.spec(key)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return number_text(value) + (f" {spec.unit}" if spec.unit else "")
        return f"“{spec.values.get(str(value), str(value))}”"
