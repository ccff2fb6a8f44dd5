"""Answers kept on disk, one file for each stack; what they rest on is their name, so they are never stale."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from eco_rules.analysis.verify.findings import Finding, Verified
from eco_rules.analysis.verify.fingerprint import fingerprint
from eco_rules.engine.engine import Engine
from eco_rules.model.case import Case
from eco_rules.model.matter import Matter
from eco_rules.words import Text

_KEPT = 2_000
"""Answers kept; the oldest beyond that are deleted."""


class Cache:
    """Answers in a folder, for one engine. What cannot be read is worked out again; what cannot be written is not kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts: dict[int, str] = {}

    @classmethod
    def of_user(cls) -> Cache:
        """The cache of the user who runs the program."""
        from platformdirs import user_cache_path

        return cls(user_cache_path("eco_rules", appauthor=False) / "verify")

    def key(self, engine: Engine, matter: Matter, place: str, day: date, *, overlaps: bool) -> str:
        """The name of the answer."""
        return fingerprint(engine, matter, place, day, self._texts) + ("-overlaps" if overlaps else "")

    def find(self, key: str) -> Verified | None:
        """The answer, if it is there."""
        try:
            return _read(json.loads((self._folder / f"{key}.json").read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, key: str, verified: Verified) -> None:
        """Keep an answer, whole or not at all."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            text = json.dumps(_written(verified), ensure_ascii=False)
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=self._folder, delete=False) as file:
                file.write(text)
            Path(file.name).replace(self._folder / f"{key}.json")

    def tidy(self) -> None:
        """Delete the oldest answers beyond what is kept."""
        with suppress(OSError):
            files = sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
            for path in files[_KEPT:]:
                path.unlink(missing_ok=True)


def _written(verified: Verified) -> dict[str, Any]:
    return {
        **{name: getattr(verified, name) for name in ("matter", "place", "rules", "questions")},
        "day": verified.day.isoformat(),
        "findings": [_finding(item) for item in verified.findings],
        "overlaps": [_finding(item) for item in verified.overlaps],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    case = finding.case and {
        "matter": finding.case.matter,
        "jurisdiction": finding.case.jurisdiction,
        "act_date": finding.case.act_date.isoformat(),
        "decision_date": finding.case.decision_date.isoformat(),
        "facts": finding.case.facts,
    }
    texts = {name: value and value._asdict() for name, value in (("reason", finding.reason), ("note", finding.note))}
    return {"kind": finding.kind, "rules": finding.rules, "case": case, **texts}


def _read(body: Mapping[str, Any]) -> Verified:
    findings, overlaps = (tuple(_finding_read(item) for item in body[name]) for name in ("findings", "overlaps"))
    day = date.fromisoformat(body["day"])
    return Verified(body["matter"], body["place"], day, body["rules"], body["questions"], findings, overlaps)


def _finding_read(body: Mapping[str, Any]) -> Finding:
    said = body["case"]
    case = None
    if said is not None:
        act, decision = (date.fromisoformat(said[name]) for name in ("act_date", "decision_date"))
        place, facts = said["jurisdiction"], said["facts"]
        case = Case(matter=said["matter"], jurisdiction=place, act_date=act, decision_date=decision, facts=facts)
    reason, note = (Text(**body[name]) if body[name] else None for name in ("reason", "note"))
    return Finding(body["kind"], tuple(body["rules"]), case, reason, note)
