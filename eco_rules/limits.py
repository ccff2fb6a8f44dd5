"""Bounds on input; each names the attack or accident it stops."""

from typing import Final

MAX_FILE_BYTES: Final = 4 * 1024 * 1024
"""A case or ruleset file; a 50 MB file dropped by mistake must not fill memory."""

MAX_DEPTH: Final = 40
"""Nesting of a YAML document; libyaml and every recursive walk would overflow on 200,000 brackets."""

MAX_NODES: Final = 400_000
"""Nodes of one YAML document; bounds the time of a hostile small-but-wide file."""

MAX_SCALAR: Final = 20_000
"""Characters of one scalar; a clause summary is far below it."""

MAX_NUMBER_DIGITS: Final = 60
"""Digits of a number; `1e999999999` would otherwise expand to a gigabyte."""

MAX_PROBLEMS: Final = 100
"""Problems reported for one file; what follows is usually the echo of the first ones."""

MAX_CASES_PER_FILE: Final = 10_000
"""Cases in one file given to `check`; more belong into a batch run."""

MAX_DATE_SPAN_YEARS: Final = 200
"""Distance of dates in arithmetic; keeps working-day loops short."""

MAX_HELPED: Final = 20
"""Problems whose nearest candidates are looked up; thousands of unknown names would take seconds."""

MAX_SUGGESTIONS: Final = 3
"""`Did you mean` candidates; a longer list is noise."""

MAX_DATE_SCAN: Final = 400
"""Days before and after a date of a case that `explain --what-if` looks at one by one; a year and a little."""

MAX_WHAT_IF_TRIALS: Final = 5_000
"""Decisions one `explain --what-if` tries; a case with very many alterable facts must not take minutes."""

MAX_SET_STEPS: Final = 12
"""Steps from a set tried two at a time; beyond it one at a time, as for the 170 entries of the catalogue."""

MAX_WITNESS_TRIALS: Final = 1_500
"""Cases one difference of two versions is searched by; beyond it `diff` says that none was found."""
