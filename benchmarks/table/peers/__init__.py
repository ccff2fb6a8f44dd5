"""One file a peer: `build(table)` makes the table ready and returns what answers a case; `missing(probe)` is told below.

`PACKAGES` names the packages of PyPI it needs, `TOO_LARGE` tables it is known not to survive.
"""

from __future__ import annotations

NAMES = (
    "datalogic",
    "clips",
    "zen_engine",
    "durable",
    "rules_python",
    "cedar",
    "rego",
    "cel_google",
    "cel_rust",
    "openfisca",
)
