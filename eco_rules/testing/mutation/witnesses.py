"""Which examples could notice a mutant.

A changed condition is felt only where its truth is another one for the values an example gives, or, by examples that look
at what is asked for, where it is open. A moved date of effect is felt in cases with a date on that day, and in words of cases soon after.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from eco_rules.ir.evaluate import truth_of
from eco_rules.ir.lower import RuleCode, qualified
from eco_rules.ir.scope import lower
from eco_rules.loading.corpus import RulesetFile
from eco_rules.model.base import Validity
from eco_rules.model.condition import Condition, Junction, Negation, ParameterOperand, Quorum, Test
from eco_rules.model.ruleset import Ruleset
from eco_rules.testing.mutation.baseline import Baseline, Evaluation
from eco_rules.testing.mutation.mutant import Mutant
from eco_rules.testing.points import Root, roots
from eco_rules.testing.suite import Example
from eco_rules.testing.watched import scope_of
from eco_rules.truth import Truth
from eco_rules.values.dates import parse_date
from eco_rules.values.kinds import bounds

_LIKELY, _POSSIBLE = 0, 1
_NEAR = timedelta(days=366)
_DAYS = ("day", "start", "end")
_EXPLAINED = ("_assumption",)
"""Steps about why a rule holds."""

_ASKING = ("_asks", "_asks_first", "_asks_not", "_asks_nothing", "_kind")
"""Steps about what is asked for; all others are about what follows from the truth of conditions alone."""


class UnloadableError(Exception):
    """A mutated condition that cannot be made ready; `code` is that of the complaint."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Witnesses:
    """Finds the examples that could notice a mutant, the likeliest first."""

    def __init__(self, base: Baseline) -> None:
        self._base = base
        self._of_file: defaultdict[str, list[tuple[int, Evaluation]]] = defaultdict(list)
        for index, read in enumerate(base.read):
            for evaluation in read.evaluations:
                for file in evaluation.stack.files:
                    self._of_file[file.stamp.path].append((index, evaluation))
        self._explained = {index for index, item in enumerate(base.examples) if _has(item, _EXPLAINED)}
        self._asking = {index for index, item in enumerate(base.examples) if _has(item, _ASKING)}
        self._dates = [tuple(_dates(item)) for item in base.examples]

    def of(self, mutant: Mutant) -> list[int]:
        """Indices of the examples.

        Raises:
            UnloadableError: the changed condition is refused.
        """
        if mutant.change.operator == "period":
            return self._on(mutant)
        pairs = _changed_roots(mutant)
        found: dict[int, int] = {}
        for index, evaluation in self._of_file[mutant.file.stamp.path]:
            if found.get(index) == _LIKELY:
                continue
            felt = _felt(mutant, evaluation, pairs, index in self._asking) if pairs else _about(mutant, evaluation)
            if felt is None and index in self._explained:
                felt = _POSSIBLE
            if felt is not None:
                found[index] = min(felt, found.get(index, felt))
        return sorted(found, key=lambda index: (found[index], index))

    def _on(self, mutant: Mutant) -> list[int]:
        """The examples about the day that is added to a period or taken from it, then those near enough to hear of it."""
        day, matter = _day_moved(mutant), mutant.file.ruleset.matter
        judged = [index for index, read in enumerate(self._base.read) if matter in read.matters]
        there = [index for index in judged if any(_covers(text, day) for text in self._dates[index])]
        near = [index for index in judged if any(_is_near(text, day) for text in self._dates[index])]
        return list(dict.fromkeys((*there, *near)))


def _felt(mutant: Mutant, evaluation: Evaluation, pairs: list[tuple[Root, Root]], asking: bool) -> int | None:
    """How likely a change of conditions is felt; None: not at all."""
    felt: int | None = None
    for one, other in pairs:
        if not _matters(mutant.file, one, evaluation):
            continue
        if _names_law_date(one.condition) or _names_law_date(other.condition):
            felt = _POSSIBLE  # it also tells which laws are compared
        first = _truth(mutant.file, one.condition, evaluation)
        second = _truth(mutant.mutated, other.condition, evaluation)
        if first is not second:
            return _LIKELY
        if first is None and asking:
            felt = _POSSIBLE
    return felt


