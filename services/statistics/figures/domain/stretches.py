"""Ranges of dates: in portions, and as whole months with days at the edges, so that sums by month do the counting."""

from collections.abc import Iterator, Mapping
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


MONTHS_OF: Mapping[str, int] = {"month": 1, "quarter": 3, "year": 12}
MONTHS_A_YEAR = 12
# Periods in a portion.
MOST = 64


def days_alone(since: date, until: date) -> Stretch:
    """Take a range of dates as single days, also where it has whole months."""
    return Stretch(
        since=since,
        until=until,
        whole_since=since,
        whole_until=since,
        head_until=_day_after(until),
        tail_since=date.max,
    )


def period_start(day: date, by: str) -> date:
    """Return the first day of the day, month, quarter or year that a date is in."""
    if by == "day":
        return day
    months = MONTHS_OF[by]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def portions(since: date, until: date, by: str) -> Iterator[Stretch]:
    """Cut a range of dates into portions of one whole period, two, four and so on, up to `MOST`.

    Who wants the first rows of a long range need not have all of it counted.
    """
    begins, periods = since, 1
    while begins <= until:
        ends = _start_after(period_start(begins, by), by, periods) - timedelta(days=1)
        ends = until if ends >= until or ends < begins else ends
        yield days_alone(begins, ends) if by == "day" else stretch_of(begins, ends)
        if ends == until:
            return
        begins, periods = ends + timedelta(days=1), min(2 * periods, MOST)


def _start_after(start: date, by: str, periods: int) -> date:
    """Return the first day after so many periods; the last day there is where they go beyond."""
    try:
        if by == "day":
            return start + timedelta(days=periods)
        months = start.year * MONTHS_A_YEAR + start.month - 1 + periods * MONTHS_OF[by]
        return date(months // MONTHS_A_YEAR, months % MONTHS_A_YEAR + 1, 1)
    except (OverflowError, ValueError):
        return date.max


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
