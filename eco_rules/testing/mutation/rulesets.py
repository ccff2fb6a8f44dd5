"""The small changes of one ruleset file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import TypeAlias, TypeVar

from eco_rules.ir.vocabulary import ValueProblemError, Vocabulary
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.base import Validity
from eco_rules.model.condition import Condition, Path
from eco_rules.model.ruleset import Due, Rule, Ruleset, Side
from eco_rules.testing.mutation.conditions import Kinds, variants
from eco_rules.testing.mutation.mutant import Change, Mutant, Operator
from eco_rules.testing.mutation.steps import around, beside, days

Item = TypeVar("Item")
Build: TypeAlias = Callable[[Condition], Mapping[str, object]]
"""What to update of a ruleset for another condition."""

_EXCEPTIONS = ("unless", "overrides", "replaces", "special_to")
_LENGTHS = ("days", "workdays", "months")


def mutants(corpus: Corpus, file: RulesetFile) -> Iterator[Mutant]:
    """Every mutant of a file, in the order of the file's parts."""
    seen: Counter[str] = Counter()
    for change in _Changes(corpus, file.ruleset).all():
        name = f"{file.stamp.id}@{'.'.join(map(str, change.path))}:{change.operator}:{change.now}"
        seen[name] += 1
        yield Mutant(name if seen[name] == 1 else f"{name}#{seen[name]}", file, change)


class _Changes:
    """The changes of one ruleset."""

    def __init__(self, corpus: Corpus, ruleset: Ruleset) -> None:
        self._ruleset = ruleset
        self._outcomes = tuple(corpus.matters[ruleset.matter].outcomes)
        self._kinds = _kinds(Vocabulary(corpus.facts_of(corpus.matters[ruleset.matter]), corpus.units))

    def all(self) -> Iterator[Change]:
        ruleset = self._ruleset
        for name, effective in _periods(ruleset.effective):
            yield self._change("period", ("effective", name), "*", effective[0], effective=effective[1])
        yield from self._parameters()
        yield from self._condition("*", ("applies",), ruleset.applies, lambda item: {"applies": item})
        for index, barrier in enumerate(ruleset.unless):
            dropped = _without(ruleset.unless, index)
            yield self._change("exception", ("unless", index), "*", f"− {barrier}", unless=dropped)
        for name, named in ruleset.conditions.items():
            yield from self._condition(name, ("conditions", name, "when"), named.when, self._named(name))
        for index, rule in enumerate(ruleset.rules):
            yield from self._rule(index, rule)
        yield from self._sides()

    def _named(self, name: str) -> Build:
        """The ruleset's named conditions with another one under this name."""
        named = self._ruleset.conditions

        def build(item: Condition) -> Mapping[str, object]:
            return {"conditions": {**named, name: named[name].model_copy(update={"when": item})}}

        return build

    def _change(self, operator: Operator, path: Path, owner: str, now: str, **update: object) -> Change:
        return Change(operator, path, owner, now, self._ruleset.model_copy(update=update))

    def _condition(self, owner: str, base: Path, condition: Condition | None, build: Build) -> Iterator[Change]:
        if condition is not None:
            for item in variants(condition, self._kinds):
                yield self._change(item.operator, (*base, *item.path), owner, item.now, **build(item.condition))

    def _parameters(self) -> Iterator[Change]:
        parameters = self._ruleset.parameters
        for name, parameter in parameters.items():
            value = parameter.value
            found: list[tuple[Operator, object, str]] = [("threshold", near, str(near)) for near in _near(value)]
            if isinstance(value, tuple) and len(value) > 1:
                found += [("member", _without(value, index), f"− {item}") for index, item in enumerate(value)]
            for operator, new, now in found:
                changed = {**parameters, name: parameter.model_copy(update={"value": new})}
                yield self._change(operator, ("parameters", name, "value"), name, now, parameters=changed)

    def _rule(self, index: int, rule: Rule) -> Iterator[Change]:
        base: Path = ("rules", index)

        def changed(**update: object) -> Mapping[str, object]:
            return {"rules": _with(self._ruleset.rules, index, rule.model_copy(update=update))}

        rules = self._ruleset.rules
        yield self._change("rule", (*base, "id"), rule.id, "−", rules=_without(rules, index))
        for name, effective in _periods(rule.effective) if rule.effective else ():
            path = (*base, "effective", name)
            yield self._change("period", path, rule.id, effective[0], **changed(effective=effective[1]))
        for key in ("applies", "when"):
            build = partial(_keyed, changed, key)
            yield from self._condition(rule.id, (*base, key), getattr(rule, key), build)
        for key in _EXCEPTIONS:
            names = getattr(rule, key)
            for position, name in enumerate(names):
                path = (*base, key, position)
                yield self._change(
                    "exception", path, rule.id, f"− {name}", **changed(**{key: _without(names, position)})
                )
        yield from self._effect(base, rule, changed)

    def _effect(self, base: Path, rule: Rule, changed: Callable[..., Mapping[str, object]]) -> Iterator[Change]:
        then = rule.then
        if then.modality is not None:
            other = "may" if then.modality == "must" else "must"
            new = then.model_copy(update={"modality": other})
            yield self._change("modality", (*base, "then", "modality"), rule.id, other, **changed(then=new))
        if then.outcome is not None and len(self._outcomes) > 1:
            position = self._outcomes.index(then.outcome)
            other = self._outcomes[(position + 1) % len(self._outcomes)]
            new = then.model_copy(update={"outcome": other})
            yield self._change("outcome", (*base, "then", "outcome"), rule.id, other, **changed(then=new))

    def _sides(self) -> Iterator[Change]:
        """Conditions and deadlines of obligations, materials and warnings."""
        for section, sides in self._ruleset.sides.items():
            for index, side in enumerate(sides):
                yield from self._side(section, sides, index, side)

    def _side(self, section: str, sides: tuple[Side, ...], index: int, side: Side) -> Iterator[Change]:
        def changed(**update: object) -> Mapping[str, object]:
            return {section: _with(sides, index, side.model_copy(update=update))}

        base: Path = (section, index)
        yield from self._condition(side.id, (*base, "when"), side.when, partial(_keyed, changed, "when"))
        due: Due | None = getattr(side, "due", None)
        if due is None:
            return
        for name in _LENGTHS:
            length = getattr(due, name)
            for near in around(length) if length is not None else ():
                new = due.model_copy(update={name: near})
                yield self._change("threshold", (*base, "due", name), side.id, str(near), **changed(due=new))


