"""Random projects of every entry: all facts known, each has one tier; none, only where the entry leaves some out."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from eco_rules import Case, Engine
from eco_rules.ir.nodes import ATOM_KINDS, Below, slots_of, walk

HERE = Path(__file__).parent
ENTRIES = json.loads((HERE / "catalogue-2021.json").read_text(encoding="utf-8"))["entries"]
LEFT_OUT = yaml.safe_load((HERE / "left-out.yaml").read_text(encoding="utf-8"))["entries"]
PROJECTS = 700


def facts_of(engine: Engine, item: str) -> dict[str, list]:
    """The stated facts the rules of an entry come down to, each with the values worth trying."""
    matter = engine.rulesets.matters["eia-classification"]
    vocabulary = engine.vocabularies[matter.id]
    day = engine.rulesets.instruments["catalogue-2021"].effective.start
    stated = {vocabulary.find("catalogue_item"): vocabulary.parse(vocabulary.find("catalogue_item"), [item])}
    stack = engine.prepared(matter, "cn", day).narrowed(stated).stack
    limits: dict[int, set] = {}
    for expression in stack.program.expressions:
        for node in walk(expression):
            if isinstance(node, ATOM_KINDS):
                for slot in slots_of(node):
                    limits.setdefault(slot, set()).update({node.limit} if isinstance(node, Below) else ())
    todo, base = list(limits), set()
    while todo:
        slot = todo.pop()
        inputs = stack.table.slots[slot].inputs
        todo += inputs
        if not inputs:
            base.add(slot)
    every = {limit for values in limits.values() for limit in values if isinstance(limit, int | Decimal)}
    found = {}
    for slot in base:
        spec = vocabulary.spec(stack.table.slots[slot].key)
        name = vocabulary.display(stack.table.slots[slot].key)
        if spec.header or name == "catalogue_item":
            continue
        found[name] = tries(spec, limits.get(slot) or every)
    return found


def tries(spec, limits: set) -> list:
    if spec.type == "boolean":
        return [True, False]
    if spec.type == "enum":
        return list(spec.values)
    if spec.type == "set":
        return [[], *([value] for value in spec.values), list(spec.values)[:2]]
    near = {limit + step for limit in limits if limit is not None for step in (-1, 0, 1)} | {0, 1, 20, Decimal("0.5")}
    return sorted(value for value in near if value >= 0 and (spec.type == "number" or value == int(value)))


def tiers(engine: Engine, entry: dict) -> set[str]:
    item = str(entry["no"])
    facts, dice = facts_of(engine, item), random.Random(entry["no"])
    found = set()
    for _ in range(PROJECTS):
        stated = {name: dice.choice(values) for name, values in facts.items()}
        case = Case(
            matter="eia-classification",
            jurisdiction="cn",
            decision_date="2024-06-01",
            facts={"catalogue_item": [item], **stated},
        )
        decision = engine.decide(case)
        assert decision.status == "determined", (stated, [fact.fact for fact in decision.missing])
        found.add(decision.outcome)
    return found


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["no"]))
def test_every_project_has_one_tier(engine: Engine, entry: dict):
    found = tiers(engine, entry)
    assert ("not_managed" in found) == (entry["no"] in LEFT_OUT), found


def test_what_is_left_out_has_its_reason():
    assert [number for number, why in LEFT_OUT.items() if not why] == []
