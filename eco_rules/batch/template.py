"""A workbook to fill in: one column a fact a matter can ask for, with questions, units and choices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from eco_rules.batch.layout import CASE_WORDS
from eco_rules.batch.shard import whole
from eco_rules.engine.engine import Engine
from eco_rules.ir.vocabulary import Vocabulary
from eco_rules.model.facts import FactSpec
from eco_rules.model.matter import Matter
from eco_rules.words import Lang, Text

_ROWS = 2000
"""Rows that get a drop-down list."""

_LIST_LIMIT = 250
"""Characters a drop-down list may hold when it is written into the cell rule itself."""


def write_template(engine: Engine, matter: Matter, target: Path, lang: Lang) -> None:
    """Write the workbook: the table, an explanation of every column, and one sheet for each kind of records."""
    import openpyxl

    vocabulary = engine.vocabularies[matter.id]
    facts = {name: spec for name, spec in vocabulary.facts.items() if _asked(spec)}
    plain = {name: spec for name, spec in facts.items() if spec.type != "records"}
    records = {name: spec for name, spec in facts.items() if spec.type == "records"}
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None  # a new workbook has one
    sheet.title = Text("个案", "cases").to(lang)
    heads = [("id", CASE_WORDS["id"][0]), ("jurisdiction", CASE_WORDS["jurisdiction"][0])]
    heads += [(name, spec.label) for name, spec in vocabulary.facts.items() if spec.header and name in CASE_WORDS]
    heads += [(name, _header(vocabulary, name, spec)) for name, spec in plain.items()]
    sheet.append([label if lang == "zh" else name for name, label in heads])
    sheet.freeze_panes = "B2"
    choices = book.create_sheet(Text("填写说明", "explanation").to(lang))
    choices.append([Text(*words).to(lang) for words in _EXPLAINED])
    for column, (name, _) in enumerate(heads, 1):
        if name in plain:
            _choose(sheet, column, plain[name])
            choices.append(_explained(vocabulary, name, plain[name], lang))
    for name, spec in records.items():
        part = book.create_sheet(spec.label if lang == "zh" else name)
        fields = [field.label or ident if lang == "zh" else ident for ident, field in spec.fields.items()]
        part.append([CASE_WORDS["id"][0] if lang == "zh" else "id", *fields])
        choices.append(_explained(vocabulary, name, spec, lang))
    with whole(target) as path:
        book.save(path)


_EXPLAINED = (
    ("列", "column"),
    ("标识", "id"),
    ("类型", "type"),
    ("单位", "unit"),
    ("问题", "question"),
    ("可填", "values"),
)


def _asked(spec: FactSpec) -> bool:
    return not spec.header and not spec.parameters and (spec.derive is None or spec.question is not None)


def _header(vocabulary: Vocabulary, name: str, spec: FactSpec) -> str:
    """The label, or the id where two facts share it."""
    shared = [other for other in vocabulary.facts.values() if other.label == spec.label]
    return spec.label if len(shared) == 1 else name


def _choose(sheet: Any, column: int, spec: FactSpec) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    words = ["是", "否"] if spec.type == "boolean" else list(spec.values.values()) if spec.type == "enum" else []
    listed = ",".join(words)
    letter = get_column_letter(column)
    sheet.column_dimensions[letter].width = 16
    if not words or len(listed) > _LIST_LIMIT or any("," in word or '"' in word for word in words):
        return
    rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
    rule.add(f"{letter}2:{letter}{_ROWS}")
    sheet.add_data_validation(rule)


def _explained(vocabulary: Vocabulary, name: str, spec: FactSpec, lang: Lang) -> list[str]:
    header = _header(vocabulary, name, spec) if lang == "zh" else name
    return [header, name, spec.type, spec.unit or "", spec.question or "", "、".join(spec.values.values())]
