"""`eco-rules diff`: what changed in meaning between two versions of the rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eco_rules.cli.console import WRONG_USE, exit_code, fail_with, language, put, report, styled
from eco_rules.cli.options import LangOption, PageFormatOption

if TYPE_CHECKING:
    from eco_rules.loading.corpus import Corpus
    from eco_rules.model.case import Case

_FORMATS = ("text", "json", "markdown")
_VERSION = "文件夹、文件、bundled 或 git 的 REV:路径 / folder, file, bundled or REV:path of git"


def command(
    old: Annotated[str, typer.Argument(metavar="A", help=_VERSION)],
    new: Annotated[str, typer.Argument(metavar="B", help=_VERSION)],
    cases: Annotated[
        list[Path] | None,
        typer.Option("--cases", metavar="FILE", help="个案文件或文件夹，可重复 / case files or folders, repeatable"),
    ] = None,
    matter: Annotated[str | None, typer.Option("--matter", help="只比较一个事项 / one matter only")] = None,
    jurisdiction: Annotated[str | None, typer.Option(help="只比较一地的规则 / the rules of one place only")] = None,
    output: PageFormatOption = "text",
    lang: LangOption = "zh",
) -> None:
    """两个版本的规则在含义上有何不同，哪些个案结论会变 / what two versions of the rules decide differently."""
    from eco_rules.analysis.diff import diff
    from eco_rules.analysis.versions import open_version
    from eco_rules.errors import EcoRulesError
    from eco_rules.reporting import differences, pages

    words = language(lang)
    if output not in _FORMATS:
        fail_with(f"--format: {' | '.join(_FORMATS)}", WRONG_USE)
    try:
        versions = open_version(old), open_version(new)
        place = _place(versions[1], jurisdiction)
        if matter is not None and not any(matter in version.matters for version in versions):
            fail_with(f"--matter: 没有事项 / no matter `{matter}`", WRONG_USE)
        given = _cases(cases) if cases else None
        found = diff(*versions, words, cases=given, matter=matter, place=place)
    except EcoRulesError as error:
        report(error.diagnostics, words)
        raise typer.Exit(exit_code(error)) from None
    if output == "json":
        put(json.dumps(differences.as_dict(found, (old, new), words), ensure_ascii=False, indent=1))
        return
    page = differences.page_of(found, *versions, (old, new), words)
    if output == "text":
        typer.echo(pages.pages_as_text([page], words, styled), nl=False)
    else:
        typer.echo(pages.pages_as_markdown([page]))


def _place(corpus: Corpus, text: str | None) -> str | None:
    """The code of a place, or exit 2."""
    if text is None:
        return None
    code = corpus.places.find(text)
    if code is None:
        fail_with(f"--jurisdiction: 未知辖区 / unknown place `{text}`", WRONG_USE)
    return code


def _cases(paths: list[Path]) -> list[Case]:
    """Every case of files and folders; what starts with `_` is no case file."""
    from eco_rules.loading.cases import read_cases

    files = [file for path in paths for file in (sorted(path.rglob("[!_]*.yaml")) if path.is_dir() else [path])]
    return [case for file in files for case in read_cases(file)]
