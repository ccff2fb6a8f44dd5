"""clipspy: CLIPS 6.4, rules as productions over one template fact."""

import clips
from workload import Decide, Facts, Row

PACKAGES = ("clipspy",)


def build(table: list[Row]) -> Decide:
    env = clips.Environment()
    env.build("(deftemplate project (slot category) (slot capacity) (slot sensitive))")
    env.build("(deftemplate answer (slot outcome) (slot rule))")
    for category, report, form in table:
        tests = {
            "report": f"(or (>= ?x {report}) (eq ?s TRUE))",
            "form": f"(and (< ?x {report}) (>= ?x {form}) (eq ?s FALSE))",
            "registration": f"(and (< ?x {form}) (eq ?s FALSE))",
        }
        for outcome, test in tests.items():
            env.build(
                f'(defrule {category}-{outcome} (project (category "{category}") (capacity ?x) (sensitive ?s))'
                f" (test {test}) => (assert (answer (outcome {outcome}) (rule {category}-{outcome}))))"
            )
    template, symbols = env.find_template("project"), {True: clips.Symbol("TRUE"), False: clips.Symbol("FALSE")}

    def decide(facts: Facts) -> object:
        env.reset()
        typed = {name: symbols[value] if isinstance(value, bool) else value for name, value in facts.items()}
        template.assert_fact(**typed)
        env.run()
        return next((str(fact["outcome"]) for fact in env.facts() if fact.template.name == "answer"), None)

    return decide
