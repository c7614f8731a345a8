"""How a report is made of sums. Pure: the sums come from the database, the report goes out as JSON."""

from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from typing import Any

from services.statistics.figures.domain.evaluations import NEGATIVE
from services.statistics.reports.domain.commendations import commended
from services.statistics.reports.domain.indicators import COMPARED, sources, value_of
from services.statistics.reports.domain.report_tables import tables
from services.statistics.reports.domain.sums import (
    MINUTES_AN_HOUR,
    THREE_SERVICES,
    Known,
    Row,
    Sums,
    counted_days,
    each_day,
    floor_rate,
    rate,
    service_days,
    totals,
)

EXPLAINED = frozenset({"explained", "confirmed", "dismissed", "fed_back"})
QUICK_WAIT_S = 15 * 60


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
    days = service_days(sums, sums.counted_from, sums.counted_to)
    peak = max(sums.days, key=lambda row: (row["cases"], -row["day"].toordinal()), default=None)
    busiest = peak if peak and peak["cases"] else None
    decisions = [row for row in sums.volumes if row["dimension"] == "decision"]
    decided = sum(row["decided"] for row in decisions)
    refused = sum(row["count"] for row in sums.refusals)
    levels = totals(sums.evaluations, "level", "count")
    evaluations = sum(levels.values())
    positive = sum(count for level, count in levels.items() if level > NEGATIVE)
    return {
        "departments": len(known.departments),
        "staff": sum(row["staff"] for row in known.staff),
        "items": sum(row["in_force"] for row in known.items),
        "items_before": sum(row["before"] for row in known.items),
        "cases_accepted": accepted,
        "working_days": days,
        "cases_per_working_day": each_day(accepted, days),
        "cases_peak_day": busiest["cases"] if busiest else 0,
        "cases_peak_date": busiest["day"] if busiest else None,
        "cases_decided": decided,
        "cases_granted": decided - refused,
        "cases_refused": refused,
        "on_time_rate": floor_rate(sum(row["on_time"] for row in decisions), decided),
        "cases_cumulative": known.cumulative,
        "records_since": known.records_since,
        "three_services": three_services(sums, known),
        "evaluations": evaluations,
        "positive_rate": floor_rate(positive, evaluations),
        **commended(totals(sums.commendations, "kind", "count")),
        "anomalies": {
            "detected": len(sums.anomalies),
            "explained": sum(row["state"] in EXPLAINED for row in sums.anomalies),
        },
        "joint_approval": joint_approval(sums),
        "waits": waits(known.waits),
    }


def joint_approval(sums: Sums) -> dict[str, int]:
    """Return how many departments and projects took part in joint approval."""
    period = sums.period
    ended = [row for row in sums.joint if row["ended_on"] and row["ended_on"] <= period.last]
    return {
        "departments": len({code for row in sums.joint for code in row["departments"]}),
        "opened": sum(row["opened_on"] >= period.first for row in sums.joint),
        "closed": sum(row["state"] == "closed" for row in ended),
        "under_way": len(sums.joint) - len(ended),
    }


def three_services(sums: Sums, known: Known) -> dict[str, Any]:
    """Return the figures of the three services, counted from the month in which they began."""
    since, last = three_services_since(sums), sums.counted_to
    by_origin = totals((row for row in sums.volumes if row["dimension"] == "origin"), "key", "cases")
    services = {origin: by_origin.get(origin, 0) for origin in THREE_SERVICES}
    cases = sum(services.values())
    active = {
        row["department"]
        for row in sums.volumes
        if row["dimension"] == "origin" and row["key"] in THREE_SERVICES and row["cases"]
    }
    offering = sum(each["offers_three_services"] and each["code"] in active for each in known.departments)
    served = [row for row in sums.days if since and row["day"] >= since]
    resting = sum(1 for row in served if row["three"] and not sums.calendar.is_working(row["day"]))
    days = counted_days(sums.calendar, since, last) + resting
    return {
        "departments": offering,
        "departments_share": rate(offering, len(known.departments)),
        "since": since,
        "cases": cases,
        "share": rate(cases, sum(row["cases"] for row in served)),
        "days": days,
        "cases_per_working_day": each_day(cases, days),
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
    found: dict[str, Any] = {
        "period": {"name": sums.period.name, "first": sums.period.first, "last": sums.period.last}
    }
    for key in COMPARED:
        head, _, member = key.rpartition(".")
        place = found.setdefault(head, {}) if head else found
        place[member] = difference(value_of(figures, key), value_of(earlier, key) if known else None)
    return found


def difference(now: Any, then: Any) -> dict[str, Any]:
    """Return the earlier value, how much has come or gone since, and that as a share of the earlier value."""
    if now is None or then is None:
        return {"value": then, "difference": None, "ratio": None}
    return {"value": then, "difference": round(now - then, 4), "ratio": rate(now - then, then)}
