"""The catalogue of checks, one small file each."""

from __future__ import annotations

from eco_rules.analysis.lint.checks import (
    bounds,
    instrument_never_in_force,
    instruments_end_first,
    instruments_start_later,
    laxer_than_above,
    needless_nesting,
    no_successor,
    provenance,
    question_style,
    unused_fact,
    unused_name,
    wider_than_above,
)

CHECKS = (
    instrument_never_in_force.CHECK,
    instruments_end_first.CHECK,
    no_successor.CHECK,
    bounds.CHECK,
    unused_fact.CHECK,
    unused_name.CHECK,
    needless_nesting.CHECK,
    laxer_than_above.CHECK,
    question_style.CHECK,
    instruments_start_later.CHECK,
    provenance.CHECK,
    wider_than_above.CHECK,
)
