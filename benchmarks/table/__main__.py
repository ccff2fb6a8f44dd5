"""eco_rules beside its peers on one table, every answer checked: `python benchmarks/table [ROWS …]`.

Every engine runs in a process of its own; ratios are to `Engine.decide` of the same run and table.
Packages: `pip install -r benchmarks/table/requirements.txt`; what is not installed is told as absent.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

from peers import NAMES
from probe import RIGHT

SIZES = (30, 300, 3000)
HERE = Path(__file__).parent
PATIENCE = 180


def measured(name: str, rows: int) -> dict[str, Any]:
    """What `measure.py` found; a peer that hangs or dies is told so."""
    command = [sys.executable, str(HERE / "measure.py"), name, str(rows)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return {"absent": f"no answer in {PATIENCE} s"}
    if done.returncode:
        if name == "eco_rules":
            sys.exit(done.stderr)
        return {"absent": f"failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}"}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def show(rows: int) -> None:
    own = measured("eco_rules", rows)
    unit = own["us"]["decide, complete"]
    print(f"\n{rows} rows; eco_rules ready in {own['ready_ms']:.0f} ms, {own['checked']} answers checked, all right")
    for name, figure in own["us"].items():
        print(f"{figure:12.2f} µs  ×{figure / unit:<8.3f} eco_rules {name}")
    for name in ("python", "numpy", *NAMES):
        found = measured(name, rows)
        if "absent" in found:
            print(f"{'–':>12}     {'':9} {name}: {found['absent']}")
            continue
        figure = found["us"]["decide"]
        wrong = f"  {found['wrong']} of {found['checked']} WRONG" if found["wrong"] else ""
        print(f"{figure:12.2f} µs  ×{figure / unit:<8.3f} {name}{wrong}")


def show_probes() -> None:
    print("\nWhat is answered while the deciding fact is absent")
    print(f"{'':14}" + "".join(f"{probe:28}" for probe in RIGHT))
    print(f"{'right':14}" + "".join(f"{answer:28}" for answer in RIGHT.values()))
    for name in ("eco_rules", *NAMES):
        found = measured(name, 0)
        told = [found["absent"]] if "absent" in found else [found[probe] for probe in RIGHT]
        print(f"{name:14}" + "".join(f"{answer:28}" for answer in told))


def main() -> None:
    load = ", ".join(f"{figure:.1f}" for figure in os.getloadavg())
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load}; µs a case, one thread")
    for rows in map(int, sys.argv[1:] or SIZES):
        show(rows)
    show_probes()


if __name__ == "__main__":
    main()
