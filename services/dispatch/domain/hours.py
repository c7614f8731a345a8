"""Opening hours as crews need them: whether a day is worked, and which part of a visit lies outside."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from services.closures import Closures
from services.week import weekday_of

FRIDAY = 5
MINUTE = timedelta(minutes=1)
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class OpeningHours:
    """When departments serve: stretches of local time by (department or None, ISO weekday), and days that differ.

    In `closures` they do not all the same, and nobody visits; overtime of crews is counted without them.
    """

    zone: ZoneInfo
    weekly: Mapping[tuple[str | None, int], Sequence[tuple[time, time]]]
    exceptions: Mapping[date, bool] = field(default_factory=dict)
    closures: Closures = field(default_factory=Closures)

    def crew_weekday(self, day: date, shifts: Iterable[int]) -> int | None:
        """Return the weekday whose shift holds on a day; None on a holiday.

        Args:
            day: the day.
            shifts: the weekdays on which the crew has a shift; a make-up workday counts as one of them.
        """
        working = self.exceptions.get(day)
        if working is None:
            return day.isoweekday()
        return weekday_of(day, shifts) if working else None

    def open_on(self, day: date, department: str) -> list[Stretch]:
        """Return when a department serves on a day, in order; nothing on a rest day."""
        if not self.exceptions.get(day, day.isoweekday() <= FRIDAY):
            return []
        weekday = weekday_of(day, (nth for code, nth in self.weekly if code in (None, department)))
        rows = self.weekly.get((department, weekday), self.weekly.get((None, weekday), ()))
        return [tuple(datetime.combine(day, each, self.zone) for each in row) for row in rows]  # type: ignore[misc]

    def breaks_on(self, day: date, department: str) -> list[Stretch]:
        """Return when a department that serves on a day has its breaks, in order."""
        return [(closes, opens) for (_, closes), (opens, _) in pairwise(self.open_on(day, department))]

    def closed_within(self, since: datetime, until: datetime, department: str) -> Iterator[Stretch]:
        """Give the parts of a stretch of time in which a department is closed, in order."""
        begins = since
        for starts, ends in self.closures.left(since, until, department):
            if begins < starts:
                yield begins, starts
            begins = ends
        if begins < until:
            yield begins, until

    def outside(self, since: datetime, until: datetime, department: str) -> Iterator[Stretch]:
        """Give the parts of a stretch of time outside a department's hours that last a minute or longer."""
        first, last = since.astimezone(self.zone).date(), until.astimezone(self.zone).date()
        days = (first + timedelta(days=nth) for nth in range((last - first).days + 1))
        begins = since
        for opens, closes in (each for day in days for each in self.open_on(day, department)):
            if min(opens, until) - begins >= MINUTE:
                yield begins, min(opens, until)
            begins = max(begins, closes)
            if begins >= until:
                return
        if until - begins >= MINUTE:
            yield begins, until


def opening_hours(
    rows: Sequence[Mapping[str, Any]],
    years: Sequence[Sequence[Mapping[str, Any]]],
    zone: ZoneInfo,
    closures: Closures | None = None,
) -> OpeningHours:
    """Make opening hours of the catalogue's rows; times are "HH:MM", days "YYYY-MM-DD"."""
    return OpeningHours(
        zone=zone,
        weekly={(row.get("department"), int(row["weekday"])): list(_served(row)) for row in rows},
        exceptions={
            date.fromisoformat(each["day"]): bool(each["working"]) for year in years for each in year
        },
        closures=closures or Closures(),
    )


def _served(row: Mapping[str, Any]) -> Iterator[tuple[time, time]]:
    begins = row["opens"]
    for pause in sorted(row.get("breaks") or (), key=lambda one: str(one["starts"])):
        yield time.fromisoformat(begins), time.fromisoformat(pause["starts"])
        begins = pause["ends"]
    yield time.fromisoformat(begins), time.fromisoformat(row["closes"])
