"""Which days the hall works, and what else of a day moves its counts."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import pi

import numpy as np
from chinese_calendar import is_workday
from numpy.typing import NDArray

Rows = NDArray[np.float64]

SATURDAY = 5
# A weekend is two days; what is longer is a holiday, and people come before and after it in other numbers.
WEEKEND = timedelta(days=3)
DAYS_A_YEAR = 365.2425
# The year's first harmonics; how many of them a history can carry, `baseline` says.
HARMONICS = (1, 2, 3, 4)


def is_working_day(day: date) -> bool:
    """Tell whether a day is worked by the State Council's calendar, make-up days included.

    A year whose calendar is not published yet has its plain weeks.
    """
    try:
        return bool(is_workday(day))
    except NotImplementedError:
        return day.weekday() < SATURDAY


def traits(day: date) -> list[float]:
    """Return what tells a day from others: weekday, make-up day, first or last day beside a holiday.

    Tuesday to Friday have a mark each, Monday is the day they are compared with.
    """
    weekday = [float(day.weekday() == nth) for nth in range(1, 5)]
    made_up = float(day.weekday() >= SATURDAY)
    return [*weekday, made_up, float(_gap(day, -1) > WEEKEND), float(_gap(day, 1) > WEEKEND)]


def _gap(day: date, step: int) -> timedelta:
    """Return how far away the next working day (step 1) or the one before (step -1) is."""
    other = day + timedelta(days=step)
    while not is_working_day(other):
        other += timedelta(days=step)
    return abs(other - day)


def season(day: date) -> list[float]:
    """Return the place of a day in the year as harmonics, a sine and a cosine each."""
    angle = 2 * pi * day.timetuple().tm_yday / DAYS_A_YEAR
    return [each for nth in HARMONICS for each in (np.sin(nth * angle), np.cos(nth * angle))]


def design(days: Sequence[date]) -> tuple[Rows, Rows, Rows]:
    """Return the rows of a regression for some days, in three parts.

    Returns:
        Traits; season; years since the first day, for the trend.
    """
    years = [[(day - days[0]).days / DAYS_A_YEAR] for day in days]
    return (
        np.array([traits(day) for day in days]),
        np.array([season(day) for day in days]),
        np.array(years, dtype=float),
    )
