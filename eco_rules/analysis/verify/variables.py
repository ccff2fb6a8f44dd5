"""Facts as variables of z3: the value each has, and how much of it a case tells.

Every fact has a value. What a case tells may be less: nothing, a range of a number or date, some members of a
set, several outcomes of another matter. A test then surely holds, possibly holds, or fails, as in `ir.atoms`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Any, cast

import z3
from typing_extensions import override

from eco_rules.ir.nodes import Atom, Below, Constant, Equals, Includes, Intersects, Known, OneOf, Within
from eco_rules.values.kinds import Members, Value, between, bounds

TRUE, FALSE = z3.BoolVal(True), z3.BoolVal(False)


class Variable(ABC):
    """One fact. `limits` are the values it can have, `told_limits` what can be told of such a value."""

    limits: list[z3.BoolRef]
    told_limits: list[z3.BoolRef]
    exact: z3.BoolRef

    @abstractmethod
    def holds(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        """Whether a test holds of the value."""

    @abstractmethod
    def surely(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        """Whether what is told shows that a test holds."""

    @abstractmethod
    def possibly(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        """Whether what is told leaves open that a test holds."""

    @abstractmethod
    def value(self, model: z3.ModelRef) -> Value:
        """The value in a model."""

    @abstractmethod
    def told(self, model: z3.ModelRef) -> Value:
        """What is told of it in a model; None for nothing."""

    @abstractmethod
    def same(self, value: Value) -> z3.BoolRef:
        """The fact has this value."""

    @abstractmethod
    def same_told(self, value: Value) -> z3.BoolRef:
        """Exactly this is told of it."""


class Single(Variable):
    """A boolean, enum or text: told or not told."""

    def __init__(self, name: str, names: Sequence[str] | None, *, others: bool = False) -> None:
        self._names = names
        self._value: Any = z3.Bool(name) if names is None else z3.Int(name)
        self.exact = z3.Bool(f"{name} told")
        self.told_limits = []
        self.limits = []
        if names is not None:  # one more for any text that no rule names
            self.limits = [self._value >= 0, self._value < len(names) + others]

    @override
    def holds(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        if isinstance(atom, Known):
            return TRUE
        if isinstance(atom, OneOf):
            return z3.Or([self.same(name) for name in sorted(atom.values)])
        assert isinstance(atom, Equals)  # nothing else is asked of these kinds
        return self.same(atom.value)

    @override
    def surely(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        return z3.And(self.exact, self.holds(atom, other))

    @override
    def possibly(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        return z3.Or(z3.Not(self.exact), self.holds(atom, other))

    @override
    def value(self, model: z3.ModelRef) -> Value:
        found = model.eval(self._value, True)
        if self._names is None:
            return bool(z3.is_true(found))
        number = int(found.as_long())
        return self._names[number] if number < len(self._names) else "－"

    @override
    def told(self, model: z3.ModelRef) -> Value:
        return self.value(model) if z3.is_true(model.eval(self.exact, True)) else None

    @override
    def same(self, value: Value) -> z3.BoolRef:
        if self._names is None:
            return cast(z3.BoolRef, self._value == bool(value))
        return cast(
            z3.BoolRef,
            self._value == (self._names.index(str(value)) if str(value) in self._names else len(self._names)),
        )

    @override
    def same_told(self, value: Value) -> z3.BoolRef:
        return z3.Not(self.exact) if value is None else z3.And(self.exact, self.same(value))


class Clause(Single):
    """The name of a clause, of which enough may be told for one test and too little for another."""

    def __init__(self, name: str, names: Sequence[str]) -> None:
        super().__init__(name, names, others=True)
        self._enough = {item: z3.Bool(f"{name} told apart from {item}") for item in names}

    @override
    def surely(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        return z3.And(self._tells(atom), super().surely(atom, other))

    @override
    def possibly(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        return z3.Or(z3.Not(self._tells(atom)), super().possibly(atom, other))

    def _tells(self, atom: Atom) -> z3.BoolRef:
        return self._enough[str(atom.value)] if isinstance(atom, Equals) else TRUE


class Outcome(Single):
    """Another matter's outcome: one, of which several may be told to be possible, or nothing is told."""

    def __init__(self, name: str, names: Sequence[str]) -> None:
        super().__init__(name, names)
        self._any = z3.Bool(f"{name} told")
        self._possible = {item: z3.Bool(f"{name} may be {item}") for item in names}
        self.exact = z3.And(self._any, z3.AtMost(*self._possible.values(), 1))
        self.told_limits = [z3.Implies(self.same(item), possible) for item, possible in self._possible.items()]

    @override
    def holds(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        if isinstance(atom, Within):
            return z3.Or([self.same(name) for name in sorted(atom.values)])
        return super().holds(atom, other)

    @override
    def surely(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        if isinstance(atom, Within):
            outside = [possible for name, possible in self._possible.items() if name not in atom.values]
            return z3.And(self._any, z3.Not(z3.Or(outside)))
        return self.exact

    @override
    def possibly(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        if isinstance(atom, Within):
            return z3.Or(z3.Not(self._any), *(self._possible[name] for name in sorted(atom.values)))
        return TRUE

    @override
    def value(self, model: z3.ModelRef) -> Value:
        only = frozenset({str(super().value(model))})
        return Members(only, only)

    @override
    def told(self, model: z3.ModelRef) -> Value:
        if not z3.is_true(model.eval(self._any, True)):
            return None
        possible = frozenset(name for name, item in self._possible.items() if z3.is_true(model.eval(item, True)))
        return Members(possible if len(possible) == 1 else frozenset(), possible)

    @override
    def same(self, value: Value) -> z3.BoolRef:
        return super().same(next(iter(value.present)) if isinstance(value, Members) else value)

    @override
    def same_told(self, value: Value) -> z3.BoolRef:
        if not isinstance(value, Members) or value.possible is None:
            return z3.Not(self._any)
        each = [item == (name in value.possible) for name, item in self._possible.items()]
        return z3.And(self._any, *each)


class Several(Variable):
    """A set: of each member it is told or not whether it is in."""

    def __init__(self, name: str, names: Sequence[str]) -> None:
        self._in = {item: z3.Bool(f"{name}∋{item}") for item in names}
        self._told = {item: z3.Bool(f"{name}∋{item} told") for item in names}
        self.limits, self.told_limits = [], []
        self.exact = z3.And(list(self._told.values()))

    @override
    def holds(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        return self._test(atom, self._in) if not isinstance(atom, Known) else TRUE

    @override
    def surely(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        if isinstance(atom, Known):
            return self.exact
        return self._test(atom, {name: z3.And(self._told[name], item) for name, item in self._in.items()})

    @override
    def possibly(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        if isinstance(atom, Known):
            return TRUE
        return self._test(atom, {name: z3.Or(z3.Not(self._told[name]), item) for name, item in self._in.items()})

    @staticmethod
    def _test(atom: Atom, members: dict[str, z3.BoolRef]) -> z3.BoolRef:
        assert isinstance(atom, Intersects | Includes)  # nothing else is asked of a set
        named = [members[name] for name in sorted(atom.values)]
        return z3.Or(named) if isinstance(atom, Intersects) else z3.And(named)

    @override
    def value(self, model: z3.ModelRef) -> Value:
        held = frozenset(name for name, item in self._in.items() if z3.is_true(model.eval(item, True)))
        return Members(held, held)

    @override
    def told(self, model: z3.ModelRef) -> Value:
        told = {name for name, item in self._told.items() if z3.is_true(model.eval(item, True))}
        held = {name for name, item in self._in.items() if z3.is_true(model.eval(item, True))}
        if not told and self._told:
            return None
        return Members(frozenset(told & held), frozenset(name for name in self._in if name not in told or name in held))

    @override
    def same(self, value: Value) -> z3.BoolRef:
        assert isinstance(value, Members)
        return z3.And([item == (name in value.present) for name, item in self._in.items()])

    @override
    def same_told(self, value: Value) -> z3.BoolRef:
        known = value if isinstance(value, Members) else Members(frozenset(), None)
        parts: list[z3.BoolRef] = []
        for name, item in self._in.items():
            told = name in known.present or (known.possible is not None and name not in known.possible)
            parts.append(
                z3.And(self._told[name], item == (name in known.present)) if told else z3.Not(self._told[name])
            )
        return z3.And(parts)


class Ordered(Variable):
    """A number or a date: told exactly, between two ends, or not at all."""

    def __init__(self, name: str, scale: int | None, *, whole: bool, open_ends: bool) -> None:
        """Make one.

        Args:
            name: of the fact.
            scale: decimals of a number; None for a date.
            whole: no decimals.
            open_ends: whether one end may be told without the other (of derived facts).
        """
        self._scale = scale
        self._whole = whole
        unit = 10**scale if whole and scale else 1
        self.number = z3.Int(name) * unit
        self._low, self._high = z3.Int(f"{name} from") * unit, z3.Int(f"{name} to") * unit
        self._has_low, self._has_high = z3.Bool(f"{name} has from"), z3.Bool(f"{name} has to")
        self.exact = z3.And(self._has_low, self._has_high, self._low == self._high)
        self.limits = []
        self.told_limits = [
            z3.Implies(self._has_low, self._low <= self.number),
            z3.Implies(self._has_high, self.number <= self._high),
        ]
        if not open_ends:
            self.told_limits.append(self._has_low == self._has_high)

    def between(self, low: Constant | None, high: Constant | None) -> None:
        """Bound it, and what is told of it."""
        for end in (self.number, self._low, self._high):
            bound = [end >= self.as_number(low)] if low is not None else []
            bound += [end <= self.as_number(high)] if high is not None else []
            (self.limits if end is self.number else self.told_limits).extend(bound)

    def as_number(self, value: Value) -> int:
        """A number or date as the solver counts it."""
        if isinstance(value, date):
            return value.toordinal()
        assert isinstance(value, int | Decimal)
        scaled = Decimal(value).scaleb(self._scale or 0)
        whole = int(scaled.to_integral_value(ROUND_FLOOR))
        # Thresholds are multiples of ten: what lies between two numbers stays on its side of them.
        return whole + 1 if scaled != whole and whole % 10 == 0 else whole

    def _as_value(self, number: int) -> int | Decimal | date:
        if self._scale is None:
            return date.fromordinal(number)
        exact = Decimal(number).scaleb(-self._scale)
        return int(exact) if self._whole else exact

    @override
    def holds(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        if isinstance(atom, Known):
            return TRUE
        if isinstance(atom, Equals):
            return cast(z3.BoolRef, self.number == self.as_number(atom.value))
        assert isinstance(atom, Below)
        limit = other.number if isinstance(other, Ordered) else self.as_number(atom.limit)
        return cast(z3.BoolRef, self.number <= limit if atom.inclusive else self.number < limit)

    @override
    def surely(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        if isinstance(atom, Known):
            return self.exact
        if isinstance(atom, Equals):
            return z3.And(self.exact, self._low == self.as_number(atom.value))
        assert isinstance(atom, Below)
        if isinstance(other, Ordered):
            less = self._high <= other._low if atom.inclusive else self._high < other._low
            return z3.And(self._has_high, other._has_low, less)
        limit = self.as_number(atom.limit)
        return z3.And(self._has_high, self._high <= limit if atom.inclusive else self._high < limit)

    @override
    def possibly(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        if isinstance(atom, Known):
            return TRUE
        if isinstance(atom, Equals):
            value = self.as_number(atom.value)
            below = z3.Or(z3.Not(self._has_low), self._low <= value)
            return z3.And(below, z3.Or(z3.Not(self._has_high), value <= self._high))
        assert isinstance(atom, Below)
        if isinstance(other, Ordered):
            less = self._low <= other._high if atom.inclusive else self._low < other._high
            return z3.Or(z3.Not(self._has_low), z3.Not(other._has_high), less)
        limit = self.as_number(atom.limit)
        return z3.Or(z3.Not(self._has_low), self._low <= limit if atom.inclusive else self._low < limit)

    @override
    def value(self, model: z3.ModelRef) -> Value:
        return self._as_value(int(model.eval(self.number, True).as_long()))

    @override
    def told(self, model: z3.ModelRef) -> Value:
        ends = []
        for has, end in ((self._has_low, self._low), (self._has_high, self._high)):
            told = z3.is_true(model.eval(has, True))
            ends.append(self._as_value(int(model.eval(end, True).as_long())) if told else None)
        return between(*ends)

    @override
    def same(self, value: Value) -> z3.BoolRef:
        return cast(z3.BoolRef, self.number == self.as_number(value))

    @override
    def same_told(self, value: Value) -> z3.BoolRef:
        parts: list[z3.BoolRef] = []
        ends = zip(bounds(value), (self._has_low, self._has_high), (self._low, self._high), strict=True)
        for bound, has, end in ends:
            parts.append(z3.Not(has) if bound is None else z3.And(has, end == self.as_number(bound)))
        return z3.And(parts)


class Listed(Variable):
    """Records: of their content nothing is asked here, only whether all of it is known."""

    def __init__(self, name: str) -> None:
        self.limits, self.told_limits = [], []
        self.exact = z3.Bool(f"{name} told")

    @override
    def holds(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        return TRUE

    @override
    def surely(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        return self.exact

    @override
    def possibly(self, atom: Atom, other: Variable | None) -> z3.BoolRef:
        return TRUE

    @override
    def value(self, model: z3.ModelRef) -> Value:
        return ()

    @override
    def told(self, model: z3.ModelRef) -> Value:
        return () if z3.is_true(model.eval(self.exact, True)) else None

    @override
    def same(self, value: Value) -> z3.BoolRef:
        return z3.BoolVal(value == ())

    @override
    def same_told(self, value: Value) -> z3.BoolRef:
        return z3.Not(self.exact) if value is None else self.exact
