"""The options and arguments several commands share, each worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

RulesetsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--rulesets",
        envvar="ECO_RULES_PATH",
        help="叠加在内置规则之上的文件夹，可重复 / folder laid over the bundled rules, repeatable",
        metavar="DIR",
    ),
]
LangOption = Annotated[
    str, typer.Option("--lang", envvar="ECO_RULES_LANG", help="zh | en：程序用语 / the program's own words")
]

FormatOption = Annotated[str, typer.Option("--format", help="text | json")]
PageFormatOption = Annotated[str, typer.Option("--format", help="text | json | markdown")]

CasesArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="CASE…", help="个案文件；- 为标准输入 / case files; - reads standard input"),
]
MatterOption = Annotated[list[str] | None, typer.Option("--matter", help="事项，可重复 / matter, repeatable")]
JurisdictionOption = Annotated[str | None, typer.Option(help="辖区代码或名称 / place")]
ActDateOption = Annotated[
    str | None, typer.Option(help="行为终了之日、收到申请之日 / end of the act, day of application")
]
DecisionDateOption = Annotated[str | None, typer.Option(help="决定日 / day of the decision")]
FactOption = Annotated[list[str] | None, typer.Option("--fact", metavar="ID=VALUE", help="补充或改写事实 / a fact")]
BackendOption = Annotated[str, typer.Option(help="compiled | reference | rete")]
CrossCheckOption = Annotated[
    bool | None,
    typer.Option("--cross-check/--no-cross-check", help="用 Rete 引擎再判一次 / decide again with Rete"),
]

FeaturesArgument = Annotated[
    list[Path] | None,
    typer.Argument(help="功能文件或文件夹，默认 features / feature files or folders", metavar="PATHS"),
]
