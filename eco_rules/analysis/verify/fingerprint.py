"""One text for everything an answer about a stack depends on: rules, facts, this program and the solver."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path

import z3
from pydantic import BaseModel

import eco_rules
from eco_rules.engine.engine import Engine
from eco_rules.ir.facts import OUTCOME_PREFIX, matter_asked
from eco_rules.ir.lower import Stack
from eco_rules.model.matter import Matter


def fingerprint(engine: Engine, matter: Matter, place: str, day: date, texts: dict[int, str]) -> str:
    """SHA-256 of the stack of a matter, place and day, of the stacks it asks, and of the program that examines them.

    `texts` remembers those of models, by identity; they live as long as the engine.
    """
    digest = hashlib.sha256(_program().encode())
    digest.update(f"{place} {day} {engine.backend} {engine.cross_check}".encode())
    for stack in _stacks(engine, matter, place, day):
        digest.update(_text(_content(stack), texts).encode())
    return digest.hexdigest()


@cache
def _program() -> str:
    """Every source file of this package, and the versions of what it computes with."""
    folder = Path(eco_rules.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return " ".join([digest.hexdigest(), z3.get_full_version(), version("chinesecalendar"), version("pint")])


def _stacks(engine: Engine, matter: Matter, place: str, day: date) -> Iterator[Stack]:
    stack = engine.prepared(matter, place, day).stack
    yield stack
    for question in stack.asks:
        yield from _stacks(engine, engine.rulesets.matters[matter_asked(question)], place, day)


def _content(stack: Stack) -> tuple[object, ...]:
    """What is in a stack but functions and places in files."""
    vocabulary = stack.table.vocabulary
    slots = [
        (
            slot.key,
            slot.inputs,
            slot.presumed,
            None if slot.key.name.startswith(OUTCOME_PREFIX) else vocabulary.spec(slot.key),
        )
        for slot in stack.table.slots
    ]
    rules = [
        {item.name: getattr(rule, item.name) for item in fields(rule) if item.name != "file"} for rule in stack.rules
    ]
    files = [(file.ruleset.id, file.stamp.sha256) for file in stack.files]
    return (stack.matter, stack.program, slots, rules, stack.sides, stack.complete, stack.unread, stack.asks, files)


def _text(value: object, texts: dict[int, str]) -> str:
    """The same text for equal values, in every process."""
    if isinstance(value, BaseModel):
        if id(value) not in texts:
            texts[id(value)] = _text({name: getattr(value, name) for name in type(value).model_fields}, texts)
        return texts[id(value)]
    if is_dataclass(value) and not isinstance(value, type):
        return type(value).__name__ + _text([getattr(value, item.name) for item in fields(value)], texts)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_text(name, texts)}:{_text(item, texts)}" for name, item in value.items()) + "}"
    if isinstance(value, frozenset | set):
        return "<" + ",".join(sorted(_text(item, texts) for item in value)) + ">"
    if isinstance(value, list | tuple):
        return "[" + ",".join(_text(item, texts) for item in value) + "]"
    return f"{type(value).__name__}({value!r})"
