"""`hall generate` and `hall import` say what is wrong before they do anything."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deploy.local.hall import main


@pytest.fixture(autouse=True)
def nothing_running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALL_RUN_DIR", str(tmp_path / "run"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("years", ["2003-2011", "2004-2012", "2011-2004", "all"])
def test_years_that_make_no_sense_are_refused(years: str, tmp_path: Path) -> None:
    done = run("generate", "history", "--years", years, "--out", str(tmp_path / "out"))
    assert (done.exit_code, "--years" in done.output) == (2, True)
    assert not (tmp_path / "out").exists()


def test_a_folder_without_its_files_is_named(tmp_path: Path) -> None:
    (tmp_path / "overtime.csv").touch()
    done = run("import", "history", str(tmp_path))
    assert done.exit_code == 1
    assert "has no cases.csv.gz, commendations.csv" in done.output


def test_a_hall_that_does_not_run_takes_nothing_in(tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.touch()
    done = run("import", "cases", str(file))
    assert (done.exit_code, "make up" in done.output) == (1, True)