def _keyed(changed: Callable[..., Mapping[str, object]], key: str, item: Condition) -> Mapping[str, object]:
    return changed(**{key: item})


def _kinds(vocabulary: Vocabulary) -> Kinds:
    def kind(name: str) -> str:
        try:
            key = vocabulary.find(name)
        except ValueProblemError:
            return ""
        spec = vocabulary.facts.get(name) if key is None else vocabulary.spec(key)
        return spec.type if spec else ""

    return kind


def _near(value: object) -> Iterator[object]:
    """A parameter a step away, whatever it is compared with."""
    for kind in ("date", "number"):
        yield from beside(value, kind) if isinstance(value, str) or kind == "number" else ()


def _periods(effective: Validity) -> Iterator[tuple[str, tuple[str, Validity]]]:
    """Each known end of a period a day earlier and a day later."""
    ends: tuple[tuple[str, str, date | None], ...] = (
        ("from", "start", effective.start),
        ("until", "end", effective.end),
    )
    for name, field, day in ends:
        for near in days(day) if day is not None and name not in effective.unknown else ():
            new = effective.model_copy(update={field: near})
            if new.end is None or new.start <= new.end:
                yield name, (near.isoformat(), new)


def _without(items: tuple[Item, ...], index: int) -> tuple[Item, ...]:
    return items[:index] + items[index + 1 :]


def _with(items: tuple[Item, ...], index: int, item: Item) -> tuple[Item, ...]:
    return (*items[:index], item, *items[index + 1 :])
