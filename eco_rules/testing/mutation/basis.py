"""What results rest on, as hashes: an edit makes void what rests on what was edited, and nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from eco_rules.loading.corpus import Corpus
from eco_rules.model.condition import OutcomeOf, walk
from eco_rules.testing.mutation.baseline import Baseline, name_of
from eco_rules.testing.points import roots

_PACKAGE = Path(__file__).parents[2]
_CODE = ("*.py", "*.yaml")


@dataclass(frozen=True, slots=True)
class Basis:
    """What results found now rest on.

    `laws` is the hash, by matter, of all rules a change of one of its rules could be felt with: those of the matters that
    ask it, and of what these ask. `read` is, by the name of an example, the hash of the rules it could read. Both hold
    the program, facts, instruments and places too.
    """

    laws: Mapping[str, str]
    read: Mapping[str, str]
    scenarios: str
    files: Mapping[str, str]
    proofs: bool


def basis(base: Baseline, *, proofs: bool) -> Basis:
    """The basis of results that are found now."""
    corpus, asked = base.corpus, _asked(base.corpus)
    shared = _shared(corpus)

    def law(matters: Iterable[str]) -> str:
        wanted = _reached(matters, asked)
        stamps = sorted((file.stamp.id, file.stamp.sha256) for file in corpus.rulesets if file.ruleset.matter in wanted)
        return hashlib.sha256(json.dumps([shared, stamps]).encode()).hexdigest()

    askers = {name: [other for other in asked if name in _reached([other], asked)] for name in corpus.matters}
    laws = {name: law(others) for name, others in askers.items()}
    kinds = {read.matters for read in base.read}
    of_kind = {matters: law(matters) for matters in kinds}
    examples = zip(base.examples, base.read, strict=True)
    read = {name_of(example): of_kind[read.matters] for example, read in examples}
    scenarios = hashlib.sha256(json.dumps(sorted(base.marks.items())).encode()).hexdigest()
    return Basis(laws, read, scenarios, base.marks, proofs)


def _shared(corpus: Corpus) -> str:
    """The program, and all that is read but rulesets."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _CODE for path in _PACKAGE.rglob(pattern) if "_rulesets" not in path.parts):
        digest.update(path.relative_to(_PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    rulesets = {file.stamp.path for file in corpus.rulesets}
    for stamp in sorted(corpus.stamps, key=lambda item: item.id):
        if stamp.path not in rulesets:
            digest.update(f"{stamp.id} {stamp.sha256}".encode())
    return digest.hexdigest()


def _asked(corpus: Corpus) -> dict[str, set[str]]:
    """The matters each matter asks: in conditions, as a path behind an outcome, or along with it."""
    asked = {
        name: {*(behind.matter for behind in matter.paths.values()), *matter.along}
        for name, matter in corpus.matters.items()
    }
    for file in corpus.rulesets:
        for root in roots(file.ruleset):
            names = (item.matter for item in walk(root.condition) if isinstance(item, OutcomeOf))
            asked[file.ruleset.matter].update(names)
    return asked


def _reached(matters: Iterable[str], asked: Mapping[str, set[str]]) -> set[str]:
    """Some matters, those they ask, those these ask, and so on."""
    found: set[str] = set()
    todo = list(matters)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += asked[name]
    return found
