"""Which decisions of given cases come out otherwise under another version of the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from eco_rules.analysis.results import result_of
from eco_rules.decision.decision import Decision
from eco_rules.diagnostics import Diagnostic
from eco_rules.engine.engine import Engine
from eco_rules.errors import CaseError
from eco_rules.model.case import Case


@dataclass(frozen=True, slots=True)
class Flip:
    """One decision that differs: a version that cannot read the case has none, but says why."""

    case: Case
    matter: str
    before: Decision | None
    after: Decision | None
    errors: tuple[Diagnostic, ...] = ()

    @property
    def place(self) -> str:
        """The name of the place, where one version decided."""
        decision = self.after or self.before
        return decision.place if decision else str(self.case.jurisdiction)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that carry one of the two results and not the other."""
        sides = [
            {finding.rule for finding in side.findings} if side and side.status != "undetermined" else set()
            for side in (self.before, self.after)
        ]
        return tuple(sorted(sides[0] ^ sides[1])) or tuple(sorted(sides[0] | sides[1]))


@dataclass(frozen=True, slots=True)
class Flips:
    """The decisions that differ, among how many; counted by rule and by place."""

    decided: int
    flips: tuple[Flip, ...]

    @property
    def by_rule(self) -> list[tuple[str, int]]:
        """How many decisions differ by a rule, most first; a decision may differ by several."""
        return _ranked(rule for flip in self.flips for rule in flip.rules)

    @property
    def by_place(self) -> list[tuple[str, int]]:
        """How many decisions differ in a place, most first."""
        return _ranked(flip.place for flip in self.flips)


def flips(old: Engine, new: Engine, cases: Iterable[Case], matter: str | None, place: str | None) -> Flips:
    """Decide every case by both versions; only one matter, or cases of one place, where asked."""
    decided = 0
    found: list[Flip] = []
    for case in cases:
        one, other = _decisions(old, case), _decisions(new, case)
        names = [*one] if isinstance(one, dict) else []
        names += [*other] if isinstance(other, dict) else []
        if not names:
            found.append(Flip(case, "", None, None, _errors(one) or _errors(other)))
        for name in dict.fromkeys(names):
            before = one.get(name) if isinstance(one, dict) else None
            after = other.get(name) if isinstance(other, dict) else None
            here = after or before
            assert here is not None  # the name came from one of the two
            if (matter not in (None, name)) or not _lies_in(here, place):
                continue
            decided += 1
            if before is None or after is None or result_of(before) != result_of(after):
                found.append(Flip(replace(case, matter=name), name, before, after, (*_errors(one), *_errors(other))))
    return Flips(decided, tuple(found))


def _decisions(engine: Engine, case: Case) -> dict[str, Decision] | CaseError:
    try:
        return {decision.matter: decision for decision in engine.decide_all(case)}
    except CaseError as error:
        return error


def _errors(side: dict[str, Decision] | CaseError) -> tuple[Diagnostic, ...]:
    return side.diagnostics if isinstance(side, CaseError) else ()


def _lies_in(decision: Decision, place: str | None) -> bool:
    return place is None or decision.jurisdiction.startswith(place)


def _ranked(names: Iterable[str]) -> list[tuple[str, int]]:
    return sorted(Counter(names).items(), key=lambda item: (-item[1], item[0]))
