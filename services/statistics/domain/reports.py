"""How a report is made of sums. Pure: the sums come from the database, the report goes out as JSON."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from services.statistics.domain.indicators import COMPARED, sources, value_of
from services.statistics.domain.periods import Period, days_of, is_working_day, month_of, working_days

Row = Mapping[str, Any]

THREE_SERVICES = ("phone", "web", "extended", "on_site")
COMMENDATIONS = ("letter", "banner", "plaque")
EXPLAINED = frozenset({"explained", "confirmed", "dismissed", "fed_back"})
POSITIVE_LEVEL = 3
LEVELS = (5, 4, 3, 2, 1)
QUICK_WAIT_S = 15 * 60
MINUTES_AN_HOUR = 60
# A rate is told in hundredths of a percent.
RATE_PARTS = 10_000


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What was counted in a stretch of dates.

    Each is the rows of the query of that name. `days` holds a row for each date on which the hall accepted a case,
    with the hall's cases and those of the department the report is about (the same in a report on the hall).
    """

    period: Period
    days: Sequence[Row] = ()
    volumes: Sequence[Row] = ()
    overtime: Sequence[Row] = ()
    commendations: Sequence[Row] = ()
    evaluations: Sequence[Row] = ()
    anomalies: Sequence[Row] = ()

    @property
    def counted_from(self) -> date | None:
        """The first date on which the hall accepted a case."""
        return min((row["day"] for row in self.days if row["hall_cases"]), default=None)

    @property
    def counted_to(self) -> date | None:
        """The last date on which the hall accepted a case."""
        return max((row["day"] for row in self.days if row["hall_cases"]), default=None)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of the hall beside the sums of a stretch; rows are those of the queries of these names."""

    departments: Sequence[Row] = ()
    items: Sequence[Row] = ()
    staff: Sequence[Row] = ()
    cumulative: int = 0
    records_since: date | None = None
    waits: Sequence[tuple[int, int]] = field(default=())


def report(
    sums: Sums, known: Known, *, before: Sums, year_before: Sums, department: str | None
) -> dict[str, Any]:
    """Make the report of a period: indicators, tables, comparison, and the rule of each.

    Args:
        sums: of the period.
        known: of the hall.
        before: of the period before, or as much of it as has passed of this one.
        year_before: of the same stretch a year before.
        department: the code of the department it is about, None for the hall.
    """
    figures = indicators(sums, known)
    return {
        **figures,
        "comparison": {
            "before": compared(figures, indicators(before, known), before),
            "year_before": compared(figures, indicators(year_before, known), year_before),
        },
        "tables": tables(sums, known, year_before, department=department),
        "sources": sources(),
    }


def indicators(sums: Sums, known: Known) -> dict[str, Any]:
    """Return the indicators of a stretch, by the rules that `domain.indicators` tells."""
    accepted = sum(row["cases"] for row in sums.days)
    counted_days = _working_days(sums.counted_from, sums.counted_to)
    peak = max(sums.days, key=lambda row: (row["cases"], -row["day"].toordinal()), default=None)
    busiest = peak if peak and peak["cases"] else None
    decisions = [row for row in sums.volumes if row["dimension"] == "decision"]
    decided = sum(row["decided"] for row in decisions)
    kinds = _by(sums.commendations, "kind", "count")
    levels = _by(sums.evaluations, "level", "count")
    evaluations = sum(levels.values())
    positive = sum(count for level, count in levels.items() if level >= POSITIVE_LEVEL)
    return {
        "departments": len(known.departments),
        "staff": sum(row["staff"] for row in known.staff),
        "items": sum(row["in_force"] for row in known.items),
        "items_before": sum(row["before"] for row in known.items),
        "cases_accepted": accepted,
        "working_days": counted_days,
        "cases_per_working_day": _each(accepted, counted_days),
        "cases_peak_day": busiest["cases"] if busiest else 0,
        "cases_peak_date": busiest["day"] if busiest else None,
        "cases_decided": decided,
        "on_time_rate": floor_rate(sum(row["on_time"] for row in decisions), decided),
        "cases_cumulative": known.cumulative,
        "records_since": known.records_since,
        "three_services": three_services(sums, known),
        "evaluations": evaluations,
        "positive_rate": floor_rate(positive, evaluations),
        **{f"{kind}s": kinds.get(kind, 0) for kind in COMMENDATIONS},
        "anomalies": {
            "detected": len(sums.anomalies),
            "explained": sum(row["state"] in EXPLAINED for row in sums.anomalies),
        },
        "waits": waits(known.waits),
    }


def three_services(sums: Sums, known: Known) -> dict[str, Any]:
    """Return the figures of the three services, counted from the month in which they began."""
    since, last = three_services_since(sums), sums.counted_to
    by_origin = _by((row for row in sums.volumes if row["dimension"] == "origin"), "key", "cases")
    services = {origin: by_origin.get(origin, 0) for origin in THREE_SERVICES}
    cases = sum(services.values())
    active = {
        row["department"]
        for row in sums.volumes
        if row["dimension"] == "origin" and row["key"] in THREE_SERVICES and row["cases"]
    }
    offering = sum(each["offers_three_services"] and each["code"] in active for each in known.departments)
    served = [row for row in sums.days if since and row["day"] >= since]
    resting = sum(1 for row in served if row["three"] and not is_working_day(row["day"]))
    days = _working_days(since, last) + resting
    return {
        "departments": offering,
        "departments_share": rate(offering, len(known.departments)),
        "since": since,
        "cases": cases,
        "share": rate(cases, sum(row["cases"] for row in served)),
        "days": days,
        "cases_per_working_day": _each(cases, days),
        "overtime_hours": round(sum(row["minutes"] for row in sums.overtime) / MINUTES_AN_HOUR, 1),
        "by_service": services,
    }


def three_services_since(sums: Sums) -> date | None:
    """Return the first day of the month in which the period's first case of the three services was accepted."""
    first = min((row["day"] for row in sums.days if row["hall_three"]), default=None)
    return max(sums.period.first, first.replace(day=1)) if first else None


