"""Environmental administrative matters decided from law written as YAML."""

from eco_rules.decision.decision import Decision
from eco_rules.engine.engine import Engine
from eco_rules.errors import BackendError, CaseError, EcoRulesError, RulesetError
from eco_rules.loading.cases import read_cases
from eco_rules.loading.corpus import Corpus
from eco_rules.loading.loader import bundled_rulesets, load_rulesets
from eco_rules.model.case import Case

__all__ = [
    "BackendError",
    "Case",
    "CaseError",
    "Corpus",
    "Decision",
    "EcoRulesError",
    "Engine",
    "RulesetError",
    "bundled_rulesets",
    "load_rulesets",
    "read_cases",
]
