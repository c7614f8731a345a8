"""Tables and charts of a document."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.statistics.reports.rendering import wording
from services.statistics.reports.rendering.blocks import Block, Chart, Table
from services.statistics.reports.rendering.telling import Told
from services.statistics.reports.rendering.wording import table_percent, thousands

Report = Mapping[str, Any]

TOP_ITEMS, TOP_BARS, MOST_ANOMALIES = 15, 12, 20
SHORT_LABEL = 14


def months(report: Report) -> list[Block]:
    """Return the months, beside those of the year before where it is known."""
    rows = report["tables"]["by_month"]
    if not rows:
        return []
    earlier = [row["year_before"] for row in rows]
    series = [("本期", [row["cases"] for row in rows])]
    if any(earlier):
        series.insert(0, ("上年同期", earlier))
    return [
        Chart(
            title="各月受理业务量",
            labels=[f"{int(row['month'][5:])}月" for row in rows],
            series=series,
            unit="件",
        ),
        Table(
            title="分月受理情况表",
            columns=(
                "月份",
                "受理业务量（件）",
                "上年同期（件）",
                "同比",
                "工作日",
                "日均（件）",
                "单日最高（件）",
            ),
            rows=[
                (
                    wording.month_text(row["month"]),
                    thousands(row["cases"]),
                    thousands(row["year_before"]),
                    table_percent(row["ratio"], signed=True),
                    thousands(row["working_days"]),
                    thousands(row["cases_per_working_day"]),
                    thousands(row["peak_day"]),
                )
                for row in rows
            ],
            widths=(18, 16, 16, 14, 10, 12, 14),
            total=(
                "合计",
                thousands(report["cases_accepted"]),
                thousands(report["comparison"]["year_before"]["cases_accepted"]["value"]),
                table_percent(report["comparison"]["year_before"]["cases_accepted"]["ratio"], signed=True),
                thousands(report["working_days"]),
                thousands(report["cases_per_working_day"]),
                thousands(report["cases_peak_day"]),
            ),
        ),
    ]


def days(report: Report) -> list[Block]:
    """Return the days of a month as a chart."""
    rows = report["tables"]["by_day"]
    if not rows:
        return []
    return [
        Chart(
            title="逐日受理业务量",
            labels=[str(int(row["day"][8:])) for row in rows],
            series=[("受理业务量", [row["cases"] for row in rows])],
            unit="件",
        )
    ]


def departments(report: Report) -> list[Block]:
    """Return the departments, those with most cases in a chart."""
    rows = [row for row in report["tables"]["by_department"] if row["cases"] or row["staff"]]
    if report["department"] is not None or not report["cases_accepted"]:
        return []
    top = [row for row in rows[:TOP_BARS] if row["cases"]]
    return [
        Chart(
            title=f"受理业务量居前的{len(top)}个单位" if len(top) > 1 else "受理业务量",
            labels=[shortened(row["name"]) for row in top],
            series=[("受理业务量", [row["cases"] for row in top])],
            unit="件",
            lying=True,
        ),
        Table(
            title="各单位受理情况表",
            columns=("单位", "受理业务量（件）", "占比", "同比", "按时办结率", "三项服务（件）"),
            rows=[
                (
                    row["name"],
                    thousands(row["cases"]),
                    table_percent(row["share"]),
                    table_percent(row["ratio"], signed=True),
                    table_percent(row["on_time_rate"]),
                    thousands(row["three_services"]),
                )
                for row in rows
            ],
            widths=(29, 16, 13, 14, 14, 14),
            total=(
                "合计",
                thousands(report["cases_accepted"]),
                table_percent(1.0),
                table_percent(report["comparison"]["year_before"]["cases_accepted"]["ratio"], signed=True),
                table_percent(report["on_time_rate"]),
                thousands(report["three_services"]["cases"]),
            ),
        ),
    ]


def items(report: Report) -> list[Block]:
    """Return the items with most cases."""
    rows = report["tables"]["by_item"][:TOP_ITEMS]
    if not rows:
        return []
    return [
        Table(
            title=f"受理业务量居前的{len(rows)}个事项",
            columns=("序号", "事项", "单位", "受理业务量（件）", "占比", "同比"),
            rows=[
                (
                    str(nth),
                    row["name"],
                    row["department_name"],
                    thousands(row["cases"]),
                    table_percent(row["share"]),
                    table_percent(row["ratio"], signed=True),
                )
                for nth, row in enumerate(rows, 1)
            ],
            widths=(7, 31, 21, 15, 12, 14),
            left=(1, 2),
        )
    ]


def hours(report: Report) -> list[Block]:
    """Return the hours of the day as a chart."""
    rows = report["tables"]["by_hour"]
    if len(rows) < 2:
        return []
    return [
        Chart(
            title="各时段受理业务量",
            labels=[f"{int(row['hour'])}时" for row in rows],
            series=[("受理业务量", [row["cases"] for row in rows])],
            unit="件",
        )
    ]


def three_services(report: Report) -> list[Block]:
    """Return the departments with cases of the three services."""
    rows = report["tables"]["three_services"]
    if report["department"] is not None or not report["three_services"]["cases"] or not rows:
        return []
    services = report["three_services"]["by_service"]
    return [
        Table(
            title="三项服务受理情况表（件）",
            columns=("单位", *(wording.ORIGINS[name] for name in services), "合计", "加班小时"),
            rows=[
                (
                    row["name"],
                    *(thousands(row[name]) for name in services),
                    thousands(row["cases"]),
                    thousands(row["overtime_hours"], 1),
                )
                for row in rows
            ],
            widths=(29, 12, 12, 12, 12, 11, 12),
            total=(
                "合计",
                *(thousands(cases) for cases in services.values()),
                thousands(report["three_services"]["cases"]),
                thousands(report["three_services"]["overtime_hours"], 1),
            ),
        )
    ]


def praise(report: Report) -> list[Block]:
    """Return the departments that received letters, banners or plaques."""
    kinds = tuple(wording.COMMENDATIONS)
    rows = [row for row in report["tables"]["by_department"] if any(row[kind] for kind in kinds)]
    if not rows or report["department"] is not None:
        return []
    rows = sorted(rows, key=lambda row: -sum(row[kind] for kind in kinds))
    return [
        Table(
            title="各单位收到表扬情况表",
            columns=("单位", *wording.COMMENDATIONS.values()),
            rows=[(row["name"], *(thousands(row[kind]) for kind in kinds)) for row in rows],
            widths=(49, 17, 17, 17),
            total=("合计", *(thousands(report[kind]) for kind in kinds)),
        )
    ]


def anomalies(report: Report) -> list[Block]:
    """Return the largest unusual movements with what became of them."""
    rows = sorted(report["tables"]["anomalies"], key=lambda row: -abs(row["score"] or 0))[:MOST_ANOMALIES]
    if not rows:
        return []
    return [
        Table(
            title="业务数据异常变动及跟踪情况表",
            columns=("日期", "对象", "实际（件）", "预计（件）", "状态", "说明"),
            rows=[
                (
                    wording.short_date(row["business_date"]),
                    row["name"],
                    thousands(row["observed"]),
                    thousands(row["expected"]),
                    wording.ANOMALY_STATES.get(row["state"], row["state"]),
                    wording.followed_up(row),
                )
                for row in sorted(rows, key=lambda row: row["business_date"])
            ],
            widths=(14, 24, 11, 11, 11, 29),
            left=(0, 1, 4, 5),
        )
    ]


def rules(told: Sequence[Told]) -> Table:
    """Return every figure that the prose tells, with its key and its rule."""
    return Table(
        title="",
        columns=("序号", "指标", "数值", "统计口径", "数据项"),
        rows=[
            (str(nth), figure.name, figure.text, figure.rule, figure.key)
            for nth, figure in enumerate(told, 1)
        ],
        widths=(6, 23, 13, 32, 26),
        left=(1, 3, 4),
        small=True,
    )


def shortened(name: str) -> str:
    """Return a name as a chart has room for."""
    return name if len(name) <= SHORT_LABEL else f"{name[: SHORT_LABEL - 1]}…"
