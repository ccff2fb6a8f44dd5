"""Generated Python for derived facts, written like that of programs: see `compiled`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from eco_rules.backends.compiled import Writer, unpacked
from eco_rules.ir.formulas import Applied, Cases, Formula, Literal, Operand, Read, Truthful
from eco_rules.ir.functions import FUNCTIONS
from eco_rules.ir.slots import Compute, Slot

_EXACT = frozenset((int, Decimal, date))


def computed(slot: Slot) -> Compute:
    """What computes a derived slot: generated from its formula; its own where it has none (records are counted)."""
    assert slot.compute is not None  # only derived slots are computed
    return slot.compute if slot.formula is None else _generated(slot.formula)


def _generated(formula: Formula) -> Compute:
    writer = Writer()
    if isinstance(formula, Truthful):
        node = formula.condition
        return writer.function([*unpacked([node]), f"return {writer.may(node)} and ({writer.must(node)} or None)"])
    if isinstance(formula, Cases):
        return writer.function(_cases(formula, writer))
    lines: list[str] = []
    name = _operand(formula, writer, lines)
    return writer.function([*lines, f"return {name}"])


def _cases(formula: Cases, writer: Writer) -> list[str]:
    """The first case that holds returns at once; of those before it, every one of another value must have failed."""
    lines = unpacked(node for node, _ in formula.items)
    for index, (node, value) in enumerate(formula.items):
        others = " or ".join(
            f"o{earlier}" for earlier, (_, other) in enumerate(formula.items[:index]) if other != value
        )
        name = writer.constant(value)
        lines.append(f"if {writer.must(node)}: return {f'None if {others} else {name}' if others else name}")
        lines.append(f"o{index} = {writer.may(node)}")
    return [*lines, "return None"]


def _operand(operand: Operand, writer: Writer, lines: list[str]) -> str:
    """Writes what an operand needs before it; the result is what it is called."""
    if isinstance(operand, Literal):
        return writer.constant(operand.value)
    if isinstance(operand, Read):
        return f"f[{operand.slot}]"
    names = [_operand(argument, writer, lines) for argument in operand.arguments]
    return _applied(operand, names, writer, lines)


def _applied(applied: Applied, names: list[str], writer: Writer, lines: list[str]) -> str:
    """Exact arguments go straight to the computation, others through what knows about bounds."""
    function = FUNCTIONS[applied.function]
    arguments = [f"a{len(lines)}x{number}" for number in range(len(names))]
    result = f"r{len(lines)}"
    exact, whole, compute = (writer.constant(item) for item in (_EXACT, function, function.compute))
    tests = [
        f"{name}.__class__ in {exact}"
        for name, part in zip(arguments, applied.arguments, strict=True)
        if not isinstance(part, Literal)
    ]
    lines.append("; ".join(f"{name} = {value}" for name, value in zip(arguments, names, strict=True)))
    listed = ", ".join(arguments)
    lines.append(f"{result} = {compute}({listed}) if {' and '.join(tests) or True} else {whole}(({listed},))")
    return result
