"""The tables of a report."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from services.statistics.figures.domain.evaluations import LEVELS
from services.statistics.figures.domain.periods import days_of, month_of
from services.statistics.reports.domain.commendations import commended
from services.statistics.reports.domain.sums import (
    MINUTES_AN_HOUR,
    THREE_SERVICES,
    Known,
    Row,
    Sums,
    each_day,
    floor_rate,
    of_dimension,
    of_three_services,
    rate,
    service_days,
    totals,
)


def tables(sums: Sums, known: Known, year_before: Sums, *, department: str | None) -> dict[str, Any]:
    """Return the tables of a report; one that says nothing of a period of this kind is empty."""
    kind = sums.period.kind
    departments = [row for row in known.departments if department in (None, row["code"])]
    return {
        "by_month": by_month(sums, year_before) if kind in ("annual", "quarterly") else [],
        "by_day": by_day(sums) if kind == "monthly" else [],
        "by_department": by_department(sums, known, departments, year_before),
        "by_item": by_item(sums, known, year_before),
        "by_kind": by_kind(sums, known),
        "by_origin": _ranked(sums, "origin", by_size=True),
        "by_hour": _ranked(sums, "hour", by_size=False),
        "three_services": three_services_by_department(sums, departments),
        "evaluations": evaluations_by_level(sums),
        "anomalies": [_anomaly(row, known) for row in sums.anomalies],
    }


def by_month(sums: Sums, year_before: Sums) -> list[dict[str, Any]]:
    """Return a row for each month that is counted."""
    earlier: dict[int, int] = defaultdict(int)
    for row in year_before.days:
        earlier[row["day"].month] += row["cases"]
    months: dict[date, list[Row]] = defaultdict(list)
    for row in sums.days:
        months[row["day"].replace(day=1)].append(row)
    rows = []
    for first, days in sorted(months.items()):
        cases = sum(row["cases"] for row in days)
        span = service_days(
            sums, max(first, sums.counted_from or first), min(month_of(first).last, sums.counted_to or first)
        )
        rows.append(
            {
                "month": month_of(first).name,
                "cases": cases,
                **_change(cases, earlier[first.month]),
                "working_days": span,
                "cases_per_working_day": each_day(cases, span),
                "peak_day": max(row["cases"] for row in days),
                "three_services": sum(row["three"] for row in days),
            }
        )
    return rows


def by_day(sums: Sums) -> list[dict[str, Any]]:
    """Return a row for each date up to the last that is counted."""
    found = {row["day"]: row for row in sums.days}
    return [
        {
            "day": day,
            "working": sums.calendar.is_working(day),
            "cases": found[day]["cases"] if day in found else 0,
            "three_services": found[day]["three"] if day in found else 0,
        }
        for day in days_of(sums.period.first, sums.counted_to or sums.period.first - timedelta(days=1))
    ]


def by_department(
    sums: Sums, known: Known, departments: Sequence[Row], year_before: Sums
) -> list[dict[str, Any]]:
    """Return a row for each department, the one with most cases first."""
    cases = totals(of_dimension(sums, "origin"), "department", "cases")
    earlier = totals(of_dimension(year_before, "origin"), "department", "cases")
    decided = totals(of_dimension(sums, "decision"), "department", "decided")
    on_time = totals(of_dimension(sums, "decision"), "department", "on_time")
    refused = totals(sums.refusals, "department", "count")
    three = totals(of_three_services(sums), "department", "cases")
    minutes = totals(sums.overtime, "department", "minutes")
    staff = totals(known.staff, "department", "staff")
    items = totals(known.items, "department", "in_force")
    praise: dict[str, dict[str, int]] = defaultdict(dict)
    for row in sums.commendations:
        praise[row["department"]][row["kind"]] = row["count"]
    total = sum(cases.values())
    rows = [
        {
            **_named(row),
            "department": row["code"],
            "staff": staff.get(row["code"], 0),
            "items": items.get(row["code"], 0),
            "cases": cases.get(row["code"], 0),
            "share": rate(cases.get(row["code"], 0), total),
            **_change(cases.get(row["code"], 0), earlier.get(row["code"], 0)),
            "decided": decided.get(row["code"], 0),
            "refused": refused.get(row["code"], 0),
            "on_time_rate": floor_rate(on_time.get(row["code"], 0), decided.get(row["code"], 0)),
            "three_services": three.get(row["code"], 0),
            "overtime_hours": round(minutes.get(row["code"], 0) / MINUTES_AN_HOUR, 1),
            **commended(praise[row["code"]]),
        }
        for row in departments
    ]
    return sorted(rows, key=lambda row: (-row["cases"], row["department"]))


def by_item(sums: Sums, known: Known, year_before: Sums) -> list[dict[str, Any]]:
    """Return a row for each item with cases, the one with most first."""
    earlier = totals(of_dimension(year_before, "item"), "key", "cases")
    names = {row["code"]: row for row in known.items}
    departments = {row["code"]: row["name"] for row in known.departments}
    cases: dict[str, int] = totals(of_dimension(sums, "item"), "key", "cases")
    owners = _owners(sums)
    total = sum(cases.values())
    return [
        {
            **_named(names.get(item, {"code": item})),
            "item": item,
            "department": owners[item],
            "department_name": departments.get(owners[item], owners[item]),
            "cases": count,
            "share": rate(count, total),
            **_change(count, earlier.get(item, 0)),
        }
        for item, count in sorted(cases.items(), key=lambda each: (-each[1], each[0]))
        if count
    ]


def _owners(sums: Sums) -> dict[str, str]:
    """Return the department that accepted most cases of each item; tickets alone make no item another department's."""
    rows = sorted(of_dimension(sums, "item"), key=lambda row: (row["cases"], row["department"]))
    return {row["key"]: row["department"] for row in rows}


