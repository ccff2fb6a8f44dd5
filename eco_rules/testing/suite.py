"""Scenarios without pytest: feature files → examples, and what comes of running each in this process.

Files are parsed and steps matched by pytest-bdd itself, so that outlines, backgrounds, tags and tables mean
the same here and there; what pytest would find out while running (an unknown step) is found while reading.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pytest_bdd.exceptions import GherkinParseError
from pytest_bdd.parser import Feature, FeatureParser, Rule, ScenarioTemplate, Step

from eco_rules.decision.decision import Decision
from eco_rules.diagnostics import Diagnostic, Problems
from eco_rules.engine.engine import Engine
from eco_rules.errors import EcoRulesError, FeatureError, UsageError
from eco_rules.loading.yamldoc import read_source
from eco_rules.source import Source, Span
from eco_rules.testing.nearest import nearest_wording
from eco_rules.testing.scenario import Scenario, UnmetError
from eco_rules.testing.steps import WORDINGS, Wording
from eco_rules.words import Text

_TABLE = "datatable"


@dataclass(frozen=True, slots=True)
class BoundStep:
    """A step as it is written, and the function it calls with its arguments."""

    text: str
    line: int
    function: Callable[..., None]
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """One scenario, or one row of an outline; `line` is that of the scenario or of the row."""

    path: Path
    feature: str
    name: str
    line: int
    tags: frozenset[str]
    steps: tuple[BoundStep, ...]

    @property
    def skipped(self) -> bool:
        """Whether its author put it aside with `@skip`."""
        return "skip" in self.tags


@dataclass(frozen=True, slots=True)
class Failure:
    """The step that did not hold, and what had been decided by then.

    `wanted` and `found` are there where two values were compared. The last decision is the one the step is about.
    """

    message: str
    step: str
    line: int
    decisions: tuple[Decision, ...]
    wanted: object = None
    found: object = None
    english: str | None = None


@dataclass(frozen=True, slots=True)
class Collected:
    """What feature files hold: the examples that can be run, and what is wrong with the rest."""

    examples: tuple[Example, ...]
    diagnostics: tuple[Diagnostic, ...]


def read(paths: Iterable[Path | str]) -> list[Example]:
    """The examples of feature files and of folders of them.

    Raises:
        UsageError: there is no such file or folder.
        FeatureError: some file cannot be read, or holds a step nobody knows; all problems are listed.
    """
    collected = collect(paths)
    if collected.diagnostics:
        raise FeatureError(collected.diagnostics)
    return list(collected.examples)


def collect(paths: Iterable[Path | str]) -> Collected:
    """The examples of feature files and of folders of them; a wrong file does not stop the others.

    Raises:
        UsageError: there is no such file or folder.
    """
    given = [Path(path) for path in paths]
    if absent := [path for path in given if not path.exists()]:
        raise UsageError([Diagnostic("E101", _absent(path), None, _CHECK) for path in absent])
    examples: list[Example] = []
    diagnostics: list[Diagnostic] = []
    for path in dict.fromkeys(file for item in given for file in _files(item)):
        problems = Problems()
        examples += _examples(path, problems)
        diagnostics += problems.items
    return Collected(tuple(examples), tuple(diagnostics))


def run(example: Example, engine: Engine) -> Failure | None:
    """Run one example; None when every step holds."""
    scenario = Scenario(engine)
    for step in example.steps:
        try:
            step.function(scenario, **step.arguments)
        except UnmetError as error:
            said = error.short
            decided = tuple(scenario.decisions)
            return Failure(said.zh, step.text, step.line, decided, error.wanted, error.found, said.en)
        except (AssertionError, EcoRulesError) as error:
            return Failure(str(error), step.text, step.line, tuple(scenario.decisions))
    return None


def _files(path: Path) -> Sequence[Path]:
    return sorted(path.rglob("*.feature")) if path.is_dir() else [path]


class _Parser(FeatureParser):
    """pytest-bdd's parser, which also notes the line of every row, and of every repeated name."""

    def __init__(self, path: Path) -> None:
        super().__init__("", str(path), "utf-8-sig")
        self.rows: dict[str, list[int]] = {}
        self.repeated: list[tuple[str, int]] = []

    def parse_scenario(self, scenario_data: Any, feature: Feature, rule: Rule | None = None) -> ScenarioTemplate:
        name = scenario_data.name
        if name in self.rows:
            self.repeated.append((name, scenario_data.location.line))
        tables = [table.table_body or [] for table in scenario_data.examples]
        self.rows[name] = [row.location.line for rows in tables for row in rows]
        return super().parse_scenario(scenario_data, feature, rule)


