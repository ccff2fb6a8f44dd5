"""What became of mutants, kept in a file from run to run: a line of JSON each, written as soon as it is known.

A result holds as long as the rules, the program and the scenarios it rests on stay as they are; afterwards it says whom
to ask first. A line that was not written to its end is left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eco_rules.diagnostics import Diagnostic
from eco_rules.errors import UsageError
from eco_rules.loading.corpus import Corpus
from eco_rules.testing.mutation.trial import Earlier, Result
from eco_rules.words import Text

_PACKAGE = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Basis:
    """What results rest on: the rules and the program, all scenarios, each feature file; and whether proofs were tried."""

    rules: str
    scenarios: str
    files: Mapping[str, str]
    proofs: bool


def basis(corpus: Corpus, marks: Mapping[str, str], *, proofs: bool) -> Basis:
    """The basis of results that are found now; `marks` are the hashes of the feature files."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        digest.update(path.read_bytes())
    for stamp in sorted(corpus.stamps, key=lambda item: item.id):
        digest.update(f"{stamp.id} {stamp.sha256}".encode())
    scenarios = hashlib.sha256(json.dumps(sorted(marks.items())).encode())
    return Basis(digest.hexdigest(), scenarios.hexdigest(), marks, proofs)


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

    def earlier(self, name: str) -> Earlier | None:
        """What became of a mutant the last time, whether or not it still holds."""
        line = self._earlier.get(name)
        if line is None:
            return None
        same = line["rules"] == self._on.rules and line["proofs"] == self._on.proofs
        return Earlier(Result(**{key: line[key] for key in _RESULT}), same)

    def known(self, name: str) -> Result:
        """What became of a mutant the last time, where that holds."""
        earlier = self.earlier(name)
        assert earlier is not None  # it holds
        return earlier.result

    def holds(self, name: str) -> bool:
        """Whether what became of a mutant the last time still holds."""
        line = self._earlier.get(name)
        if line is None or line["rules"] != self._on.rules:
            return False
        fate = line["fate"]
        if fate == "noticed":
            path = line["by"].rpartition(":")[0]
            return bool(line["file"] == self._on.files.get(path))
        if fate in ("rejected", "equivalent"):
            return True
        return bool(line["scenarios"] == self._on.scenarios and line["proofs"] == self._on.proofs)

    def keep(self, result: Result) -> None:
        """Add a result."""
        if self._path is None:
            return
        file = self._on.files.get(result.by.rpartition(":")[0])
        rest = {"rules": self._on.rules, "scenarios": self._on.scenarios, "file": file, "proofs": self._on.proofs}
        with self._path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({**asdict(result), **rest}, ensure_ascii=False) + "\n")


_RESULT = ("id", "fate", "by", "scenario", "reason")
_WANTED = {*_RESULT, "rules", "scenarios", "file", "proofs"}


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