def _changed_roots(mutant: Mutant) -> list[tuple[Root, Root]]:
    """The conditions that differ, before and after; none where something else than a condition was changed."""
    before, after = (list(roots(item)) for item in (mutant.file.ruleset, mutant.change.ruleset))
    if mutant.change.path[0] == "parameters":
        name = mutant.change.owner
        return [(one, other) for one, other in zip(before, after, strict=True) if _uses(one.condition, name)]
    path = mutant.change.path
    return [
        (one, other)
        for one, other in zip(before, after, strict=False)
        if path[: len(one.path)] == one.path and other.path == one.path
    ]


def _matters(file: RulesetFile, root: Root, evaluation: Evaluation) -> bool:
    """Whether a condition is in force in a stack, and of a rule the case is about."""
    section, name = root.path[0], qualified(file.ruleset.id, root.owner)
    if section == "conditions":
        return name in evaluation.stack.names
    if section != "rules":
        return True
    rule = _rule(evaluation, name)
    return rule is not None and (root.path[-1] == "applies" or evaluation.truths[rule.scope] is not False)


def _about(mutant: Mutant, evaluation: Evaluation) -> int | None:
    """How likely a change of a rule itself is felt; what is no rule may be felt by all who read the file."""
    if mutant.change.path[0] != "rules":
        return _POSSIBLE
    rule = _rule(evaluation, mutant.rule)
    if rule is None or evaluation.truths[rule.scope] is False:
        return None
    return _LIKELY if evaluation.truths[rule.when] is not False else _POSSIBLE


def _rule(evaluation: Evaluation, name: str) -> RuleCode | None:
    return next((rule for rule in evaluation.stack.rules if rule.id == name), None)


def _truth(file: RulesetFile, condition: Condition, evaluation: Evaluation) -> Truth:
    """The truth of a condition of a file for the values of an evaluation."""
    parameters = {name: item.value for name, item in file.ruleset.parameters.items()}
    scope = scope_of(evaluation.stack, file.spans, file.ruleset.id, parameters)
    try:
        node = lower(condition, scope)
    except LookupError:  # it reads a fact no rule has read so far
        return None
    if scope.problems.items:
        raise UnloadableError(scope.problems.items[0].code)
    return truth_of(node, evaluation.values, evaluation.truths)


def _tests(condition: Condition) -> Iterator[Test]:
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Negation):
        yield from _tests(condition.item)
    elif isinstance(condition, Junction | Quorum):
        for item in condition.items:
            yield from _tests(item)


def _names_law_date(condition: Condition) -> bool:
    return any(test.fact == "law_date" for test in _tests(condition))


def _uses(condition: Condition, parameter: str) -> bool:
    for test in _tests(condition):
        operands = test.operand if isinstance(test.operand, tuple) else (test.operand,)
        values = (*operands, *(value for _, value in test.arguments))
        if any(isinstance(item, ParameterOperand) and item.name == parameter for item in values):
            return True
    return False


def _day_moved(mutant: Mutant) -> date:
    """The one day on which a changed period and the old one differ."""
    old, new = (_period(item, mutant) for item in (mutant.file.ruleset, mutant.change.ruleset))
    if old.start != new.start:
        return min(old.start, new.start)
    ends = [item for item in (old.end, new.end) if item is not None]
    return max(ends)


def _period(ruleset: Ruleset, mutant: Mutant) -> Validity:
    path = mutant.change.path
    if path[0] == "effective":
        return ruleset.effective
    position = path[1]
    assert isinstance(position, int)  # a rule's place among the rules
    effective = ruleset.rules[position].effective
    assert effective is not None  # it was moved
    return effective


def _dates(example: Example) -> Iterator[str]:
    for step in example.steps:
        yield from (str(step.arguments[name]) for name in _DAYS if name in step.arguments)


def _covers(text: str, day: date) -> bool:
    low, high = bounds(parse_date(text))
    return isinstance(low, date) and isinstance(high, date) and low <= day <= high


def _is_near(text: str, day: date) -> bool:
    low, _ = bounds(parse_date(text))
    return isinstance(low, date) and abs(low - day) <= _NEAR


def _has(example: Example, steps: Sequence[str]) -> bool:
    return any(step.function.__name__ in steps for step in example.steps)
