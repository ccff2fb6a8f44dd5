"""`eco-rules docs`: what it writes, what it leaves alone, what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Run


def test_a_handbook_next_to_other_peoples_files(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "index.html").write_text("an older handbook", encoding="utf-8")
    done = cli("docs", "-o", tmp_path, "--matter", "检查方式", "--place", "江西省", "--date", "2026-08-15")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"写了 {len(list(tmp_path.glob('*.html')))} 页，从 {tmp_path / 'index.html'} 读起\n"
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert "检查方式" in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert (tmp_path / "handbook.css").exists()
    assert not list(tmp_path.glob("*.part"))


def test_the_same_bytes_in_another_process(cli: Run, tmp_path: Path) -> None:
    for seed in ("1", "2"):
        done = cli("docs", "-o", tmp_path / seed, "--matter", "minor-violation", "--lang", "en", PYTHONHASHSEED=seed)
        assert done.returncode == 0
        assert "pages written" in done.stdout
    one, two = ({file.name: file.read_bytes() for file in (tmp_path / seed).iterdir()} for seed in ("1", "2"))
    assert one == two


@pytest.mark.parametrize(
    "wrong", [("--matter", "no-such"), ("--place", "nowhere"), ("--date", "2026-08"), ("--lang", "fr")]
)
def test_wrong_use(cli: Run, tmp_path: Path, wrong: tuple[str, str]) -> None:
    done = cli("docs", "-o", tmp_path / "out", *wrong)
    assert done.returncode == 2
    assert wrong[1] in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    done = cli("docs", "-o", tmp_path / "out", "--matter", "inspection-mode")
    assert done.returncode == 2
    assert "写不了" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


def test_a_wrong_ruleset_is_shown_and_nothing_is_written(cli: Run, tmp_path: Path) -> None:
    folder = tmp_path / "rules" / "cn" / "inspection-mode"
    folder.mkdir(parents=True)
    (folder / "2020-01-01.yaml").write_text("format: 1\nid: x\n", encoding="utf-8")
    done = cli("docs", "-o", tmp_path / "out", "--rulesets", tmp_path / "rules")
    assert done.returncode == 3
    assert "error[E2" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["jinja2", "markupsafe", "pypinyin"])
def test_what_is_not_installed_is_named(cli: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.py").write_text(f"raise ModuleNotFoundError('no', name={name!r})", encoding="utf-8")
    done = cli("docs", "-o", tmp_path / "out", "--matter", "inspection-mode", PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert "eco_rules[docs]" in done.stderr
    assert "Traceback" not in done.stderr
