"""When departments serve."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.appointments.domain.stretches import Stretch
from services.closures import Closures
from services.week import weekday_of

FRIDAY = 5


@dataclass(frozen=True, kw_only=True)
class OpenHours:
    """When departments serve: weekly stretches of local time by (department or None, ISO weekday), days that differ.

    `closures` are times at which they do not all the same.
    """

    zone: ZoneInfo
    weekly: Mapping[tuple[str | None, int], Sequence[tuple[time, time]]]
    exceptions: Mapping[date, bool] = field(default_factory=dict)
    closures: Closures = field(default_factory=Closures)

    def weekday(self, day: date, department: str) -> int | None:
        """Return the weekday whose hours a department has on a day; None on a rest day."""
        if not self.exceptions.get(day, day.isoweekday() <= FRIDAY):
            return None
        known = {nth for code, nth in self.weekly if code in (None, department)}
        return weekday_of(day, known)

    def holds(self, department: str, weekday: int, starts: time, ends: time) -> bool:
        """Tell whether a department serves through a stretch of a weekday without a break."""
        return any(
            opens <= starts and ends <= closes for opens, closes in self._of_weekday(department, weekday)
        )

    def serves(self, department: str, starts_at: datetime, ends_at: datetime) -> bool:
        """Tell whether a department serves through a stretch of a day without a break."""
        starts, ends = (moment.astimezone(self.zone) for moment in (starts_at, ends_at))
        weekday = self.weekday(starts.date(), department)
        return (
            weekday is not None
            and self.holds(department, weekday, starts.time(), ends.time())
            and self.closures.spare(starts, ends, department)
        )

    def between(self, department: str, since: datetime, until: datetime) -> Iterator[Stretch]:
        """Give the stretches in which a department usually serves on the days from one moment to another, in UTC.

        Closures are no overtime, and take none away: they are not heeded.
        """
        first, last = (moment.astimezone(self.zone).date() for moment in (since, until))
        for day in (first + timedelta(days=nth) for nth in range((last - first).days + 1)):
            weekday = self.weekday(day, department)
            for edges in () if weekday is None else self._of_weekday(department, weekday):
                starts, ends = (datetime.combine(day, edge, self.zone).astimezone(UTC) for edge in edges)
                yield starts, ends

    def _of_weekday(self, department: str, weekday: int) -> Sequence[tuple[time, time]]:
        return self.weekly.get((department, weekday), self.weekly.get((None, weekday), ()))


def open_hours(
    rows: Sequence[Mapping[str, Any]],
    years: Sequence[Sequence[Mapping[str, Any]]],
    zone: ZoneInfo,
    closures: Closures | None = None,
) -> OpenHours:
    """Make opening hours of the catalogue's rows; times are "HH:MM", days "YYYY-MM-DD"."""
    weekly = {(row.get("department"), int(row["weekday"])): _stretches(row) for row in rows}
    days = {date.fromisoformat(each["day"]): bool(each["working"]) for year in years for each in year}
    return OpenHours(zone=zone, weekly=weekly, exceptions=days, closures=closures or Closures())


def _stretches(row: Mapping[str, Any]) -> list[tuple[time, time]]:
    edges = [str(row["opens"])]
    for each in sorted(row.get("breaks") or (), key=lambda one: str(one["starts"])):
        edges += [str(each["starts"]), str(each["ends"])]
    moments = [time.fromisoformat(edge) for edge in [*edges, str(row["closes"])]]
    return list(zip(moments[::2], moments[1::2], strict=True))
