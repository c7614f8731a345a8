"""Sheets of a workbook: a real table under its title, set up for print, with charts that Excel draws."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.statistics.reports.rendering import wording

Report = Mapping[str, Any]
Row = Mapping[str, Any]

FONT, SIZE_PT, TITLE_PT = "宋体", 11, 16
A4 = 9
# A Chinese character takes two of Excel's units of width.
WIDE, NARROW, MOST_WIDTH = 2.0, 1.1, 96
FIRST_ROW = 4
BLUE, PALE = "#1F5C99", "#A9C4DE"
FORMS = {
    "text": "@",
    "count": "#,##0",
    "rate": "0.00%",
    "change": "+0.00%;-0.00%;0.00%",
    "hours": "#,##0.0",
    "date": 'yyyy"年"m"月"d"日"',
    "plain": "0",
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its head, the form of its numbers, how a row gives its value, and whether it is added up."""

    head: str
    form: str
    value: Callable[[Row], Any]
    summed: bool = False


def member(key: str) -> Callable[[Row], Any]:
    """Return what takes a row's member."""
    return lambda row: row[key]


class Sheets:
    """Writes the sheets of one report."""

    def __init__(self, book: Workbook, report: Report) -> None:
        """Write into a workbook."""
        self.book, self.report = book, report
        self.tables = 0
        common = {
            "font_name": FONT,
            "font_size": SIZE_PT,
            "valign": "vcenter",
            "border": 1,
            "border_color": "#BFBFBF",
        }
        written = {
            name: {**common, "num_format": form, "align": "left" if name == "text" else "right"}
            for name, form in FORMS.items()
        }
        written["text"]["text_wrap"] = True
        self.formats = {name: book.add_format(form) for name, form in written.items()}
        self.totals = {
            name: book.add_format({**form, "bold": True, "top": 2}) for name, form in written.items()
        }
        self.head = book.add_format(
            {
                **common,
                "bold": True,
                "align": "center",
                "text_wrap": True,
                "bg_color": BLUE,
                "font_color": "#FFFFFF",
            }
        )
        self.title = book.add_format(
            {"font_name": FONT, "font_size": TITLE_PT, "bold": True, "valign": "vcenter"}
        )
        self.note = book.add_format({"font_name": FONT, "font_size": SIZE_PT - 1, "font_color": "#595959"})

    def sheet(
        self, name: str, columns: Sequence[Column], rows: Sequence[Row], *, total: str = "合计"
    ) -> Worksheet | None:
        """Write a sheet with one table; nothing when it has no rows."""
        if not rows:
            return None
        sheet = self.book.add_worksheet(name)
        self.set_up(sheet, name)
        summed = any(column.summed for column in columns)
        last = FIRST_ROW + len(rows)
        self.real_table(sheet, columns, last, len(rows))
        for nth, row in enumerate(rows, FIRST_ROW + 1):
            for place, column in enumerate(columns):
                write(sheet, nth, place, column.value(row), self.formats[column.form], column.form)
        for place, column in enumerate(columns):
            sheet.write_string(FIRST_ROW, place, column.head, self.head)
            if summed:
                self._total(sheet, last + 1, place, column, rows, total)
            sheet.set_column(place, place, width_of(column, rows))
        sheet.set_row(FIRST_ROW, 30)
        sheet.freeze_panes(FIRST_ROW + 1, 1)
        sheet.repeat_rows(FIRST_ROW)
        return sheet

    def real_table(self, sheet: Worksheet, columns: Sequence[Column], last: int, rows: int) -> None:
        """Make the rows an Excel table, with its own head and filter."""
        self.tables += 1
        sheet.add_table(
            FIRST_ROW, 0, last, len(columns) - 1,
            {
                "name": f"Table_{self.tables}",
                "style": "Table Style Light 9",
                "autofilter": rows > 1,
                "columns": [{"header": column.head, "header_format": self.head} for column in columns],
            },
        )  # fmt: skip

    def _total(
        self, sheet: Worksheet, row: int, place: int, column: Column, rows: Sequence[Row], word: str
    ) -> None:
        form = self.totals[column.form]
        if place == 0:
            sheet.write_string(row, 0, word, self.totals["text"])
        elif column.summed:
            letter = chr(ord("A") + place)
            first, last = FIRST_ROW + 2, FIRST_ROW + 1 + len(rows)
            value = sum(column.value(each) or 0 for each in rows)
            sheet.write_formula(row, place, f"=SUBTOTAL(109,{letter}{first}:{letter}{last})", form, value)
        else:
            sheet.write_blank(row, place, None, form)

    def set_up(self, sheet: Worksheet, name: str) -> None:
        """Give a sheet its title, what the report says of itself, and its print set-up."""
        title = wording.title(self.report)
        sheet.write_string(0, 0, f"{title}——{name}", self.title)
        sheet.set_row(0, 28)
        parts = wording.imprint(self.report)
        for nth, pair in enumerate((parts[:3], parts[3:]), 1):
            sheet.write_string(nth, 0, "　".join(f"{key}：{value}" for key, value in pair), self.note)
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.8)
        sheet.hide_gridlines(2)
        until = wording.moment_text(self.report["events_until"], self.report["time_zone"])
        # A size that is followed by a digit would swallow it.
        sheet.set_header(f"&L&9 {title}&R&9 {name}")
        sheet.set_footer(f"&L&9 {wording.period_line(self.report)}　数据截至 {until}&R&9 第 &P 页 共 &N 页")


