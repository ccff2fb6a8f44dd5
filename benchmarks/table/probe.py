"""What an engine answers while the fact that decides is absent. Four cases of one category of the table:

A capacity large enough, sensitivity absent: report, whatever the other.
B in a sensitive area, capacity absent: report, whatever the other.
C not in a sensitive area, capacity absent: anything, and capacity is what to ask.
D a small capacity, sensitivity absent: report or registration, and sensitivity is what to ask.
"""

from __future__ import annotations

from importlib import import_module

from workload import Facts, table

RIGHT = {"A": "report", "B": "report", "C": "? capacity", "D": "? sensitive"}
LINES = table(9)


def cases() -> dict[str, Facts]:
    """The four probes."""
    category, report, form = LINES[0]
    return {
        "A": {"category": category, "capacity": report + 1},
        "B": {"category": category, "sensitive": True},
        "C": {"category": category, "sensitive": False},
        "D": {"category": category, "capacity": form - 1},
    }


def answers(name: str) -> dict[str, str]:
    """The answer of an engine to each probe: an outcome, what it asks for, or how it fails."""
    if name == "eco_rules":
        return eco_answers()
    decide = import_module(f"peers.{name}").build(LINES)
    found = {}
    for probe, facts in cases().items():
        try:
            found[probe] = str(decide(facts))
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 - a panic of a peer is what is asked about
            found[probe] = f"{type(error).__name__}"
    return found


def eco_answers(backend: str = "compiled") -> dict[str, str]:
    """The same for a backend of eco_rules: `? fact` when it asks for a fact."""
    import eco

    engine = eco.engine(LINES, backend)
    found = {}
    for probe, facts in cases().items():
        decision = engine.decide(eco.case(facts))
        asked = " ".join(item.fact for item in decision.missing)
        found[probe] = decision.outcome if decision.status == "determined" and decision.outcome else f"? {asked}"
    return found
