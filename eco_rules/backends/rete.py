"""durable_rules as an independent second engine, behind a guard.

Python decides every atom; what crosses into the C engine are opaque ASCII tokens and `"T"`, one wide fact a
stage and shard, retracted at once. Every limit that was measured to crash or hang the engine is checked
before a rule is handed over. See `docs/decisions/0004-durable-rules.md`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from eco_rules.backends.base import Evaluate
from eco_rules.backends.gates import Circuit, Gate, circuit
from eco_rules.diagnostics import Diagnostic
from eco_rules.errors import BackendError
from eco_rules.ir.atoms import evaluate_atom
from eco_rules.ir.nodes import Program
from eco_rules.truth import Truth, negate
from eco_rules.values.kinds import Value
from eco_rules.words import Text

MAX_MATCHES = 60
"""Matches of one fact in a C ruleset: every `$or` branch of both rules of a gate counts; 65 is an error."""

MAX_TOKENS = 240
"""Keys of one fact; 255 is the end."""

_OK, _NOT_HANDLED = 0, 1


@dataclass(frozen=True, slots=True)
class Shard:
    """Some gates of one stage that fit into one C ruleset, and the literals they read."""

    gates: tuple[int, ...]
    reads: tuple[int, ...]
    rules: str


def available() -> bool:
    """Whether the C engine can be imported."""
    try:
        require()
    except BackendError:
        return False
    return True


def require() -> None:
    """Import the C engine.

    Raises:
        BackendError: it is not installed (E801).
    """
    _engine()


def _engine() -> Any:
    try:
        import durable_rules_engine
    except ImportError as error:
        raise BackendError([Diagnostic("E801", _UNAVAILABLE, None, _INSTALL)]) from error
    return durable_rules_engine


_UNAVAILABLE = Text("没有安装 durable_rules（Rete 后端）", "durable_rules (the Rete backend) is not installed")
_INSTALL = Text(
    "pip install 'eco_rules[rete]'，需要 C 编译器和 Python 3.12 及以下",
    "pip install 'eco_rules[rete]' with a C compiler and Python 3.12 or older",
)


def prepare(program: Program) -> Evaluate:
    """Hand the and/or structure of a program to the Rete engine.

    Raises:
        BackendError: the engine is unavailable (E801) or a token cannot be told from another (E802).
    """
    engine = _engine()
    made = circuit(program)
    shards = list(_shards(made))
    local = threading.local()  # a C ruleset crashes when two threads use it

    def evaluate(values: Sequence[Value]) -> Sequence[Truth]:
        handles = getattr(local, "handles", None)
        if handles is None:
            handles = local.handles = [engine.create_ruleset(f"s{i}", shard.rules) for i, shard in enumerate(shards)]
        truths = _leaves(made, values)
        for shard, handle in zip(shards, handles, strict=True):
            fired = _fire(engine, handle, shard, truths)
            for gate in shard.gates:
                truths[gate] = True if f"g{gate}" in fired else None if f"h{gate}" in fired else False
        return [truths[output] for output in made.outputs]

    return evaluate


def _leaves(made: Circuit, values: Sequence[Value]) -> dict[int, Truth]:
    truths: dict[int, Truth] = dict(made.constants)
    for number, (atom, positive) in made.atoms.items():
        truth = evaluate_atom(atom, values)
        truths[number] = truth if positive else negate(truth)
    return truths


def _fire(engine: Any, handle: int, shard: Shard, truths: dict[int, Truth]) -> set[str]:
    """Assert one fact of true tokens, collect the names of the rules that fire, retract the fact."""
    tokens = {}
    for number in shard.reads:
        if truths[number] is True:
            tokens[f"a{number}"] = "T"
        if truths[number] is not False:
            tokens[f"b{number}"] = "T"
    if not tokens:
        return set()
    fact = json.dumps(tokens)
    fired: set[str] = set()
    code, state = engine.assert_fact(handle, fact)
    if code == _NOT_HANDLED:  # it matches no rule, and is not stored
        return fired
    if code != _OK:
        raise BackendError([Diagnostic("E803", Text(f"Rete 引擎返回 {code}", f"the Rete engine returned {code}"))])
    try:
        started = engine.start_action_for_state(handle, state)
        message = started[1] if started else None
        while message:
            fired.add(message[2 : message.index('"', 2)])
            message = engine.complete_and_start_action(handle, state)
    finally:
        engine.retract_fact(handle, fact)
    return fired


def _shards(made: Circuit) -> Iterator[Shard]:
    """Gates packed stage by stage, within the limits of a C ruleset."""
    stages = sorted({made.stage[number] for number in made.gates})
    for stage in stages:
        gates: list[int] = []
        reads: dict[int, None] = {}
        matches = 0
        for number, gate in made.gates.items():
            if made.stage[number] != stage:
                continue
            cost = _matches(gate)
            wider = {**reads, **dict.fromkeys(gate.inputs)}
            if gates and (matches + cost > MAX_MATCHES or 2 * len(wider) > MAX_TOKENS):
                yield _shard(made, gates, reads)
                gates, matches, wider = [], 0, dict.fromkeys(gate.inputs)
            gates.append(number)
            reads = wider
            matches += cost
        yield _shard(made, gates, reads)


def _matches(gate: Gate) -> int:
    return 2 if gate.conjunctive else 2 * len(gate.inputs)


def _shard(made: Circuit, gates: list[int], reads: dict[int, None]) -> Shard:
    rules = {}
    for number in gates:
        gate = made.gates[number]
        for rule, token in (("g", "a"), ("h", "b")):
            tests = [{f"{token}{item}": "T"} for item in gate.inputs]
            rules[f"{rule}{number}"] = {"all": [{"m": {"$and" if gate.conjunctive else "$or": tests}}]}
    names = [*rules, *(f"{token}{number}" for number in reads for token in "ab"), "m", "sid", "id", "$s"]
    if len({_hash(name) for name in names}) != len(names):
        message = Text("Rete 记号的散列相撞", "two Rete tokens share a hash")
        raise BackendError([Diagnostic("E802", message)])
    return Shard(tuple(gates), tuple(reads), json.dumps(rules))


def _hash(text: str) -> int:
    """The 32-bit FNV-1a hash by which the C engine compares names."""
    value = 0x811C9DC5
    for byte in text.encode("ascii"):
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return value
