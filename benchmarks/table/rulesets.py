"""The table as rulesets of eco_rules: written to a folder, read and checked like any other law."""

from __future__ import annotations

import shutil
from pathlib import Path

from workload import Row

BUNDLED = Path(__file__).parents[2] / "rulesets"
SHARED = ("_levels.yaml", "_places.yaml", "_units.yaml")
ROWS_A_FILE = 100

MATTER = """format: 1
id: table
label: 分类表
subject: site
question: 编制什么文件？
outcomes: {report: 报告书, form: 报告表, registration: 登记表}
combine: strictest
strictness: [report, form, registration]
dates: {substance: decision_date, procedure: decision_date}
"""

FACTS = """format: 1
subject: site
label: 场地
facts:
  decision_date: {label: 决定日, type: date, header: true}
  act_date: {label: 行为日, type: date, header: true}
  act_from: {label: 行为起始日, type: date, header: true}
  law_date: {label: 法律日, type: date, header: true}
  capacity: {label: 产能, type: number, min: 0, question: 产能是多少？}
  sensitive: {label: 位于敏感区, type: boolean, question: 是否位于敏感区？}
  category:
    label: 类别
    type: enum
    question: 属于哪一类？
    values:
"""

INSTRUMENT = """format: 1
id: table-2021
title: 分类表
issuer: 某机关
level: department-rule
effective: {from: 2021-01-01}
provenance: secondary
clauses:
"""

RULESET = """format: 1
id: cn.table.part-{part}
title: 分类表 {part}
matter: table
jurisdiction: cn
effective: {{from: 2021-01-01}}
complete: true
rules:
"""

RULE = """  - id: {category}-{outcome}
    title: 类别{category} {outcome}
    cites: [table-2021#{category}]
    applies: {{category: {category}}}
    when: {when}
    then: {{outcome: {outcome}}}
"""


def write(table: list[Row], folder: Path) -> Path:
    """The folder with the table's facts, matter, instrument and rulesets."""
    files = {
        "_matters/table.yaml": MATTER,
        "_facts/site.yaml": FACTS + "".join(f"      {name}: 类别{name}\n" for name, _, _ in table),
        "_instruments/table-2021.yaml": INSTRUMENT
        + "".join(
            f"  {name}: {{locator: 附表第{at}项, text: 类别{name}}}\n" for at, (name, _, _) in enumerate(table, 1)
        ),
    }
    for start in range(0, len(table), ROWS_A_FILE):
        text = RULESET.format(part=start) + "".join(map(_rules, table[start : start + ROWS_A_FILE]))
        files[f"cn/table/2021-01-01/part-{start}.yaml"] = text
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in SHARED:
        shutil.copy(BUNDLED / name, folder / name)
    return folder


def _rules(row: Row) -> str:
    category, report, form = row
    wanted = {
        "report": f"{{any: [{{capacity: {{ge: {report}}}}}, {{sensitive: true}}]}}",
        "form": f"{{capacity: {{ge: {form}}}}}",
        "registration": "{capacity: {ge: 0}}",
    }
    return "".join(RULE.format(category=category, outcome=outcome, when=when) for outcome, when in wanted.items())
