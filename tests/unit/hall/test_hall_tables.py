"""How the tables are read: all problems at once, each blamed on the row that has it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.hall.load import HallInvalid, main, read_hall

Edit = Callable[[str, str, str], None]


def _problems(folder: Path) -> list[str]:
    with pytest.raises(HallInvalid) as caught:
        read_hall(folder)
    return [str(problem) for problem in caught.value.problems]


def test_the_small_hall_has_no_problems(folder: Path) -> None:
    assert [row["code"] for row in read_hall(folder).items] == ["market-001", "police-001", "police-002"]


def test_all_problems_of_all_tables_are_named_at_once(folder: Path, edit: Edit) -> None:
    edit("queues", "1800", "never")
    edit("items", "talent", "talents")
    edit("calendar", "2026-10-10", "soon")
    assert _problems(folder) == [
        "calendar.csv:3: day: 'soon' is no date, write YYYY-MM-DD",
        "items.csv:2: chains: there is no chain 'talents'",
        "queues.csv:3: max_wait_s: must be a whole number",
    ]


def test_several_bad_fields_of_one_row_are_all_named(folder: Path, edit: Edit) -> None:
    edit("items", "administrative_licence,5,900", "licence,five,1")
    assert [problem.split(": ")[1] for problem in _problems(folder)] == [
        "kind",
        "service_seconds",
        "time_limit_days",
    ]


def test_rows_that_name_a_refused_row_are_not_blamed(folder: Path, edit: Edit) -> None:
    edit(
        "departments",
        "police,市公安局,Public Security Bureau,false",
        "police,市公安局,Public Security Bureau,?",
    )
    assert len(_problems(folder)) == 1


def test_rows_that_name_a_row_with_a_value_too_many_are_not_blamed(folder: Path, edit: Edit) -> None:
    edit("zones", "B,公安区", "B,公,安区")
    assert _problems(folder) == ["zones.csv:3: 4 values for 3 columns"]


def test_rows_that_name_a_malformed_code_are_not_said_to_name_an_unknown_one(
    folder: Path, edit: Edit
) -> None:
    edit("queues", "police-id,B", "Police_ID,B")
    edit("windows", "B,police-id", "B,Police_ID")
    assert [problem for problem in _problems(folder) if problem.startswith("windows")] == []


def test_a_missing_file_is_one_problem(folder: Path) -> None:
    (folder / "queues.csv").unlink()
    assert _problems(folder) == ["queues.csv: the file is missing"]


def test_a_hall_without_appointments_has_no_slot_plans(folder: Path) -> None:
    (folder / "slot_plans.csv").unlink()
    assert read_hall(folder).slot_plans == []


def test_a_file_in_another_encoding_is_named(folder: Path) -> None:
    text = (folder / "zones.csv").read_text(encoding="utf-8")
    (folder / "zones.csv").write_bytes(text.encode("gb18030"))
    assert [problem.split(" (")[0] for problem in _problems(folder)] == ["zones.csv: the file is not UTF-8"]


@pytest.mark.parametrize(
    ("left", "message"), [(0, "the file is empty, it needs a header row"), (1, "the file has no rows")]
)
def test_a_table_without_rows_is_named(folder: Path, left: int, message: str) -> None:
    path = folder / "chains.csv"
    path.write_text(
        "".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:left]), encoding="utf-8"
    )
    assert f"chains.csv: {message}" in _problems(folder)


def test_a_table_saved_by_a_spreadsheet_is_read(folder: Path) -> None:
    path = folder / "zones.csv"
    text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode() + b",,\r\n")
    assert [row["code"] for row in read_hall(folder).zones] == ["A", "B"]


def test_the_command_lists_the_problems_on_stderr_and_exits_with_2(
    folder: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit("items", "talent", "talents")
    assert main([str(folder)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "items.csv:2: chains: there is no chain 'talents'",
        f"nothing was loaded from {folder}: 1 problem(s)",
    ]


def test_the_command_refuses_the_tables_of_another_hall(
    folder: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit("hall", "main,", "north,")
    assert main([str(folder)]) == 2
    assert "hall.csv:2: code: is 'north', but HALL_CODE says 'main'" in capsys.readouterr().err


def test_the_command_refuses_arguments_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--force"]) == 2
    assert "usage" in capsys.readouterr().err
