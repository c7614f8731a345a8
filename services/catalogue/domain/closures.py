"""Closures: when the hall, a department or a window does not serve though the calendar says so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.catalogue.domain.opening import Hours
from services.catalogue.errors import ClosureOver
from services.week import weekday_of

# coming -> running -> past; coming -> called_off
COMING, RUNNING, PAST, CALLED_OFF = STATES = ("coming", "running", "past", "called_off")
HALL, DEPARTMENT, WINDOW = SCOPES = ("hall", "department", "window")
LONGEST = timedelta(days=366)
FARTHEST = timedelta(days=732)


@dataclass(frozen=True, kw_only=True)
class Closure:
    """A closure of a department or window, of the whole hall when neither is named; `ends_at` is as announced."""

    id: str
    department: str | None
    window: str | None
    starts_at: datetime
    ends_at: datetime
    reason: str
    reason_en: str
    recorded_at: datetime
    recorded_by: str | None
    ended_at: datetime | None = None
    ended_by: str | None = None

    @property
    def scope(self) -> str:
        """Return one of `SCOPES`."""
        if self.window is not None:
            return WINDOW
        return HALL if self.department is None else DEPARTMENT

    @property
    def until(self) -> datetime:
        """When it ends, or has ended; as it begins, when it was called off."""
        return self.ends_at if self.ended_at is None else max(self.starts_at, self.ended_at)

    def state(self, at: datetime) -> str:
        """Return one of `STATES`."""
        if self.until == self.starts_at:
            return CALLED_OFF
        if at < self.starts_at:
            return COMING
        return RUNNING if at < self.until else PAST


def faults(closure: Closure, *, at: datetime) -> dict[str, list[str]]:
    """Return by field what is wrong with a closure that is announced at a moment."""
    if closure.ends_at <= max(at, closure.starts_at):
        return {"ends_at": ["Not before it begins, and not before now."]}
    if closure.ends_at - closure.starts_at > LONGEST:
        return {"ends_at": ["At most a year after it begins."]}
    if closure.starts_at > at + FARTHEST:
        return {"starts_at": ["At most two years ahead."]}
    return {}


def end(closure: Closure, *, at: datetime, by: str | None) -> Closure:
    """Return a closure that ends now, or is called off because it has not begun.

    Raises:
        ClosureOver: it has ended, or was called off.
    """
    if closure.state(at) not in (COMING, RUNNING):
        raise ClosureOver
    return replace(closure, ended_at=at, ended_by=by)


def whole_days(closure: Closure, hours: Sequence[Hours], zone: ZoneInfo) -> list[date]:
    """Return the days of which a closure of the whole hall leaves nothing, were they worked.

    Args:
        closure: any; one of a department or a window leaves the hall its days.
        hours: the opening hours of the hall.
        zone: the hall's time zone.
    """
    if closure.scope != HALL:
        return []
    by_weekday = {each.weekday: each for each in hours if each.department is None}
    return [day for day in _days(closure, zone) if _takes(closure, day, by_weekday, zone)]


def _days(closure: Closure, zone: ZoneInfo) -> Iterator[date]:
    first, last = closure.starts_at.astimezone(zone).date(), closure.until.astimezone(zone).date()
    return (first + timedelta(days=nth) for nth in range((last - first).days + 1))


def _takes(closure: Closure, day: date, by_weekday: dict[int, Hours], zone: ZoneInfo) -> bool:
    hours = by_weekday.get(weekday_of(day, by_weekday))
    if hours is None:
        return False
    opens, closes = (datetime.combine(day, edge, zone) for edge in (hours.opens, hours.closes))
    return closure.starts_at <= opens and closes <= closure.until
