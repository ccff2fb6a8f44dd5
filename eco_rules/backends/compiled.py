"""Generated Python, two rails an expression: `m` (it must hold) and `p` (it possibly holds).

Code is made from the validated IR only: generated names and references into a table of constants, never
a text from a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from eco_rules.backends.base import Evaluate
from eco_rules.ir.compare import equal
from eco_rules.ir.nodes import (
    ATOM_KINDS,
    And,
    AtLeast,
    Atom,
    Below,
    Equals,
    Fixed,
    Includes,
    Intersects,
    Known,
    Node,
    Not,
    OneOf,
    Or,
    Program,
    Ref,
    Within,
    slots_of,
    walk,
)
from eco_rules.values.clauses import ClauseName
from eco_rules.values.kinds import Interval, Value, is_exact

_PLAIN = frozenset((bool, int, str, Decimal, date))
"""Types of which every value is exact."""


def prepare(program: Program) -> Evaluate:
    """Generate and compile one function for the whole program."""
    writer = Writer()
    body = unpacked(program.expressions)
    for index, node in enumerate(program.expressions):
        # Most expressions of most cases fail: they do at once, on the rail that comes first.
        body.append(f"p{index} = {writer.may(node)}")
        body.append(f"m{index} = p{index} and {writer.must(node)}")
    results = "".join(f"p{i} and (m{i} or None), " for i in range(len(program.expressions)))
    evaluate: Evaluate = writer.function([*body, f"return ({results})"])
    return evaluate


def unpacked(expressions: Iterable[Node]) -> list[str]:
    """Lines that read every slot expressions need from `f`, in the ways they need it."""
    return [line for slot, use in sorted(_uses(expressions).items()) for line in _unpack(slot, use)]


def _uses(expressions: Iterable[Node]) -> dict[int, set[str]]:
    """How each slot is read: `ordered`, `set`, `exact`, or as it is."""
    uses: dict[int, set[str]] = {}
    for expression in expressions:
        for node in walk(expression):
            if not isinstance(node, ATOM_KINDS):
                continue
            for slot in slots_of(node):
                uses.setdefault(slot, set()).add(_use(node))
    return uses


def _use(atom: Atom) -> str:
    if isinstance(atom, Below) or (isinstance(atom, Equals) and _is_ordered(atom.value)):
        return "ordered"
    if isinstance(atom, Intersects | Includes | Within):
        return "set"
    return "exact" if isinstance(atom, Known) else "plain"


def _is_ordered(value: object) -> bool:
    return isinstance(value, int | Decimal | date) and not isinstance(value, bool)


def _unpack(slot: int, uses: set[str]) -> Sequence[str]:
    lines = [f"v{slot} = f[{slot}]"]
    if "ordered" in uses:
        lines = [
            f"l{slot} = h{slot} = v{slot} = f[{slot}]",
            f"if v{slot}.__class__ is Interval: l{slot} = v{slot}.low; h{slot} = v{slot}.high",
        ]
    if "set" in uses:
        lines += [
            f"if v{slot} is None: a{slot} = EMPTY; b{slot} = None",
            f"else: a{slot} = v{slot}.present; b{slot} = v{slot}.possible",
        ]
    if "exact" in uses:
        # Most facts of a case are unknown, most others plain: both are seen without a call.
        lines.append(f"k{slot} = v{slot} is not None and (v{slot}.__class__ in PLAIN or exact(v{slot}))")
    return lines


class Writer:
    """Writes nodes as Python expressions, and keeps the constants they use."""

    def __init__(self) -> None:
        self.constants: dict[str, object] = {}

    def constant(self, value: object) -> str:
        """The name under which the code finds a value."""
        name = f"C{len(self.constants)}"
        self.constants[name] = value
        return name

    def function(self, body: Iterable[str]) -> Callable[[Sequence[Value]], Any]:
        """The function of the values `f` with this body."""
        lines = ["def function(f):", *(f"    {line}" for line in body)]
        scope: dict[str, Any] = {"__builtins__": {}, "Interval": Interval, "exact": is_exact, "equal": equal}
        scope.update(self.constants, EMPTY=frozenset(), PLAIN=_PLAIN)
        exec(compile("\n".join(lines), "<eco_rules program>", "exec"), scope)  # noqa: S102 - see the module's docstring
        made: Callable[[Sequence[Value]], Any] = scope["function"]
        return made

    def must(self, node: Node) -> str:
        """An expression that is true when `node` surely holds."""
        return self._write(node, sure=True)

    def may(self, node: Node) -> str:
        """An expression that is true unless `node` surely fails."""
        return self._write(node, sure=False)

    def _write(self, node: Node, *, sure: bool) -> str:
        if isinstance(node, Fixed):
            return str(node.value)
        if isinstance(node, Ref):
            return f"{'m' if sure else 'p'}{node.index}"
        if isinstance(node, Not):
            return f"(not {self._write(node.item, sure=not sure)})"
        if isinstance(node, And | Or):
            if not node.items:
                return str(isinstance(node, And))
            word = " and " if isinstance(node, And) else " or "
            return "(" + word.join(self._write(item, sure=sure) for item in node.items) + ")"
        if isinstance(node, AtLeast):
            terms = " + ".join(f"(1 if {self._write(item, sure=sure)} else 0)" for item in node.items)
            return f"({terms or 0} >= {int(node.count)})"
        return self._sure(node) if sure else self._possible(node)

    def _sure(self, atom: Atom) -> str:
        s = atom.slot
        if isinstance(atom, Below):
            op = "<=" if atom.inclusive else "<"
            if atom.other is None:
                return f"(h{s} is not None and h{s} {op} {self.constant(atom.limit)})"
            return f"(h{s} is not None and l{atom.other} is not None and h{s} {op} l{atom.other})"
        if isinstance(atom, Known):
            return f"k{s}"
        if isinstance(atom, Equals):
            if isinstance(atom.value, bool):
                return f"(v{s} is {atom.value})"
            constant = self.constant(atom.value)
            if isinstance(atom.value, ClauseName):
                return f"(equal(v{s}, {constant}) is True)"
            return f"(l{s} == {constant} == h{s})" if _is_ordered(atom.value) else f"(v{s} == {constant})"
        constant = self.constant(atom.values)
        if isinstance(atom, OneOf):
            return f"(v{s} in {constant})"
        if isinstance(atom, Intersects):
            return f"(not a{s}.isdisjoint({constant}))"
        if isinstance(atom, Within):
            return f"(b{s} is not None and b{s} <= {constant})"
        return f"({constant} <= a{s})"

    def _possible(self, atom: Atom) -> str:
        s = atom.slot
        if isinstance(atom, Below):
            op = "<=" if atom.inclusive else "<"
            if atom.other is None:
                return f"(l{s} is None or l{s} {op} {self.constant(atom.limit)})"
            return f"(l{s} is None or h{atom.other} is None or l{s} {op} h{atom.other})"
        if isinstance(atom, Known):
            return "True"
        if isinstance(atom, Equals):
            if isinstance(atom.value, bool):
                return f"(v{s} is not {not atom.value})"
            constant = self.constant(atom.value)
            if _is_ordered(atom.value):
                return f"((l{s} is None or l{s} <= {constant}) and (h{s} is None or {constant} <= h{s}))"
            if isinstance(atom.value, ClauseName):
                return f"(equal(v{s}, {constant}) is not False)"
            return f"(v{s} is None or v{s} == {constant})"
        if isinstance(atom, OneOf):
            return f"(v{s} in {self.constant(atom.values | {None})})"
        constant = self.constant(atom.values)
        if isinstance(atom, Intersects | Within):
            return f"(b{s} is None or not b{s}.isdisjoint({constant}))"
        return f"(b{s} is None or {constant} <= b{s})"
