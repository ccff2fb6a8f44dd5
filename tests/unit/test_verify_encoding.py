"""Formulas say what the evaluators say: of the facts, of what is told of them, and of resolution."""

from __future__ import annotations

from datetime import date
from itertools import product

import z3
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from eco_rules.analysis.verify.encoding import Encoding, Facts
from eco_rules.analysis.verify.resolved import resolved
from eco_rules.backends import reference
from eco_rules.engine.diagram import leaves
from eco_rules.engine.resolution import Resolver
from eco_rules.values.kinds import is_exact
from tests.property.test_parity import lower, values_of
from tests.support.generated import corpus_of, facts, possible_grades, rulesets

OPTIONS = settings(
    max_examples=60,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
DAY = date(2020, 1, 1)


@seed(1)
@OPTIONS
@given(st.data())
def test_what_is_told_shows_what_the_evaluator_says(data: st.DataObject) -> None:
    ruleset = data.draw(rulesets())
    stack = lower(ruleset)
    variables = Facts(corpus_of(ruleset), [stack], DAY)
    encoding = Encoding(variables, stack)
    values = values_of(stack, data.draw(facts()), data.draw(possible_grades()))
    told = [item.same_told(values[stack.table.find(key)]) for key, item in variables.variables.items()]
    truths = reference.prepare(stack.program)(values)
    solver = z3.SimpleSolver()
    solver.add(*told)
    assert solver.check() == z3.sat
    model = solver.model()
    for index, truth in enumerate(truths):
        must, may = (z3.is_true(model.eval(encoding.formula(index, rail), True)) for rail in ("must", "may"))
        assert (must, may) == (truth is True, truth is not False), stack.program.expressions[index]
    if all(is_exact(values[stack.table.find(key)]) for key in variables.variables):
        for index, truth in enumerate(truths):
            assert z3.is_true(model.eval(encoding.formula(index), True)) is truth


@seed(2)
@settings(OPTIONS, max_examples=25)
@given(st.data())
def test_resolution_in_formulas_is_resolution(data: st.DataObject) -> None:
    stack = lower(data.draw(rulesets()))
    resolver = Resolver(stack)
    groups = [z3.Bool(f"g{index}") for index in range(len(resolver.groups))]
    whole = z3.Bool("complete")
    formula = resolved(resolver, stack.matter, groups, whole)
    for *states, complete in product([True, False], repeat=len(groups) + 1):
        (result,) = leaves(resolver.diagram(tuple(states), complete))
        given_ = [(item, z3.BoolVal(state)) for item, state in zip([*groups, whole], [*states, complete], strict=True)]
        said = {name for name, item in formula.parts() if z3.is_true(z3.simplify(z3.substitute(item, *given_)))}
        wanted: set[tuple[str, ...]] = {("clash", name) for name in result.clashing}
        if result.outcome:
            wanted.add(("outcome", result.outcome))
        wanted |= {(word,) for word in (result.modality, result.kind) if word in ("must", "may", "unread", "gap")}
        assert said - {("default",)} == wanted
        assert ("default",) not in said or not any(states)
