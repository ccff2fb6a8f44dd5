"""Tables in, answers out: every format, bad rows set aside, runs resumed, nothing changed silently."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from eco_rules import Case, CaseError, Engine
from tests.conftest import Run

openpyxl = pytest.importorskip("openpyxl")
pl = pytest.importorskip("polars")

from eco_rules.batch import run as running  # noqa: E402
from eco_rules.batch import tables  # noqa: E402
from eco_rules.batch.job import Job  # noqa: E402
from eco_rules.batch.run import Plan, local, run  # noqa: E402
from eco_rules.batch.shard import evaluate, evaluate_shard, rejects_path  # noqa: E402

MATTER = "minor-violation"
FACTS: dict[str, Any] = {
    "violation_type": "water_pollutant_exceedance",
    "exceeded_pollutants": 1,
    "pollutant_class": "b",
    "超标倍数": "0.08",
    "first_in_past_year": "是",
    "first_violation": "是",
    "corrected_within_order": "√",
    "harm": "minor",
    "zones": "无",
    "exclusion_signs": "无",
}
HEADS = ["编号", "辖区", "行为终了之日", "决定日", *FACTS]


def row(
    number: str, place: Any = "440000", act: Any = "2024-03-01", decided: Any = "2024-04-10", **facts: Any
) -> list[Any]:
    return [number, place, act, decided, *{**FACTS, **facts}.values()]


GOOD = [
    row("a1"),
    row("a2", "广东省", "2024年3月1日", "20240410", 超标倍数="0.1"),
    row("a3", "44", "2024.3.1", "45392", 超标倍数=""),
    row("a4", "360700", "2024/3/1", "2024-04-10 00:00:00", 超标倍数="0.0800"),
]
BAD = [row("b1", "火星"), row("b2", 超标倍数="很多"), row("b3", harm="没有这个取值"), row("b4", decided="2024-02-30")]


def write(path: Path, rows: Sequence[Sequence[Any]], heads: Sequence[str] = HEADS) -> Path:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([heads, *rows])
    elif path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for line in (heads, *rows):
            book.active.append(list(line))
        book.save(path)
    elif path.suffix == ".jsonl":
        lines = [json.dumps(dict(zip(heads, line, strict=True)), ensure_ascii=False) for line in rows]
        path.write_text("\n".join(lines), encoding="utf-8")
    else:
        pl.DataFrame([[str(cell) for cell in line] for line in rows], schema=list(heads), orient="row").write_parquet(
            path
        )
    return path


def answers(
    path: Path, tmp_path: Path, job: Job | None = None, **options: Any
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], Any]:
    target = tmp_path / "answers.parquet"
    summary = run(Plan(path, target, job or Job(MATTER), **options), local())
    rejects = tmp_path / "answers.rejects.parquet"
    refused = pl.read_parquet(rejects).to_dicts() if rejects.exists() else []
    return pl.read_parquet(target).to_dicts(), refused, summary


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl", "parquet"])
def test_every_format_gives_what_the_engine_gives(kind: str, tmp_path: Path, engine: Engine) -> None:
    found, refused, summary = answers(write(tmp_path / f"in.{kind}", GOOD), tmp_path)
    assert not refused
    assert [item["id"] for item in found] == ["a1", "a2", "a3", "a4"]
    for line, item in zip(GOOD, found, strict=True):
        ratio = line[HEADS.index("超标倍数")] or None
        facts = {**FACTS, "超标倍数": ratio, "zones": [], "exclusion_signs": [], "corrected_within_order": True}
        place = "360700" if item["id"] == "a4" else "44"
        case = Case(matter=MATTER, jurisdiction=place, act_date="2024-03-01", decision_date="2024-04-10", facts=facts)
        decision = engine.decide(case)
        assert (item["status"], item["outcome"], item["modality"]) == (
            decision.status,
            decision.outcome,
            decision.modality,
        )
        assert item["rule"] == (decision.findings[0].rule if decision.findings else None)
        assert (item["missing"] or "") == ";".join(missing.fact for missing in decision.missing)
    assert summary.rows == 4
    assert sum(summary.statuses.values()) == 4
    assert sum(summary.outcomes.values()) == summary.statuses["determined"] < summary.rows
    assert {item["outcome"] for item in found} >= {"no_penalty"}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl", "parquet"])
def test_a_bad_row_costs_only_itself(kind: str, tmp_path: Path) -> None:
    mixed = [GOOD[0], BAD[0], GOOD[1], BAD[1], BAD[2], GOOD[2], BAD[3], GOOD[3]]
    alone, _, _ = answers(write(tmp_path / f"good.{kind}", GOOD), tmp_path)
    found, refused, summary = answers(write(tmp_path / f"mixed.{kind}", mixed), tmp_path)
    without = [{name: value for name, value in item.items() if name != "row"} for item in found]
    assert without == [{name: value for name, value in item.items() if name != "row"} for item in alone]
    first = 1 if kind in ("parquet", "jsonl") else 2
    assert [item["row"] - first for item in refused] == [1, 3, 4, 6]
    assert [item["column"] for item in refused] == ["辖区", "超标倍数", "harm", "决定日"]
    assert [item["code"] for item in refused] == ["E709", "E702", "E703", "E705"]
    assert refused[1]["cell"] == f"H{3 + first}"
    assert refused[1]["value"] == "很多"
    assert json.loads(refused[1]["text"])["编号"] == "b2"
    assert summary.rejected == 4


def test_rows_that_are_no_rows_are_kept_as_they_stand(tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", GOOD[:1])
    lines = path.read_text(encoding="utf-8")
    good = ",".join(map(str, GOOD[1]))
    path.write_text(f'{lines}x,y\n坏,"没有闭合\n{good}\n\n{good},多出\n', encoding="utf-8")
    found, refused, _ = answers(path, tmp_path)
    assert [item["row"] for item in found] == [2, 5]
    assert [(item["row"], item["code"], item["text"].strip()) for item in refused] == [
        (3, "E720", "x,y"),
        (4, "E720", '坏,"没有闭合'),
        (7, "E720", f"{good},多出"),
    ]


def test_a_cell_may_hold_commas_and_lines(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    write(path, [[*GOOD[0], '甲,"乙"\n丙'], [*GOOD[1], "丁"]], [*HEADS, "备注栏"])
    found, refused, _ = answers(path, tmp_path, Job(MATTER, keep_unknown=True))
    assert not refused
    assert [(item["row"], item["备注栏"]) for item in found] == [(2, '甲,"乙"\n丙'), (4, "丁")]


def test_bad_lines_of_json(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", GOOD[:1])
    with path.open("a", encoding="utf-8") as file:
        file.write('\n{"id": \n[1]\n{"id": 1, "id": 2}\n' + "[" * 100_000 + "\n")
    found, refused, _ = answers(path, tmp_path)
    assert [item["row"] for item in found] == [1]
    assert [item["row"] for item in refused] == [2, 3, 4, 5]


def test_a_case_file_is_a_line_of_json(tmp_path: Path) -> None:
    case = {
        "id": "c1",
        "jurisdiction": "44",
        "act_date": {"from": "2024-01-01", "to": "2024-03-01"},
        "decision_date": "2024-04-10",
        "facts": {**FACTS, "超标倍数": 0.08, "zones": [], "exclusion_signs": [], "corrected_within_order": True},
    }
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps(case, ensure_ascii=False), encoding="utf-8")
    found, refused, _ = answers(path, tmp_path)
    assert not refused
    assert found[0]["outcome"] == "no_penalty"


def test_spreadsheet_dates_units_and_records(tmp_path: Path, engine: Engine) -> None:
    stated = {name: value for name, value in FACTS.items() if name not in ("first_violation", "first_in_past_year")}
    heads = ["编号", "辖区", "行为终了之日", "决定日", *stated]
    book = openpyxl.Workbook()
    book.active.append(heads)
    for number in ("r1", "r2", "r3"):
        book.active.append([number, 440000, datetime.fromisoformat("2024-03-01"), date(2024, 4, 10), *stated.values()])
    sheet = book.create_sheet("既往违法记录")
    sheet.append(["编号", "found_on", "violation_type", "penalised", "exempted"])
    sheet.append(["r1", date(2023, 12, 1), "water_pollutant_exceedance", True, False])
    sheet.append(["r2"])
    sheet.append(["zz", date(2023, 12, 1)])
    book.create_sheet("说明").append(["随便写"])
    book.save(tmp_path / "in.xlsx")
    found, refused, summary = answers(tmp_path / "in.xlsx", tmp_path)
    assert [item["outcome"] for item in found if item["id"] == "r2"] == ["no_penalty"]
    by_id = {item["id"]: item for item in found}
    assert by_id["r3"]["status"] == "undetermined", "a case the sheet does not name is unknown, not clean"
    assert by_id["r1"]["outcome"] != "no_penalty"
    assert ("zz", "E720") in [(item["value"], item["code"]) for item in refused]
    assert summary.unread_sheets == ("说明",)


def test_units_in_headers(tmp_path: Path) -> None:
    heads = [*HEADS, "hazardous_waste_tonnes"]
    vocabulary = running.engine_of((), "zh").vocabularies[MATTER]
    name, spec = next(
        (name, spec) for name, spec in vocabulary.facts.items() if spec.type == "number" and spec.unit == "t"
    )
    heads[-1] = f"{spec.label}（kg）"
    found = tables.read_table(write(tmp_path / "in.csv", [[*GOOD[0], "27.2"]], heads))
    from eco_rules.batch import cells
    from eco_rules.batch.layout import layout

    column = layout(found.headers, vocabulary, keep_unknown=False, file="in.csv").columns[-1]
    assert column.name == name
    assert column.key is not None
    assert str(vocabulary.parse(column.key, cells.fact("27.2", spec, column.unit))) == "0.0272"


@pytest.mark.parametrize(
    ("heads", "code"),
    [([*HEADS, "负责人"], "E701"), ([*HEADS, "exceedance_ratio"], "E721"), ([*HEADS, ""], "E721")],
)
def test_a_wrong_header_stops_the_run(heads: list[str], code: str, tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", [[*GOOD[0], "x"]], heads)
    with pytest.raises(CaseError) as caught:
        answers(path, tmp_path)
    assert caught.value.code == code
    assert not (tmp_path / "answers.parquet").exists()


def test_gbk_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", GOOD)
    expected, _, _ = answers(path, tmp_path)
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    found, _, _ = answers(path, tmp_path)
    assert found == expected


class KilledError(Exception):
    pass


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", [row(f"n{index}") for index in range(7)])
    plan = Plan(path, tmp_path / "out.parquet", Job(MATTER), rows=2)
    decided: list[str] = []

    def stopping(after: int) -> running.Runner:
        def work(tasks: Sequence[running.Task]) -> Iterator[None]:
            for count, (shard, out, job) in enumerate(tasks):
                if count == after:
                    raise KilledError
                decided.append(out.name)
                evaluate(shard, out, job)
                yield

        return work

    with pytest.raises(KilledError):
        run(plan, stopping(2))
    assert not plan.target.exists()
    summary = run(plan, stopping(99))
    assert summary.resumed == 2
    assert sorted(decided) == [f"out-{index:05}.parquet" for index in range(4)]
    assert pl.read_parquet(plan.target)["id"].to_list() == [f"n{index}" for index in range(7)]
    assert not plan.parts.exists()


def test_leftovers_of_another_run_are_not_taken(tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", [row("n1"), row("n2")])
    plan = Plan(path, tmp_path / "out.parquet", Job(MATTER), rows=1)

    def stop(tasks: Sequence[running.Task]) -> Iterator[None]:
        evaluate(*tasks[0])
        yield
        raise KilledError

    with pytest.raises(KilledError):
        run(plan, stop)
    write(path, [row("m1", 超标倍数="0.2"), row("m2"), row("m3")])
    assert run(plan, local()).resumed == 0
    assert pl.read_parquet(plan.target)["id"].to_list() == ["m1", "m2", "m3"]


def test_a_shard_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = write(tmp_path / "in.parquet", GOOD), tmp_path / "out.parquet"

    def fail(*_: Any) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(pl.DataFrame, "write_parquet", fail)
        with pytest.raises(OSError, match="disk full"):
            evaluate_shard(source, out, Job(MATTER))
    assert list(tmp_path.iterdir()) == [source]
    evaluate_shard(source, out, Job(MATTER))
    assert pl.read_parquet(out).height == 4
    assert pl.read_parquet(rejects_path(out)).height == 0


def test_a_text_stays_a_text_in_a_sheet(tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", [[*GOOD[0], "=1+1"]], [*HEADS, "备注栏"])
    run(Plan(path, tmp_path / "out.xlsx", Job(MATTER, keep_unknown=True)), local())
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    cell = next(cell for line in sheet.iter_rows() for cell in line if cell.value == "=1+1")
    assert cell.data_type == "s"


def test_the_command(cli: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", [GOOD[0], BAD[0]])
    done = cli("batch", path, "-o", tmp_path / "out.csv", "--matter", MATTER)
    assert done.returncode == 2, done.stderr
    assert "判断 1 件，读不出 1 行" in done.stdout
    written = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert written.startswith("行号,编号,状态,结论标识,结论,")
    assert "不予行政处罚" in written
    assert "火星" in (tmp_path / "out.rejects.csv").read_text(encoding="utf-8-sig")
    good = write(tmp_path / "good.csv", GOOD[:1])
    done = cli("batch", good, "-o", tmp_path / "out.csv", "--matter", MATTER, "--format=json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["summary"]["rows"] == 1
    assert not (tmp_path / "out.rejects.csv").exists(), "rejects of an earlier run are no longer true"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["in.csv"], 2, "usage"),
        (["nowhere.csv", "-o", "out.csv", "--matter", MATTER], 2, "E101"),
        (["in.csv", "-o", "out.doc", "--matter", MATTER], 2, "E722"),
        (["in.csv", "-o", "out.csv", "--matter", "nothing"], 2, "E708"),
    ],
)
def test_wrong_usage(cli: Run, tmp_path: Path, arguments: list[str], code: int, said: str) -> None:
    write(tmp_path / "in.csv", GOOD[:1])
    places = [str(tmp_path / item) if "." in item else item for item in arguments]
    done = cli("batch", *places)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_template_can_be_filled_in(cli: Run, tmp_path: Path) -> None:
    target = tmp_path / "template.xlsx"
    assert cli("batch", "--template", MATTER, "-o", target).returncode == 0
    book = openpyxl.load_workbook(target)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    values = dict(zip(HEADS, GOOD[0], strict=True))
    vocabulary = running.engine_of((), "zh").vocabularies[MATTER]
    named = {str(vocabulary.find(name) or name): value for name, value in values.items()}
    line = [named.get(str(vocabulary.find(head) or head)) for head in heads]
    assert len([cell for cell in line if cell is not None]) >= len(values) - 2
    sheet.append(line)
    book.save(target)
    found, refused, _ = answers(target, tmp_path)
    assert not refused
    assert found[0]["id"] == "a1"
    assert found[0]["status"] in ("determined", "undetermined")
