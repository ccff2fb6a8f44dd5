"""The page of readings is what the vocabulary says."""

import re
import runpy
from pathlib import Path

from eco_rules import Case

ROOT = Path(__file__).parent.parent


def test_the_page_of_readings_is_fresh():
    script = runpy.run_path(str(ROOT / "scripts" / "readings_page.py"))
    assert script["PAGE"].read_text(encoding="utf-8") == script["page"](), "run python scripts/readings_page.py"


def entries_cited(spec):
    return {int(number) for ref in spec.reading.cites for number in re.findall(r"#item-(\d+)-", ref)}


def test_a_reading_cites_every_entry_that_is_read_so(corpus):
    script = runpy.run_path(str(ROOT / "scripts" / "readings_page.py"))
    facts, used = corpus.facts_of(corpus.matters["eia-classification"]), script["entries"](corpus)
    read = {name: spec for name, spec in facts.items() if spec.reading and name in used and entries_cited(spec)}
    assert "only_paint_below_limit" in read
    assert {name: entries_cited(spec) for name, spec in read.items()} == {name: used[name] for name in read}


def test_a_decision_cites_the_entry_of_the_case_only(engine):
    facts = {"catalogue_item": ["53"], "solvent_paint": 0, "low_voc_paint": 9, "solvent_adhesive": 0}
    facts |= {"recycled_plastic_feedstock": False, "electroplating": False}
    case = Case(matter="eia-classification", jurisdiction="3607", decision_date="2024-06-03", facts=facts)
    (told,) = [item for item in engine.decide(case).assumptions if item.fact == "only_paint_below_limit"]
    assert [clause.locator for clause in told.clauses] == ["第53项报告表栏"]