def waits(counts: Sequence[tuple[int, int]]) -> dict[str, Any] | None:
    """Return the distribution of waits, None where nobody was called.

    Args:
        counts: seconds of waiting and how many tickets waited so long, in their order.
    """
    tickets = sum(count for _, count in counts)
    if not tickets:
        return None
    quick = sum(count for seconds, count in counts if seconds <= QUICK_WAIT_S)
    return {
        "tickets": tickets,
        "median_s": round(percentile(counts, 0.5)),
        "p90_s": round(percentile(counts, 0.9)),
        "within_15_min": floor_rate(quick, tickets),
    }


def percentile(counts: Sequence[tuple[int, int]], fraction: float) -> float:
    """Return a percentile of counted values by linear interpolation, as PostgreSQL's `percentile_cont`.

    Args:
        counts: values and how often each occurs, in the values' order; not empty.
        fraction: from 0 to 1.
    """
    ends = list(accumulate(count for _, count in counts))
    place = fraction * (ends[-1] - 1)
    below, above = (
        next(value for (value, _), end in zip(counts, ends, strict=True) if end > index)
        for index in (int(place), min(int(place) + 1, ends[-1] - 1))
    )
    return below + (above - below) * (place - int(place))


def compared(figures: Row, earlier: Row, sums: Sums) -> dict[str, Any]:
    """Compare indicators with those of an earlier stretch; all None when the hall accepted nothing in it."""
    known = sums.counted_to is not None
    return {
        "period": {"name": sums.period.name, "first": sums.period.first, "last": sums.period.last},
        **{
            key: difference(value_of(figures, key), value_of(earlier, key) if known else None) for key in COMPARED
        },
    }


def difference(now: Any, then: Any) -> dict[str, Any]:
    """Return the earlier value, how much has come or gone since, and that as a share of the earlier value."""
    if now is None or then is None:
        return {"value": then, "difference": None, "ratio": None}
    return {"value": then, "difference": round(now - then, 4), "ratio": rate(now - then, then)}


