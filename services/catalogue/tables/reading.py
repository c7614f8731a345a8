"""Reading a hall from a workbook: what spreadsheets make of cells is undone, and every fault is named by its cell."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from marshmallow import Schema, fields
from openpyxl import load_workbook
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.exceptions import InvalidFileException

from services.catalogue.tables.cells import Day, TimeOfDay
from services.catalogue.tables.faults import Fault
from services.catalogue.tables.hall import Hall, HallInvalid, sound
from services.catalogue.tables.headings import SHEETS, sheet_of
from services.catalogue.tables.packed import refusal
from services.catalogue.tables.rows import FILES, MAY_BE_EMPTY
from services.catalogue.tables.tables import Problem, Table, check, unreadable

NOTES = "说明 Read me"
MOST_ROWS = 20_000
# What stands further to the right is nobody's.
MOST_COLUMNS = 64
# Among the first rows of a sheet one has the names of its columns.
FIRST_ROWS = 20
# A spreadsheet keeps so many digits of a number.
DIGITS = 15
_DAY = timedelta(days=1)
_LAST_DAY = 2_958_465
_UNREADABLE = (
    BadZipFile,
    InvalidFileException,
    ParseError,
    AttributeError,
    IndexError,
    KeyError,
    OSError,
    TypeError,
    ValueError,
)

Records = list[tuple[int, list[str]]]


def read_workbook(content: bytes) -> Hall:
    """Read and check the sheets of a workbook.

    Raises:
        HallInvalid: with every problem found, by sheet, row and column.
    """
    fault = refusal(content)
    if fault is not None:
        raise HallInvalid([Problem("", 0, "", fault)])
    try:
        tables, problems = _read(content)
    except _UNREADABLE as exc:
        raise HallInvalid([Problem("", 0, "", Fault("not_a_workbook"))]) from exc
    return sound(tables, problems)


def _read(content: bytes) -> tuple[dict[str, Table], list[Problem]]:
    # Formulas are read as such and not as what they came to: nobody may have worked them out.
    book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
    sheets: dict[str, Any] = {}
    problems: list[Problem] = []
    for sheet in book.worksheets:
        table = _table_of(sheet.title)
        if table in sheets:
            problems.append(Problem(sheet.title, 0, "", Fault("sheet_twice")))
        elif table is not None:
            sheets[table] = sheet
        elif sheet.title != NOTES:
            problems.append(Problem(sheet.title, 0, "", Fault("sheet_unknown")))
    epoch = book.epoch
    return {name: _sheet(name, sheets.get(name), epoch) for name in FILES}, problems


def _table_of(title: str) -> str | None:
    """Return the table that a sheet holds: its title ends with the table's name, or is its Chinese one."""
    words = title.split()
    return next((name for name in FILES if words and (words[-1] == name or words == [SHEETS[name]])), None)


def _sheet(name: str, sheet: Any, epoch: datetime) -> Table:
    schema = FILES[name]()
    if sheet is None:
        absent = name in MAY_BE_EMPTY
        return (
            Table(sheet_of(name), (), ()) if absent else unreadable(sheet_of(name), 0, Fault("sheet_missing"))
        )
    # Its stated size may be wrong, and would be believed.
    sheet.reset_dimensions()
    try:
        records = _records(sheet, schema, epoch)
    except _TooManyRows:
        return unreadable(sheet.title, 0, Fault("too_many_rows", most=MOST_ROWS))
    if not records:
        return unreadable(sheet.title, 0, Fault("names_missing", known=", ".join(schema.fields)))
    if len(records) == 1 and set(records[0][1]) == set(schema.fields):
        may_be = name in MAY_BE_EMPTY
        return Table(sheet.title, (), ()) if may_be else unreadable(sheet.title, 0, Fault("sheet_empty"))
    return check(sheet.title, records, schema)


class _TooManyRows(Exception):
    """A sheet has more rows than a hall can have."""


def _records(sheet: Any, schema: Schema, epoch: datetime) -> Records:
    """Return the row of column names and all below it without what is empty; nothing when there is no such row."""
    found: Records = []
    columns: list[Callable[[Any], str]] = []
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        if not found:
            names = _trimmed([str(cell.value or "").strip() for cell in cells])
            if names and set(names) & set(schema.fields) and _is_header(names, schema):
                found.append((number, names))
                columns = [_reader(schema.fields.get(each), epoch) for each in names]
            elif number == FIRST_ROWS:
                break
            continue
        record = _trimmed([read(cell) for read, cell in zip(_endless(columns), cells, strict=False)])
        if record:
            found.append((number, record + [""] * (len(columns) - len(record))))
        if len(found) > MOST_ROWS:
            raise _TooManyRows
    return found


def _is_header(names: Sequence[str], schema: Schema) -> bool:
    """Tell column names from an example, in which a word may happen to be the name of a column."""
    return 2 * len(set(names) & set(schema.fields)) > len(names)


def _endless(columns: Sequence[Callable[[Any], str]]) -> Iterator[Callable[[Any], str]]:
    yield from columns
    plain = _reader(None, datetime(1900, 1, 1))  # noqa: DTZ001 - a spreadsheet's dates have no zone
    while True:
        yield plain


def _trimmed(record: list[str]) -> list[str]:
    while record and not record[-1].strip():
        record.pop()
    return record


def _reader(field: fields.Field[Any] | None, epoch: datetime) -> Callable[[Any], str]:
    """Return what reads the cells of a column as the texts that its field takes."""
    if isinstance(field, Day):
        return lambda cell: _plain(cell) or _day(cell.value, epoch)
    if isinstance(field, TimeOfDay):
        return lambda cell: _plain(cell) or _time(cell.value)
    return lambda cell: _plain(cell) or _text(cell.value)


def _plain(cell: Any) -> str:
    """Return the fault of a cell that holds no value, or a text as it is; nothing for what depends on its column."""
    if cell.value is None:
        return ""
    if cell.data_type == "f":
        return Fault("cell_formula")
    if cell.data_type == "e":
        return Fault("cell_error", value=cell.value)
    return cell.value if isinstance(cell.value, str) else ""


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, (date, time, timedelta)):
        return Fault("cell_date")
    return ""


def _number(value: float) -> str:
    if abs(value) >= 10**DIGITS:
        return Fault("digits_lost")
    return str(int(value)) if value == int(value) else repr(value)


def _day(value: Any, epoch: datetime) -> str:
    # Formats of dates that are Chinese alone are not known as such, and leave a number.
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 1 <= value <= _LAST_DAY:
        value = from_excel(value, epoch)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, (date, time)) else _said(value)


def _time(value: Any) -> str:
    # Midnight at the end of a day comes as the first day there is.
    if isinstance(value, float) and 0 <= value < 1:
        value = value * _DAY
    if isinstance(value, timedelta) and timedelta() <= value < _DAY:
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    if isinstance(value, time):
        return f"{value:%H:%M}" if not value.second else value.isoformat()
    return _said(value)


def _said(value: Any) -> str:
    return "" if value is None else _number(value) if isinstance(value, (int, float)) else str(value)
