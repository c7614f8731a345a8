"""Opening hours of a day: when the hall serves, and how much of the day is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

SATURDAY = 6


@dataclass(frozen=True)
class OpenTime:
    """A stretch of a day in which windows serve; aware times."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True, kw_only=True)
class OpeningHours:
    """Weekly hours, for the whole hall and for departments that differ, and the days that break the week.

    `weekly` maps (department or None, ISO weekday) to stretches of local time; `exceptions` maps a date to whether
    it is a working day. A make-up workday on a weekend has Friday's hours.
    """

    zone: ZoneInfo
    weekly: Mapping[tuple[str | None, int], Sequence[tuple[time, time]]]
    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Tell whether the hall works on a day: Monday to Friday unless the calendar says otherwise."""
        return self.exceptions.get(day, day.isoweekday() < SATURDAY)

    def open_times(self, day: date, department: str) -> list[OpenTime]:
        """Return the stretches in which a department serves on a day, in order; none on a rest day."""
        if not self.is_working_day(day):
            return []
        weekday = min(day.isoweekday(), SATURDAY - 1)
        rows = self.weekly.get((department, weekday), self.weekly.get((None, weekday), ()))
        return [
            OpenTime(
                datetime.combine(day, starts, self.zone),
                datetime.combine(day, ends, self.zone),
            )
            for starts, ends in rows
        ]

    def is_open(self, at: datetime, department: str) -> bool:
        """Tell whether numbers are given: from the first opening to the last closing of the day, breaks included."""
        stretches = self.open_times(at.astimezone(self.zone).date(), department)
        return bool(stretches) and stretches[0].starts <= at < stretches[-1].ends

    def seconds_left(self, at: datetime, department: str) -> float:
        """Return how many seconds a department still serves on the day of `at`, breaks taken out."""
        stretches = self.open_times(at.astimezone(self.zone).date(), department)
        return sum(max(0.0, (each.ends - max(each.starts, at)).total_seconds()) for each in stretches)

    def wall_seconds(self, at: datetime, working: float, department: str) -> float:
        """Return how long it takes on the clock until `working` seconds of service have passed.

        Outside the stretches nothing passes; what does not fit into the day is added at its end.
        """
        left, passed = working, 0.0
        for each in self.open_times(at.astimezone(self.zone).date(), department):
            begins = max(each.starts, at)
            room = (each.ends - begins).total_seconds()
            if room <= 0:
                continue
            if left <= room:
                return (begins - at).total_seconds() + left
            left -= room
            passed = (each.ends - at).total_seconds()
        return passed + left

    def next_opening(self, at: datetime, department: str, *, days: int = 30) -> datetime | None:
        """Return when a department opens next after `at`, None when not within `days` days."""
        today = at.astimezone(self.zone).date()
        for day in (today + timedelta(days=ahead) for ahead in range(days + 1)):
            for each in self.open_times(day, department)[:1]:
                if each.starts > at:
                    return each.starts
        return None


def opening_hours(
    rows: Sequence[Mapping[str, Any]], years: Sequence[Sequence[Mapping[str, Any]]], zone: ZoneInfo
) -> OpeningHours:
    """Make opening hours of the catalogue's rows.

    Args:
        rows: `{department, weekday, opens, closes, breaks: [{starts, ends}]}` with times as "HH:MM".
        years: for each year its `{day, working}` exceptions, days as "YYYY-MM-DD".
        zone: the hall's time zone.
    """
    weekly = {(row.get("department"), int(row["weekday"])): _stretches(row) for row in rows}
    exceptions = {date.fromisoformat(each["day"]): bool(each["working"]) for year in years for each in year}
    return OpeningHours(zone=zone, weekly=weekly, exceptions=exceptions)


def _stretches(row: Mapping[str, Any]) -> list[tuple[time, time]]:
    edges = [row["opens"]]
    for each in sorted(row.get("breaks") or (), key=lambda one: str(one["starts"])):
        edges += [each["starts"], each["ends"]]
    edges.append(row["closes"])
    moments = [time.fromisoformat(edge) for edge in edges]
    return list(zip(moments[::2], moments[1::2], strict=True))