def write(sheet: Worksheet, row: int, column: int, value: Any, form: Format, kind: str) -> None:
    """Write a value as what it is: a number, a date or text; a dash where there is none."""
    if value is None:
        sheet.write_string(row, column, "—", form)
    elif kind == "date":
        sheet.write_datetime(
            row, column, datetime.combine(date.fromisoformat(value), datetime.min.time()), form
        )
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, form)
    else:
        sheet.write_string(row, column, str(value), form)


def width_of(column: Column, rows: Sequence[Row]) -> float:
    """Return a width in which a column's head and values fit."""
    widest = max(text_width(_shown(column, row)) for row in rows)
    return min(MOST_WIDTH, max(text_width(column.head) + 3, widest + 2))


def text_width(text: str) -> float:
    """Return how wide a text is in Excel's units."""
    return sum(WIDE if ord(character) > 0x2E7F else NARROW for character in text)


def _shown(column: Column, row: Row) -> str:
    value = column.value(row)
    if isinstance(value, int | float) and column.form in ("count", "hours"):
        return f"{value:,.1f}" if column.form == "hours" else f"{value:,}"
    if column.form == "date":
        return wording.date_text(value)
    return "-00.00%" if column.form in ("rate", "change") else str(value)


def series(sheet: str, name: str, column: int, rows: int, color: str) -> dict[str, Any]:
    """Return a series of a chart: a column of a sheet's table, with its first column as labels."""
    first, last = FIRST_ROW + 1, FIRST_ROW + rows
    return {
        "name": name,
        "categories": [sheet, first, 0, last, 0],
        "values": [sheet, first, column, last, column],
        "fill": {"color": color},
        "gap": 60,
    }


def bars(book: Workbook, kind: str, sheet: str, name: str, column: int, rows: int, *, title: str) -> Any:
    """Return a chart of one column of a sheet's table.

    Args:
        book: the workbook.
        kind: `bar` lies, `column` stands.
        sheet: where the table is.
        name: of the series.
        column: its place in the table.
        rows: how many rows are shown.
        title: of the chart.
    """
    chart = book.add_chart({"type": kind})
    chart.add_series(series(sheet, name, column, rows, BLUE))
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 12}})
    chart.set_legend({"position": "bottom", "font": {"name": FONT, "size": 9}})
    chart.set_x_axis({"num_font": {"name": FONT, "size": 9}})
    chart.set_y_axis(
        {"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
    )
    return chart


def put_chart(sheet: Worksheet, chart: Any, row: int) -> None:
    """Put a chart under a table."""
    chart.set_size({"width": 760, "height": 360})
    sheet.insert_chart(row, 0, chart, {"object_position": 1, "description": "图表的数据见本页上表"})
