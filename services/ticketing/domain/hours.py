"""When the hall serves: the hours of a day, its extended sessions, and how much is left of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from services.closures import Closures
from services.ticketing.domain.session import ExtendedSession, Sessions
from services.week import weekday_of

SATURDAY = 6


@dataclass(frozen=True)
class OpenTime:
    """A stretch of time in which windows serve: all of them, or in an extended session those it names; aware times."""

    starts: datetime
    ends: datetime
    windows: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class OpeningHours:
    """Weekly hours, for the hall and for departments that differ, days that break the week, sessions and closures.

    `weekly` maps (department or None, ISO weekday) to stretches of local time; `exceptions` maps a date to whether
    it is a working day. Which hours a make-up workday has, `services.week` says.
    """

    zone: ZoneInfo
    weekly: Mapping[tuple[str | None, int], Sequence[tuple[time, time]]]
    exceptions: Mapping[date, bool] = field(default_factory=dict)
    sessions: Sessions = field(default_factory=Sessions)
    closures: Closures = field(default_factory=Closures)

    def is_working_day(self, day: date) -> bool:
        """Tell whether the hall works on a day: Monday to Friday unless the calendar says otherwise."""
        return self.exceptions.get(day, day.isoweekday() < SATURDAY)

    def open_times(self, day: date, department: str) -> list[OpenTime]:
        """Return the stretches in which a department serves on a day, in order; none on a rest day."""
        return list(self._but_for_closures(self._usual_times(day, department), department))

    def _but_for_closures(self, stretches: Iterable[OpenTime], department: str) -> Iterator[OpenTime]:
        for each in stretches:
            for starts, ends in self.closures.left(each.starts, each.ends, department):
                yield replace(each, starts=starts, ends=ends)

    def _usual_times(self, day: date, department: str) -> list[OpenTime]:
        """Return the stretches in which a department serves on a day when nothing is closed."""
        if not self.is_working_day(day):
            return []
        weekday = weekday_of(day, (nth for code, nth in self.weekly if code in (None, department)))
        rows = self.weekly.get((department, weekday), self.weekly.get((None, weekday), ()))
        return [
            OpenTime(
                datetime.combine(day, starts, self.zone),
                datetime.combine(day, ends, self.zone),
            )
            for starts, ends in rows
        ]

    def is_open(self, at: datetime, department: str) -> bool:
        """Tell whether numbers are given.

        They are from the first opening to the last closing of the day, breaks included, and in the planned time of
        extended sessions; in no closure.
        """
        if self.closures.on(at, department):
            return False
        return self._in_hours(at, department) or any(
            each.gives_numbers(at) for each in self.sessions.of(department)
        )

    def in_session(self, at: datetime, department: str, window: str | None = None) -> bool:
        """Tell whether what is done now is extended: in a session, and outside the hours, of which breaks are none.

        Args:
            at: now.
            department: whose hours.
            window: the session has to be at this window too.
        """
        if not any(self.sessions.running(at, department, window)):
            return False
        usual = self._usual_times(self._date(at), department)
        return not any(each.starts <= at < each.ends for each in usual)

    def since(self, at: datetime, department: str, window: str | None = None) -> date:
        """Return the first business date whose tickets are still called: today's, or that of a session that runs on."""
        running = self.sessions.running(at, department, window)
        return min([self._date(at), *(each.day for each in running)])

    def left(self, at: datetime, department: str) -> list[OpenTime]:
        """Return what is left of the day in which windows serve, breaks taken out and sessions added, in order.

        In a session that has gone past midnight the day is that on which it began.
        """
        day = self._date(at) if self._in_hours(at, department) else self.since(at, department)
        extended = self._but_for_closures(self._extended_times(day, department), department)
        found = [*self.open_times(day, department), *extended]
        left = (replace(each, starts=max(each.starts, at)) for each in found if each.ends > at)
        return sorted(left, key=lambda each: each.starts)

    def next_opening(self, after: datetime, department: str, *, days: int = 30) -> datetime | None:
        """Return when a department opens next after a moment, in local time; None when not within `days` days."""
        today = self._date(after)
        openings = [
            starts.astimezone(self.zone)
            for each in self.sessions.of(department)
            if each.takes_place
            for starts, _ in self.closures.left(each.starts_at, each.ends_at, department)
            if starts > after and not self._in_hours(starts, department)
        ]
        for day in (today + timedelta(days=ahead) for ahead in range(days + 1)):
            first = [starts for starts, _ in self._giving(day, department) if starts > after][:1]
            if first:
                return min([*first, *openings])
        return min(openings, default=None)

    def served_until(self, since: datetime, at: datetime, department: str, window: str | None) -> datetime:
        """Return until when a window can have served at most whom nobody finished.

        That is the last closing of the day on which the service began, or the end of a session of the window that ended
        later; no time at all where both were over by then.

        Args:
            since: when the service began.
            at: when it was closed.
            department: whose hours.
            window: where it was.
        """
        day = self._date(since)
        closings = [each.ends for each in self.open_times(day, department)]
        closings += [
            each.serves_until
            for each in self.sessions.of(department)
            if window in each.windows and each.state != "cancelled" and each.day <= day
        ]
        return min(at, max([since, *closings]))

    def _date(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _in_hours(self, at: datetime, department: str) -> bool:
        """Tell whether it is between the first opening and the last closing of a day, and nothing is closed."""
        return any(starts <= at < ends for starts, ends in self._giving(self._date(at), department))

    def _giving(self, day: date, department: str) -> list[tuple[datetime, datetime]]:
        """Return when numbers are given on a day by its hours: breaks included, closures not."""
        usual = self._usual_times(day, department)
        if not usual:
            return []
        return list(self.closures.left(usual[0].starts, usual[-1].ends, department))

    def _extended_times(self, day: date, department: str) -> Iterator[OpenTime]:
        """Yield when sessions that begin on a day go beyond the hours; where two meet, with the windows of both."""
        sessions = [each for each in self.sessions.of(department) if each.day == day and each.takes_place]
        pieces = [piece for each in sessions for piece in self._beyond_hours(each)]
        edges = sorted({edge for each in pieces for edge in (each.starts, each.ends)})
        for starts, ends in pairwise(edges):
            meeting = [each.windows or frozenset() for each in pieces if each.starts <= starts < each.ends]
            if meeting:
                yield OpenTime(starts, ends, frozenset().union(*meeting))

    def _beyond_hours(self, session: ExtendedSession) -> Iterator[OpenTime]:
        days = (self._date(session.ends_at) - session.day).days + 1
        begins = session.starts_at
        for day in (session.day + timedelta(days=nth) for nth in range(days)):
            for usual in self._usual_times(day, session.department):
                until = min(usual.starts, session.ends_at)
                if begins < until:
                    yield OpenTime(begins, until, session.windows)
                begins = max(begins, usual.ends)
        if begins < session.ends_at:
            yield OpenTime(begins, session.ends_at, session.windows)


def pass_time(
    at: datetime, parts: Sequence[tuple[OpenTime, float]], *, otherwise: float
) -> tuple[float, float]:
    """Return how long work takes on the clock, and how many of its seconds are left over when the day is over.

    Outside the stretches nothing is done. A stretch with fewer windows does as much less of the whole in a second.

    Args:
        at: when it begins.
        parts: the stretches in order, each with the seconds that all the work would take at its windows.
        otherwise: those seconds where there is no stretch.
    """
    whole = parts[0][1] if parts else otherwise
    left, now = whole, at
    for stretch, seconds in parts:
        if seconds != whole:
            left, whole = left * seconds / whole, seconds
        begins = max(stretch.starts, now)
        room = (stretch.ends - begins).total_seconds()
        if left <= room:
            return (begins - at).total_seconds() + left, 0.0
        left, now = left - room, stretch.ends
    return (now - at).total_seconds(), left


def opening_hours(
    rows: Sequence[Mapping[str, Any]],
    years: Sequence[Sequence[Mapping[str, Any]]],
    zone: ZoneInfo,
    sessions: Sessions | None = None,
    closures: Closures | None = None,
) -> OpeningHours:
    """Make opening hours of the catalogue's rows.

    Args:
        rows: `{department, weekday, opens, closes, breaks: [{starts, ends}]}` with times as "HH:MM".
        years: for each year its `{day, working}` exceptions, days as "YYYY-MM-DD".
        zone: the hall's time zone.
        sessions: the extended sessions.
        closures: when nobody serves all the same.
    """
    weekly = {(row.get("department"), int(row["weekday"])): _stretches(row) for row in rows}
    exceptions = {date.fromisoformat(each["day"]): bool(each["working"]) for year in years for each in year}
    return OpeningHours(
        zone=zone,
        weekly=weekly,
        exceptions=exceptions,
        sessions=sessions or Sessions(),
        closures=closures or Closures(),
    )


def _stretches(row: Mapping[str, Any]) -> list[tuple[time, time]]:
    edges = [row["opens"]]
    for each in sorted(row.get("breaks") or (), key=lambda one: str(one["starts"])):
        edges += [each["starts"], each["ends"]]
    edges.append(row["closes"])
    moments = [time.fromisoformat(edge) for edge in edges]
    return list(zip(moments[::2], moments[1::2], strict=True))
