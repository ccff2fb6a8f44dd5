"""What three values cost: generated code with two rails beside two-valued code of the same rules.

`python benchmarks/rails.py`: sixty rules of three to six tests over 25 facts, each answer checked against the tree walk.
Two-valued code cannot say `unknown`; it is the floor of generated Python, not an alternative.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from eco_rules.backends.compiled import prepare
from eco_rules.backends.reference import prepare as walk
from eco_rules.ir.nodes import And, Atom, Below, Equals, Node, Not, OneOf, Or, Program, Ref

FACTS, RULES, CASES, ROUNDS = 25, 60, 2000, 7
KINDS = ("flag", "number", "name")
NAMES = tuple("甲乙丙丁戊己庚辛")


def atom(at: random.Random) -> Atom:
    slot = at.randrange(FACTS)
    kind = KINDS[slot % 3]
    if kind == "flag":
        return Equals(slot, at.random() < 0.5)
    if kind == "number":
        return Below(slot, Decimal(at.randrange(1000)), None, at.random() < 0.5)
    return OneOf(slot, frozenset(at.sample(NAMES, 3))) if at.random() < 0.5 else Equals(slot, at.choice(NAMES))


def program(at: random.Random) -> Program:
    """Rules with an alternative in each, every third barred by the one before."""
    expressions: list[Node] = []
    for number in range(RULES):
        tests = [atom(at) for _ in range(at.randrange(3, 7))]
        node: Node = And((*tests[2:], Or(tuple(tests[:2]))))
        expressions.append(And((node, Not(Ref(number - 1)))) if number % 3 == 2 else node)
    return Program(FACTS, tuple(expressions))


def case(at: random.Random, unknown: float) -> list[Any]:
    made: dict[str, Callable[[], Any]] = {
        "flag": lambda: at.random() < 0.5,
        "number": lambda: Decimal(at.randrange(1000)),
        "name": lambda: at.choice(NAMES),
    }
    return [None if at.random() < unknown else made[KINDS[slot % 3]]() for slot in range(FACTS)]


def two_valued(program: Program) -> Callable[[Sequence[Any]], list[bool]]:
    """The same rules as code that needs every fact."""
    constants: dict[str, Any] = {}

    def constant(value: object) -> str:
        name = f"C{len(constants)}"
        constants[name] = value
        return name

    def write(node: Node) -> str:
        if isinstance(node, Ref):
            return f"m{node.index}"
        if isinstance(node, Not):
            return f"(not {write(node.item)})"
        if isinstance(node, And | Or):
            return "(" + (" and " if isinstance(node, And) else " or ").join(map(write, node.items)) + ")"
        if isinstance(node, Below):
            return f"(v{node.slot} {'<=' if node.inclusive else '<'} {constant(node.limit)})"
        if isinstance(node, OneOf):
            return f"(v{node.slot} in {constant(node.values)})"
        assert isinstance(node, Equals)
        value = str(node.value) if isinstance(node.value, bool) else None
        return f"(v{node.slot} is {value})" if value else f"(v{node.slot} == {constant(node.value)})"

    lines = ["def evaluate(f):", *(f"    v{slot} = f[{slot}]" for slot in range(FACTS))]
    lines += [f"    m{index} = {write(node)}" for index, node in enumerate(program.expressions)]
    lines.append("    return [" + ", ".join(f"m{index}" for index in range(RULES)) + "]")
    scope: dict[str, Any] = {**constants}
    exec(compile("\n".join(lines), "<two-valued>", "exec"), scope)
    evaluate: Callable[[Sequence[Any]], list[bool]] = scope["evaluate"]
    return evaluate


def microseconds(work: Callable[[Any], object], items: Sequence[Any]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for item in items:
            work(item)
        best = min(best, (time.perf_counter() - start) / len(items) * 1e6)
    return best


def main() -> None:
    at = random.Random(5)
    rules = program(at)
    complete, partly = ([case(at, unknown) for _ in range(CASES)] for unknown in (0.0, 0.1))
    rails, plain, reference = prepare(rules), two_valued(rules), walk(rules)
    for item in complete:
        assert list(rails(item)) == plain(item) == list(reference(item))
    for item in partly:
        assert list(rails(item)) == list(reference(item))
    floor = microseconds(plain, complete)
    figures = {
        "two-valued code, complete cases": floor,
        "two rails, complete cases": microseconds(rails, complete),
        "two rails, a tenth unknown": microseconds(rails, partly),
        "tree walk, a tenth unknown": microseconds(reference, partly),
    }
    for name, figure in figures.items():
        print(f"{figure:10.2f} µs  ×{figure / floor:<6.2f} {name}")


if __name__ == "__main__":
    main()
