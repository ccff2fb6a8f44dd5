"""All backends give every expression of every generated program the same truth."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from eco_rules.backends import compiled, derivations, reference
from eco_rules.diagnostics import Problems
from eco_rules.ir.facts import outcome_key
from eco_rules.ir.lower import Lowering, Stack
from eco_rules.ir.nodes import walk
from eco_rules.values.kinds import Members
from tests.support.generated import corpus_of, facts, possible_grades, rulesets

CASES = 40
RECORD = Path(__file__).parent / "parity-record.json"


def lower(ruleset: dict[str, Any]) -> Stack:
    corpus = corpus_of(ruleset)
    problems = Problems()
    stack = Lowering(corpus, corpus.matters["permit"], corpus.rulesets, None, problems).stack(())
    assert not problems.items, problems.items
    return stack


def values_of(stack: Stack, raw: dict[str, Any], grades: list[str]) -> Sequence[Any]:
    return stack.table.fill(stated_of(stack, raw, grades)).values


def stated_of(stack: Stack, raw: dict[str, Any], grades: list[str]) -> dict[Any, Any]:
    vocabulary = stack.table.vocabulary
    possible = frozenset(grades)
    stated: dict[Any, Any] = {}
    if possible:
        stated[outcome_key("grade")] = Members(possible if len(possible) == 1 else frozenset(), possible)
    for name, value in raw.items():
        key = vocabulary.find(name)
        assert key is not None
        stated[key] = vocabulary.parse(key, value)
    return stated


def backends() -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {"reference": reference.prepare, "compiled": compiled.prepare}
    try:
        from eco_rules.backends import rete

        rete.require()
        found["rete"] = rete.prepare
    except Exception:  # noqa: BLE001 - not installed: the others are compared
        pass
    try:
        from eco_rules.backends import columnar
    except ImportError:  # not installed
        return found
    return {**found, "columnar": columnar.prepare}


def compare(
    stack: Stack,
    cases: Sequence[tuple[dict[str, Any], list[str]]],
    others: dict[str, Callable[..., Any]],
    tally: Counter[str],
) -> None:
    ready = {name: prepare(stack.program) for name, prepare in others.items()}
    generated = stack.table.computed_by(derivations.computed)
    for case in cases:
        stated = stated_of(stack, *case)
        filling = stack.table.fill(stated)
        assert generated.fill(stated) == filling, f"what derives differs from the reference on {case}"
        values = filling.values
        expected = list(reference.prepare(stack.program)(values))
        for name, evaluate in ready.items():
            assert list(evaluate(values)) == expected, f"{name} differs from the reference on {case}"
        tally["pairs"] += 1
        for rule in stack.rules:
            tally[str(expected[rule.holds])] += 1
    if "columnar" in others:
        compare_columns(stack, cases)
    for expression in stack.program.expressions:
        tally.update(f"node:{type(node).__name__}" for node in walk(expression))


def compare_columns(stack: Stack, cases: Sequence[tuple[dict[str, Any], list[str]]]) -> None:
    """All cases at once, a column a slot, as a batch has them."""
    from eco_rules.backends import columnar

    rows = [values_of(stack, *case) for case in cases]
    columns = [columnar.column_of(list(values)) for values in zip(*rows, strict=True)]
    done = columnar.evaluate(stack.program, columns, len(rows))
    for number, values in enumerate(rows):
        expected = list(reference.prepare(stack.program)(values))
        assert [done[index].truth(number) for index in sorted(done)] == expected, f"columns: differs on {cases[number]}"


@given(rulesets(), st.lists(st.tuples(facts(), possible_grades()), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_backends_agree(ruleset: dict[str, Any], cases: list[tuple[dict[str, Any], list[str]]]) -> None:
    compare(lower(ruleset), cases, {k: v for k, v in backends().items() if k != "reference"}, Counter())


def campaign(pairs: int, number: int, others: dict[str, Callable[..., Any]]) -> Counter[str]:
    """Compare at least so many generated (ruleset, case) pairs; the tally says what was seen."""
    tally: Counter[str] = Counter()

    @seed(number)
    @given(rulesets(), st.lists(st.tuples(facts(), possible_grades()), min_size=CASES, max_size=CASES))
    @settings(
        max_examples=-(-pairs // CASES),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(ruleset: dict[str, Any], cases: list[tuple[dict[str, Any], list[str]]]) -> None:
        compare(lower(ruleset), cases, others, tally)

    run()
    return tally


@pytest.mark.slow
def test_twenty_thousand_pairs() -> None:
    """The long run; it writes what it did to parity-record.json."""
    pytest.importorskip("durable_rules_engine")
    number, wanted = 20261123, 20_000
    tally: Counter[str] = Counter()
    while tally["pairs"] < wanted:  # hypothesis may stop early when it runs out of new examples
        tally += campaign(wanted, number + tally["pairs"], {k: v for k, v in backends().items() if k != "reference"})
    verdicts = {name: tally[name] for name in ("True", "False", "None")}
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    record = {
        "commit": commit,
        "seed": number,
        "pairs": tally["pairs"],
        "backends": sorted(backends()),
        "verdicts": verdicts,
        "nodes": {k[5:]: v for k, v in sorted(tally.items()) if k.startswith("node:")},
        "python": sys.version.split()[0],
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    assert verdicts["None"] * 4 >= sum(verdicts.values())


BROKEN = {
    "and": (
        "eco_rules.backends.compiled",
        '" and " if isinstance(node, And) else " or "',
        '" or " if isinstance(node, And) else " or "',
    ),
    "below": ("eco_rules.backends.compiled", 'op = "<=" if atom.inclusive else "<"', 'op = "<"'),
    "not": (
        "eco_rules.backends.compiled",
        "self._write(node.item, sure=not sure)",
        "self._write(node.item, sure=sure)",
    ),
    "one_of": (
        "eco_rules.backends.compiled",
        "self.constant(atom.values | {None})",
        "self.constant(atom.values)",
    ),
    "at_least": ("eco_rules.backends.compiled", ">= {int(node.count)})", "> {int(node.count)})"),
    "includes": (
        "eco_rules.backends.compiled",
        'return f"({constant} <= a{s})"',
        'return f"(not a{s}.isdisjoint({constant}))"',
    ),
    "columns not": ("eco_rules.backends.columnar", "must = neither(inner.may)", "must = neither(inner.must)"),
    "columns or": (
        "eco_rules.backends.columnar",
        "(both, False) if isinstance(node, And) else (either, True)",
        "(either, True) if isinstance(node, And) else (both, False)",
    ),
    "columns below": (
        "eco_rules.backends.columnar",
        "self.numbers <= bound if atom.inclusive else",
        "self.numbers < bound if atom.inclusive else",
    ),
    "columns pair": ("eco_rules.backends.columnar", "both([found, neither(unknown)])", "found"),
    "columns at_least": ("eco_rules.backends.columnar", "columns) >= count", "columns) > count"),
    "quorum": ("eco_rules.backends.gates", "len(node.items) - node.count + 1", "len(node.items) - node.count"),
}


@pytest.mark.parametrize("operator", sorted(BROKEN))
def test_a_broken_operator_is_noticed_within_500_pairs(operator: str) -> None:
    """Mutation check of the suite itself: one operator of a backend is broken on purpose."""
    module, right, wrong = BROKEN[operator]
    source = Path(
        sys.modules[module].__file__ if module in sys.modules else __import__(module, fromlist=["x"]).__file__ or ""
    )
    text = source.read_text(encoding="utf-8")
    assert text.count(right) >= 1
    scope: dict[str, Any] = {"__name__": f"{module}_broken"}
    sys.modules[scope["__name__"]] = type(sys)(scope["__name__"])
    exec(compile(text.replace(right, wrong), str(source), "exec"), vars(sys.modules[scope["__name__"]]))
    broken = vars(sys.modules[scope["__name__"]])
    if module.endswith("gates"):
        rete = pytest.importorskip("eco_rules.backends.rete")
        pytest.importorskip("durable_rules_engine")
        original = rete.circuit
        rete.circuit = broken["circuit"]
        others = {"rete": rete.prepare}
    else:
        original = None
        others = {module.rpartition(".")[2]: broken["prepare"]}
    try:
        with pytest.raises(AssertionError, match="differs"):
            campaign(500, 7, others)
    finally:
        if original is not None:
            rete.circuit = original
