"""What was counted in a stretch of dates, as the database gives it, and the arithmetic of rates."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.statistics.facts.domain.workdays import PUBLISHED, Calendar
from services.statistics.figures.domain.periods import Period

Row = Mapping[str, Any]

THREE_SERVICES = ("phone", "web", "extended", "on_site")
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
    joint: Sequence[Row] = ()
    refusals: Sequence[Row] = ()
    calendar: Calendar = PUBLISHED

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


def rate(part: float, whole: float) -> float | None:
    """Return a part of a whole to hundredths of a percent, None when there is no whole."""
    return round(part / whole, 4) if whole else None


def floor_rate(part: int, whole: int) -> float | None:
    """Return a part of a whole cut off to hundredths of a percent: all but one of many is never told as all."""
    return part * RATE_PARTS // whole / RATE_PARTS if whole else None


def each_day(cases: int, days: int) -> int | None:
    """Return how many cases that is a day, rounded to a whole number, half up; None when there are no days."""
    return (2 * cases + days) // (2 * days) if days else None


def counted_days(calendar: Calendar, first: date | None, last: date | None) -> int:
    """Return the working days of a stretch, none of one that has no ends."""
    return calendar.count(first, last) if first and last else 0


def service_days(sums: Sums, first: date | None, last: date | None) -> int:
    """Return the days of a stretch on which the hall worked: working days, and rest days on which it accepted cases."""
    resting = [
        row
        for row in sums.days
        if first
        and last
        and first <= row["day"] <= last
        and row["hall_cases"]
        and not sums.calendar.is_working(row["day"])
    ]
    return counted_days(sums.calendar, first, last) + len(resting)


def of_dimension(sums: Sums, dimension: str) -> list[Row]:
    """Return the volumes of a dimension."""
    return [row for row in sums.volumes if row["dimension"] == dimension]


def of_three_services(sums: Sums) -> list[Row]:
    """Return the volumes by origin whose origin is one of the three services."""
    return [row for row in of_dimension(sums, "origin") if row["key"] in THREE_SERVICES]


def totals(rows: Iterable[Row], key: str, counted: str) -> dict[Any, int]:
    """Return the sum of a member of rows by another member."""
    found: dict[Any, int] = defaultdict(int)
    for row in rows:
        found[row[key]] += row[counted]
    return dict(found)
