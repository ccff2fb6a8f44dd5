"""What commands that take cases share: reading the cases, and the engine that decides them."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eco_rules.cli.console import WRONG_USE, fail_with, load

if TYPE_CHECKING:
    from eco_rules.diagnostics import Diagnostic
    from eco_rules.engine.engine import Engine
    from eco_rules.model.case import Case
    from eco_rules.words import Lang


def engine_of(rulesets: list[Path] | None, backend: str, cross_check: bool | None, lang: Lang) -> Engine:
    """The engine over the bundled rulesets with overlays.

    Raises:
        EcoRulesError: no such folder, a wrong ruleset, or an unknown backend.
    """
    from eco_rules.engine.engine import Engine

    second: Any = None if cross_check is False else "rete" if cross_check else "auto"
    return Engine(load(rulesets), backend=backend, cross_check=second, lang=lang)  # type: ignore[arg-type]


def _facts(pairs: list[str]) -> dict[str, Any]:
    """Facts given as `id=value`; a value is read like a value in a case file."""
    from eco_rules.diagnostics import Diagnostic, Problems
    from eco_rules.errors import CaseError
    from eco_rules.loading.yamldoc import parse
    from eco_rules.source import Source
    from eco_rules.words import Text

    found: dict[str, Any] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if name.count("(") > name.count(")"):  # `prior_same_kind(months=12)=0`: the first `=` is inside
            inner, _, value = value.partition(")=")
            name = f"{name}={inner})"
        problems = Problems()
        documents = parse(Source("--fact", value), problems) if sign else []
        if not sign or problems:
            message = Text(f"`--fact` 应写作 id=值，写的是 `{pair}`", f"`--fact` is id=value, found `{pair}`")
            hint = Text("如 --fact 超标倍数=0.08", "e.g. --fact exceedance_ratio=0.08")
            raise CaseError([Diagnostic("E702", message, None, hint)])
        found[name.strip()] = documents[0].value
    return found


def read_groups(
    paths: list[str] | None, changes: dict[str, Any], pairs: list[str] | None, errors: list[Diagnostic]
) -> list[list[Case]]:
    """Cases, one group a file; a wrong file is reported and the others are still read.

    `changes` are the header values of the command line (None where it has none), `pairs` its facts.

    Raises:
        CaseError: a fact of the command line cannot be read.
    """
    from eco_rules.errors import CaseError
    from eco_rules.limits import MAX_FILE_BYTES
    from eco_rules.loading.cases import parse_cases, read_cases
    from eco_rules.model.case import Case

    facts = _facts(pairs or [])
    given = {name: value for name, value in changes.items() if value is not None}
    if not paths:
        if not facts:
            fail_with("缺少个案文件 / a case file is missing", WRONG_USE)
        base = {"jurisdiction": "", "decision_date": None, **given}
        return [[Case(**base, facts=facts)]]
    groups = []
    for path in paths:
        try:
            cases = parse_cases(sys.stdin.buffer.read(MAX_FILE_BYTES + 1)) if path == "-" else read_cases(path)
        except CaseError as error:
            errors += error.diagnostics
            continue
        names = frozenset([*given, *facts])
        groups.append([replace(case, **given, facts={**case.facts, **facts}, given=names) for case in cases])
    return groups
