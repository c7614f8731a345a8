"""The hall's tables as one workbook: out and in without a difference, and every fault by its cell."""

from datetime import datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from openpyxl import load_workbook

from deploy.hall.load import REFERENCE, main
from services.catalogue.tables import __main__ as aside
from services.catalogue.tables import packed
from services.catalogue.tables.faults import WORDS, Fault
from services.catalogue.tables.hall import Hall, HallInvalid, read_hall, tables_of
from services.catalogue.tables.headings import EXAMPLES, HEADINGS, SHEETS, heading_of, sheet_of
from services.catalogue.tables.reading import NOTES, read_workbook
from services.catalogue.tables.rows import FILES
from services.catalogue.tables.writing import FIRST, NAMES, note_of, write_workbook


def problems_of(content: bytes) -> list[tuple[str, int, str, str]]:
    with pytest.raises(HallInvalid) as caught:
        read_workbook(content)
    return [(each.file, each.line, each.field, each.message.code) for each in caught.value.problems]


def problem(table: str, line: int, field: str, code: str) -> tuple[str, int, str, str]:
    return (sheet_of(table), line, field, code)


@pytest.fixture
def small(folder: Path) -> Hall:
    """Return the small hall."""
    return read_hall(folder)


@pytest.fixture
def book(small: Hall) -> Any:
    """Return the small hall's workbook, opened."""
    return load_workbook(BytesIO(write_workbook(tables_of(small))))


def saved(book: Any) -> bytes:
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def cell(book: Any, table: str, column: str, row: int = FIRST) -> Any:
    return book[sheet_of(table)].cell(row, list(FILES[table]().fields).index(column) + 1)


def test_the_reference_hall_comes_back_from_its_workbook_without_a_difference() -> None:
    hall = read_hall(REFERENCE)
    assert read_workbook(write_workbook(tables_of(hall))) == hall


def test_a_spreadsheet_that_saves_the_workbook_anew_changes_nothing(small: Hall, book: Any) -> None:
    assert read_workbook(saved(book)) == small


