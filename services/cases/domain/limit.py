"""The time a case may take: what is left of it, and the date it ends on, derived from what happened.

Only what happened is a fact: when the case was accepted, how many days it may take, when its clock stood still. Days
left and due date follow from these and the calendar, and are derived again when the calendar changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.cases.domain.calendar import Calendar


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A stretch in which the clock stood still, in business dates; `until` is None while it does.

    The day on which it stopped has counted, the day on which it goes on has not.
    """

    since: date
    until: date | None


@dataclass(frozen=True, kw_only=True)
class TimeLeft:
    """What there is of a time limit: a date while the clock runs, a number of working days while it stands still.

    `days_left` is below 0 for a case that was late already when its clock stopped.
    """

    due_on: date | None
    days_left: int | None


def time_left(*, accepted_on: date, limit_days: int, stops: Sequence[Stop], calendar: Calendar) -> TimeLeft:
    """Return what is left of a time limit.

    Args:
        accepted_on: business date of the acceptance.
        limit_days: the time limit in working days.
        stops: when the clock stood still, the first first; at most the last of them still does.
        calendar: the working days as they are known now.
    """
    left, since = limit_days, accepted_on
    for stop in stops:
        left -= calendar.working_days(after=since, until=stop.since)
        if stop.until is None:
            return TimeLeft(due_on=None, days_left=left)
        since = stop.until
    # On a rest day the limit of no days ends at once, not on a working day before.
    return TimeLeft(due_on=max(accepted_on, calendar.working_day_after(since, left)), days_left=None)
