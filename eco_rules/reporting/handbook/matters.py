"""The page of a matter: the question, what may come out, how rules combine, where, when, and what is asked."""

from __future__ import annotations

from collections import Counter
from typing import Any

from eco_rules.loading.corpus import RulesetFile
from eco_rules.model.matter import Matter
from eco_rules.reporting.handbook.book import Book
from eco_rules.reporting.handbook.facts import FactRow, fact_row
from eco_rules.reporting.handbook.flow import matter_picture
from eco_rules.reporting.handbook.links import Word
from eco_rules.reporting.handbook.stages import stages
from eco_rules.reporting.handbook.tables import ordered_outcomes
from eco_rules.reporting.handbook.timeline import changes, picture, spans
from eco_rules.reporting.handbook.wording import rules_counted
from eco_rules.reporting.outline import RELATION, effect
from eco_rules.words import Text

_FACTS = 130
"""Facts a matter's page lists; of more, those that several rulesets ask."""


def matter_context(book: Book, matter: Matter) -> dict[str, Any]:
    """What the page of a matter says."""
    files = book.selection.of(matter)
    current = book.selection.latest(matter)
    codes = [code for file in current for code in book.codes(file)]
    found = stages(matter, codes, book.corpus, book.lang)
    cited = _cited(book, matter, files)
    periods = spans(matter, files, cited, book.corpus, book.links, book.lang)
    days = changes(matter, files, periods, book.corpus)
    facts, whole = _facts(book, files)
    return {
        "title": matter.label,
        "matter": matter,
        "outcomes": _outcomes(book, matter, current),
        "combination": _combination(book, matter),
        "picture": matter_picture(matter, found, book.corpus, book.links, book.lang) if files else None,
        "default_clauses": book.clauses(matter.default.cites) if matter.default else (),
        "files": [file_row(book, file) for file in files],
        "timeline": picture(periods, days, book.lang),
        "changes": days,
        "facts": facts,
        "facts_whole": whole,
        "asked_of": [
            Word(other.label, book.links.matter(name))
            for name in book.corpus.matters
            if (other := book.corpus.matters[name]) and name in _asked(book, files)
        ],
    }


def file_row(book: Book, file: RulesetFile) -> dict[str, Any]:
    """A ruleset in a list."""
    ruleset = file.ruleset
    return {
        "place": book.place(ruleset.jurisdiction),
        "word": Word(ruleset.title, book.links.ruleset(file)),
        "period": book.period(ruleset.effective),
        "relation": book.say(RELATION[ruleset.relation]) if ruleset.jurisdiction != "cn" else "",
        "complete": ruleset.complete,
        "count": len(book.selection.rules(file)),
    }


def _outcomes(book: Book, matter: Matter, files: tuple[RulesetFile, ...]) -> list[dict[str, Any]]:
    counted = Counter((rule.then.outcome, rule.then.modality) for file in files for rule in book.selection.rules(file))
    rows = []
    for name in ordered_outcomes(matter):
        said = [
            f"{effect('', modality, book.lang).strip()} {rules_counted(counted[name, modality], book.lang)}".strip()
            for modality in ("must", "may", None)
            if counted[name, modality]
        ]
        rows.append(
            {
                "label": matter.outcomes[name],
                "ident": name,
                "counts": said,
                "default": matter.default is not None and matter.default.outcome == name,
            }
        )
    return rows


def _combination(book: Book, matter: Matter) -> list[str]:
    """How rules combine, as sentences."""
    labels, between = matter.outcomes, Text("、", ", ").to(book.lang)
    said = []
    if matter.combine == "strictest":
        order = Text(" → ", " → ").to(book.lang).join(labels[name] for name in matter.strictness)
        said.append(
            Text(
                f"从严：几条规则同时成立的，取排在最前的结论：{order}。",
                f"The strictest outcome for which a rule holds: {order}.",
            )
        )
    else:
        if matter.precedence:
            order = between.join(labels[name] for name in matter.precedence)
            said.append(
                Text(
                    f"先定：下列结论不论位阶，依次先定：{order}。",
                    f"Settled first, in this order, whatever their level: {order}.",
                )
            )
        if set(matter.precedence) != set(labels):
            said.append(_LEVELS)
    if matter.default:
        said.append(
            Text(
                f"没有规则成立，而且各地清单都已读全的：{labels[matter.default.outcome]}（{matter.default.title}）。",
                f"When no rule holds and every list has been read: {labels[matter.default.outcome]} ({matter.default.title}).",
            )
        )
    else:
        said.append(
            Text(
                "没有规则成立的，没有默认结论，如实说明没有相应规则。",
                "When no rule holds there is no default; that is what is said.",
            )
        )
    said += _dates(matter, between)
    said += _layers(matter)
    said += _paths(book, matter, between)
    return [book.say(item) for item in said]