def by_kind(sums: Sums, known: Known) -> list[dict[str, Any]]:
    """Return how many items of each kind there are and how many cases they had."""
    cases = totals(of_dimension(sums, "item"), "key", "cases")
    items: dict[str, int] = defaultdict(int)
    counted: dict[str, int] = defaultdict(int)
    for row in known.items:
        items[row["kind"]] += row["in_force"]
        counted[row["kind"]] += cases.get(row["code"], 0)
    return [
        {"kind": kind, "items": items[kind], "cases": counted[kind]} for kind in sorted(items) if items[kind]
    ]


def three_services_by_department(sums: Sums, departments: Sequence[Row]) -> list[dict[str, Any]]:
    """Return a row for each department that had cases of the three services."""
    minutes = totals(sums.overtime, "department", "minutes")
    split: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(THREE_SERVICES, 0))
    for row in of_three_services(sums):
        split[row["department"]][row["key"]] += row["cases"]
    rows = [
        {
            **_named(row),
            "department": row["code"],
            **split[row["code"]],
            "cases": sum(split[row["code"]].values()),
            "overtime_hours": round(minutes.get(row["code"], 0) / MINUTES_AN_HOUR, 1),
        }
        for row in departments
        if row["code"] in split or minutes.get(row["code"])
    ]
    return sorted(rows, key=lambda row: (-row["cases"], row["department"]))


def evaluations_by_level(sums: Sums) -> list[dict[str, Any]]:
    """Return how many evaluations there were of each level, the best first; nothing when there were none."""
    levels = totals(sums.evaluations, "level", "count")
    total = sum(levels.values())
    if not total:
        return []
    return [
        {"level": level, "count": levels.get(level, 0), "share": rate(levels.get(level, 0), total)}
        for level in reversed(LEVELS)
    ]


def _ranked(sums: Sums, dimension: str, *, by_size: bool) -> list[dict[str, Any]]:
    cases = totals(of_dimension(sums, dimension), "key", "cases")
    total = sum(cases.values())
    order: Callable[[str], Any] = (lambda key: (-cases[key], key)) if by_size else (lambda key: key)
    return [
        {dimension: key, "cases": cases[key], "share": rate(cases[key], total)}
        for key in sorted(cases, key=order)
        if cases[key]
    ]


def _change(now: int, then: int) -> dict[str, Any]:
    if not then:
        return {"year_before": None, "ratio": None}
    return {"year_before": then, "ratio": rate(now - then, then)}


def _named(row: Row) -> dict[str, Any]:
    return {"name": row.get("name") or row["code"], "name_en": row.get("name_en")}


def _anomaly(row: Row, known: Known) -> dict[str, Any]:
    """Return an unusual movement with the name of what moved: an hour's is that of its department."""
    names = {each["code"]: each.get("name") for each in (*known.departments, *known.items)}
    about = row["department"] if row["subject_kind"] == "hour" else row["subject"]
    return {**row, "name": names.get(about) or about}
