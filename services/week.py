"""The hours of a day that is worked: one rule for all services, pure and of no service."""

from collections.abc import Iterable
from datetime import date

SATURDAY = 6


def weekday_of(day: date, known: Iterable[int]) -> int:
    """Return the ISO weekday whose hours hold on a day that is worked.

    A make-up workday on a Saturday or Sunday has the hours of its own weekday where it has some, otherwise those of
    the first weekday that has any.

    Args:
        day: a day that is worked.
        known: the weekdays that have hours.
    """
    own = day.isoweekday()
    if own < SATURDAY:
        return own
    weekdays = set(known)
    return own if own in weekdays else min(weekdays, default=own)
