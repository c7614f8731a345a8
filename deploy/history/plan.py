"""How many cases of which kind on which day: whole numbers that add up to the report's, whatever the seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from deploy.hall.hours import Timetable
from deploy.history import figures

Weights = NDArray[np.float64]
_DAY = timedelta(days=1)
_SATURDAY = 5
_THIRD_WEEK = range(15, 22)


@dataclass(frozen=True, kw_only=True)
class Day:
    """A date on which the hall works, and the cases accepted on it by origin."""

    date: date
    walk_in: int = 0
    phone: int = 0
    extended: int = 0
    on_site: int = 0

    @property
    def three_services(self) -> int:
        """Cases that came by one of the three services."""
        return self.phone + self.extended + self.on_site

    @property
    def cases(self) -> int:
        """All cases."""
        return self.walk_in + self.three_services


def apportion(total: int, weights: Sequence[float] | Weights) -> list[int]:
    """Share out a whole number by weight, so that the parts add up to it (largest remainders).

    Source: https://en.wikipedia.org/wiki/Quota_method#Hamilton
    """
    exact = np.asarray(weights, dtype=np.float64) / np.sum(weights) * total
    parts = np.floor(exact).astype(np.int64)
    order = np.argsort(parts - exact, kind="stable")
    parts[order[: total - int(parts.sum())]] += 1
    return [int(part) for part in parts]


def is_working(timetable: Timetable, day: date) -> bool:
    """Tell whether a date is a working day by the hall's calendar."""
    return timetable.exceptions.get(day, day.weekday() < _SATURDAY)


def working_days(timetable: Timetable, first: date, last: date) -> list[date]:
    """Return the working days from one date to another, both included."""
    return [day for day in _dates(first, last) if is_working(timetable, day)]


def saturdays_of_extended_hours() -> list[date]:
    """Return the rest days on which departments stay open: the third Saturday of each month of the three services."""
    return [
        day
        for day in _dates(figures.THREE_SERVICES_SINCE, figures.ENDS)
        if day.weekday() == _SATURDAY and day.day in _THIRD_WEEK
    ]


def plan(timetable: Timetable, *, seed: int) -> list[Day]:
    """Return every day of the history in order.

    Args:
        timetable: the hall's calendar.
        seed: another one gives other days, but the same sums.
    """
    dates = working_days(timetable, figures.OPENED, figures.ENDS)
    weights = _weights(timetable, dates, np.random.default_rng(seed))
    split = [_first_from(dates, at) for at in (date(figures.REPORT_YEAR, 1, 1), figures.THREE_SERVICES_SINCE)]
    before, spring, since = np.split(weights, split)
    walked_in = (
        *_grown(dates[: split[0]], before),
        *apportion(figures.CASES_OF_THE_YEAR - figures.CASES_SINCE_THREE_SERVICES, spring),
        *apportion(figures.CASES_SINCE_THREE_SERVICES - figures.THREE_SERVICES, since),
    )
    days = {day: Day(date=day, walk_in=count) for day, count in zip(dates, walked_in, strict=True)}
    for served in _three_services(dates[split[1] :], seed):
        days[served.date] = replace(served, walk_in=days[served.date].walk_in if served.date in days else 0)
    return [days[day] for day in sorted(days)]


def _dates(first: date, last: date) -> Iterator[date]:
    return (first + n * _DAY for n in range((last - first).days + 1))


def _first_from(dates: Sequence[date], at: date) -> int:
    return next(n for n, day in enumerate(dates) if day >= at)


def _weights(timetable: Timetable, dates: Sequence[date], chance: np.random.Generator) -> Weights:
    """Return how many cases each day would have by its date alone."""
    levels = np.interp(
        [day.toordinal() for day in dates],
        [at.toordinal() for at in figures.LEVELS],
        list(figures.LEVELS.values()),
    )
    factors = [_factor(timetable, day) for day in dates]
    own = chance.normal(0.0, figures.DAY_TO_DAY, len(dates)).clip(-0.12, 0.12)
    return np.asarray(levels * factors * np.exp(own), dtype=np.float64)


def _factor(timetable: Timetable, day: date) -> float:
    factor = figures.MONTHS[day.month - 1] * figures.WEEKDAYS[day.weekday()]
    if day.weekday() < _SATURDAY:
        if day.weekday() and not is_working(timetable, day - _DAY):
            factor *= figures.AFTER_DAYS_OFF
        if day.weekday() < _SATURDAY - 1 and not is_working(timetable, day + _DAY):
            factor *= figures.BEFORE_DAYS_OFF
    return factor


def _grown(dates: Sequence[date], weights: Weights) -> list[int]:
    """Share out the years before the report's, leaving the first months as they are and lifting the rest."""
    total = figures.CASES_SINCE_OPENING - figures.CASES_OF_THE_YEAR
    rise = np.interp(
        [day.toordinal() for day in dates], [figures.OPENED.toordinal(), figures.RISEN.toordinal()], [0, 1]
    )
    lift = (total - weights.sum()) / (weights * rise).sum()
    return apportion(total, weights * (1 + lift * rise))


def _three_services(dates: Sequence[date], seed: int) -> Iterator[Day]:
    saturdays = set(saturdays_of_extended_hours())
    offered = sorted({*dates, *saturdays})
    chance = np.random.default_rng([seed, 3])
    weights = np.linspace(*figures.GROWTH_OF_SERVICES, len(offered)) * np.exp(
        chance.normal(0.0, 0.1, len(offered))
    )
    weights *= [figures.SATURDAY if day in saturdays else 1.0 for day in offered]
    for day, count in zip(offered, apportion(figures.THREE_SERVICES, weights), strict=True):
        if day in saturdays:
            yield Day(date=day, extended=count)
        else:
            parts = chance.multinomial(count, list(figures.SERVICES.values()))
            yield Day(date=day, **dict(zip(figures.SERVICES, map(int, parts), strict=True)))
