"""Where everything stands in the handbook. What is not shown has no address, so that no link is dead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eco_rules.loading.corpus import Corpus, RulesetFile
from eco_rules.model.matter import Matter


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text, and what it leads to."""

    text: str
    href: str = ""


def matter_page(ident: str) -> str:
    """File name of a matter's page."""
    return f"matter.{ident}.html"


def ruleset_page(file: RulesetFile) -> str:
    """File name of a ruleset's page; versions of one ruleset have pages of their own."""
    return f"ruleset.{file.stamp.id}.html"


def instrument_page(ident: str) -> str:
    """File name of an instrument's page."""
    return f"instrument.{ident}.html"


def facts_page(subject: str) -> str:
    """File name of the page of a subject's facts."""
    return f"facts.{subject}.html"


class Links:
    """Addresses of what the handbook shows; empty for everything else."""

    def __init__(
        self,
        corpus: Corpus,
        matters: Iterable[Matter],
        parts: Mapping[str, Iterable[str]],
        files: Iterable[RulesetFile],
        instruments: Iterable[str],
        facts: Iterable[tuple[str, str]],
    ) -> None:
        self._corpus = corpus
        self._matters = {item.id for item in matters}
        self._files: dict[str, RulesetFile] = {}
        for file in files:  # of several versions a name leads to the last
            known = self._files.get(file.ruleset.id)
            if known is None or known.ruleset.effective.start < file.ruleset.effective.start:
                self._files[file.ruleset.id] = file
        self._stamps = {stamp: frozenset(names) for stamp, names in parts.items()}
        self._instruments = frozenset(instruments)
        self._facts = frozenset(facts)

    def matter(self, ident: str) -> str:
        """A matter's page."""
        return matter_page(ident) if ident in self._matters else ""

    def place(self, code: str) -> str:
        """A place in the list of places."""
        shown = any(file.ruleset.jurisdiction == code for file in self._files.values())
        return f"places.html#place-{code}" if shown else ""

    def ruleset(self, file: RulesetFile) -> str:
        """A ruleset's page."""
        return ruleset_page(file) if file.stamp.id in self._stamps else ""

    def part(self, name: str, near: Iterable[RulesetFile] = ()) -> str:
        """A rule or condition by its full name, in the version among `near` where there is one."""
        ruleset, _, ident = name.partition("/")
        file = next((item for item in near if item.ruleset.id == ruleset), self._files.get(ruleset))
        if file is None or ident not in self._stamps.get(file.stamp.id, ()):
            return ""
        return f"{ruleset_page(file)}#part-{ident}"

    def shows(self, name: str, near: Iterable[RulesetFile]) -> bool:
        """Whether a rule or condition is shown at all."""
        return self.part(name, near) != ""

    def instrument(self, ident: str) -> str:
        """An instrument's page."""
        return instrument_page(ident) if ident in self._instruments else ""

    def clause(self, ref: str) -> str:
        """A clause on its instrument's page."""
        ident, _, key = ref.partition("#")
        return f"{instrument_page(ident)}#clause-{key}" if ident in self._instruments else ""

    def fact(self, matter: Matter, name: str) -> str:
        """A fact on its subject's page, as a matter reads it."""
        subject = self.subject(matter, name)
        return f"{facts_page(subject)}#fact-{name}" if (subject, name) in self._facts else ""

    def subject(self, matter: Matter, name: str) -> str:
        """The subject a matter's fact belongs to."""
        subjects = (item for item in (matter.subject, *matter.includes) if item in self._corpus.subjects)
        return next((item for item in subjects if name in self._corpus.subjects[item].facts), "")
