"""`eco-rules ask`: answers from a file, from lines, kept and resumed."""

import yaml

from eco_rules.engine.interview import candidates

START = ("ask", "eia-classification", "--jurisdiction", "360703", "--decision-date", "2026-07-01")
FURNITURE = "catalogue_item: ['36']\n在工业建筑中生产: 是\nsolvent_paint: 10\n"


def test_answers_from_a_file_settle_it(here, tmp_path):
    (tmp_path / "answers.yaml").write_text(FURNITURE, encoding="utf-8")
    done = here(*START, "--answers", tmp_path / "answers.yaml")
    assert done.returncode == 0
    assert "结论：报告书" in done.stdout


def test_what_the_file_does_not_answer_stays_open(here, tmp_path):
    (tmp_path / "answers.yaml").write_text("catalogue_item: ['36']\n", encoding="utf-8")
    done = here(*START, "--answers", tmp_path / "answers.yaml")
    assert done.returncode == 4
    assert "[industrial_building]" in done.stdout


def test_a_rough_answer_that_leaves_it_open_is_given_once(cli, tmp_path):
    rough = FURNITURE.replace("solvent_paint: 10", "solvent_paint: {from: 5, to: 100}")
    (tmp_path / "answers.yaml").write_text(rough, encoding="utf-8")
    done = cli(*START, "--answers", tmp_path / "answers.yaml")
    assert done.returncode == 4
    assert "[solvent_paint]" in done.stdout


def test_lines_answer_in_turn_words_only_propose(cli, tmp_path):
    done = cli(*START, "--save", tmp_path / "kept.yaml", stdin="家具\n2110\n36\n是\n10\n".encode())
    assert done.returncode == 0
    assert done.stdout.count("36 = 第36项") == 2  # proposed for the words and for the code, chosen by nobody
    kept = yaml.safe_load((tmp_path / "kept.yaml").read_text(encoding="utf-8"))
    assert kept["facts"] == {"catalogue_item": ["36"], "industrial_building": "是", "solvent_paint": "10"}
    again = cli("check", tmp_path / "kept.yaml")
    assert "结论：报告书" in again.stdout


def test_the_end_of_input_keeps_what_was_answered_and_it_can_go_on(here, tmp_path):
    kept = tmp_path / "kept.yaml"
    assert here(*START, "--save", kept, stdin="36\n是\n".encode()).returncode == 4
    done = here("ask", "eia-classification", "--case", kept, stdin=b"10\n")
    assert done.returncode == 0
    assert "catalogue_item]" not in done.stdout.partition("==")[0]


def test_nothing_known_is_asked_why(here):
    done = here(*START, stdin=b"36\n?\nq\n")
    assert "第36项 家具制造：报告书" in done.stdout
    assert done.returncode == 4


def test_a_wrong_answer_is_told(here):
    done = here(*START, stdin="36\n也许\n".encode())
    assert done.returncode == 2
    assert done.stderr.startswith("error[E702]")


def test_a_start_is_needed(here):
    assert here("ask", "eia-classification").returncode == 2


def test_candidates():
    values = {"36": "第36项 木质家具制造211*", "38": "第38项 纸制品制造 223*", "4": "第4项 海水养殖 0411"}
    assert candidates("2110", values) == ["36"]
    assert candidates("22", values) == ["38"]
    assert candidates("家具", values) == ["36"]
    assert candidates("做家具的", values)[0] == "36"
    assert candidates("36", values) == ["36"]
    assert candidates("火箭", values) == []
