"""A range of dates as whole months and the days at its edges, so that sums by month do most of the counting."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Dates from `since` to `until`, both included.

    Whole months are those from `whole_since` on and before `whole_until`; the other days are from `since` on and
    before `head_until`, and from `tail_since` to `until`.
    """

    since: date
    until: date
    whole_since: date
    whole_until: date
    head_until: date
    tail_since: date


def stretch_of(since: date, until: date) -> Stretch:
    """Take a range of dates apart."""
    first = since if since.day == 1 else _next_month(since)
    last = _next_month(until) if _is_last_of_month(until) else until.replace(day=1)
    if first >= last:
        # No whole month: all days are head.
        first, last, head, tail = since, since, _day_after(until), date.max
    else:
        head, tail = first, last
    return Stretch(
        since=since, until=until, whole_since=first, whole_until=last, head_until=head, tail_since=tail
    )


def _next_month(day: date) -> date:
    try:
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    except OverflowError:
        return date.max


def _day_after(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)


def _is_last_of_month(day: date) -> bool:
    return day < date.max and _day_after(day).day == 1
