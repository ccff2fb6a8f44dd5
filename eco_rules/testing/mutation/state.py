"""What became of mutants, kept in a file from run to run: a line of JSON each, written as soon as it is known.

A result holds as long as the rules, the program and the scenarios it rests on stay as they are; afterwards it says whom
to ask first. A line that was not written to its end is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eco_rules.diagnostics import Diagnostic
from eco_rules.errors import UsageError
from eco_rules.testing.mutation.basis import Basis
from eco_rules.testing.mutation.mutant import Mutant
from eco_rules.testing.mutation.trial import Earlier, Result
from eco_rules.words import Text


class State:
    """The results of earlier runs, and a file to which new ones are added."""

    def __init__(self, path: Path | None, on: Basis) -> None:
        """Read a state file, if there is one.

        Raises:
            UsageError: the file cannot be read or written.
        """
        self._on = on
        self._earlier: dict[str, Mapping[str, Any]] = {}
        self._path = path
        if path is None:
            return
        try:
            if path.exists():
                self._earlier = {line["id"]: line for line in map(_line, _whole(path.read_text("utf-8"))) if line}
                _rewrite(path, self._earlier.values())
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        except (OSError, UnicodeDecodeError) as error:
            message = Text(f"读写不了 `{path}`：{error}", f"cannot read or write `{path}`: {error}")
            raise UsageError([Diagnostic("E102", message)]) from None

    def earlier(self, mutant: Mutant) -> Earlier | None:
        """What became of a mutant the last time, whether or not it still holds."""
        line = self._earlier.get(mutant.id)
        if line is None:
            return None
        result = _result(line)
        same = line["rules"] == self._rules(mutant, result) and line["proofs"] == self._on.proofs
        return Earlier(result, same)

    def known(self, mutant: Mutant) -> Result:
        """What became of a mutant the last time, where that holds."""
        return _result(self._earlier[mutant.id])

    def holds(self, mutant: Mutant) -> bool:
        """Whether what became of a mutant the last time still holds."""
        line = self._earlier.get(mutant.id)
        if line is None:
            return False
        result = _result(line)
        if line["rules"] != self._rules(mutant, result):
            return False
        if result.fate == "noticed":
            return bool(line["file"] == self._file(result))
        if result.fate in ("rejected", "equivalent"):
            return True
        return bool(line["scenarios"] == self._on.scenarios and line["proofs"] == self._on.proofs)

    def keep(self, mutant: Mutant, result: Result) -> None:
        """Add a result."""
        if self._path is None:
            return
        rest = {
            "rules": self._rules(mutant, result),
            "scenarios": self._on.scenarios,
            "file": self._file(result),
            "proofs": self._on.proofs,
        }
        with self._path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({**asdict(result), **rest}, ensure_ascii=False) + "\n")

    def _rules(self, mutant: Mutant, result: Result) -> str | None:
        """The rules a result rests on: those the scenario that noticed it could read, else all it could be felt with."""
        if result.fate == "noticed":
            return self._on.read.get(result.by)
        return self._on.laws[mutant.file.ruleset.matter]

    def _file(self, result: Result) -> str | None:
        return self._on.files.get(result.by.rpartition(":")[0])


_RESULT = ("id", "fate", "by", "scenario", "reason")
_WANTED = {*_RESULT, "rules", "scenarios", "file", "proofs"}


def _result(line: Mapping[str, Any]) -> Result:
    return Result(**{key: line[key] for key in _RESULT})


def _whole(text: str) -> list[str]:
    return text.split("\n")[:-1]


def _line(text: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) and set(found) == _WANTED else None


def _rewrite(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """Each mutant once, by its last line."""
    part = path.with_name(path.name + ".part")
    part.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    part.replace(path)
