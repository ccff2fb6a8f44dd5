"""从旧兼从轻: which of two results is the milder, and which of two laws applies."""

from __future__ import annotations

from typing import Literal

from eco_rules.decision.decision import Fine, Regimes, RegimeSide
from eco_rules.engine.diagram import leaves
from eco_rules.engine.library import Library
from eco_rules.engine.regime import Regime
from eco_rules.engine.resolution import Result, status_of
from eco_rules.engine.sanctions import fine, lighter
from eco_rules.model.matter import Effect, Matter
from eco_rules.words import Lang, Text

Applied = Literal["old", "new", "open"]


def milder(matter: Matter, old: Result, new: Result) -> tuple[Result, Literal["old", "new", "tie"]]:
    """从旧兼从轻 between two results: the milder outcome, then 应当 before 可以, else the old law."""
    if old == new:
        return old, "tie"
    sides: list[tuple[Result, Literal["old", "new"]]] = [(old, "old"), (new, "new")]
    clash = next((side for side in sides if side[0].kind == "clash"), None)
    if clash is not None:
        return clash
    mildest = min(sides, key=lambda side: _mildness(matter, side[0]))
    unread = next((side for side in sides if side[0].kind == "unread"), None)
    if unread is None or _mildness(matter, mildest[0]) <= _mildest_answer(matter):
        return mildest
    return unread


def _mildness(matter: Matter, result: Result | Effect) -> tuple[int, bool]:
    """Place in the matter's order of leniency; smaller is milder, and what is no outcome comes last."""
    if result.outcome is None:
        return len(matter.leniency), True
    return matter.leniency.index(result.outcome), result.modality != "must"


def _mildest_answer(matter: Matter) -> tuple[int, bool]:
    """The mildest that looking up an unread list could still give."""
    effects = [effect for layer in matter.layers for effect in layer.unread.answers.values() if effect is not None]
    return min(_mildness(matter, effect) for effect in effects)


class Comparison:
    """Two laws side by side."""

    def __init__(self, library: Library, lang: Lang) -> None:
        self._library = library
        self._lang: Lang = lang

    def compare(self, matter: Matter, old: Regime, new: Regime) -> Regimes:
        """Both sides, which one applies, and why."""
        applied, reason = self._applied(matter, old, new)
        return Regimes.made(applied=applied, old=self._side(old), new=self._side(new), reason=reason.to(self._lang))

    def _applied(self, matter: Matter, old: Regime, new: Regime) -> tuple[Applied, Text]:
        """Which law applies, whatever the open facts turn out to be; `open` when that depends on them."""
        choices = {milder(matter, left, right)[1] for left in leaves(old.diagram) for right in leaves(new.diagram)}
        by_fine, reason = self._by_fine(old, new) if "tie" in choices else (None, None)
        sides = {by_fine if choice == "tie" else choice for choice in choices}
        if sides in ({"old"}, {"new"}):
            side: Applied = "old" if sides == {"old"} else "new"
            law = "旧法" if side == "old" else "新法"
            by_outcome = Text(f"{law}的结论较轻（从旧兼从轻）", f"the {side} law gives the milder outcome")
            return side, by_outcome if "tie" not in choices or reason is None else reason
        if len(choices) == 1 and reason is not None:
            return "open", reason
        return "open", Text(
            "待查明的事实可能改变新旧法的比较", "open facts may still change the comparison of the two laws"
        )

    def _by_fine(self, old: Regime, new: Regime) -> tuple[Applied, Text]:
        """The comparison of the fines when both laws give the same outcome."""
        before, after = fine(old, self._library.corpus), fine(new, self._library.corpus)
        if before is None or after is None:
            return "open", Text("新旧法结论相同；罚款幅度尚不能比较", "same outcome; the fines cannot be compared yet")
        order = lighter(before, after)
        if order == "open":
            return "open", Text(
                "新旧法结论相同；罚款单位不同，须由法制人员判断", "same outcome; the fines differ in unit"
            )
        if order == "tie":
            return "old", Text("新旧法轻重相同，适用旧法", "equally severe: the old law applies")
        if order == "old":
            return "old", Text("结论相同，旧法的罚款较轻", "same outcome; the old law's fine is lower")
        return "new", Text("结论相同，新法的罚款较轻", "same outcome; the new law's fine is lower")

    def _side(self, regime: Regime) -> RegimeSide:
        ends = tuple(leaves(regime.diagram))
        one = ends[0] if len(ends) == 1 else None
        amount = fine(regime, self._library.corpus)
        shown = None
        if amount is not None:
            shown = Fine.made(
                low=f"{amount.low.normalize():f}",
                high=f"{amount.high.normalize():f}",
                unit=amount.unit,
                discretionary=amount.discretionary,
                clauses=self._library.cite(amount.refs),
            )
        return RegimeSide.made(
            date=regime.day,
            status=status_of(ends),
            outcome=one.outcome if one else None,
            outcome_label=regime.stack.matter.outcomes[one.outcome] if one and one.outcome else None,
            modality=one.modality if one else None,
            fine=shown,
        )
