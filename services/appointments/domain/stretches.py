"""Stretches of time: each from its first moment up to its last, which is not part of it.

What is given back is in UTC: the difference of two moments of one zone is that of its wall clock, wrong where clocks
are changed.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Stretch = tuple[datetime, datetime]


def union(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return the same time in order and without overlaps; what touches is one stretch, what lasts no time is none."""
    joined: list[Stretch] = []
    lasting = ((starts, ends) for starts, ends in stretches if starts < ends)
    for starts, ends in sorted((starts.astimezone(UTC), ends.astimezone(UTC)) for starts, ends in lasting):
        if joined and starts <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((starts, ends))
    return joined


def within(stretches: Iterable[Stretch], whole: Stretch) -> list[Stretch]:
    """Return what of them lies in one stretch."""
    return union((max(starts, whole[0]), min(ends, whole[1])) for starts, ends in stretches)


def without(stretches: Iterable[Stretch], others: Iterable[Stretch]) -> list[Stretch]:
    """Return what of them lies in none of the others."""
    left = union(stretches)
    for taken_from, taken_to in others:
        left = union(
            part
            for starts, ends in left
            for part in ((starts, min(ends, taken_from)), (max(starts, taken_to), ends))
        )
    return left


def by_day(stretches: Iterable[Stretch], zone: ZoneInfo) -> dict[date, list[Stretch]]:
    """Return their time by the zone's dates; one that crosses midnight is split there."""
    days: dict[date, list[Stretch]] = {}
    for starts, ends in union(stretches):
        while starts < ends:
            day = starts.astimezone(zone).date()
            midnight = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
            days.setdefault(day, []).append((starts, min(ends, midnight)))
            starts = midnight
    return days


def whole_minutes(stretches: Sequence[Stretch]) -> int:
    """Return how long they last together, in whole minutes; what is left below a minute does not count."""
    return sum((ends - starts for starts, ends in stretches), timedelta()) // timedelta(minutes=1)
