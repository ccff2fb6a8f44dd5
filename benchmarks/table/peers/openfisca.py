"""OpenFisca: a vector of one case; the table as two arrays of thresholds, which suits it best."""

from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from workload import OUTCOMES, Decide, Facts, Row

PACKAGES = ("openfisca-core",)
MONTH = "2024-01"


def build(table: list[Row]) -> Decide:
    site = build_entity(key="site", plural="sites", label="", is_person=True)
    system = TaxBenefitSystem([site])
    reports, forms = (np.array([row[at] for row in table]) for at in (1, 2))

    def formula(entity: Any, period: Any) -> Any:
        category, capacity = entity("category", period), entity("capacity", period)
        large = (capacity >= reports[category]) | entity("sensitive", period)
        return np.where(large, 0, np.where(capacity >= forms[category], 1, 2))

    common = {"entity": site, "definition_period": DateUnit.MONTH}
    for name, kind in (("category", int), ("capacity", float), ("sensitive", bool)):
        system.add_variable(type(name, (Variable,), {**common, "value_type": kind}))
    system.add_variable(type("outcome", (Variable,), {**common, "value_type": int, "formula": formula}))
    number = {category: position for position, (category, _, _) in enumerate(table)}
    builder = SimulationBuilder()

    def decide(facts: Facts) -> object:
        simulation = builder.build_default_simulation(system, count=1)
        for name, value in facts.items():
            simulation.set_input(name, MONTH, np.array([number[value] if name == "category" else value]))
        return OUTCOMES[int(simulation.calculate("outcome", MONTH)[0])]

    return decide