def test_a_hall_of_60_departments_and_2000_items_is_read(small: Hall) -> None:
    tables = tables_of(small)
    departments, queues, windows = (list(tables[name]) for name in ("departments", "queues", "windows"))
    for number in range(58):
        code, letters = f"dept-{number}", "ABCDEFGH"[number // 8] + "ABCDEFGH"[number % 8]
        departments.append({**departments[0], "code": code, "name": f"单位{number}"})
        queues.append({**queues[0], "code": code, "department": code, "prefix": letters})
        windows.append({**windows[0], "code": str(1000 + number), "department": code, "queues": [code]})
    first = tables["items"][0]
    items = [{**first, "code": f"item-{number}", "name": f"事项{number}"} for number in range(1997)]
    items += tables["items"]
    wide = {
        **tables, "departments": departments, "queues": queues, "windows": windows, "items": items,
    }  # fmt: skip
    read = read_workbook(write_workbook(wide))
    assert (len(read.departments), len(read.items)) == (60, 2000)
    assert tables_of(read) == wide


def test_the_template_has_lists_notes_and_an_example_of_each_column_and_no_rows() -> None:
    book = load_workbook(BytesIO(write_workbook({})))
    assert book.sheetnames == [NOTES, *(sheet_of(name) for name in FILES)]
    for name, schema in FILES.items():
        sheet, fields = book[sheet_of(name)], schema().fields
        headings = [each.value for each in sheet[1]]
        assert headings == [heading_of(name, column) for column in fields]
        assert all("." in each.comment.text for each in sheet[1])
        assert [each.value for each in sheet[NAMES]] == list(fields)
        assert sheet.max_row == NAMES
    lists = {each.formula1 for each in book[sheet_of("items")].data_validations.dataValidation}
    assert {"codes_departments", "codes_queues"} <= lists
    assert book.defined_names["codes_queues"].attr_text.startswith("'队列 queues'!$A$4")
    assert "must not be empty" not in "".join(note_of(field) for field in FILES["items"]().fields.values())


def test_the_examples_are_rows_that_fit_and_are_not_read() -> None:
    for name, texts in EXAMPLES.items():
        FILES[name]().load(dict(zip(FILES[name]().fields, texts, strict=True)))
    found = problems_of(write_workbook({}))
    assert problem("items", 0, "", "sheet_empty") in found
    assert not [each for each in found if each[0] == sheet_of("crews")]


def test_sheets_that_may_be_empty_may_be_left_out(small: Hall, book: Any) -> None:
    del book[sheet_of("crews")]
    del book[sheet_of("assessment")]
    read = read_workbook(saved(book))
    assert (read.crews, read.items) == ([], small.items)


def test_all_faults_are_told_at_once_by_sheet_row_and_column(book: Any) -> None:
    cell(book, "items", "chains").value = "none"
    cell(book, "queues", "max_wait_s", FIRST + 1).value = 5
    cell(book, "windows", "name").value = None
    assert problems_of(saved(book)) == [
        problem("items", FIRST, "chains", "unknown_chain"),
        problem("windows", FIRST, "name", "empty"),
        problem("queues", FIRST + 1, "max_wait_s", "not_between"),
    ]


def test_a_fault_is_told_in_chinese_and_english() -> None:
    fault = Fault("unknown_queue", value="x")
    assert (str(fault), fault.chinese, fault.code) == (
        "there is no queue 'x'",
        "没有队列“x”",
        "unknown_queue",
    )
    assert all(chinese and english for chinese, english in WORDS.values())
    assert {each for name in FILES for each in FILES[name]().fields if not heading_of(name, each)} == set()
    assert set(SHEETS) == set(FILES) == set(EXAMPLES)
    assert {each.rpartition(".")[2] for each in HEADINGS} <= {
        column for schema in FILES.values() for column in schema().fields
    }


# (table, column, what the cell holds, its format, what is read)
CELLS = {
    "a date": ("items", "effective_from", datetime(2026, 3, 2), "yyyy-mm-dd", "2026-03-02"),  # noqa: DTZ001
    "a date in a Chinese format": (
        "items",
        "effective_from",
        46083,
        '[$-804]yyyy"年"m"月"d"日"',
        "2026-03-02",
    ),
    "a date as a plain number": ("items", "effective_from", 46083, "General", "2026-03-02"),
    "a date as text": ("items", "effective_from", "2026-03-02", "@", "2026-03-02"),
    "a time": ("hours", "opens", time(8, 30), "hh:mm", "08:30"),
    "a time as a fraction": ("hours", "opens", 8.5 / 24, "General", "08:30"),
    "a time as a stretch": ("hours", "opens", timedelta(hours=8, minutes=30), "[h]:mm", "08:30"),
    "a whole number with a point": ("queues", "max_wait_s", 600.0, "General", 600),
    "a yes of a spreadsheet": ("departments", "offers_three_services", True, "General", True),
    "a yes in Chinese": ("departments", "offers_three_services", "是", "@", True),
    "a text that begins like a formula": ("items", "guide", "=取号", "@", "=取号"),
}


@pytest.mark.parametrize(("table", "column", "value", "form", "read"), CELLS.values(), ids=CELLS)
def test_what_spreadsheets_make_of_a_value_is_undone(
    book: Any, table: str, column: str, value: Any, form: str, read: Any
) -> None:
    changed = cell(book, table, column)
    changed.value, changed.number_format = value, form
    if isinstance(value, str):
        changed.data_type = "s"
    assert tables_of(read_workbook(saved(book)))[table][0][column] == read


# (table, column, what the cell holds, its kind, the fault)
WRONG = {
    "a formula": ("items", "name", "=A1", "f", "cell_formula"),
    "an error": ("items", "name", "#N/A", "e", "cell_error"),
    "a code that became a date": ("zones", "code", datetime(2026, 3, 4), "d", "cell_date"),  # noqa: DTZ001
    "digits that are lost": ("items", "name", 1234567890123456789, "n", "digits_lost"),
    "24:00": ("hours", "closes", datetime(1900, 1, 1), "d", "no_time"),  # noqa: DTZ001
    "a time in a date": ("calendar", "day", datetime(2026, 3, 4, 5), "d", "no_date"),  # noqa: DTZ001
}


@pytest.mark.parametrize(("table", "column", "value", "kind", "code"), WRONG.values(), ids=WRONG)
def test_a_cell_that_holds_no_value_is_its_own_fault_alone(
    book: Any, table: str, column: str, value: Any, kind: str, code: str
) -> None:
    changed = cell(book, table, column)
    changed.value, changed.data_type = value, kind
    found = problems_of(saved(book))
    assert problem(table, FIRST, column, code) in found
    assert [each for each in found if each[0] == sheet_of(table) and each[2] == column] == [
        problem(table, FIRST, column, code)
    ]


def test_a_sheet_with_another_name_is_named_and_so_is_the_one_that_is_missing(book: Any) -> None:
    book[sheet_of("zones")].title = "Zonen"
    assert {problem("zones", 0, "", "sheet_missing"), ("Zonen", 0, "", "sheet_unknown")} <= set(
        problems_of(saved(book))
    )


def test_columns_that_are_missing_or_unknown_are_named(book: Any) -> None:
    cell(book, "zones", "name_en", NAMES).value = "english"
    assert [each for each in problems_of(saved(book)) if each[0] == sheet_of("zones")] == [
        problem("zones", NAMES, "english", "column_unknown"),
        problem("zones", NAMES, "name_en", "column_missing"),
    ]


def test_a_sheet_whose_stated_size_is_too_small_is_read_whole(small: Hall) -> None:
    made = BytesIO()
    with ZipFile(BytesIO(write_workbook(tables_of(small)))) as whole, ZipFile(made, "w") as cut:
        for part in whole.infolist():
            text = whole.read(part)
            if part.filename.startswith("xl/worksheets/sheet"):
                start = text.index(b'<dimension ref="') + 16
                text = text[:start] + b"A1:A1" + text[text.index(b'"', start) :]
            cut.writestr(part, text)
    assert read_workbook(made.getvalue()) == small


def zipped(parts: dict[str, bytes], how: int = ZIP_DEFLATED) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", how) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


# What somebody may send in place of a workbook, with the fault.
NO_WORKBOOKS = {
    "nothing": (b"", "not_a_workbook"),
    "a text": ("单位,名称\n".encode(), "not_a_workbook"),
    "an old workbook, or one with a password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "not_a_workbook",
    ),
    "an archive of something else": (zipped({"a.txt": b"hello"}), "not_a_workbook"),
    "entities": (
        zipped({"a.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'}),
        "not_a_workbook",
    ),
    "entities in another encoding": (
        zipped({"a.xml": '<!doctype x [<!ENTITY a "b">]><x/>'.encode("utf-16")}),
        "not_a_workbook",
    ),
    "a bomb": (zipped({"a.xml": bytes(8 * 1024 * 1024)}), "workbook_too_large"),
    "more parts than a workbook has": (
        zipped({f"{number}.xml": b"x" for number in range(1001)}, ZIP_STORED),
        "workbook_too_large",
    ),
}


@pytest.mark.parametrize(("content", "code"), NO_WORKBOOKS.values(), ids=NO_WORKBOOKS)
def test_what_is_no_workbook_is_refused_before_it_is_unpacked(content: bytes, code: str) -> None:
    assert problems_of(content) == [("", 0, "", code)]


def test_a_workbook_of_too_many_bytes_is_refused(monkeypatch: pytest.MonkeyPatch, small: Hall) -> None:
    monkeypatch.setattr(packed, "MOST_BYTES", 100)
    assert problems_of(write_workbook(tables_of(small))) == [("", 0, "", "workbook_too_large")]


def test_a_sheet_of_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch, book: Any) -> None:
    monkeypatch.setattr("services.catalogue.tables.reading.MOST_ROWS", 2)
    assert problem("items", 0, "", "too_many_rows") in problems_of(saved(book))


def test_the_command_reads_a_workbook_as_it_reads_a_folder(
    tmp_path: Path, book: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    cell(book, "items", "queue").value = "nowhere"
    path = tmp_path / "hall.xlsx"
    path.write_bytes(saved(book))
    assert main([str(path)]) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"{sheet_of('items')}:{FIRST}: queue: there is no queue 'nowhere'",
        f"nothing was loaded from {path}: 1 problem(s)",
    ]
    assert main([str(tmp_path / "none.xlsx")]) == 2
    assert "No such file" in capsys.readouterr().err


def test_the_workbook_of_another_hall_is_refused(
    tmp_path: Path, book: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    cell(book, "hall", "code").value = "north"
    path = tmp_path / "hall.xlsx"
    path.write_bytes(saved(book))
    assert main([str(path)]) == 2
    assert "code: is 'north', but HALL_CODE says 'main'" in capsys.readouterr().err


def test_of_more_faults_than_anybody_mends_at_once_it_is_told_how_many_there_are_besides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(aside, "MOST_FAULTS", 2)
    told = aside.read(write_workbook({}))["faults"]
    assert [each["code"] for each in told] == ["sheet_empty", "sheet_empty", "further_faults"]
    assert [told[0]["sheet"], told[1]["sheet"], told[2]["sheet"]] == [
        sheet_of("hall"),
        sheet_of("departments"),
        "",
    ]
    assert told[2]["reason"].startswith("还有")
