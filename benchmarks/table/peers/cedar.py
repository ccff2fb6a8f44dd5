"""cedarpy: Cedar policies; the reasons of a permit tell the row. Cedar has no fractions: tenths are counted."""

import cedarpy
from workload import Decide, Facts, Row

PACKAGES = ("cedarpy",)


def build(table: list[Row]) -> Decide:
    policies, outcomes = [], {}
    for category, report, form in table:
        high, low = int(report * 10), int(form * 10)
        same = f'context.category=="{category}"'
        tests = {
            "report": f"{same} && (context.capacity>={high} || context.sensitive)",
            "form": f"{same} && context.capacity<{high} && !context.sensitive && context.capacity>={low}",
            "registration": f"{same} && context.capacity<{low} && !context.sensitive",
        }
        for outcome, test in tests.items():
            outcomes[f"policy{len(policies)}"] = outcome
            policies.append(f"permit(principal,action,resource) when {{ {test} }};")
    ready = cedarpy.PolicySet.from_str("\n".join(policies))
    request = {"principal": 'U::"a"', "action": 'A::"b"', "resource": 'R::"c"'}

    def decide(facts: Facts) -> object:
        context = dict(facts)
        if "capacity" in context:
            context["capacity"] = round(context["capacity"] * 10)
        reasons = list(cedarpy.is_authorized({**request, "context": context}, ready, []).diagnostics.reasons)
        return outcomes[reasons[0]] if reasons else None

    return decide