def tables(sums: Sums, known: Known, year_before: Sums, *, department: str | None) -> dict[str, Any]:
    """Return the tables of a report; one that says nothing of a period of this kind is empty."""
    kind = sums.period.kind
    departments = [row for row in known.departments if department in (None, row["code"])]
    return {
        "by_month": by_month(sums) if kind in ("annual", "quarterly") else [],
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


def by_month(sums: Sums) -> list[dict[str, Any]]:
    """Return a row for each month that is counted."""
    months: dict[date, list[Row]] = defaultdict(list)
    for row in sums.days:
        months[row["day"].replace(day=1)].append(row)
    rows = []
    for first, days in sorted(months.items()):
        cases = sum(row["cases"] for row in days)
        span = _working_days(
            max(first, sums.counted_from or first), min(month_of(first).last, sums.counted_to or first)
        )
        rows.append(
            {
                "month": month_of(first).name,
                "cases": cases,
                "working_days": span,
                "cases_per_working_day": _each(cases, span),
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
            "working": is_working_day(day),
            "cases": found[day]["cases"] if day in found else 0,
            "three_services": found[day]["three"] if day in found else 0,
        }
        for day in days_of(sums.period.first, sums.counted_to or sums.period.first - timedelta(days=1))
    ]


def by_department(
    sums: Sums, known: Known, departments: Sequence[Row], year_before: Sums
) -> list[dict[str, Any]]:
    """Return a row for each department, the one with most cases first."""
    cases = _by(_of(sums, "origin"), "department", "cases")
    earlier = _by(_of(year_before, "origin"), "department", "cases")
    decided = _by(_of(sums, "decision"), "department", "decided")
    on_time = _by(_of(sums, "decision"), "department", "on_time")
    three = _by(_three(sums), "department", "cases")
    minutes = _by(sums.overtime, "department", "minutes")
    staff = _by(known.staff, "department", "staff")
    items = _by(known.items, "department", "in_force")
    praise = {
        kind: _by((row for row in sums.commendations if row["kind"] == kind), "department", "count")
        for kind in COMMENDATIONS
    }
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
            "on_time_rate": floor_rate(on_time.get(row["code"], 0), decided.get(row["code"], 0)),
            "three_services": three.get(row["code"], 0),
            "overtime_hours": round(minutes.get(row["code"], 0) / MINUTES_AN_HOUR, 1),
            **{f"{kind}s": praise[kind].get(row["code"], 0) for kind in COMMENDATIONS},
        }
        for row in departments
    ]
    return sorted(rows, key=lambda row: (-row["cases"], row["department"]))


def by_item(sums: Sums, known: Known, year_before: Sums) -> list[dict[str, Any]]:
    """Return a row for each item with cases, the one with most first."""
    earlier = _by(_of(year_before, "item"), "key", "cases")
    names = {row["code"]: row for row in known.items}
    departments = {row["code"]: row["name"] for row in known.departments}
    cases: dict[str, int] = _by(_of(sums, "item"), "key", "cases")
    owners = {row["key"]: row["department"] for row in _of(sums, "item")}
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


def by_kind(sums: Sums, known: Known) -> list[dict[str, Any]]:
    """Return how many items of each kind there are and how many cases they had."""
    cases = _by(_of(sums, "item"), "key", "cases")
    items: dict[str, int] = defaultdict(int)
    counted: dict[str, int] = defaultdict(int)
    for row in known.items:
        items[row["kind"]] += row["in_force"]
        counted[row["kind"]] += cases.get(row["code"], 0)
    return [{"kind": kind, "items": items[kind], "cases": counted[kind]} for kind in sorted(items) if items[kind]]


def three_services_by_department(sums: Sums, departments: Sequence[Row]) -> list[dict[str, Any]]:
    """Return a row for each department that had cases of the three services."""
    minutes = _by(sums.overtime, "department", "minutes")
    split: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(THREE_SERVICES, 0))
    for row in _three(sums):
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
    levels = _by(sums.evaluations, "level", "count")
    total = sum(levels.values())
    if not total:
        return []
    return [
        {"level": level, "count": levels.get(level, 0), "share": rate(levels.get(level, 0), total)}
        for level in LEVELS
    ]


def rate(part: float, whole: float) -> float | None:
    """Return a part of a whole to hundredths of a percent, None when there is no whole."""
    return round(part / whole, 4) if whole else None


def floor_rate(part: int, whole: int) -> float | None:
    """Return a part of a whole cut off to hundredths of a percent: all but one of many is never told as all."""
    return part * RATE_PARTS // whole / RATE_PARTS if whole else None


def _each(cases: int, days: int) -> int | None:
    return (2 * cases + days) // (2 * days) if days else None


def _working_days(first: date | None, last: date | None) -> int:
    return working_days(first, last) if first and last else 0


def _of(sums: Sums, dimension: str) -> list[Row]:
    return [row for row in sums.volumes if row["dimension"] == dimension]


def _three(sums: Sums) -> list[Row]:
    return [row for row in _of(sums, "origin") if row["key"] in THREE_SERVICES]


def _by(rows: Iterable[Row], key: str, counted: str) -> dict[Any, int]:
    totals: dict[Any, int] = defaultdict(int)
    for row in rows:
        totals[row[key]] += row[counted]
    return dict(totals)


def _ranked(sums: Sums, dimension: str, *, by_size: bool) -> list[dict[str, Any]]:
    cases = _by(_of(sums, dimension), "key", "cases")
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
    names = {each["code"]: each.get("name") for each in (*known.departments, *known.items)}
    return {**row, "name": names.get(row["subject"]) or row["subject"]}
