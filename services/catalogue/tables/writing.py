"""Writing a hall as a workbook: a sheet a table, with lists to choose from, notes and an example."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from io import BytesIO
from typing import Any

from marshmallow import Schema, fields
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from services.catalogue.tables.cells import (
    Amount,
    Choice,
    Code,
    Day,
    Degrees,
    Flag,
    Parts,
    Rate,
    Text,
    TimeOfDay,
    Weekdays,
    Whole,
)
from services.catalogue.tables.checks import REFERENCES
from services.catalogue.tables.faults import Fault
from services.catalogue.tables.hall import Record
from services.catalogue.tables.headings import EXAMPLES, heading_of, sheet_of
from services.catalogue.tables.reading import MOST_ROWS, NOTES
from services.catalogue.tables.rows import FILES, OPTIONAL

# The rows of a sheet: what columns are called in Chinese, an example, and their names; data stand below.
HEADING, EXAMPLE, NAMES, FIRST = 1, 2, 3, 4
LAST = MOST_ROWS + FIRST
_HEADED = PatternFill("solid", start_color="FFDCE6F1")
_GREY = Font(italic=True, color="FF767676")
_WIDTHS = {"guide": 40, "guide_en": 40, "materials": 40, "name": 28, "name_en": 36}
_FORMATS: Sequence[tuple[type[fields.Field[Any]], str]] = (
    (Day, "yyyy-mm-dd"),
    (TimeOfDay, "hh:mm"),
    (Whole, "0"),
    (Rate, "General"),
    (Amount, "General"),
    (Degrees, "General"),
    (Flag, "General"),
)
_READ_ME = (
    ("一张工作表是大厅的一张表。", "Each sheet is a table of the hall."),
    (
        "第 1 行是中文标题，光标放在上面可看填写说明；第 2 行是示例，系统不读；第 3 行是列名，请勿改动；"
        "从第 4 行起填写。",
        "Row 1 has the headings in Chinese, with notes on how to fill them in; row 2 is an example, which is not read; "
        "row 3 has the names of the columns, which stay as they are. Fill in from row 4 on.",
    ),
    (
        "一格多项用分号 ; 隔开，申请材料用竖线 | 隔开。",
        "Several values of a cell are parted by ; and materials by |.",
    ),
    ("代码请按文本填写，不要用公式。", "Type codes as text, and no formulas."),
    (
        "上传后先检查，任何一处有错都不会载入；无误后先看会改变什么、影响到谁，再确认。",
        "An upload is checked first, and nothing is loaded while anything is wrong; then it says what would change, "
        "and for whom, before you confirm.",
    ),
    (
        "删去一个事项即停办该事项；其他表里没有写到的，保持原样。办公时间以本表为准。",
        "An item that is left out ends; what other tables leave out stays. Opening hours are those of the sheet.",
    ),
    ("可以空着的工作表：", "Sheets that may stay empty:"),
)


def write_workbook(tables: Mapping[str, Sequence[Record]]) -> bytes:
    """Return the workbook of a hall's tables; for a template of empty ones."""
    book = Workbook()
    notes = book.active
    notes.title = NOTES
    optional = ", ".join(sheet_of(name) for name in FILES if name in OPTIONAL)
    for number, (chinese, english) in enumerate(_READ_ME, 1):
        last = number == len(_READ_ME)
        for column, said in enumerate(
            (chinese + optional * last, f"{english} {optional}" if last else english), 1
        ):
            notes.cell(number, column, said).alignment = Alignment(wrap_text=True, vertical="top")
    for letter in "AB":
        notes.column_dimensions[letter].width = 80
    for name, schema in FILES.items():
        _write(book, name, schema(), tables.get(name, ()))
    for name in sorted({target for _, _, target, _ in REFERENCES}):
        # A list that pointed at another sheet by itself would be lost when a spreadsheet program saves.
        place = f"'{sheet_of(name)}'!$A${FIRST}:$A${LAST}"
        book.defined_names[_codes_of(name)] = DefinedName(_codes_of(name), attr_text=place)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _write(book: Any, name: str, schema: Schema, rows: Sequence[Record]) -> None:
    sheet = book.create_sheet(sheet_of(name))
    for number, (column, field) in enumerate(schema.fields.items(), 1):
        letter = get_column_letter(number)
        form = next((form for kind, form in _FORMATS if isinstance(field, kind)), "@")
        sheet.column_dimensions[letter].width = _WIDTHS.get(column, 18)
        sheet.column_dimensions[letter].number_format = form
        _head(sheet, number, name, column, field)
        if rule := _rule(name, column, field):
            rule.add(f"{letter}{FIRST}:{letter}{LAST}")
            sheet.add_data_validation(rule)
        for line, row in enumerate(rows, FIRST):
            _put(sheet.cell(line, number), cell_value(field, row[column])).number_format = form
    sheet.freeze_panes = f"B{FIRST}"


