"""The words of `diff`: what changed, a case that shows it, and which decisions come out otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from eco_rules.analysis.diff import Diff, Tried
from eco_rules.analysis.difference import Detail, Difference
from eco_rules.analysis.flips import Flip
from eco_rules.analysis.witness import Witness
from eco_rules.decision.decision import Decision
from eco_rules.ir.wording import as_yaml
from eco_rules.loading.corpus import Corpus
from eco_rules.model.case import Case
from eco_rules.reporting.outline import effect, headline
from eco_rules.reporting.pages import Entry, Page, Passage
from eco_rules.words import Lang, Text, marks

_WHAT = {
    "ruleset": Text("规则集", "ruleset"),
    "rule": Text("规则", "rule"),
    "condition": Text("条件", "condition"),
    "parameter": Text("参数", "parameter"),
    "obligations": Text("附随义务", "obligation"),
    "materials": Text("申请材料", "material"),
    "warnings": Text("提醒", "warning"),
    "matter": Text("事项", "matter"),
    "fact": Text("事实项", "fact"),
    "instrument": Text("法律文件", "instrument"),
    "clause": Text("条款", "clause"),
    "level": Text("效力位阶", "level"),
}
_HOW = {"added": Text("新增", "added"), "removed": Text("删除", "removed"), "changed": Text("修改", "changed")}
_ASPECT = {
    "when": Text("条件", "condition"),
    "then": Text("结论", "result"),
    "cites": Text("依据", "basis"),
    "effective": Text("施行期间", "in force"),
    "value": Text("取值", "value"),
    "values": Text("取值", "values"),
    "unit": Text("单位", "unit"),
    "title": Text("名称", "title"),
    "label": Text("名称", "label"),
    "note": Text("注", "note"),
    "question": Text("问题", "question"),
    "text": Text("条文摘要", "summary"),
    "unless": Text("但书", "unless"),
    "overrides": Text("排除适用", "overrides"),
    "replaces": Text("取代", "replaces"),
    "special_to": Text("作为特别法优先于", "special to"),
    "authority": Text("授权", "authority"),
    "level": Text("效力位阶", "level"),
    "complete": Text("是否全文", "complete"),
    "relation": Text("与上位规定的关系", "relation"),
    "due": Text("期限", "due"),
    "outcomes": Text("结论", "outcomes"),
    "default": Text("默认结论", "default"),
    "derive": Text("推导方式", "derivation"),
    "presume": Text("推定", "presumption"),
    "source": Text("来源", "source"),
    "alterable": Text("能否改变", "alterable"),
    "locator": Text("条款定位", "locator"),
    "provenance": Text("可信程度", "provenance"),
    "sanction": Text("罚则", "sanction"),
}

_OPEN = Text(
    "没有找到判断不同的个案；这不等于两个版本相同，未能判定",
    "no case found that is decided differently; that does not prove them equal: not decided",
)
_WORDS_SHOWN = 10
"""Changes of words a page shows; JSON has them all."""


def page_of(found: Diff, old: Corpus, new: Corpus, names: tuple[str, str], lang: Lang) -> Page:
    """Everything that was found about two versions."""
    differences = found.comparison.differences
    real = [item for item in differences if not item.words_only]
    reworded = [item for item in differences if item.reworded]
    words = [item for item in differences if item.words_only and not item.reworded]
    title = Text(f"规则变化：{names[0]} → {names[1]}", f"Rules: {names[0]} → {names[1]}").to(lang)
    line = Text(
        f"{len(real)} 处变化可能影响结论，{len(words)} 处只是文字",
        f"{len(real)} changes may matter, {len(words)} are words only",
    )
    same = Text(f"，{len(reworded)} 处改写而含义相同", f", {len(reworded)} are reworded and mean the same")
    if not real:
        line = Text(
            f"没有影响结论的变化：规则逐项含义相同；{len(words)} 处文字不同",
            f"nothing that bears on decisions changed: every part means the same; {len(words)} changes of words",
        )
    if reworded:
        line = Text(line.zh + same.zh, line.en + same.en)
    said = _Words((old, new), lang)
    passages = [
        Passage(
            Text("规则的变化", "What changed").to(lang),
            tuple(entry for item in real for entry in said.difference(item)),
        ),
        Passage(
            Text("改写，含义相同（已证明）", "Reworded, means the same (proven)").to(lang),
            tuple(entry for item in reworded for entry in said.difference(item)),
        ),
        Passage(
            Text("只是文字的变化", "Words only").to(lang),
            tuple(said.some(words)),
        ),
        Passage(
            Text(
                "判断不同的最小个案（两个版本都判断过）",
                "Smallest cases that are decided differently (by both versions)",
            ).to(lang),
            tuple(entry for item in found.tried if not item.proven for entry in said.tried(item)),
            "ask",
        ),
        Passage(
            Text("规则不同而结论相同（已证明）", "Other rules, the same results (proven)").to(lang),
            tuple(Entry(0, said.named(item)) for item in found.tried if item.proven),
        ),
    ]
    return Page(title, line.to(lang), (*passages, *said.flips(found)))


class _Words:
    """Puts differences into words."""

    def __init__(self, corpora: tuple[Corpus, Corpus], lang: Lang) -> None:
        self._corpora = corpora
        self._lang: Lang = lang
        self._mark = marks(lang)

    def difference(self, item: Difference) -> Iterator[Entry]:
        """One difference with its details."""
        head = f"{_HOW[item.how].to(self._lang)} {_WHAT[item.what].to(self._lang)}"
        yield Entry(0, f"{head}{self._mark.colon}{item.title}{self._mark.bracket(item.name)}")
        for detail in item.details:
            yield Entry(1, self._detail(detail))

    def some(self, items: Sequence[Difference]) -> Iterator[Entry]:
        """The first of many differences that matter little."""
        for item in items[:_WORDS_SHOWN]:
            yield from self.difference(item)
        if (left := len(items) - _WORDS_SHOWN) > 0:
            more = Text(f"……另有 {left} 处，见 --format json", f"… and {left} more in --format json")
            yield Entry(0, more.to(self._lang))

    def _detail(self, detail: Detail) -> str:
        aspect = _ASPECT[detail.aspect].to(self._lang) if detail.aspect in _ASPECT else detail.aspect
        before, after = detail.before, detail.after
        if before is None:
            return Text(f"{aspect}：{after}（新增）", f"{aspect}: {after} (added)").to(self._lang)
        if after is None:
            return Text(f"{aspect}：{before}（删去）", f"{aspect}: {before} (removed)").to(self._lang)
        return f"{aspect}{self._mark.colon}{before} → {after}"

    def named(self, item: Tried) -> str:
        """A rule or matter by its title and name."""
        return item.title + self._mark.bracket(item.name)

    def tried(self, item: Tried) -> Iterator[Entry]:
        """The witness of one rule, or that there is none."""
        yield Entry(0, self.named(item))
        if item.witness is None:
            why = self._mark.bracket(item.reason.to(self._lang)) if item.reason else ""
            yield Entry(1, _OPEN.to(self._lang) + why)
            return
        yield from self._witness(item.witness)

    def _witness(self, witness: Witness) -> Iterator[Entry]:
        case = witness.case
        yield Entry(1, f"{_header(case)}{self._mark.semicolon}{self._facts(case, witness.after.matter)}")
        yield Entry(1, f"{self._result(witness.before)} → {self._result(witness.after)}")

    def _facts(self, case: Case, matter: str) -> str:
        said = []
        for corpus in self._corpora:
            found = corpus.facts_of(corpus.matters[matter]) if matter in corpus.matters else {}
            said.append({name: spec.label for name, spec in found.items()})
            for spec in found.values():
                said[-1].update({alias: instance.label for alias, instance in spec.named.items()})
        labels = {**said[0], **said[1]}
        parts = [f"{labels.get(name, name)}={self._said(name, value, matter)}" for name, value in case.facts.items()]
        return self._mark.between.join(parts) or Text("（不需要事实）", "(no facts needed)").to(self._lang)

    def _said(self, name: str, value: Any, matter: str) -> str:
        for corpus in self._corpora:
            spec = corpus.facts_of(corpus.matters[matter]).get(name) if matter in corpus.matters else None
            if spec is not None and isinstance(value, str) and value in spec.values:
                return spec.values[value]
            if spec is not None and isinstance(value, list) and set(value) <= set(spec.values):
                return self._mark.between.join(spec.values[item] for item in value) or Text("无", "none").to(self._lang)
            if spec is not None and spec.unit and not isinstance(value, bool | list | dict):
                return f"{as_yaml(value)} {spec.unit}"
        if isinstance(value, bool):
            return Text("是" if value else "否", "yes" if value else "no").to(self._lang)
        return as_yaml(value)

    def _result(self, decision: Decision | None) -> str:
        if decision is None:
            return Text("个案不能判断", "the case cannot be decided").to(self._lang)
        if decision.status != "undetermined":
            return headline(decision, self._lang)
        names = self._mark.between.join(effect(item.label, item.modality, self._lang) for item in decision.possible)
        return Text(f"待定（可能：{names}）", f"open (possible: {names})").to(self._lang)

    def flips(self, found: Diff) -> Iterator[Passage]:
        """Decisions of given cases that come out otherwise."""
        if found.flips is None:
            return
        result = found.flips
        head = Text(
            f"判断 {result.decided} 项，{len(result.flips)} 项结论不同",
            f"{result.decided} decisions, {len(result.flips)} come out otherwise",
        )
        entries = [Entry(0, head.to(self._lang)), *(self._flip(flip) for flip in result.flips)]
        yield Passage(Text("个案的结论变化", "Decisions that change").to(self._lang), tuple(entries), "warn")
        for title, counted in (
            (Text("按规则", "By rule"), result.by_rule),
            (Text("按地区", "By place"), result.by_place),
        ):
            yield Passage(
                title.to(self._lang), tuple(Entry(0, f"{name}{self._mark.colon}{count}") for name, count in counted)
            )

    def _flip(self, flip: Flip) -> Entry:
        name = flip.case.id or "?"
        where = self._mark.comma.join(part for part in (flip.matter, flip.place) if part)
        said = f"{self._result(flip.before)} → {self._result(flip.after)}"
        errors = self._mark.semicolon.join(error.message.to(self._lang) for error in flip.errors)
        return Entry(
            1,
            f"{name}{self._mark.bracket(where)}{self._mark.colon}{said}"
            + (self._mark.bracket(errors) if errors else ""),
        )


def _header(case: Case) -> str:
    return f"{case.jurisdiction} {case.decision_date}"


def as_dict(found: Diff, names: tuple[str, str], lang: Lang) -> dict[str, Any]:
    """Everything that was found, as JSON."""
    shown: dict[str, Any] = {
        "format": 1,
        "versions": list(names),
        "differences": [_difference(item) for item in found.comparison.differences],
        "witnesses": [
            {
                "name": item.name,
                "found": item.witness is not None,
                "proven_same": item.proven,
                **(_witness(item.witness) if item.witness else {}),
            }
            for item in found.tried
        ],
    }
    if found.flips is not None:
        shown["cases"] = {
            "decided": found.flips.decided,
            "by_rule": dict(found.flips.by_rule),
            "by_place": dict(found.flips.by_place),
            "flips": [_flip(flip, lang) for flip in found.flips.flips],
        }
    return shown


def _difference(item: Difference) -> dict[str, Any]:
    details = [
        {
            "aspect": part.aspect,
            "before": part.before,
            "after": part.after,
            "words_only": part.words_only,
            "proven_same": part.proven,
        }
        for part in item.details
    ]
    return {
        "what": item.what,
        "how": item.how,
        "name": item.name,
        "title": item.title,
        "words_only": item.words_only,
        "details": details,
    }


def _witness(witness: Witness) -> dict[str, Any]:
    case = witness.case
    return {
        "case": {
            "matter": case.matter,
            "jurisdiction": case.jurisdiction,
            "act_date": str(case.act_date),
            "decision_date": str(case.decision_date),
            "facts": {name: _plain(value) for name, value in case.facts.items()},
        },
        "before": _outcome(witness.before),
        "after": _outcome(witness.after),
    }


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | list | dict | str) or value is None else str(value)


def _outcome(decision: Decision | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    return {"status": decision.status, "outcome": decision.outcome, "modality": decision.modality}


def _flip(flip: Flip, lang: Lang) -> dict[str, Any]:
    return {
        "case_id": flip.case.id,
        "matter": flip.matter,
        "place": flip.place,
        "rules": list(flip.rules),
        "before": _outcome(flip.before),
        "after": _outcome(flip.after),
        "errors": [error.as_dict(lang) for error in flip.errors],
    }
