"""JSON Schema of what users write and read, with the names of the loaded law filled in for editors."""

from __future__ import annotations

from eco_rules.loading.corpus import Corpus
from eco_rules.reporting.schema.cases import case, decision
from eco_rules.reporting.schema.files import files
from eco_rules.reporting.schema.names import Schema
from eco_rules.reporting.schema.rulesets import facts, ruleset

_DRAFT = "https://json-schema.org/draft/2020-12/schema"

PATTERNS = {
    "ruleset": "**/cn*/**/*.yaml",
    "facts": "**/_facts/*.yaml",
    "matter": "**/_matters/*.yaml",
    "instrument": "**/_instruments/*.yaml",
    "levels": "**/_levels.yaml",
    "places": "**/_places.yaml",
    "units": "**/_units.yaml",
    "verify": "**/_verify.yaml",
    "parameters": "**/parameters.yaml",
    "case": "**/cases/*.yaml",
}
"""Where each kind of file lies, as editors match paths."""


def schemas(corpus: Corpus) -> dict[str, Schema]:
    """Every exported schema by name."""
    made = {"ruleset": ruleset(corpus), "facts": facts(corpus), **files(corpus)}
    made |= {"case": case(corpus), "decision": decision()}
    return {name: {"$schema": _DRAFT, **schema} for name, schema in made.items()}


def file_name(name: str) -> str:
    """The file a schema is exported to."""
    return f"{name}.v1.json"


def editor_settings(folder: str) -> dict[str, dict[str, str]]:
    """Settings that bind the schemas exported into `folder` to the files they are about."""
    return {"yaml.schemas": {f"{folder}/{file_name(name)}": pattern for name, pattern in PATTERNS.items()}}
