"""Words and rules of the figures; the sums are done where the facts are, in the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

PERIODS: Mapping[str, str] = {
    "day": "YYYY-MM-DD",
    "month": "YYYY-MM",
    "quarter": 'YYYY-"Q"Q',
    "year": "YYYY",
}
GROUPS = ("department", "item", "origin", "hour")
# Which sums tell of a group: of a department, the sums with the fewest rows.
DIMENSIONS: Mapping[str, str] = {"department": "origin", "item": "item", "origin": "origin", "hour": "hour"}
APPOINTMENT_GROUPS = ("channel", "department", "item")
OVERTIME_GROUPS = ("department", "staff")
ONSITE_GROUPS = ("department", "crew")
SECONDS_A_MINUTE = 60


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a page of volumes ends: its last row's period and group."""

    period: str = ""
    group: str = ""

    @property
    def day(self) -> date | None:
        """The first day of the period, None where it is none."""
        year, _, part = self.period.partition("-")
        try:
            if part.startswith("Q"):
                return date(int(year), 3 * int(part[1:]) - 2, 1)
            month, _, day = part.partition("-")
            return date(int(year), int(month or 1), int(day or 1))
        except ValueError:
            return None


@dataclass(frozen=True, kw_only=True)
class ThreeServices:
    """Cases of phone and web appointments, extended sessions and on-site orders, and their share of all."""

    cases: int
    share: float | None


@dataclass(frozen=True, kw_only=True)
class EstimateQuality:
    """How the wait that came true compares with the estimate given at issue.

    `covered_rate` is the share of waits within `p90_s`, `mean_abs_error_s` the mean distance from `p50_s`.
    """

    covered_rate: float | None
    mean_abs_error_s: int | None


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The figures of one business date.

    A wait is from issue to the first call; percentiles are PostgreSQL's `percentile_cont` (linear
    interpolation), rounded to seconds. `called` counts tickets called at least once, `missed` those whose visitor
    did not come at least once. `accepted` and the three services count cases by acceptance date, `decided` (granted or
    refused) and `on_time_rate` are those of the cases decided on the date. In `by_hour` a ticket is issued in the
    hour of its issue and served in the hour in which its service ended.
    """

    date: date
    issued: int
    called: int
    served: int
    missed: int
    accepted: int
    waiting_now: int
    median_wait_s: int | None
    p90_wait_s: int | None
    decided: int
    granted: int
    refused: int
    on_time_rate: float | None
    three_services: ThreeServices
    estimate: EstimateQuality
    by_hour: list[Mapping[str, Any]]
    by_department: list[Mapping[str, Any]]
    as_of: datetime | None


def share(part: int, whole: int) -> float | None:
    """Return a part of a whole, None when there is no whole."""
    return part / whole if whole else None


def whole_seconds(seconds: float | None) -> int | None:
    """Return a duration as it is told, in whole seconds."""
    return None if seconds is None else round(seconds)


def overview(day: date, figures: Mapping[str, Any]) -> Overview:
    """Make the overview of a date from its sums.

    Args:
        day: the business date.
        figures: what the query `overview` gives.
    """
    tickets, cases, decisions = figures["tickets"], figures["cases"], figures["decisions"]
    return Overview(
        date=day,
        issued=tickets["issued"],
        called=tickets["called"],
        served=tickets["served"],
        missed=tickets["missed"],
        accepted=cases["accepted"],
        waiting_now=tickets["waiting"],
        median_wait_s=whole_seconds(tickets["median_wait_s"]),
        p90_wait_s=whole_seconds(tickets["p90_wait_s"]),
        decided=decisions["decided"],
        granted=decisions["decided"] - decisions["refused"],
        refused=decisions["refused"],
        on_time_rate=share(decisions["on_time"], decisions["decided"]),
        three_services=ThreeServices(
            cases=cases["three_services"], share=share(cases["three_services"], cases["accepted"])
        ),
        estimate=EstimateQuality(
            covered_rate=share(tickets["covered"], tickets["estimated"]),
            mean_abs_error_s=whole_seconds(tickets["mean_abs_error_s"]),
        ),
        by_hour=figures["by_hour"],
        by_department=figures["by_department"],
        as_of=figures["as_of"],
    )


def appointment_row(sums: Mapping[str, Any]) -> dict[str, Any]:
    """Make a row of appointment figures from its sums.

    The show rate is the share of those who came among all who came or stayed away; an appointment that was
    cancelled, displaced or is still ahead says nothing about it.

    Args:
        sums: a row of the query `appointments`.
    """
    came = sums["checked_in"] + sums["fulfilled"]
    return {
        **sums,
        "show_rate": share(came, came + sums["no_shows"]),
        "lead_median_s": whole_seconds(sums["lead_median_s"]),
    }


def onsite_row(sums: Mapping[str, Any]) -> dict[str, Any]:
    """Make a row of on-site figures from its sums: minutes of seconds, and the share of arrivals that were on time.

    Args:
        sums: a row of the query `onsite`.
    """
    return {
        **sums,
        "on_time_rate": share(sums["on_time"], sums["arrivals"]),
        "travel_minutes": round(sums["travel_s"] / SECONDS_A_MINUTE),
        "service_minutes": round(sums["service_s"] / SECONDS_A_MINUTE),
    }
