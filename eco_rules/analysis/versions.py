"""The versions `diff` compares: folders, single files, the bundled rulesets, and git revisions of them."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from eco_rules.diagnostics import Diagnostic, Problems
from eco_rules.errors import RulesetError, UsageError
from eco_rules.loading.corpus import Corpus
from eco_rules.loading.loader import bundled_path, bundled_rulesets, load_rulesets
from eco_rules.loading.yamldoc import parse, read_source
from eco_rules.words import Text

BUNDLED = "bundled"


def open_version(name: str) -> Corpus:
    """The rulesets a name stands for.

    `bundled`; a whole rulesets folder (it has `_levels.yaml` and `_facts`); a folder or file laid over the bundled
    rulesets; or `REV:path`, one of those at a git revision.

    Raises:
        UsageError: there is no such folder, file or revision.
        RulesetError: some file is wrong.
    """
    if name == BUNDLED:
        return bundled_rulesets()
    path = Path(name)
    if path.exists():
        return _open(path)
    revision, sign, inner = name.partition(":")
    if not sign:
        raise _absent(name)
    with tempfile.TemporaryDirectory() as folder:
        return _open(_checked_out(name, revision, inner, Path(folder)))


def _open(path: Path) -> Corpus:
    if path.is_dir():
        whole = (path / "_levels.yaml").is_file() and (path / "_facts").is_dir()
        return load_rulesets(path) if whole else bundled_rulesets(path)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / _place_of(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        return bundled_rulesets(folder)


def _place_of(path: Path) -> Path:
    """Where a file of this content lies in a rulesets folder.

    Raises:
        RulesetError: it cannot be read, or is no ruleset, vocabulary, matter or instrument.
    """
    problems = Problems()
    source = read_source(path, problems)
    documents = parse(source, problems) if source else []
    value = documents[0].value if documents else None
    if isinstance(value, dict):
        kinds = {"facts": "_facts", "outcomes": "_matters", "clauses": "_instruments"}
        for key, folder in kinds.items():
            if key in value:
                return Path(folder) / _named_as_bundled(path, folder, str(value.get("id", "")))
        if "matter" in value and isinstance(value.get("effective"), dict):
            place = str(value.get("jurisdiction", ""))
            code = place if place == "cn" else f"cn-{place}"
            return Path(code) / str(value["matter"]) / str(value["effective"].get("from")) / path.name
        if "parameters" in value:
            return Path("parameters.yaml")
    if not problems:
        message = Text(f"看不出 `{path}` 是哪种规则文件", f"cannot tell what kind of ruleset file `{path}` is")
        problems.add("E312", message)
    raise RulesetError(problems.items)


def _named_as_bundled(path: Path, folder: str, ident: str) -> str:
    """The name of the bundled file of this id, so that another name of the same file changes nothing."""
    bundled = bundled_path() / folder / f"{ident}.yaml"
    return bundled.name if ident and bundled.is_file() else path.name


def _checked_out(name: str, revision: str, inner: str, folder: Path) -> Path:
    """A file or folder of a git revision, written below `folder`.

    Raises:
        UsageError: git is not there, or knows no such revision or path.
    """
    git = shutil.which("git")
    if git is None or revision.startswith("-"):
        raise _absent(name)
    done = subprocess.run(  # noqa: S603 — the revision cannot be an option, and there is no shell
        [git, "archive", "--format=tar", revision, "--", inner or "."], capture_output=True, check=False
    )
    if done.returncode != 0:
        raise _absent(name)
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder / inner


def _absent(name: str) -> UsageError:
    message = Text(f"找不到规则文件夹、文件或版本 `{name}`", f"no such rulesets folder, file or revision: `{name}`")
    hint = Text("写文件夹、文件、bundled，或 git 的 REV:路径", "a folder, a file, bundled, or REV:path of git")
    return UsageError([Diagnostic("E101", message, None, hint)])
