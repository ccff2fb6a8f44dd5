"""The thresholds encoded are the numerals printed in the cells, with their units and bound words.

The printed side is read from the text of the table, the encoded side from the rules. What differs is listed
in `differences.yaml` with its reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from eco_rules import Corpus
from eco_rules.loading.corpus import RulesetFile
from eco_rules.model.condition import Condition, Holds, walk
from eco_rules.model.condition import Test as FactTest
from eco_rules.model.derivation import Choice, TruthOf
from eco_rules.values.units import UnitError

HERE = Path(__file__).parent
CELLS = {"report_book": "book", "report_form": "form", "registration": "registration"}
ENTRIES = json.loads((HERE / "catalogue-2021.json").read_text(encoding="utf-8"))["entries"]
DIFFERENCES = yaml.safe_load((HERE / "differences.yaml").read_text(encoding="utf-8"))["cells"]
BOUNDS = {"及以上": "ge", "及以下": "le", "（不含）以上": "gt", "以上": "gt", "以下": "lt"}
PREFIXES = {"不超过": "le", "不高于": "le", "不小于": "ge", "不低于": "ge", "大于": "gt"}
NUMERAL = re.compile(r"(\d+(?:\.\d+)?)(万|千(?!瓦|伏|升|克|米)|百|亿)?")
MULTIPLES = {"万": 10_000, "千": 1000, "百": 100, "亿": 100_000_000, None: 1}


def printed(text: str, units: list[str]) -> list[tuple[Decimal, str, str]]:
    """Numbers with unit and bound word; a number without a bound word shares that of the next one."""
    found: list[tuple[Decimal, str, str | None]] = []
    text = re.sub(r"（[^（）]*折合[^（）]*）", "", text)
    for match in NUMERAL.finditer(text):
        rest = text[match.end() :].removeprefix("（").lstrip()
        unit = next((name for name in units if rest.startswith(name)), "")
        after = next((BOUNDS[word] for word in BOUNDS if _follows(rest[len(unit) :], word)), None)
        before = next(
            (bound for word, bound in PREFIXES.items() if re.search(word + r"[^\d；，]*$", text[: match.start()])), None
        )
        bound = before or after
        found.append((Decimal(match[1]) * MULTIPLES[match[2]], unit, bound))
    for index in range(len(found) - 2, -1, -1):
        if found[index][2] is None:
            found[index] = (*found[index][:2], found[index + 1][2])
    return [item for item in found if item[2] is not None]  # type: ignore[misc]


def _follows(rest: str, word: str) -> bool:
    """Whether the bound word comes before the next numeral and the end of the clause."""
    return re.match(r"[^\d；，。]{0,6}?" + re.escape(word), rest) is not None


def encoded(corpus: Corpus, file: RulesetFile, condition: Condition | None) -> Iterator[tuple[str, str, Decimal]]:
    """Fact, operator and limit of every numeric test a condition comes down to."""
    facts = corpus.subjects["project"].facts
    for node in walk(condition) if condition is not None else ():
        if isinstance(node, Holds):
            named = file.ruleset.conditions[node.name]
            yield from encoded(corpus, file, named.when)
        elif isinstance(node, FactTest):
            spec = facts[node.fact]
            if isinstance(spec.derive, TruthOf):
                yield from encoded(corpus, file, spec.derive.condition)
            elif isinstance(spec.derive, Choice):
                for condition_of, _ in spec.derive.items:
                    yield from encoded(corpus, file, condition_of)
            elif node.operator in ("ge", "gt", "le", "lt"):
                yield node.fact, node.operator, limit(corpus, spec.unit, node.operand)


def limit(corpus: Corpus, unit: str | None, operand: object) -> Decimal:
    split = corpus.units.split(str(operand))
    assert split is not None, operand
    amount, written = split
    return corpus.units.convert(amount, written, unit) if written and unit else amount


def cells() -> list:
    return [
        pytest.param(entry["no"], name, entry[column], entry["category"], id=f"{entry['no']}-{name}")
        for entry in ENTRIES
        for column, name in CELLS.items()
        if entry[column].strip() != "/"
    ]


def test_there_are_319_cells_of_173_entries():
    assert (len(ENTRIES), len(cells())) == (173, 319)


@pytest.fixture(scope="module")
def rules(corpus: Corpus) -> dict:
    return {
        rule.id: (file, rule)
        for file in corpus.rulesets
        if file.ruleset.matter == "eia-classification"
        for rule in file.ruleset.rules
    }


def test_every_cell_has_its_rule_and_every_rule_its_cell(rules):
    wanted = {f"item-{param.values[0]}-{param.values[1]}" for param in cells()}
    assert {name for name in rules if name.startswith("item-")} == wanted


@pytest.mark.parametrize(("number", "name", "text", "category"), cells())
def test_numerals(corpus: Corpus, rules: dict, number: int, name: str, text: str, category: str):
    key = f"item-{number}-{name}"
    file, rule = rules[key]
    units = sorted(corpus.units._names, key=len, reverse=True)
    facts = corpus.subjects["project"].facts
    left = set(encoded(corpus, file, rule.applies)) | set(encoded(corpus, file, rule.when))
    left = {item for item in left if item[2] != 0}  # `gt: 0` is “uses any at all”, not a threshold
    every, missing = frozenset(left), []
    for amount, unit, bound in dict.fromkeys(printed(text, units)):
        same = {
            item for item in every if item[1] == bound and _equal(corpus, amount, unit, facts[item[0]].unit, item[2])
        }
        left -= same
        if not same:
            missing.append(f"{amount} {unit} {bound}")
    for amount, unit, bound in printed(category, units):  # what the category column leaves out, it may say for any cell
        left -= {
            item for item in left if item[1] == bound and _equal(corpus, amount, unit, facts[item[0]].unit, item[2])
        }
    left = {f"{fact} {operator} {value}" for fact, operator, value in left}
    allowed = DIFFERENCES.get(key, {})
    assert sorted(missing) == sorted(allowed.get("printed", [])), f"printed, not encoded; encoded besides: {left}"
    assert sorted(left) == sorted(allowed.get("encoded", [])), "encoded, not printed"


def _equal(corpus: Corpus, amount: Decimal, unit: str, wanted: str | None, value: Decimal) -> bool:
    try:
        return (corpus.units.convert(amount, unit, wanted) if unit and wanted else amount) == value
    except UnitError:
        return False


def test_every_difference_is_explained(rules):
    assert [key for key, item in DIFFERENCES.items() if key not in rules or not item.get("why")] == []
