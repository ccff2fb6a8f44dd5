"""Verdicts and results → the parts of a decision: findings, defeats, assumptions, duties, warnings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from eco_rules.decision.decision import (
    Assumption,
    Caveat,
    Citation,
    Conflict,
    Defeated,
    DutyItem,
    Finding,
    LayerUse,
    Rejected,
)
from eco_rules.engine.regime import Regime
from eco_rules.engine.resolution import Result
from eco_rules.ir.facts import OUTCOME_PREFIX
from eco_rules.ir.functions import FUNCTIONS
from eco_rules.ir.lower import RuleCode, SideCode
from eco_rules.ir.nodes import Atom, slots_of
from eco_rules.ir.render import Renderer
from eco_rules.ir.vocabulary import FactKey
from eco_rules.loading.corpus import Corpus

from eco_rules.model.legal import Provenance, weakest
from eco_rules.model.ruleset import Due, Notice, Obligation
from eco_rules.values.kinds import plain
from eco_rules.words import Lang, Text


class Composer:
    """Writes the parts of a decision for one regime."""

    def __init__(self, corpus: Corpus, regime: Regime, lang: Lang) -> None:
        self._corpus = corpus
        self._regime = regime
        self._lang: Lang = lang
        self._rules = regime.stack.rules
        self._truths = regime.truths
        self._vocabulary = regime.stack.table.vocabulary

    def cite(self, refs: Iterable[str]) -> tuple[Citation, ...]:
        """Citations for `instrument#clause` references."""
        found = []
        for ref in refs:
            clause = self._corpus.clause(ref)
            assert clause is not None  # checked on loading
            instrument, part = clause
            found.append(
                Citation.model_construct(
                    instrument=instrument.id,
                    title=instrument.title,
                    doc_no=instrument.doc_no,
                    locator=part.locator,
                    provenance=part.provenance or instrument.provenance,
                    text=part.text,
                )
            )
        return tuple(found)

    def findings(self, result: Result) -> tuple[Finding, ...]:
        """The rules that carry the result; the matter's default when none does."""
        holding = self._holding(result.outcome)
        if holding:
            return tuple(self._finding(rule) for rule in holding)
        default = self._regime.stack.matter.default
        if default is None or result.kind != "outcome" or result.outcome != default.outcome:
            return ()
        return (
            Finding.model_construct(
                rule=f"{self._regime.stack.matter.id}/default",
                title=default.title,
                outcome=default.outcome,
                modality=default.modality,
                clauses=self.cite(self._in_force(default.cites)),
                facts_used={},
                facts_said={},
            ),
        )

    def _in_force(self, refs: Iterable[str]) -> list[str]:
        day = self._regime.day
        return [ref for ref in refs if (found := self._corpus.clause(ref)) and found[0].effective.covers(day)]

    def _holding(self, outcome: str | None) -> list[RuleCode]:
        """Rules that hold with this outcome, highest level first."""
        found = [
            rule for rule in self._rules
            if rule.effect and rule.effect.outcome == outcome and self._truths[rule.holds]
        ]
        return sorted(found, key=lambda rule: (rule.standing.rank, rule.effect is not None and rule.effect.modality != "must"))

    def _finding(self, rule: RuleCode) -> Finding:
        assert rule.effect is not None  # only rules with an outcome become findings
        used = [(self._key(slot), self._regime.filling.values[slot]) for slot in self._slots_used(rule.when)]
        return Finding.model_construct(
            rule=rule.id,
            title=rule.title,
            outcome=rule.effect.outcome,
            modality=rule.effect.modality,
            clauses=self.cite((*rule.standing.cites, *rule.authority)),
            facts_used={self._vocabulary.display(key): plain(value) for key, value in used},
            facts_said={self._vocabulary.label(key): self._vocabulary.value_label(key, value) for key, value in used},
        )

    def _slots_used(self, index: int) -> list[int]:
        """Slots of the facts that made an expression true, dates of the case's header left out."""
        node = self._regime.stack.program.expressions[index]
        used: dict[int, None] = {}
        for atom, _ in self._regime.reading.deciding_atoms(node):
            for slot in slots_of(atom):
                key = self._key(slot)
                if not key.name.startswith(OUTCOME_PREFIX) and not self._vocabulary.spec(key).header:
                    used[slot] = None
        return list(used)

    def _key(self, slot: int) -> FactKey:
        return self._regime.stack.table.slots[slot].key

    def conflicts(self, result: Result) -> tuple[Conflict, ...]:
        """The clash, naming both sides."""
        rules = [rule for outcome in result.clashing for rule in self._holding(outcome)]
        return (
            Conflict.model_construct(
                rules=tuple(rule.id for rule in rules),
                outcomes=result.clashing,
                clauses=self.cite(dict.fromkeys(ref for rule in rules for ref in rule.standing.cites)),
            ),
        )

    def defeated(self, result: Result | None) -> tuple[Defeated, ...]:
        """Rules whose conditions are met but which an exception, a local rule or rank defeats."""
        found = []
        winners = self._holding(result.outcome) if result and result.kind == "outcome" else []
        for rule in self._rules:
            if rule.effect is None or not self._truths[rule.when]:
                continue
            barrier = next((item for item in rule.barriers if self._truths[item.index]), None)
            if barrier is not None:
                found.append((rule, barrier.name, barrier.reason))
            elif winners and self._truths[rule.holds] and rule.effect.outcome != winners[0].effect.outcome:  # type: ignore[union-attr]
                found.append((rule, winners[0].id, "rank"))
        return tuple(
            Defeated.model_construct(rule=rule.id, title=rule.title, by=by, reason=reason) for rule, by, reason in found
        )

    def rejected(self) -> tuple[Rejected, ...]:
        """Rules about this case that do not hold, with the tests that failed."""
        renderer = Renderer(self._regime.stack)
        found = []
        for rule in self._rules:
            if rule.effect is None or rule.file is None:
                continue
            if self._truths[rule.scope] is not True or self._truths[rule.when] is not False:
                continue
            node = self._regime.stack.program.expressions[rule.when]
            atoms = self._regime.reading.deciding_atoms(node)
            because = tuple(dict.fromkeys(self._failed(atom, holds=truth, renderer=renderer) for atom, truth in atoms))
            found.append(Rejected.model_construct(rule=rule.id, title=rule.title, because=because))
        return tuple(found)

    def _failed(self, atom: Atom, *, holds: bool, renderer: Renderer) -> str:
        key = self._key(atom.slot)
        if key.name.startswith(OUTCOME_PREFIX):
            return renderer.atom(atom, negated=holds)
        value = self._vocabulary.value_label(key, self._regime.filling.values[atom.slot])
        wanted = Text("要求", "wanted").to(self._lang)
        return f"{self._vocabulary.label(key)}：{value}（{wanted}：{renderer.wanted(atom, negated=holds)}）"

    def assumptions(self) -> tuple[Assumption, ...]:
        """Presumptions, legal readings and answered judgements that rules about this case rest on."""
        slots = self._slots_in_play()
        filling = self._regime.filling
        found = []
        for slot in sorted(slots):
            key = self._key(slot)
            if key.name.startswith(OUTCOME_PREFIX):
                continue
            spec = self._vocabulary.spec(key)
            if slot in filling.presumed and spec.presume is not None:
                found.append(self._assumption(slot, "presumption", spec.presume.note, spec.presume.cites))
            elif slot in filling.derived:
                if spec.reading is not None:
                    found.append(self._assumption(slot, "reading", spec.reading.note, spec.reading.cites))
            elif spec.kind != "fact" and filling.values[slot] is not None:
                found.append(self._assumption(slot, "answer", spec.note, spec.cites))
        return tuple(found)

    def _slots_in_play(self) -> set[int]:
        """Slots that decided rules about this case, and what those were derived from."""
        slots: set[int] = set()
        expressions = self._regime.stack.program.expressions
        for rule in self._rules:
            if self._truths[rule.scope] is False:
                continue
            for index in (rule.when, rule.holds):
                for atom, _ in self._regime.reading.deciding_atoms(expressions[index]):
                    slots.update(slots_of(atom))
        todo = list(slots)
        while todo:
            for slot in self._regime.stack.table.slots[todo.pop()].inputs:
                if slot not in slots:
                    slots.add(slot)
                    todo.append(slot)
        return slots

    def _assumption(self, slot: int, kind: str, note: str | None, cites: Sequence[str]) -> Assumption:
        key, value = self._key(slot), self._regime.filling.values[slot]
        return Assumption.model_construct(
            fact=self._vocabulary.display(key),
            label=self._vocabulary.label(key),
            value=plain(value),
            value_label=self._vocabulary.value_label(key, value),
            kind=kind,
            note=note,
            clauses=self.cite(self._in_force(cites) or cites),
        )

    def obligations(self, outcome: str | None) -> tuple[tuple[DutyItem, ...], tuple[Caveat, ...]]:
        """Duties that go with the outcome, and reviews for those whose condition is still open."""
        duties, open_ones = [], []
        for side in self._sides(Obligation, outcome):
            item = side.item
            assert isinstance(item, Obligation)  # _sides filtered
            if self._truths[side.index] is None:
                open_ones.append(self._open_duty(side, item))
                continue
            due = self._due(item.due) if item.due else None
            duties.append(
                DutyItem.model_construct(
                    id=item.id, label=item.label, due=due, due_text=item.due_text,
                    clauses=self.cite(self._in_force(item.cites) or item.cites), note=item.note,
                )
            )
            if item.due and item.due.workdays is not None and due is None and self._start(item.due) is not None:
                message = Text(
                    f"“{item.label}”的期限超出已公布的工作日历，未计算", f"`{item.label}`: due beyond the published calendar, not computed"
                )
                open_ones.append(
                    Caveat.model_construct(code="calendar-ends", level="review", message=message.to(self._lang), clauses=())
                )
        return tuple(duties), tuple(open_ones)

    def _open_duty(self, side: SideCode, item: Obligation) -> Caveat:
        node = self._regime.stack.program.expressions[side.index]
        atoms = self._regime.reading.open_atoms(node)
        names = "、".join(dict.fromkeys(self._vocabulary.label(self._key(slot)) for atom in atoms for slot in slots_of(atom)))
        message = Text(f"是否须“{item.label}”取决于：{names}", f"whether `{item.label}` is due depends on: {names}")
        clauses = self.cite(self._in_force(item.cites) or item.cites)
        return Caveat.model_construct(
            code="obligation-open", level="review", message=message.to(self._lang), clauses=clauses
        )

    def _start(self, due: Due) -> date | None:
        slot = self._regime.stack.table.find(FactKey(due.after or due.fact or ""))
        value = self._regime.filling.values[slot] if slot is not None else None
        return value if isinstance(value, date) else None

    def _due(self, due: Due) -> date | None:
        start = self._start(due)
        if due.fact is not None or start is None:
            return start
        for name in ("days", "workdays", "months"):
            count = getattr(due, name)
            if count is not None:
                end = FUNCTIONS[f"{name}_after"].compute(start, count)
                return end if isinstance(end, date) else None
        return None

    def notices(self, outcome: str | None) -> tuple[Caveat, ...]:
        """Warnings of the rulesets that apply to this case."""
        found = []
        for side in self._sides(Notice, outcome):
            item = side.item
            if isinstance(item, Notice) and self._truths[side.index]:
                clauses = self.cite(self._in_force(item.cites) or item.cites)
                found.append(Caveat.model_construct(code=item.id, level=item.level, message=item.message, clauses=clauses))
        return tuple(found)

    def _sides(self, kind: type, outcome: str | None) -> list[SideCode]:
        return [
            side for side in self._regime.stack.sides
            if isinstance(side.item, kind)
            and (not side.item.outcomes or outcome in side.item.outcomes)
            and self._truths[side.index] is not False
        ]

    def layers(self) -> tuple[LayerUse, ...]:
        """The rulesets in force, widest place first, and how each relates to what lies above."""
        found = []
        for file in self._regime.stack.files:
            ruleset = file.ruleset
            authority = dict.fromkeys((*ruleset.authority, *(ref for rule in ruleset.rules for ref in rule.authority)))
            found.append(
                LayerUse.model_construct(
                    ruleset=ruleset.id, title=ruleset.title, jurisdiction=ruleset.jurisdiction,
                    relation=ruleset.relation, authority=self.cite(authority), complete=ruleset.complete,
                )
            )
        return tuple(found)

    def provenance(self, findings: Sequence[Finding], *, by_failure: bool) -> Provenance | None:
        """The weakest provenance among the clauses that decided, failed rules included where they decided."""
        found: list[Provenance] = [clause.provenance for finding in findings for clause in finding.clauses]
        if by_failure:
            for rule in self._rules:
                if rule.effect and self._truths[rule.scope] is not False and self._truths[rule.holds] is False:
                    found += [clause.provenance for clause in self.cite(rule.standing.cites)]
        return weakest(found)


