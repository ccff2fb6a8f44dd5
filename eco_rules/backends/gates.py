"""A program as flat AND/OR gates over literals: the only shape the Rete engine is ever shown.

Negation is pushed down to the atoms, so that an engine without three values can decide it: every literal
is sent as two tokens, `surely` and `possibly`. Wide gates are cut, `at least` becomes a chain of gates.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from eco_rules.ir.nodes import And, AtLeast, Atom, Fixed, Node, Not, Or, Program, Ref

MAX_INPUTS = 10


@dataclass(frozen=True, slots=True)
class Gate:
    """All (`conjunctive`) or any of earlier literals."""

    conjunctive: bool
    inputs: tuple[int, ...]


@dataclass(slots=True)
class Circuit:
    """Literals by number: atoms (with polarity), constants, and gates over lower numbers."""

    atoms: dict[int, tuple[Atom, bool]] = field(default_factory=dict)
    constants: dict[int, bool] = field(default_factory=dict)
    gates: dict[int, Gate] = field(default_factory=dict)
    stage: list[int] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)


def circuit(program: Program) -> Circuit:
    """Build the circuit of a program; one output literal for each expression."""
    maker = _Maker(program)
    for index in range(len(program.expressions)):
        maker.circuit.outputs.append(maker.literal(Ref(index), positive=True))
    return maker.circuit


class _Maker:
    def __init__(self, program: Program) -> None:
        self._program = program
        self._made: dict[object, int] = {}
        self.circuit = Circuit()

    def literal(self, node: Node, *, positive: bool) -> int:
        """Number of the literal that is true when `node` is (or is not, when not `positive`)."""
        key = (node, positive)
        if key not in self._made:
            self._made[key] = self._make(node, positive)
        return self._made[key]

    def _make(self, node: Node, positive: bool) -> int:
        if isinstance(node, Ref):
            return self.literal(self._program.expressions[node.index], positive=positive)
        if isinstance(node, Not):
            return self.literal(node.item, positive=not positive)
        if isinstance(node, Fixed):
            return self._constant(node.value is positive)
        if isinstance(node, And | Or):
            inputs = [self.literal(item, positive=positive) for item in node.items]
            return self._gate(inputs, conjunctive=isinstance(node, And) is positive)
        if isinstance(node, AtLeast):
            count = node.count if positive else len(node.items) - node.count + 1
            return self._quorum([self.literal(item, positive=positive) for item in node.items], count)
        number = self._new(0)
        self.circuit.atoms[number] = (node, positive)
        return number

    def _new(self, stage: int) -> int:
        self.circuit.stage.append(stage)
        return len(self.circuit.stage) - 1

    def _constant(self, value: bool) -> int:
        key = ("constant", value)
        if key not in self._made:
            self._made[key] = self._new(0)
            self.circuit.constants[self._made[key]] = value
        return self._made[key]

    def _gate(self, inputs: list[int], *, conjunctive: bool) -> int:
        inputs = list(dict.fromkeys(inputs))
        if not inputs:
            return self._constant(conjunctive)
        while len(inputs) > MAX_INPUTS:
            inputs = [self._gate(inputs[:MAX_INPUTS], conjunctive=conjunctive), *inputs[MAX_INPUTS:]]
        if len(inputs) == 1:
            return inputs[0]
        gate = Gate(conjunctive, tuple(inputs))
        if gate not in self._made:
            self._made[gate] = self._new(1 + max(self.circuit.stage[item] for item in inputs))
            self.circuit.gates[self._made[gate]] = gate
        return self._made[gate]

    def _quorum(self, inputs: list[int], count: int) -> int:
        """At least `count` of the inputs: reached by the others, or by one fewer of them and the last."""
        if count <= 0:
            return self._constant(True)
        if count > len(inputs):
            return self._constant(False)
        key = ("quorum", tuple(inputs), count)
        if key not in self._made:
            *rest, last = inputs
            without = self._quorum(rest, count)
            having = self._gate([self._quorum(rest, count - 1), last], conjunctive=True)
            self._made[key] = self._gate([without, having], conjunctive=False)
        return self._made[key]