_LEVELS = Text(
    "按效力位阶由高到低：“应当”（以及不标强度的）定案；上位的“可以”由在效的下位规定取舍，没有取舍的，仍为“可以”。",
    "Level by level, highest first: a 应当 (or a rule without strength) settles; a higher 可以 may be settled either way "
    "by a lower provision in force, and stands where none does.",
)
_DATES = {
    "lenient": Text(
        "从旧兼从轻：行为时和决定时的法律都判断，取较轻的",
        "the law of the act and the law of the decision are both applied and the milder result taken",
    ),
    "act_date": Text("依行为日的法律", "the law of the day of the act"),
    "decision_date": Text("依决定日的法律", "the law of the day of the decision"),
}


def _dates(matter: Matter, between: str) -> list[Text]:
    substance, procedure = _DATES[matter.dates.substance], _DATES[matter.dates.procedure]
    found = [
        Text(f"实体{substance.zh}；程序{procedure.zh}。", f"Substance: {substance.en}. Procedure: {procedure.en}.")
    ]
    if matter.leniency:
        order = between.join(matter.outcomes[name] for name in matter.leniency)
        found.append(Text(f"由轻到重：{order}。", f"From mild to severe: {order}."))
    return found


def _layers(matter: Matter) -> list[Text]:
    found = []
    for layer in matter.layers:
        if layer.expected:
            found.append(
                Text(
                    f"{layer.label}：每地都应有一份；没有收录或者没有读全的，又没有规则成立时，先查阅文件，查明以前待定。",
                    f"{layer.label}: every such place has one; where it has not been read and no rule holds, the result "
                    "is open until it has been looked up.",
                )
            )
        else:
            found.append(
                Text(
                    f"{layer.label}：有收录而没有读全的，又没有规则成立时，先查阅文件。",
                    f"{layer.label}: where one is encoded but not wholly read and no rule holds, it is looked up first.",
                )
            )
    return found


def _paths(book: Book, matter: Matter, between: str) -> list[Text]:
    found = []
    for name, other in matter.paths.items():
        target = book.corpus.matters.get(other.matter)
        if target is not None:
            outcomes = between.join(target.outcomes.get(item, item) for item in other.outcomes)
            found.append(
                Text(
                    f"“{matter.outcomes[name]}”来自事项“{target.label}”的结论：{outcomes}。",
                    f"{matter.outcomes[name]} stands for outcomes of {target.label}: {outcomes}.",
                )
            )
    if matter.along:
        names = between.join(book.corpus.matters[item].label for item in matter.along if item in book.corpus.matters)
        found.append(Text(f"一并报告：{names}。", f"Reported along with it: {names}."))
    return found


def _cited(book: Book, matter: Matter, files: tuple[RulesetFile, ...]) -> list[str]:
    refs = [ref for file in files for rule in book.selection.rules(file) for ref in book.selection.cites(rule)]
    refs += matter.default.cites if matter.default else ()
    return list(dict.fromkeys(ref.partition("#")[0] for ref in refs))


def _facts(book: Book, files: tuple[RulesetFile, ...]) -> tuple[list[FactRow], bool]:
    """The facts a matter asks; of very many, those several rulesets ask, and whether these are all."""
    counted = Counter(fact for file in files for fact in book.uses.read[file.stamp.id])
    whole = len(counted) <= _FACTS
    names = [fact for fact, count in counted.items() if whole or count > 1]
    asked = [(subject, name) for subject, name in names if book.corpus.subjects[subject].facts[name].question]
    return [fact_row(book, subject, name) for subject, name in asked], whole


def _asked(book: Book, files: tuple[RulesetFile, ...]) -> set[str]:
    return {ask.partition("@")[0] for file in files for ask in book.shelf.of(file).stack.asks}
