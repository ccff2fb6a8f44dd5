"""L412: a local rule lets more cases off than the one above it does: its threshold lies further out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from eco_rules.analysis.lint.check import Check, Found
from eco_rules.analysis.lint.checks.above import empowered, mildest_first, rules_above
from eco_rules.analysis.lint.checks.cited import named_by
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.condition import Condition, Holds, Junction, ParameterOperand, Path, Test
from eco_rules.model.ruleset import Rule
from eco_rules.words import Text

_UP = {"lt": False, "le": True}
_DOWN = {"gt": False, "ge": True}

Limit = tuple[Decimal, bool, Path]
"""A limit, whether the limit itself is within, and where it stands in the ruleset."""


def _run(corpus: Corpus) -> Iterator[Found]:
    for file in corpus.rulesets:
        matter = corpus.matters[file.ruleset.matter]
        order = mildest_first(matter)
        usual = matter.default.outcome if matter.default else None
        mild = set(order[: order.index(usual)] if usual in order else order[:-1]) - set(matter.precedence)
        above = [item for item in rules_above(corpus, file) if item[1].then.outcome in mild]
        for index, rule in enumerate(file.ruleset.rules):
            if rule.then.outcome in mild and not empowered(file, rule):
                alike = [item for item in above if item[1].then.outcome == rule.then.outcome]
                yield from _wider(file, rule, index, alike)


def _wider(file: RulesetFile, rule: Rule, index: int, above: list[tuple[RulesetFile, Rule]]) -> Iterator[Found]:
    own = dict(_limits(file, rule, index))
    for other_file, other in above:
        if not named_by(rule.applies) & named_by(other.applies):
            continue
        theirs = dict(_limits(other_file, other, 0))
        for key in own.keys() & theirs.keys():
            (mine, within, path), (limit, limit_within, _) = own[key], theirs[key]
            fact, upward = key
            further = mine > limit if upward else mine < limit
            if further or (mine == limit and within and not limit_within):
                name = f"{other_file.ruleset.id}/{other.id}"
                yield Found(
                    Text(
                        f"规则 `{rule.id}` 的 `{fact}` 放到 {mine}，上位规则 `{name}` 只到 {limit}",
                        f"rule `{rule.id}` takes `{fact}` to {mine}; `{name}` above it stops at {limit}",
                    ),
                    file.spans.key(path),
                    Text(
                        "请核对界限；有授权的用 authority 注明", "check the limit; cite what empowers it in `authority`"
                    ),
                )


def _limits(file: RulesetFile, rule: Rule, index: int) -> Iterator[tuple[tuple[str, bool], Limit]]:
    """What a rule demands of numbers, by fact and direction; what it demands only in some cases is left out."""
    waiting: list[tuple[Condition | None, Path]] = [
        (rule.applies, ("rules", index, "applies")),
        (rule.when, ("rules", index, "when")),
    ]
    while waiting:
        condition, base = waiting.pop()
        if isinstance(condition, Junction) and (condition.every or len(condition.items) == 1):
            waiting += [(item, base) for item in condition.items]
        elif isinstance(condition, Holds) and condition.name in file.ruleset.conditions:
            waiting.append((file.ruleset.conditions[condition.name].when, ("conditions", condition.name, "when")))
        elif isinstance(condition, Test) and (number := _number(file, condition.operand)) is not None:
            for upward, operators in ((True, _UP), (False, _DOWN)):
                if condition.operator in operators:
                    within = operators[condition.operator]
                    yield (condition.fact, upward), (number, within, (*base, *condition.path))


def _number(file: RulesetFile, operand: object) -> Decimal | None:
    """The limit as a plain number; amounts with units of their own are left to the reader."""
    if isinstance(operand, ParameterOperand) and operand.name in file.ruleset.parameters:
        operand = file.ruleset.parameters[operand.name].value
    plain = isinstance(operand, int | Decimal) and not isinstance(operand, bool)
    return Decimal(operand) if plain else None  # type: ignore[arg-type]


CHECK = Check(
    "L412",
    "warning",
    Text("下位规则的界限比上位规则宽", "a local threshold wider than the one above"),
    _run,
)
