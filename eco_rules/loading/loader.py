"""Folders of YAML → `Corpus`. Every problem of every file is found before anything is raised."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from eco_rules.diagnostics import Problems
from eco_rules.errors import RulesetError
from eco_rules.loading.corpus import Corpus, Replacement, RulesetFile, Stamp, Subject
from eco_rules.loading.shape import shape
from eco_rules.loading.yamldoc import SourceMap, parse, read_source
from eco_rules.model.facts import FactsFile, FactSpec, UnitsFile
from eco_rules.model.legal import Instrument
from eco_rules.model.matter import Matter
from eco_rules.model.ruleset import Accepted, AcceptedFile, LevelsFile, ParametersFile, PlacesFile, Ruleset
from eco_rules.source import Span
from eco_rules.values.places import Gazetteer
from eco_rules.values.units import Units
from eco_rules.words import Text

AnyModel = TypeVar("AnyModel", bound=BaseModel)
_FOLDER = re.compile(r"cn(-\d{2,6})?")


def bundled_path() -> Path:
    """Where the bundled rulesets lie: inside an installed wheel, or in the repository."""
    installed = Path(str(files("eco_rules") / "_rulesets"))
    return installed if installed.is_dir() else Path(str(files("eco_rules"))).parent / "rulesets"


def bundled_rulesets(*overlays: Path | str) -> Corpus:
    """The rulesets that come with the package, with `overlays` laid over them in order.

    Raises:
        RulesetError: some file is wrong; all problems are listed.
    """
    return load_rulesets(bundled_path(), *overlays)


def load_rulesets(*folders: Path | str) -> Corpus:
    """Read folders of rulesets; in a later folder the same id replaces.

    Raises:
        RulesetError: some file is wrong; all problems are listed.
    """
    reader = _Reader()
    for index, folder in enumerate(folders):
        reader.read(Path(folder), overlay=index > 0)
    reader.apply_parameters()
    if reader.problems:
        raise RulesetError(reader.problems.items)
    return reader.corpus()


class _Reader:
    def __init__(self) -> None:
        self.problems = Problems()
        self._subjects: dict[str, Subject] = {}
        self._matters: dict[str, tuple[Matter, SourceMap]] = {}
        self._instruments: dict[str, tuple[Instrument, SourceMap]] = {}
        self._levels: dict[str, Any] = {}
        self._places: dict[str, str] = {}
        self._units: dict[str, str] = {}
        self._accepted: tuple[Accepted, ...] = ()
        self._definitions: tuple[str, ...] = ()
        self._rulesets: dict[tuple[str, str], RulesetFile] = {}
        self._parameters: list[tuple[ParametersFile, SourceMap]] = []
        self._stamps: dict[str, Stamp] = {}
        self._replacements: list[Replacement] = []
        self._overlay = False
        self._here: dict[str, Span] = {}
        """What the folder being read has defined so far; in one folder nothing is defined twice."""

    def read(self, folder: Path, *, overlay: bool) -> None:
        """Read one folder; what it defines again replaces what earlier folders defined."""
        self._overlay = overlay
        self._here = {}
        if not folder.is_dir():
            self.problems.add("E101", Text(f"找不到规则文件夹 `{folder}`", f"no such rulesets folder: `{folder}`"))
            return
        for path in sorted(folder.rglob("*.yml")):
            message = Text(f"文件 `{path}` 的扩展名应是 .yaml", f"file `{path}` must be named .yaml")
            self.problems.add("E312", message, None, Text("请改名", "rename it"))
        for path in _yaml_files(folder):
            parts = path.relative_to(folder).parts
            if parts[0] == "_facts":
                self._facts(path)
            elif parts[0] == "_matters":
                self._matter(path)
            elif parts[0] == "_instruments":
                self._instrument(path)
            elif len(parts) == 1:
                self._single(path)
            else:
                self._ruleset(path, parts)

    def corpus(self) -> Corpus:
        """What was read."""
        return Corpus(
            subjects=self._subjects,
            matters={key: matter for key, (matter, _) in self._matters.items()},
            matter_spans={key: spans for key, (_, spans) in self._matters.items()},
            instruments={key: instrument for key, (instrument, _) in self._instruments.items()},
            instrument_spans={key: spans for key, (_, spans) in self._instruments.items()},
            levels=self._levels,
            places=Gazetteer(self._places),
            units=Units(self._units, self._definitions),
            rulesets=tuple(self._rulesets.values()),
            accepted=self._accepted,
            stamps=tuple(self._stamps.values()),
            replacements=tuple(self._replacements),
        )

    def _load(self, path: Path, model: type[AnyModel]) -> tuple[AnyModel, SourceMap, str] | None:
        source = read_source(path, self.problems)
        documents = parse(source, self.problems) if source else []
        if not documents:
            return None
        if len(documents) > 1:
            self.problems.add(
                "E110", Text("一个文件只能有一个文档（`---`）", "one document a file"), documents[1].spans.value(())
            )
            return None
        parsed = shape(documents[0], model, self.problems)
        digest = hashlib.sha256(documents[0].spans.source.text.encode()).hexdigest()
        return None if parsed is None else (parsed, documents[0].spans, digest)

    def _stamp(self, ident: str, path: Path, digest: str) -> Stamp:
        stamp = Stamp(ident, str(path), digest)
        old = self._stamps.get(ident)
        if old is not None and self._overlay:
            self._replacements.append(Replacement(ident, old.sha256[:12], digest[:12], str(path)))
        self._stamps[ident] = stamp
        return stamp

    def _once(self, name: str, span: Span) -> None:
        """Complain when the folder being read defines something twice."""
        first = self._here.setdefault(name, span)
        if first is not span:
            self._repeated(name.partition(":")[2], span, first)

    def _facts(self, path: Path) -> None:
        if (loaded := self._load(path, FactsFile)) is None:
            return
        parsed, spans, digest = loaded
        self._stamp(f"_facts/{path.stem}", path, digest)
        known = self._subjects.get(parsed.subject)
        facts: dict[str, FactSpec] = dict(known.facts) if known else {}
        origins: dict[str, SourceMap] = dict(known.origins) if known else {}
        for name in parsed.facts:
            self._once(f"{parsed.subject}:{name}", spans.key(("facts", name)))
            facts[name], origins[name] = parsed.spec(name), spans
        self._subjects[parsed.subject] = Subject(parsed.subject, parsed.label, facts, origins)

    def _matter(self, path: Path) -> None:
        if (loaded := self._load(path, Matter)) is None:
            return
        parsed, spans, digest = loaded
        self._once(f"matter:{parsed.id}", spans.value(("id",)))
        self._matters[parsed.id] = (parsed, spans)
        self._stamp(f"_matters/{parsed.id}", path, digest)

    def _instrument(self, path: Path) -> None:
        if (loaded := self._load(path, Instrument)) is None:
            return
        parsed, spans, digest = loaded
        self._once(f"instrument:{parsed.id}", spans.value(("id",)))
        self._instruments[parsed.id] = (parsed, spans)
        self._stamp(f"_instruments/{parsed.id}", path, digest)

    def _single(self, path: Path) -> None:
        if path.stem == "_levels" and (levels := self._load(path, LevelsFile)):
            self._levels.update(levels[0].levels)
            self._stamp("_levels", path, levels[2])
        elif path.stem == "_places" and (places := self._load(path, PlacesFile)):
            self._places.update(places[0].places)
            self._stamp("_places", path, places[2])
        elif path.stem == "_units" and (units := self._load(path, UnitsFile)):
            self._units.update(units[0].names)
            self._definitions += units[0].definitions
            self._stamp("_units", path, units[2])
        elif path.stem == "_verify" and (accepted := self._load(path, AcceptedFile)):
            self._accepted += accepted[0].findings
        elif path.stem == "parameters" and (parameters := self._load(path, ParametersFile)):
            self._parameters.append(parameters[:2])
            self._stamp(f"parameters:{path}", path, parameters[2])
        elif path.stem not in ("_levels", "_places", "_units", "_verify", "parameters"):
            self.problems.add(
                "E312",
                Text(f"文件 `{path}` 放错了位置", f"file `{path}` is in the wrong place"),
                None,
                Text("规则集放在 <辖区>/<事项>/<施行日期>.yaml", "rulesets lie in <place>/<matter>/<from>.yaml"),
            )

    def _ruleset(self, path: Path, parts: Sequence[str]) -> None:
        if (loaded := self._load(path, Ruleset)) is None:
            return
        parsed, spans, digest = loaded
        self._check_place(parsed, spans, parts)
        key = (parsed.id, parsed.effective.start.isoformat())
        self._once(f"ruleset:{parsed.id}@{key[1]}", spans.value(("id",)))
        for (ident, start), other in self._rulesets.items():
            if ident != parsed.id or start == key[1]:
                continue
            if other.ruleset.effective.overlaps(parsed.effective):
                self._repeated(parsed.id, spans.value(("effective",)), other.spans.value(("effective",)))
        stamp = self._stamp(f"{parsed.id}@{key[1]}", path, digest)
        self._rulesets[key] = RulesetFile(parsed, spans, stamp)

    def _check_place(self, ruleset: Ruleset, spans: SourceMap, parts: Sequence[str]) -> None:
        place = "cn" if ruleset.jurisdiction == "cn" else f"cn-{ruleset.jurisdiction}"
        start = ruleset.effective.start.isoformat()
        wanted = f"{place}/{ruleset.matter}/{start}"
        if not _FOLDER.fullmatch(parts[0]) or "/".join(parts[:3]).removesuffix(".yaml") != wanted:
            self.problems.add(
                "E312",
                Text(f"路径与文件头不一致，应在 `{wanted}` 下", f"path and header differ; it belongs into `{wanted}`"),
                spans.value(("jurisdiction",)),
            )

    def _repeated(self, name: str, span: Span, first: Span | None) -> None:
        where, seen = (f"（已见于 {first}）", f" (first at {first})") if first else ("", "")
        self.problems.add(
            "E309",
            Text(
                f"`{name}` 重复定义，或施行期间重叠{where}", f"`{name}` is defined twice, or its periods overlap{seen}"
            ),
            span,
        )

    def apply_parameters(self) -> None:
        """Put the values of every `parameters.yaml` into the rulesets they name."""
        for parsed, spans in self._parameters:
            for ident, values in parsed.parameters.items():
                keys = [key for key in self._rulesets if key[0] == ident]
                if not keys:
                    self.problems.add(
                        "E304",
                        Text(f"没有规则集 `{ident}`", f"no ruleset `{ident}`"),
                        spans.key(("parameters", ident)),
                    )
                for key in keys:
                    self._override(key, values, spans)

    def _override(self, key: tuple[str, str], values: Any, spans: SourceMap) -> None:
        file = self._rulesets[key]
        parameters = dict(file.ruleset.parameters)
        for name, override in values.items():
            if name not in parameters:
                self.problems.add(
                    "E307",
                    Text(f"规则集 `{key[0]}` 没有参数 `{name}`", f"ruleset `{key[0]}` has no parameter `{name}`"),
                    spans.key(("parameters", key[0], name)),
                )
                continue
            old = parameters[name]
            parameters[name] = old.model_copy(update={"value": override.value, "cites": (), "source": override.source})
            self._replacements.append(
                Replacement(f"{key[0]}/${name}", _shown(old.value), _shown(override.value), override.source)
            )
        ruleset = file.ruleset.model_copy(update={"parameters": parameters})
        self._rulesets[key] = RulesetFile(ruleset, file.spans, file.stamp)


def _shown(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _yaml_files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*.yaml") if not path.name.startswith("."))