def _head(sheet: Any, number: int, name: str, column: str, field: fields.Field[Any]) -> None:
    heading = _put(sheet.cell(HEADING, number), heading_of(name, column))
    heading.font, heading.fill = Font(bold=True), _HEADED
    heading.comment = Comment(note_of(field), "HallFlow", width=320, height=120)
    example = _put(sheet.cell(EXAMPLE, number), EXAMPLES[name][number - 1])
    example.font = _GREY
    example.number_format = "@"
    _put(sheet.cell(NAMES, number), column).fill = _HEADED


def _put(cell: Cell, value: Any) -> Cell:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.value = value
    # A text that begins like a formula is none.
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def cell_value(field: fields.Field[Any], value: Any) -> Any:
    """Return a value of a row as its cell holds it."""
    if isinstance(field, Parts):
        return field.separator.join(str(part) for part in value) or None
    if value is not None and isinstance(field, Day):
        return date.fromisoformat(value)
    if value is not None and isinstance(field, TimeOfDay):
        return time.fromisoformat(value)
    return None if value == "" else value


def note_of(field: fields.Field[Any]) -> str:
    """Return how a column is filled in, in Chinese and English."""
    form = _form_of(field)
    must = (form.chinese, str(form)) if form else ("文字", "text")
    left_out = getattr(field, "optional", False) or (isinstance(field, Parts) and not field.least)
    chinese, english = ("可以空着。", "May be empty.") if left_out else ("必填。", "Required.")
    return f"{must[0]}。{chinese}\n{must[1][:1].upper()}{must[1][1:]}. {english}"


def _form_of(field: fields.Field[Any]) -> Fault | None:
    if isinstance(field, Code):
        return field.form
    if isinstance(field, Weekdays):
        return Fault("parted_weekdays")
    if isinstance(field, Parts):
        return Fault("parted", separator=field.separator)
    if isinstance(field, Whole):
        return Fault("not_between", low=field.low, high=field.high)
    if isinstance(field, Text):
        return Fault("text_form", most=field.longest)
    if isinstance(field, Choice):
        return Fault("not_one_of", known=", ".join(field.known))
    forms: tuple[tuple[type[fields.Field[Any]], str], ...] = (
        (Day, "day_form"),
        (TimeOfDay, "time_form"),
        (Flag, "flag_form"),
        (fields.Float, "not_number"),
    )
    return next((Fault(code) for kind, code in forms if isinstance(field, kind)), None)


def _rule(name: str, column: str, field: fields.Field[Any]) -> DataValidation | None:
    """Return what a spreadsheet lets one choose or type in a column."""
    target = next(
        (target for table, named, target, _ in REFERENCES if (table, named) == (name, column)), None
    )
    if isinstance(field, Choice):
        return _list(f'"{",".join(field.known)}"')
    if isinstance(field, Flag):
        return _list('"TRUE,FALSE"')
    if target is not None and not isinstance(field, Parts):
        return _list(_codes_of(target))
    if isinstance(field, Whole):
        bounds = {"formula1": str(field.low), "formula2": str(field.high)}
        return DataValidation("whole", operator="between", allow_blank=True, showErrorMessage=True, **bounds)
    return None


def _list(of: str) -> DataValidation:
    return DataValidation("list", formula1=of, allow_blank=True, showErrorMessage=True)


def _codes_of(table: str) -> str:
    return f"codes_{table}"
