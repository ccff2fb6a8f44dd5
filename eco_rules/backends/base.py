"""What a backend is: a program made ready once, then asked for the truth of every expression."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from eco_rules.ir.nodes import Program
from eco_rules.truth import Truth
from eco_rules.values.kinds import Value

Evaluate: TypeAlias = Callable[[Sequence[Value]], Sequence[Truth]]


class Backend(Protocol):
    """A way to evaluate programs. All backends give identical answers; one parity suite proves it."""

    def __call__(self, program: Program) -> Evaluate:
        """Make `program` ready.

        Raises:
            BackendError: the backend is unavailable or cannot take this program.
        """
        ...
