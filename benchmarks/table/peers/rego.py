"""hobofan-regorus: Rego evaluated by Rust."""

import json

import hobofan_regorus as regorus
from workload import Decide, Facts, Row

PACKAGES = ("hobofan-regorus",)


def build(table: list[Row]) -> Decide:
    lines = ["package table", "import rego.v1"]
    for category, report, form in table:
        same = f'input.category=="{category}"'
        calm = "not input.sensitive"
        for outcome, test in (
            ("report", f"input.capacity>={report}"),
            ("report", "input.sensitive"),
            ("form", f"input.capacity<{report}; {calm}; input.capacity>={form}"),
            ("registration", f"input.capacity<{form}; {calm}"),
        ):
            lines.append(f'outcome contains "{outcome}" if {{ {same}; {test} }}')
    engine = regorus.Engine()
    engine.add_policy("table.rego", "\n".join(lines))

    def decide(facts: Facts) -> object:
        engine.set_input_json(json.dumps(facts))
        return next(iter(engine.eval_rule("data.table.outcome")), None)

    return decide
