"""`eco-rules verify`: holes, contradictions and dead rules, proven or shown by a case."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from eco_rules.cli.console import OK, WRONG_RULES, WRONG_USE, exit_code, fail_with, language, load, put, report
from eco_rules.cli.options import FormatOption, LangOption, RulesetsOption


def command(
    matters: Annotated[
        list[str] | None, typer.Argument(metavar="MATTER…", help="事项，默认全部 / default: all")
    ] = None,
    jurisdiction: Annotated[
        list[str] | None, typer.Option(help="辖区，默认有规则的全部 / default: all with rules")
    ] = None,
    since: Annotated[str, typer.Option(help="从哪一天的法律起 / first day")] = "2021-07-15",
    until: Annotated[str, typer.Option(help="到哪一天的法律止 / last day")] = "2027-06-01",
    output: FormatOption = "text",
    overlaps: Annotated[
        bool, typer.Option("--overlaps", help="也列出竞合而有先后的规则 / also rules that overlap, and which prevails")
    ] = False,
    cache: Annotated[bool, typer.Option(help="用已有的答案 / use answers worked out before")] = True,
    rulesets: RulesetsOption = None,
    lang: LangOption = "zh",
) -> None:
    """验证规则：空白、冲突、永远不成立或者多余的规则 / verify rules over every possible case."""
    from eco_rules.engine.engine import Engine
    from eco_rules.errors import EcoRulesError
    from eco_rules.values.dates import parse_date

    words = language(lang)
    first, last = parse_date(since), parse_date(until)
    if output not in ("text", "json") or not isinstance(first, date) or not isinstance(last, date) or last < first:
        fail_with("--format: text | json; --since, --until: 2026-08-15", WRONG_USE)
    try:
        from eco_rules.analysis.verify.cache import Cache
        from eco_rules.analysis.verify.verifier import verify_all
        from eco_rules.reporting.verified import verified_json, verified_text
    except ModuleNotFoundError as error:
        if error.name not in ("z3", "platformdirs"):
            raise
        fail_with("pip install 'eco_rules[verify]'（z3-solver）", WRONG_USE)
    try:
        engine = Engine(load(rulesets))
    except EcoRulesError as error:
        report(error.diagnostics, words)
        raise typer.Exit(exit_code(error)) from None
    known = engine.rulesets.matters
    places = [engine.rulesets.places.find(name) or "" for name in jurisdiction or ()]
    if (unknown := [name for name in matters or () if name not in known]) or "" in places:
        fail_with(f"{'、'.join(unknown or jurisdiction or ())}: {' '.join(known)}", WRONG_USE)
    wanted, answers = [known[name] for name in matters or known], Cache.of_user() if cache else None
    found = verify_all(engine, wanted, places, (first, last), overlaps=overlaps, cache=answers)
    if output == "json":
        put(verified_json(found, words))
    else:
        typer.echo(verified_text(found, words), nl=False)
    raise typer.Exit(WRONG_RULES if found.open or found.stale else OK)
