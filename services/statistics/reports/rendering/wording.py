"""How a report's figures and dates are written in Chinese."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

QUARTERS = {"1": "第一季度", "2": "第二季度", "3": "第三季度", "4": "第四季度"}
WHOLE = {"annual": "全年", "quarterly": "本季度", "monthly": "本月", "daily": "当日"}
KIND_TITLES = {
    "annual": "工作总结",
    "quarterly": "统计分析报告",
    "monthly": "业务统计月报",
    "daily": "业务统计日报",
}
HALL = "政务服务大厅"
ORIGINS = {
    "walk_in": "现场取号",
    "phone": "电话预约",
    "web": "网上预约",
    "extended": "延时服务",
    "on_site": "上门服务",
}
ITEM_KINDS = {
    "administrative_licence": "行政许可",
    "non_licence_approval": "非行政许可审批",
    "public_service": "公共服务",
}
LEVELS = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}
COMMENDATIONS = {"letters": "表扬信（封）", "banners": "锦旗（面）", "plaques": "牌匾（块）"}
ANOMALY_STATES = {
    "detected": "待处理",
    "assigned": "核查中",
    "explained": "已说明",
    "confirmed": "已确认",
    "dismissed": "已排除",
    "fed_back": "已反馈",
}
SECONDS_A_MINUTE = 60


def title(report: Mapping[str, Any]) -> str:
    """Return what a report is called."""
    about = report["department"]
    return f"{about['name'] if about else HALL}{period_text(report)}{KIND_TITLES[report['kind']]}"


def period_text(report: Mapping[str, Any]) -> str:
    """Return a report's period in words."""
    kind, name = report["kind"], report["period"]["name"]
    if kind == "annual":
        return f"{name}年"
    if kind == "quarterly":
        return f"{name[:4]}年{QUARTERS[name[-1]]}"
    return month_text(name) if kind == "monthly" else date_text(name)


def date_text(value: str) -> str:
    """Return an ISO date in words."""
    day = date.fromisoformat(value)
    return f"{day.year}年{day.month}月{day.day}日"


def short_date(value: str) -> str:
    """Return an ISO date in words, without its year."""
    day = date.fromisoformat(value)
    return f"{day.month}月{day.day}日"


def month_text(value: str) -> str:
    """Return a month, `2011-05` or a date in it, in words."""
    return f"{value[:4]}年{int(value[5:7])}月"


def moment_text(value: str | None, zone: str) -> str:
    """Return a moment on the hall's clock, to the second."""
    if value is None:
        return "—"
    return datetime.fromisoformat(value).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S")


def percent(value: float) -> str:
    """Return a share as a percentage with as many decimals as it needs, two at most."""
    text = f"{value * 100:.2f}".rstrip("0").rstrip(".")
    return f"{text}%"


def hours(value: float) -> str:
    """Return hours to one decimal at most."""
    return f"{value:.1f}".removesuffix(".0")


def duration(seconds: int) -> str:
    """Return a duration in minutes and seconds."""
    minutes, rest = divmod(seconds, SECONDS_A_MINUTE)
    if not minutes:
        return f"{rest}秒"
    return f"{minutes}分{rest}秒" if rest else f"{minutes}分钟"


def thousands(value: float | None, decimals: int = 0) -> str:
    """Return a number for a table, a dash where there is none."""
    return "—" if value is None else f"{value:,.{decimals}f}"


def table_percent(value: float | None, *, signed: bool = False) -> str:
    """Return a share for a table, with two decimals, a dash where there is none."""
    if value is None:
        return "—"
    return f"{value * 100:+.2f}%" if signed else f"{value * 100:.2f}%"


def direction(value: float, up: str, down: str, same: str) -> str:
    """Return which way a figure went."""
    if value > 0:
        return up
    return down if value < 0 else same


def hour_text(hour: str) -> str:
    """Return an hour of the day in words."""
    return f"{int(hour)}时至{int(hour) + 1}时"


def followed_up(row: Mapping[str, Any]) -> str:
    """Return what was found out about an unusual movement and what came of it, a dash where nothing is known yet."""
    return "；".join(text for text in (row["explanation"], row["outcome"]) if text) or "—"


def period_line(report: Mapping[str, Any]) -> str:
    """Return the dates a report counts, in words."""
    period = report["period"]
    first, last = date_text(period["first"]), date_text(period["counted_to"] or period["last"])
    return first if first == last else f"{first}至{last}"


CALENDAR_CHANGED = "本版定稿后，大厅工作日历已有变动；本版仍按定稿时的日历统计，更正须另定新版。"


def imprint(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what a report says of itself: what it counts, up to where, in which edition, when printed."""
    edition = report["edition"]
    changed = [("说明", CALENDAR_CHANGED)] if report.get("calendar_changed") else []
    return [
        ("统计区间", period_line(report)),
        ("统计范围", report["department"]["name"] if report["department"] else "全大厅"),
        ("时区", report["time_zone"]),
        ("数据截至", moment_text(report["events_until"], report["time_zone"])),
        ("版次", f"第{edition}版" if edition else "实时统计（统计期未结束）"),
        ("打印日期", date_text(report["printed_on"])),
        *changed,
    ]
