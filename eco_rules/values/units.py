"""Quantities with units, converted exactly at the border.

Conversion is pint's, in fractions, so that 15 亩 is 10,000 m² and not a hair less; `_units.yaml` of the corpus teaches it the Chinese names (吨, 亩, 万元 …).
pint's registry takes a quarter of a second to build, so it is built when the first unit appears.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pint import UnitRegistry

_QUANTITY = re.compile(r"\s*([-+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d{1,3})?)\s*(.*?)\s*")
_MULTIPLES = {"万": 10_000, "亿": 100_000_000, "千": 1000, "百": 100}


class UnitError(ValueError):
    """The unit is unknown, or measures something else."""


class Units:
    """Converts amounts between units; `names` maps a written unit to a pint expression."""

    def __init__(self, names: Mapping[str, str], definitions: tuple[str, ...] = ()) -> None:
        self._names = dict(names)
        self._definitions = definitions

    @cached_property
    def _registry(self) -> UnitRegistry[Any]:
        from pint import UnitRegistry

        registry: UnitRegistry[Any] = UnitRegistry(non_int_type=Fraction, cache_folder=None)
        for line in self._definitions:
            registry.define(line)
        return registry

    def split(self, text: str) -> tuple[Decimal, str] | None:
        """Split `27.2 kg` into amount and unit (possibly empty); None if it is no quantity."""
        match = _QUANTITY.fullmatch(text)
        if match is None:
            return None
        try:
            return Decimal(match[1].replace(",", "")), match[2]
        except InvalidOperation:
            return None

    def convert(self, amount: Decimal, written: str, wanted: str) -> Decimal:
        """Express `amount` of the unit `written` in the unit `wanted`.

        Raises:
            UnitError: a unit is unknown or the two measure different things.
        """
        if written == wanted:
            return amount
        factor_in, unit_in = self._resolve(written)
        factor_out, unit_out = self._resolve(wanted)
        scaled = Fraction(amount) * factor_in
        if unit_in != unit_out:
            scaled = self._through_registry(scaled, unit_in, unit_out, written)
        return _decimal(scaled / factor_out)

    def _through_registry(self, amount: Fraction, unit_in: str, unit_out: str, written: str) -> Fraction:
        from pint import PintError

        try:
            quantity = self._registry.Quantity(amount, unit_in).to(unit_out)
        except (PintError, AttributeError, TypeError, ValueError, ArithmeticError) as error:
            raise UnitError(written) from error
        return Fraction(quantity.magnitude)

    def _resolve(self, unit: str) -> tuple[int, str]:
        if unit in self._names:
            return 1, self._names[unit]
        for prefix, factor in _MULTIPLES.items():
            rest = unit.removeprefix(prefix)
            if rest != unit and rest in self._names:
                return factor, self._names[rest]
        if re.fullmatch(r"[A-Za-zµ%°][A-Za-zµ%°0-9*/^. ]{0,30}", unit):
            return 1, unit
        raise UnitError(unit)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