def _examples(path: Path, problems: Problems) -> list[Example]:
    source = read_source(path, problems)
    if source is None:
        return []
    parser = _Parser(path)
    try:
        feature = parser.parse()
    except GherkinParseError as error:
        said = error.message.splitlines()[-1].rpartition("): ")[2]  # the place it begins with is our span
        message = Text(f"读不懂这个功能文件：{said}", f"cannot read this feature file: {said}")
        problems.add("E601", message, _line(source, error.line), _SHAPE)
        return []
    except (AttributeError, KeyError, TypeError):  # how the parser fails on a file without a feature
        problems.add("E601", Text("文件里没有功能", "there is no feature in the file"), _line(source, 1), _SHAPE)
        return []
    for name, line in parser.repeated:
        message = Text(f"场景名“{name}”重复", f"the scenario name `{name}` is repeated")
        problems.add("E604", message, _line(source, line), _RENAME)
    return [
        example
        for template in feature.scenarios.values()
        for example in _rows(path, template, parser.rows[template.name], _Binder(source, problems))
    ]


def _rows(path: Path, template: ScenarioTemplate, lines: Sequence[int], binder: _Binder) -> Iterator[Example]:
    """One example, or one for each row of an outline."""
    rule_tags = template.rule.tags if template.rule else set()
    tags = frozenset(template.tags | template.feature.tags | rule_tags)
    if not any(step.type == "then" for step in template.steps):
        binder.complain("E605", _NOTHING, template.line_number, _KEYWORD)
    tables = [(table, context) for table in template.examples for context in table.as_contexts()]
    if not tables:
        steps = binder.bind(template.render({}).steps)
        if steps is not None:
            yield Example(path, template.feature.name, template.name, template.line_number, tags, steps)
        return
    for (table, context), line in zip(tables, lines, strict=True):
        steps = binder.bind(template.render(context).steps)
        if steps is not None:
            name = f"{template.name} [{'-'.join(context.values())}]"
            yield Example(path, template.feature.name, name, line, tags | table.tags, steps)


class _Binder:
    """Finds the function of every step; a line nobody understands is reported once."""

    def __init__(self, source: Source, problems: Problems) -> None:
        self._source = source
        self._problems = problems
        self._reported: set[int] = set()

    def bind(self, steps: Sequence[Step]) -> tuple[BoundStep, ...] | None:
        """The steps with their functions; None where one is wrong."""
        bound = [self._step(step) for step in steps]
        found = tuple(step for step in bound if step is not None)
        return found if len(found) == len(bound) else None

    def _step(self, step: Step) -> BoundStep | None:
        wording = _wording(step.type, step.name)
        if wording is None:
            message = Text(f"没有这样的步骤：{step.name}", f"no such step: {step.name}")
            self.complain("E602", message, step.line_number, nearest_wording(step.type, step.name))
            return None
        arguments = dict(wording.parser.parse_arguments(step.name))
        wants_table = _TABLE in inspect.signature(wording.function).parameters
        if wants_table != (step.datatable is not None):
            self.complain("E603", _NO_TABLE if wants_table else _TABLE_LEFT, step.line_number, None)
            return None
        if step.datatable is not None:
            arguments[_TABLE] = step.datatable.raw()
        return BoundStep(step.name, step.line_number, wording.function, arguments)

    def complain(self, code: str, message: Text, line: int, hint: Text | None) -> None:
        """Report a line, once for all rows of an outline."""
        if line not in self._reported:
            self._reported.add(line)
            self._problems.add(code, message, _line(self._source, line), hint)


@cache
def _wording(kind: str, text: str) -> Wording | None:
    """The wording a step follows; the vocabulary gives it one only, which a test holds."""
    return next((item for item in WORDINGS if item.kind == kind and item.parser.is_matching(text)), None)


def _line(source: Source, line: int) -> Span:
    """The whole of one line, without its margin."""
    text = source.lines[line - 1] if 0 < line <= len(source.lines) else ""
    start = len(text) - len(text.lstrip()) + 1
    return Span(source, line, start, line, max(start + 1, len(text.rstrip()) + 1))


def _absent(path: Path) -> Text:
    return Text(f"找不到功能文件或文件夹 `{path}`", f"no such feature file or folder: `{path}`")


_CHECK = Text("请检查路径；不写路径时是 features", "check the path; without one it is `features`")
_SHAPE = Text(
    "一个文件一个“功能”，其下“背景”“场景”“场景大纲”“例子”；第一行写 # language: zh-CN",
    "one Feature a file, with Background, Scenario, Scenario Outline, Examples; Chinese needs `# language: zh-CN`",
)
_RENAME = Text("请改名：同名的只有最后一个会运行", "rename it: of two with one name only the last would run")
_NOTHING = Text("这个场景什么也不检查：没有“那么”", "this scenario checks nothing: it has no `Then`")
_KEYWORD = Text(
    "每一步以 假如、当、那么、而且 开头；场景名下没有这些词的行只是说明",
    "steps begin with Given, When, Then, And; other lines below the name are a description",
)
_NO_TABLE = Text("这一步下面要有表格", "this step needs a table below it")
_TABLE_LEFT = Text(
    "这一步不读表格，表格里的内容没有人看", "this step reads no table; what the table says would be ignored"
)
