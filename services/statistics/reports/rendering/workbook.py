"""A report as a workbook: a sheet for each view, with real numbers."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import BytesIO

from xlsxwriter import Workbook

from services.statistics.reports.domain.indicators import COMPARED, INDICATORS, value_of
from services.statistics.reports.rendering import wording
from services.statistics.reports.rendering.bundle import without_times
from services.statistics.reports.rendering.sheets import (
    FIRST_ROW,
    FONT,
    PALE,
    Column,
    Report,
    Sheets,
    bars,
    member,
    put_chart,
    series,
    write,
)

AUTHOR = "HallFlow"
PALETTE = ("#1F5C99", "#5B9BD5", "#A9C4DE", "#E0A030")


def workbook(report: Report, *, told: Callable[[float], None] = lambda _: None) -> bytes:
    """Return the file; `told` hears how far it is, from 0 to 1."""
    out = BytesIO()
    book = Workbook(out, {"in_memory": True})
    known = report["made_at"] or report["events_until"]
    made = datetime.fromisoformat(known).astimezone(UTC) if known else datetime(1980, 1, 1, tzinfo=UTC)
    book.set_properties(
        {
            "title": wording.title(report),
            "author": AUTHOR,
            "created": made.replace(microsecond=0, tzinfo=None),
        }
    )
    sheets = Sheets(book, report)
    parts = (
        _summary,
        _departments,
        _items,
        _months,
        _days,
        _three,
        _hours,
        _quality,
        _anomalies,
        _rules,
    )
    for number, write_sheet in enumerate(parts):
        told(number / (len(parts) + 1))
        write_sheet(sheets)
    book.close()
    return without_times(out.getvalue())


def _summary(sheets: Sheets) -> None:
    report = sheets.report
    sheet = sheets.book.add_worksheet("概要")
    heads = ("指标", "本期", "单位", "上期", "较上期", "上年同期", "同比")
    columns = [Column(head=head, form="text", value=member("name")) for head in heads]
    sheets.set_up(sheet, "概要")
    keys = [key for key in INDICATORS if value_of(report, key) is not None]
    sheets.real_table(sheet, columns, FIRST_ROW + len(keys), len(keys))
    for place, head in enumerate(heads):
        sheet.write_string(FIRST_ROW, place, head, sheets.head)
    for nth, key in enumerate(keys, FIRST_ROW + 1):
        known = INDICATORS[key]
        form = {"seconds": "count", "month": "count"}.get(known.form, known.form)
        value = value_of(report, key)
        sheet.write_string(nth, 0, known.name, sheets.formats["text"])
        shown = wording.month_text(value) if known.form == "month" else value
        write(sheet, nth, 1, shown, sheets.formats[form], form)
        sheet.write_string(nth, 2, "秒" if known.form == "seconds" else known.unit, sheets.formats["text"])
        for place, which in ((3, "before"), (5, "year_before")):
            change = value_of(report["comparison"][which], key) if key in COMPARED else None
            found = change if isinstance(change, Mapping) else {"value": None, "ratio": None}
            write(sheet, nth, place, found["value"], sheets.formats[form], form)
            write(sheet, nth, place + 1, found["ratio"], sheets.formats["change"], "change")
    for place, width in enumerate((32, 18, 8, 16, 12, 16, 12)):
        sheet.set_column(place, place, width)
    sheet.set_row(FIRST_ROW, 24)
    sheet.freeze_panes(FIRST_ROW + 1, 1)
    sheet.repeat_rows(FIRST_ROW)


def _departments(sheets: Sheets) -> None:
    rows = sheets.report["tables"]["by_department"]
    columns = [
        Column(head="单位", form="text", value=member("name")),
        Column(head="窗口人员", form="count", value=member("staff"), summed=True),
        Column(head="事项", form="count", value=member("items"), summed=True),
        Column(head="受理业务量（件）", form="count", value=member("cases"), summed=True),
        Column(head="占比", form="rate", value=member("share")),
        Column(head="上年同期（件）", form="count", value=member("year_before"), summed=True),
        Column(head="同比", form="change", value=member("ratio")),
        Column(head="办结（件）", form="count", value=member("decided"), summed=True),
        Column(head="按时办结率", form="rate", value=member("on_time_rate")),
        Column(head="三项服务（件）", form="count", value=member("three_services"), summed=True),
        Column(head="加班（小时）", form="hours", value=member("overtime_hours"), summed=True),
    ]
    sheet = sheets.sheet("各单位", columns, rows)
    shown = min(12, sum(1 for row in rows if row["cases"]))
    if sheet is not None and shown > 1:
        chart = bars(
            sheets.book, "bar", "各单位", "受理业务量（件）", 3, shown, title=f"受理业务量居前的{shown}个单位"
        )
        chart.set_y_axis({"reverse": True, "num_font": {"name": FONT, "size": 9}})
        chart.set_x_axis(
            {"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
        )
        put_chart(sheet, chart, FIRST_ROW + len(rows) + 4)


def _items(sheets: Sheets) -> None:
    columns = [
        Column(head="事项", form="text", value=member("name")),
        Column(head="编码", form="text", value=member("item")),
        Column(head="单位", form="text", value=member("department_name")),
        Column(head="受理业务量（件）", form="count", value=member("cases"), summed=True),
        Column(head="占比", form="rate", value=member("share")),
        Column(head="上年同期（件）", form="count", value=member("year_before"), summed=True),
        Column(head="同比", form="change", value=member("ratio")),
    ]
    sheets.sheet("各事项", columns, sheets.report["tables"]["by_item"])


def _months(sheets: Sheets) -> None:
    rows = sheets.report["tables"]["by_month"]
    columns = [
        Column(head="月份", form="text", value=lambda row: wording.month_text(row["month"])),
        Column(head="受理业务量（件）", form="count", value=member("cases"), summed=True),
        Column(head="上年同期（件）", form="count", value=member("year_before"), summed=True),
        Column(head="同比", form="change", value=member("ratio")),
        Column(head="工作日", form="plain", value=member("working_days"), summed=True),
        Column(head="日均（件）", form="count", value=member("cases_per_working_day")),
        Column(head="单日最高（件）", form="count", value=member("peak_day")),
        Column(head="三项服务（件）", form="count", value=member("three_services"), summed=True),
    ]
    sheet = sheets.sheet("按月", columns, rows)
    if sheet is not None:
        chart = bars(sheets.book, "column", "按月", "受理业务量（件）", 1, len(rows), title="各月受理业务量")
        if any(row["year_before"] for row in rows):
            chart.add_series(series("按月", "上年同期（件）", 2, len(rows), PALE))
        put_chart(sheet, chart, FIRST_ROW + len(rows) + 4)


def _days(sheets: Sheets) -> None:
    rows = sheets.report["tables"]["by_day"]
    columns = [
        Column(head="日期", form="date", value=member("day")),
        Column(head="工作日", form="text", value=lambda row: "是" if row["working"] else "否"),
        Column(head="受理业务量（件）", form="count", value=member("cases"), summed=True),
        Column(head="三项服务（件）", form="count", value=member("three_services"), summed=True),
    ]
    sheet = sheets.sheet("按日", columns, rows)
    if sheet is not None:
        chart = bars(sheets.book, "column", "按日", "受理业务量（件）", 2, len(rows), title="逐日受理业务量")
        put_chart(sheet, chart, FIRST_ROW + len(rows) + 4)


def _three(sheets: Sheets) -> None:
    rows = sheets.report["tables"]["three_services"]
    services = [
        Column(head=f"{wording.ORIGINS[name]}（件）", form="count", value=member(name), summed=True)
        for name in sheets.report["three_services"]["by_service"]
    ]
    columns = [
        Column(head="单位", form="text", value=member("name")),
        *services,
        Column(head="合计（件）", form="count", value=member("cases"), summed=True),
        Column(head="加班（小时）", form="hours", value=member("overtime_hours"), summed=True),
    ]
    sheet = sheets.sheet("三项服务", columns, rows)
    if sheet is not None:
        total = FIRST_ROW + len(rows) + 1
        chart = sheets.book.add_chart({"type": "doughnut"})
        chart.add_series(
            {
                "name": "三项服务构成",
                "categories": ["三项服务", FIRST_ROW, 1, FIRST_ROW, len(services)],
                "values": ["三项服务", total, 1, total, len(services)],
                "points": [{"fill": {"color": color}} for color in PALETTE],
                "data_labels": {"percentage": True, "font": {"name": FONT, "size": 9}},
            }
        )
        chart.set_title({"name": "三项服务构成", "name_font": {"name": FONT, "size": 12}})
        chart.set_legend({"position": "right", "font": {"name": FONT, "size": 9}})
        put_chart(sheet, chart, total + 3)


def _hours(sheets: Sheets) -> None:
    rows = sheets.report["tables"]["by_hour"]
    columns = [
        Column(head="受理时段", form="text", value=lambda row: wording.hour_text(row["hour"])),
        Column(head="受理业务量（件）", form="count", value=member("cases"), summed=True),
        Column(head="占比", form="rate", value=member("share")),
    ]
    sheet = sheets.sheet("时段", columns, rows)
    if sheet is not None and len(rows) > 1:
        chart = bars(
            sheets.book, "column", "时段", "受理业务量（件）", 1, len(rows), title="各时段受理业务量"
        )
        put_chart(sheet, chart, FIRST_ROW + len(rows) + 4)


def _quality(sheets: Sheets) -> None:
    kinds = wording.COMMENDATIONS
    rows = [row for row in sheets.report["tables"]["by_department"] if any(row[kind] for kind in kinds)]
    columns = [
        Column(head="单位", form="text", value=member("name")),
        *(Column(head=head, form="count", value=member(kind), summed=True) for kind, head in kinds.items()),
    ]
    sheets.sheet("质量", columns, rows)
    columns = [
        Column(head="评价等级", form="text", value=lambda row: wording.LEVELS[row["level"]]),
        Column(head="次数", form="count", value=member("count"), summed=True),
        Column(head="占比", form="rate", value=member("share")),
    ]
    sheets.sheet("服务评价", columns, sheets.report["tables"]["evaluations"])


def _anomalies(sheets: Sheets) -> None:
    columns = [
        Column(head="日期", form="date", value=member("business_date")),
        Column(head="对象", form="text", value=member("name")),
        Column(head="实际（件）", form="count", value=member("observed")),
        Column(head="预计（件）", form="count", value=member("expected")),
        Column(
            head="状态", form="text", value=lambda row: wording.ANOMALY_STATES.get(row["state"], row["state"])
        ),
        Column(head="说明", form="text", value=wording.followed_up),
    ]
    sheets.sheet("异常变动", columns, sheets.report["tables"]["anomalies"])


def _rules(sheets: Sheets) -> None:
    rows = [{"key": key, **source} for key, source in sheets.report["sources"].items()]
    columns = [
        Column(head="指标", form="text", value=member("name")),
        Column(head="统计口径", form="text", value=member("rule")),
        Column(head="数据项", form="text", value=member("key")),
    ]
    sheets.sheet("指标口径", columns, rows)
