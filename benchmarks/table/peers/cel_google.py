"""cel-expr-python: CEL by Google's C++, expressions tried one after another."""

from cel_expr_python import cel
from workload import Decide, Facts, Row

from peers.cel_text import expressions

PACKAGES = ("cel-expr-python",)


def build(table: list[Row]) -> Decide:
    types = {"category": cel.Type.STRING, "capacity": cel.Type.DOUBLE, "sensitive": cel.Type.BOOL}
    env = cel.NewEnv(variables=types)
    programs = [(env.compile(text), outcome) for text, outcome in expressions(table)]

    def decide(facts: Facts) -> object:
        for program, outcome in programs:
            value = program.eval(data=facts).value()
            if value is True:
                return outcome
            if value is not False:
                raise ValueError(value)
        return None

    return decide
