"""What a batch run decides, in a form that can be handed to any process on any machine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from eco_rules.diagnostics import Diagnostic, choose_from
from eco_rules.engine.engine import Engine
from eco_rules.errors import BackendError, CaseError
from eco_rules.loading.loader import bundled_rulesets
from eco_rules.model.matter import Matter
from eco_rules.words import Lang, Text


@dataclass(frozen=True, slots=True)
class Job:
    """One matter, and how tables about it are read.

    Attributes:
        matter: id or label of the matter every row is decided for.
        rulesets: folders laid over the bundled rulesets.
        lang: language of reasons and labels that the program itself writes.
        jurisdiction: place of rows that name none; so with the two dates.
        keep_unknown: carry columns that are no facts to the output; otherwise they are an error.
        brief: do not name the missing facts, only say that the row is undetermined.
        warnings: write each row's warnings too; every row is then decided by the row engine.
        rowwise: decide every row by the row engine.
    """

    matter: str
    rulesets: tuple[str, ...] = ()
    lang: Lang = "zh"
    jurisdiction: str | None = None
    act_date: str | None = None
    decision_date: str | None = None
    keep_unknown: bool = False
    brief: bool = False
    warnings: bool = False
    rowwise: bool = False

    def default(self, name: str) -> str | None:
        """What a row has where its own column is blank or absent."""
        found: str | None = getattr(self, name, None) if name in ("jurisdiction", "act_date", "decision_date") else None
        return found


@lru_cache(maxsize=2)
def engine_of(rulesets: tuple[str, ...], lang: Lang) -> Engine:
    """The engine of a process, made once: tasks follow each other with the same rulesets."""
    return Engine(bundled_rulesets(*rulesets), lang=lang)


def matter_of(engine: Engine, name: str) -> Matter:
    """The matter with this id or label.

    Raises:
        CaseError: there is none (E708).
    """
    known = engine.rulesets.matters
    labels = {matter.label: matter for matter in known.values()}
    matter = known.get(name) or labels.get(name)
    if matter is None:
        message = Text(f"没有事项 `{name}`", f"no matter `{name}`")
        raise CaseError([Diagnostic("E708", message, None, choose_from(name, [*known, *labels]))])
    return matter


def require() -> None:
    """Import what tables need.

    Raises:
        BackendError: it is not installed (E801).
    """
    try:
        import openpyxl  # noqa: F401
        import polars  # noqa: F401
    except ImportError as error:
        message = Text(f"没有安装 {error.name}（批量判断）", f"{error.name} is not installed (batch runs)")
        hint = Text("pip install 'eco_rules[batch]'", "pip install 'eco_rules[batch]'")
        raise BackendError([Diagnostic("E801", message, None, hint)]) from None
