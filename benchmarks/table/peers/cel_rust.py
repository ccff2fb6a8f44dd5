"""common-expression-language: CEL by Rust, expressions tried one after another."""

import cel
from workload import Decide, Facts, Row

from peers.cel_text import expressions

PACKAGES = ("common-expression-language",)


def build(table: list[Row]) -> Decide:
    programs = [(cel.compile(text), outcome) for text, outcome in expressions(table)]

    def decide(facts: Facts) -> object:
        return next((outcome for program, outcome in programs if program.execute(facts)), None)

    return decide
