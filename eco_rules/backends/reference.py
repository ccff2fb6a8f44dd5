"""The tree walk: slow, obvious, and what the other backends are compared with."""

from __future__ import annotations

from collections.abc import Sequence

from eco_rules.backends.base import Evaluate
from eco_rules.ir.evaluate import truth_of
from eco_rules.ir.nodes import Program
from eco_rules.truth import Truth
from eco_rules.values.kinds import Value


def prepare(program: Program) -> Evaluate:
    """Evaluate by walking each expression in order."""

    def evaluate(values: Sequence[Value]) -> Sequence[Truth]:
        truths: list[Truth] = []
        for node in program.expressions:
            truths.append(truth_of(node, values, truths))
        return truths

    return evaluate
