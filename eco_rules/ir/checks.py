"""Reference checks of a corpus: names, types, clauses, authority, cycles. Everything found at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from eco_rules.diagnostics import Problems, choose_from
from eco_rules.errors import RulesetError
from eco_rules.ir.facts import FactSlots
from eco_rules.ir.lower import Lowering, all_names, qualified, standing
from eco_rules.ir.slots import SlotTable
from eco_rules.ir.vocabulary import FactKey, Vocabulary
from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.loading.yamldoc import SourceMap
from eco_rules.model.condition import Holds, OutcomeOf, Path, walk
from eco_rules.model.matter import Matter
from eco_rules.model.ruleset import Rule
from eco_rules.source import Span
from eco_rules.words import Text


def check(corpus: Corpus) -> None:
    """Check every reference of a corpus.

    Raises:
        RulesetError: with every problem found.
    """
    checker = _Checker(corpus)
    checker.run()
    if checker.problems:
        raise RulesetError(checker.problems.items)


class _Checker:
    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.problems = Problems()
        self._names = all_names(corpus)
        self._rules = {
            f"{file.ruleset.id}/{rule.id}": (file, rule) for file in corpus.rulesets for rule in file.ruleset.rules
        }
        self._known: dict[str, Vocabulary] = {}

    def run(self) -> None:
        self._instruments()
        self._vocabularies()
        for matter in self.corpus.matters.values():
            self._matter(matter)
        for file in self.corpus.rulesets:
            self._ruleset(file)
        self._cycles(self._name_graph(), "规则 / rules")
        self._cycles(self._matter_graph(), "事项 / matters")

    def _instruments(self) -> None:
        for instrument in self.corpus.instruments.values():
            spans = self.corpus.instrument_spans[instrument.id]
            if instrument.level not in self.corpus.levels:
                levels = list(self.corpus.levels)
                self._unknown("E311", "效力位阶 / level", instrument.level, levels, spans.value(("level",)))
            if not self.corpus.places.known(instrument.jurisdiction):
                self._unknown("E311", "辖区 / place", instrument.jurisdiction, [], spans.value(("jurisdiction",)))
            for key, clause in instrument.clauses.items():
                path: Path = ("clauses", key)
                fact = clause.sanction.of if clause.sanction else None
                if fact and not any(fact in subject.facts for subject in self.corpus.subjects.values()):
                    self._unknown(
                        "E301", "事实项 / fact", fact, self._all_facts(), spans.value((*path, "sanction", "of"))
                    )
                if (clause.provenance or instrument.provenance) == "reconstruction" and not clause.sources:
                    message = Text("重建的条款须列出 `sources`", "a reconstructed clause lists its `sources`")
                    self.problems.add("E202", message, spans.key(path))

    def _vocabularies(self) -> None:
        for subject in self.corpus.subjects.values():
            table = SlotTable(Vocabulary(subject.facts, self.corpus.units))
            slots = FactSlots(table, subject.origins, self.problems)
            for name, spec in subject.facts.items():
                origin = subject.origins[name]
                base: Path = ("facts", name)
                self._cites(spec.cites, origin, (*base, "cites"))
                for part, key in ((spec.presume, "presume"), (spec.reading, "reading")):
                    self._cites(part.cites if part else (), origin, (*base, key, "cites"))
                if not spec.parameters:
                    slots.slot_of(FactKey(name))
                for instance in spec.named.values():
                    slots.slot_of(FactKey(name, tuple(sorted(instance.arguments.items()))))

    def _matter(self, matter: Matter) -> None:
        spans = self.corpus.matter_spans[matter.id]
        subjects = list(self.corpus.subjects)
        named: list[tuple[str, Path]] = [(matter.subject, ("subject",))]
        named += [(subject, ("includes", index)) for index, subject in enumerate(matter.includes)]
        for subject, path in named:
            if subject not in subjects:
                self._unknown("E306", "主体 / subject", subject, subjects, spans.value(path))
        if matter.default:
            self._cites(matter.default.cites, spans, ("default", "cites"))
        for outcome, behind in matter.paths.items():
            self._outcome(outcome, matter, spans, ("paths", outcome))
            self._other(behind.matter, behind.outcomes, spans, ("paths", outcome))
        for index, name in enumerate(matter.along):
            self._other(name, (), spans, ("along", index))
        facts = self.corpus.facts_of(matter)
        for index, layer in enumerate(matter.layers):
            path = ("layers", index, "unread")
            self._cites(layer.unread.cites, spans, (*path, "cites"))
            if layer.unread.level not in self.corpus.levels:
                self._unknown(
                    "E311", "效力位阶 / level", layer.unread.level, list(self.corpus.levels), spans.value(path)
                )
            spec = facts.get(layer.unread.fact)
            if spec is None:
                self._unknown("E301", "事实项 / fact", layer.unread.fact, list(facts), spans.value((*path, "fact")))
            elif set(layer.unread.answers) != set(spec.values):
                message = Text("answers 须与该事实项的取值一一对应", "`answers` matches the values of the fact")
                self.problems.add("E302", message, spans.value((*path, "answers")))

    def _other(self, name: str, outcomes: Sequence[str], spans: SourceMap, path: Path) -> None:
        """Another matter and outcomes of it exist."""
        other = self.corpus.matters.get(name)
        if other is None:
            self._unknown("E306", "事项 / matter", name, list(self.corpus.matters), spans.value(path))
            return
        for outcome in outcomes:
            self._outcome(outcome, other, spans, path)

    def _ruleset(self, file: RulesetFile) -> None:
        ruleset, spans, corpus = file.ruleset, file.spans, self.corpus
        matter = corpus.matters.get(ruleset.matter)
        if not corpus.places.known(ruleset.jurisdiction):
            self._unknown("E311", "辖区 / place", ruleset.jurisdiction, [], spans.value(("jurisdiction",)))
        if matter is None:
            self._unknown("E306", "事项 / matter", ruleset.matter, list(corpus.matters), spans.value(("matter",)))
            return
        if matter.subject in corpus.subjects:
            vocabulary = self._known.get(matter.id)
            if vocabulary is None:
                vocabulary = self._known[matter.id] = Vocabulary(corpus.facts_of(matter), corpus.units)
            Lowering(corpus, matter, [file], None, self.problems, vocabulary).stack(())
        self._cites(ruleset.authority, spans, ("authority",))
        self._exist(ruleset.unless, file, ("unless",))
        for name, parameter in ruleset.parameters.items():
            self._cites(parameter.cites, spans, ("parameters", name, "cites"))
        for key, condition in ruleset.conditions.items():
            self._cites(condition.cites, spans, ("conditions", key, "cites"))
        for index, rule in enumerate(ruleset.rules):
            self._rule(file, rule, matter, ("rules", index))
        for section, items in ruleset.sides.items():
            for position, item in enumerate(items):
                self._cites(item.cites, spans, (section, position, "cites"))
                for outcome in item.outcomes:
                    self._outcome(outcome, matter, spans, (section, position, "for"))

    def _rule(self, file: RulesetFile, rule: Rule, matter: Matter, path: Path) -> None:
        spans = file.spans
        for key in ("cites", "authority"):
            self._cites(getattr(rule, key), spans, (*path, key))
        for key in ("unless", "overrides", "replaces", "special_to"):
            self._exist(getattr(rule, key), file, (*path, key))
        if rule.level is not None and rule.level not in self.corpus.levels:
            self._unknown(
                "E311", "效力位阶 / level", rule.level, list(self.corpus.levels), spans.value((*path, "level"))
            )
        if rule.then.outcome is not None:
            self._outcome(rule.then.outcome, matter, spans, (*path, "then", "outcome"))
        if rule.then.sanction is not None:
            found = self.corpus.clause(rule.then.sanction)
            if found is None or found[1].sanction is None:
                message = Text(
                    f"条款 `{rule.then.sanction}` 没有罚则", f"clause `{rule.then.sanction}` carries no sanction"
                )
                self.problems.add("E305", message, spans.value((*path, "then", "sanction")))
        self._authority(file, rule, path)

    def _authority(self, file: RulesetFile, rule: Rule, path: Path) -> None:
        """A lower rule narrows a higher 应当 only by citing the clause that empowers it."""
        if rule.authority or file.ruleset.authority:
            return
        own = standing(self.corpus, rule.cites, rule.level).rank
        for key in ("overrides", "replaces"):
            for target in getattr(rule, key):
                found = self._rules.get(qualified(file.ruleset.id, target))
                if found is None or found[1].then.modality != "must":
                    continue
                if standing(self.corpus, found[1].cites, found[1].level).rank < own:
                    message = Text(
                        f"`{rule.id}` 收窄上位的应当规则 `{target}`，须用 authority 注明授权条款",
                        f"`{rule.id}` narrows the higher mandatory rule `{target}`; cite the empowering clause in `authority`",
                    )
                    self.problems.add("E310", message, file.spans.key((*path, key)))

    def _cites(self, refs: Sequence[str], spans: SourceMap, path: Path) -> None:
        for index, ref in enumerate(refs):
            if self.corpus.clause(ref) is None:
                instrument, _, _ = ref.partition("#")
                known = self.corpus.instruments.get(instrument)
                options = [f"{instrument}#{key}" for key in known.clauses] if known else list(self.corpus.instruments)
                self._unknown("E305", "条款 / clause", ref, options, spans.value((*path, index)))

    def _exist(self, names: Sequence[str], file: RulesetFile, path: Path) -> None:
        for index, name in enumerate(names):
            if qualified(file.ruleset.id, name) not in self._names:
                self._unknown(
                    "E304",
                    "条件或规则 / condition or rule",
                    name,
                    sorted(self._names),
                    file.spans.value((*path, index)),
                )

    def _outcome(self, name: str, matter: Matter, spans: SourceMap, path: Path) -> None:
        if name not in matter.outcomes:
            self._unknown("E306", "结论 / outcome", name, list(matter.outcomes), spans.value(path))

    def _unknown(self, code: str, what: str, name: str, options: list[str], span: Span) -> None:
        zh, _, en = what.partition(" / ")
        message = Text(f"未知的{zh} `{name}`", f"unknown {en or zh} `{name}`")
        self.problems.add(code, message, span, choose_from(name, options) if options else None)

    def _all_facts(self) -> list[str]:
        return [name for subject in self.corpus.subjects.values() for name in subject.facts]

    def _name_graph(self) -> dict[str, set[str]]:
        """Which rule or condition needs which other one to be decided first."""
        graph: dict[str, set[str]] = {}
        for file in self.corpus.rulesets:
            ruleset = file.ruleset
            for key, condition in ruleset.conditions.items():
                graph.setdefault(f"{ruleset.id}/{key}", set()).update(_held(condition.when, ruleset.id))
            for rule in ruleset.rules:
                name = f"{ruleset.id}/{rule.id}"
                needs = graph.setdefault(name, set())
                needs.update(qualified(ruleset.id, target) for target in (*rule.unless, *ruleset.unless))
                for part in (rule.applies, rule.when, ruleset.applies):
                    needs.update(_held(part, ruleset.id))
                for target in rule.overrides:
                    graph.setdefault(qualified(ruleset.id, target), set()).add(name)
        return graph

    def _matter_graph(self) -> dict[str, set[str]]:
        graph: dict[str, set[str]] = {}
        for file in self.corpus.rulesets:
            asked = graph.setdefault(file.ruleset.matter, set())
            for rule in file.ruleset.rules:
                for part in (rule.applies, rule.when):
                    asked.update(item.matter for item in walk(part) if isinstance(item, OutcomeOf)) if part else None
            for condition in file.ruleset.conditions.values():
                asked.update(item.matter for item in walk(condition.when) if isinstance(item, OutcomeOf))
        return graph

    def _cycles(self, graph: Mapping[str, Iterable[str]], what: str) -> None:
        zh, _, en = what.partition(" / ")
        for cycle in _find_cycles(graph):
            names = " → ".join(cycle)
            message = Text(f"{zh}循环引用：{names}", f"circular {en}: {names}")
            self.problems.add("E308", message, self._span_of(cycle[0]))

    def _span_of(self, name: str) -> Span | None:
        for file in self.corpus.rulesets:
            ident, _, part = name.rpartition("/")
            if file.ruleset.id == ident and part in file.ruleset.conditions:
                return file.spans.key(("conditions", part))
        if name in self.corpus.matter_spans:
            return self.corpus.matter_spans[name].value(("id",))
        found = self._rules.get(name)
        return None if found is None else found[0].spans.value(("rules", found[0].ruleset.rules.index(found[1])))


def _held(condition: object, ruleset: str) -> Iterator[str]:
    if condition is None:
        return
    for item in walk(condition):  # type: ignore[arg-type]
        if isinstance(item, Holds):
            yield qualified(ruleset, item.name)


def _find_cycles(graph: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """One cycle for each strongly connected knot, by iterative depth-first search."""
    done: set[str] = set()
    for root in graph:
        path: list[str] = []
        stack: list[tuple[str, Iterator[str]]] = [(root, iter(sorted(graph.get(root, ()))))] if root not in done else []
        if stack:
            path.append(root)
        while stack:
            name, rest = stack[-1]
            step = next(rest, None)
            if step is None:
                stack.pop()
                path.pop()
                done.add(name)
            elif step in path:
                yield [*path[path.index(step) :], step]
            elif step not in done:
                stack.append((step, iter(sorted(graph.get(step, ())))))
                path.append(step)
