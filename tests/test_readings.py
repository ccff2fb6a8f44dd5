"""The page of readings is what the vocabulary says."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_page_of_readings_is_fresh():
    script = runpy.run_path(str(ROOT / "scripts" / "readings_page.py"))
    assert script["PAGE"].read_text(encoding="utf-8") == script["page"](), "run python scripts/readings_page.py"
