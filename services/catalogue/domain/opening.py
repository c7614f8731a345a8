"""When the hall is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from services.week import weekday_of

SATURDAY = 6


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Opening hours on a weekday (1 Monday to 7 Sunday) with at most one break; no department: the whole hall."""

    department: str | None
    weekday: int
    opens: time
    closes: time
    break_starts: time | None = None
    break_ends: time | None = None

    @property
    def breaks(self) -> list[dict[str, str]]:
        """Return the breaks as pairs of `HH:MM`."""
        if self.break_starts is None or self.break_ends is None:
            return []
        return [{"starts": f"{self.break_starts:%H:%M}", "ends": f"{self.break_ends:%H:%M}"}]

    def to_plain(self) -> dict[str, object]:
        """Return the form that events and answers carry."""
        return {
            "department": self.department,
            "weekday": self.weekday,
            "opens": f"{self.opens:%H:%M}",
            "closes": f"{self.closes:%H:%M}",
            "breaks": self.breaks,
        }


@dataclass(frozen=True, kw_only=True)
class CalendarDay:
    """A day that differs from the plain rule: a holiday, or a day off that is worked."""

    day: date
    working: bool
    name: str


@dataclass(frozen=True, kw_only=True)
class Today:
    """Whether the hall works on a day, and its hours then."""

    date: date
    working: bool
    name: str | None
    hours: Hours | None


def misdated(hours: Sequence[Hours]) -> list[str]:
    """Return what is wrong with opening hours that do not follow one another."""
    return [
        f"Weekday {each.weekday}: the hours do not follow one another."
        for each in hours
        if not _in_order(each)
    ]


def _in_order(each: Hours) -> bool:
    if each.break_starts is None or each.break_ends is None:
        return each.break_starts is each.break_ends and each.opens < each.closes
    return each.opens < each.break_starts < each.break_ends < each.closes


def on(day: date, *, hours: Sequence[Hours], exception: CalendarDay | None) -> Today:
    """Return how the hall works on a day.

    Monday to Friday are working days unless the calendar says otherwise. A working Saturday or Sunday has the hours of
    its own weekday, or those of the first weekday that has any: that is how make-up workdays are kept.

    Args:
        day: the hall's local date.
        hours: the opening hours of the whole hall.
        exception: what the calendar says of the day.
    """
    working = exception.working if exception else day.isoweekday() < SATURDAY
    by_weekday = {each.weekday: each for each in hours if each.department is None}
    found = by_weekday.get(weekday_of(day, by_weekday)) if working else None
    return Today(
        date=day,
        working=working and found is not None,
        name=exception.name if exception else None,
        hours=found,
    )
