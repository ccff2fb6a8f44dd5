"""Verdicts and results → the parts of a decision: findings, defeats, assumptions, duties, warnings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from eco_rules.decision.decision import (
    Assumption,
    AssumptionKind,
    Caveat,
    Conflict,
    Defeated,
    DefeatReason,
    DutyItem,
    Finding,
    LayerUse,
    Rejected,
)
from eco_rules.engine.border import OUTCOME_WORD
from eco_rules.engine.draft import Quote
from eco_rules.engine.library import Library
from eco_rules.engine.regime import Regime
from eco_rules.engine.resolution import Result
from eco_rules.ir.facts import OUTCOME_PREFIX, matter_asked, outcome_key
from eco_rules.ir.functions import FUNCTIONS
from eco_rules.ir.lower import RuleCode, SideCode
from eco_rules.ir.nodes import Atom, slots_of
from eco_rules.ir.vocabulary import FactKey
from eco_rules.model.legal import Provenance, weakest
from eco_rules.model.ruleset import Due, Material, Notice, Obligation
from eco_rules.values.kinds import Members, plain
from eco_rules.words import Lang, Text, marks


class Composer:
    """Writes the parts of a decision for one regime."""

    def __init__(self, library: Library, regime: Regime, lang: Lang) -> None:
        self._library = library
        self._page = library.page(regime)
        self._regime = regime
        self._lang: Lang = lang
        self._rules = regime.stack.rules
        self._truths = regime.truths
        self._vocabulary = regime.stack.table.vocabulary
        self.cite = library.cite

    def findings(self, outcome: str) -> tuple[Finding, ...]:
        """The rules that carry an outcome; the matter's default when none does."""
        values = self._regime.filling.values
        return tuple([quote.finding(values, self._lang) for quote in self.quotes(outcome)])

    def quotes(self, outcome: str) -> tuple[Quote, ...]:
        """The same but for the values they quote."""
        holding = self._regime.gist.carrying(outcome)
        if holding:
            return tuple([self._quote(rule) for rule in holding])
        default = self._regime.stack.matter.default
        if default is None or outcome != default.outcome:
            return ()
        fixed = {
            "rule": f"{self._regime.stack.matter.id}/default",
            "title": default.title,
            "outcome": default.outcome,
            "modality": default.modality,
            "clauses": self._page.in_force(default.cites),
        }
        return (Quote(fixed, ()),)

    def _quote(self, rule: RuleCode) -> Quote:
        assert rule.effect is not None  # only rules with an outcome become findings
        fixed = {
            "rule": rule.id,
            "title": rule.title,
            "outcome": rule.effect.outcome,
            "modality": rule.effect.modality,
            "clauses": self._page.grounds[rule.id],
        }
        names = self._page.names
        return Quote(fixed, tuple([(names[slot], slot) for slot in self._regime.gist.slots_used(rule.when)]))

    def _key(self, slot: int) -> FactKey:
        return self._regime.stack.table.slots[slot].key

    def conflicts(self, result: Result) -> tuple[Conflict, ...]:
        """The clash, naming both sides."""
        rules = [rule for outcome in result.clashing for rule in self._regime.gist.carrying(outcome)]
        return (
            Conflict.made(
                rules=tuple(rule.id for rule in rules),
                outcomes=result.clashing,
                clauses=self.cite(dict.fromkeys(ref for rule in rules for ref in rule.standing.cites)),
            ),
        )

    def defeated(self, result: Result | None) -> tuple[Defeated, ...]:
        """Rules whose conditions are met but which an exception, a local rule or rank defeats."""
        found: list[tuple[RuleCode, str, DefeatReason]] = []
        winners = self._regime.gist.carrying(result.outcome) if result and result.kind == "outcome" else ()
        for rule in self._rules:
            if rule.effect is None or not self._truths[rule.when]:
                continue
            barrier = next((item for item in rule.barriers if self._truths[item.index]), None)
            if barrier is not None:
                found.append((rule, barrier.name, barrier.reason))
            elif winners and self._truths[rule.holds] and rule not in winners:
                found.append((rule, winners[0].id, "rank"))
        return tuple(Defeated.made(rule=rule.id, title=rule.title, by=by, reason=reason) for rule, by, reason in found)

    def rejected(self) -> tuple[Rejected, ...]:
        """Rules about this case that do not hold, with the tests that failed."""
        found = []
        for rule in self._rules:
            if rule.effect is None or rule.file is None:
                continue
            if self._truths[rule.scope] is not True or self._truths[rule.when] is not False:
                continue
            node = self._regime.stack.program.expressions[rule.when]
            atoms = self._regime.reading.deciding_atoms(node)
            because = tuple(dict.fromkeys(self._failed(atom) for atom in atoms))
            found.append(
                Rejected.made(
                    rule=rule.id,
                    title=rule.title,
                    outcome=rule.effect.outcome,
                    specific=rule.specific,
                    exceptional=rule.effect.outcome in self._page.exceptional,
                    because=because,
                )
            )
        return tuple(found)

    def _failed(self, atom: Atom) -> str:
        key = self._key(atom.slot)
        wanted = self._page.wanted(atom, negated=self._regime.reading.truth(atom) is True)
        if key.name.startswith(OUTCOME_PREFIX):
            return wanted
        value = self._vocabulary.value_label(key, self._regime.filling.values[atom.slot], self._lang)
        word, mark = Text("要求", "wanted").to(self._lang), marks(self._lang)
        label = self._vocabulary.label(key, self._lang)
        return f"{label}{mark.colon}{value}" + mark.bracket(f"{word}{mark.colon}{wanted.strip()}")

    def assumptions(self) -> tuple[Assumption, ...]:
        """Presumptions, legal readings and answered judgements that rules about this case rest on."""
        filling = self._regime.filling
        wanted: dict[int, tuple[AssumptionKind, str | None, Sequence[str]]] = {}
        for slot, spec in self._page.notable.items():
            if slot in filling.presumed and spec.presume is not None:
                wanted[slot] = ("presumption", spec.presume.note, spec.presume.cites)
            elif slot in filling.derived:
                if spec.reading is not None:
                    wanted[slot] = ("reading", spec.reading.note, self._here(spec.reading.cites))
            elif spec.kind != "fact" and filling.values[slot] is not None:
                wanted[slot] = ("answer", spec.note, spec.cites)
        in_play = self._slots_in_play(set(wanted)) if wanted else set()
        found = [self._assumption(slot, *what) for slot, what in wanted.items() if slot in in_play]
        return (*found, *(self._answered(name) for name in sorted(self._regime.answered)))

    def _here(self, cites: Sequence[str]) -> Sequence[str]:
        """Of several passages that are read alike, those that rules about this case cite; all where they cite none."""
        if len(cites) == 1:
            return cites
        about = [rule for rule in self._rules if self._truths[rule.scope] is not False]
        cited = {ref for rule in about for ref in rule.standing.cites}
        return [ref for ref in cites if ref in cited] or cites

    def _answered(self, name: str) -> Assumption:
        """Another matter's outcome, stated because it could not be worked out."""
        matter = self._library.corpus.matters[matter_asked(name)]
        slot = self._regime.stack.table.find(outcome_key(name))
        value = self._regime.filling.values[slot] if slot is not None else None
        outcome = next(iter(value.present), "") if isinstance(value, Members) else ""
        return Assumption.made(
            fact=OUTCOME_WORD + name,
            label=Text(f"{matter.label}的结论", f"outcome of {matter.label}").to(self._lang),
            value=outcome,
            value_label=matter.outcomes.get(outcome, outcome),
            kind="answer",
            note=None,
            clauses=(),
        )

    def _slots_in_play(self, wanted: set[int]) -> set[int]:
        """Of the wanted slots, those that decided a rule, or that something derives from that did."""
        found: set[int] = set()
        expressions = self._regime.stack.program.expressions
        for index, rule in enumerate(self._rules):
            if found.issuperset(wanted & self._page.reads[index]):
                continue
            for expression in (rule.when, rule.holds):
                for atom in self._regime.reading.deciding_atoms(expressions[expression]):
                    for slot in slots_of(atom):
                        found |= self._page.origins[slot]
        return found & wanted

    def _assumption(self, slot: int, kind: AssumptionKind, note: str | None, cites: Sequence[str]) -> Assumption:
        key, value = self._key(slot), self._regime.filling.values[slot]
        return Assumption.made(
            fact=self._vocabulary.display(key),
            label=self._vocabulary.label(key, self._lang),
            value=plain(value),
            value_label=self._vocabulary.value_label(key, value, self._lang),
            kind=kind,
            note=note,
            clauses=self._page.in_force(cites),
        )

    def duties(self, outcome: str | None) -> tuple[tuple[DutyItem, ...], tuple[Caveat, ...]]:
        """Obligations and materials that go with the outcome, and reviews for those whose condition is open."""
        duties: list[DutyItem] = []
        open_ones: list[Caveat] = []
        for side in self._sides((Obligation, Material), outcome):
            item, duty = side.item, self._page.duties[side.index]
            assert isinstance(item, Obligation | Material)  # _sides filtered
            if self._truths[side.index] is None:
                open_ones.append(self._open_duty(side, item, duty))
                continue
            due = self._due(item.due) if item.due else None
            duties.append(duty if due is None else duty.model_copy(update={"due": due}))
            if item.due and item.due.workdays is not None and due is None and self._start(item.due) is not None:
                message = Text(
                    f"“{item.label}”的期限超出已公布的工作日历，未计算",
                    f"`{item.label}`: due beyond the published calendar, not computed",
                )
                open_ones.append(
                    Caveat.made(code="calendar-ends", level="review", message=message.to(self._lang), clauses=())
                )
        return tuple(duties), tuple(open_ones)

    def _open_duty(self, side: SideCode, item: Obligation | Material, duty: DutyItem) -> Caveat:
        node = self._regime.stack.program.expressions[side.index]
        atoms = self._regime.reading.open_atoms(node)
        names = marks(self._lang).between.join(
            dict.fromkeys(self._name(slot) for atom in atoms for slot in slots_of(atom))
        )
        message = Text(f"是否须“{item.label}”取决于：{names}", f"whether `{item.label}` is due depends on: {names}")
        return Caveat.made(code="obligation-open", level="review", message=message.to(self._lang), clauses=duty.clauses)

    def _name(self, slot: int) -> str:
        """What a slot is called: a fact, or another matter's outcome."""
        key = self._key(slot)
        if key.name.startswith(OUTCOME_PREFIX):
            label = self._library.corpus.matters[matter_asked(key.name.removeprefix(OUTCOME_PREFIX))].label
            return Text(f"{label}的结论", f"outcome of {label}").to(self._lang)
        return self._vocabulary.label(key, self._lang)

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
        sides = self._sides((Notice,), outcome)
        return tuple(self._page.notices[side.index] for side in sides if self._truths[side.index])

    def _sides(self, kinds: tuple[type, ...], outcome: str | None) -> list[SideCode]:
        return [
            side
            for side in self._regime.stack.sides
            if isinstance(side.item, kinds)
            and (not side.item.outcomes or outcome in side.item.outcomes)
            and self._truths[side.index] is not False
        ]

    def layers(self) -> tuple[LayerUse, ...]:
        """The rulesets in force, widest place first, and how each relates to what lies above."""
        return self._page.layers

    def provenance(self, findings: Sequence[Finding], *, by_failure: bool) -> Provenance | None:
        """The weakest provenance among the clauses that decided, failed rules included where they decided."""
        found: list[Provenance] = [clause.provenance for finding in findings for clause in finding.clauses]
        if by_failure:
            for rule in self._rules:
                if rule.effect and self._truths[rule.scope] is not False and self._truths[rule.holds] is False:
                    found += [clause.provenance for clause in self.cite(rule.standing.cites)]
        return weakest(found)
