"""Which days the hall works, and what else of a day moves its counts."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.statistics.facts.domain.workdays import PUBLISHED, Calendar

Rows = NDArray[np.float64]

SATURDAY = 5
# A weekend is two days; what is longer is a holiday, and people come before and after it in other numbers.
WEEKEND = timedelta(days=3)
DAYS_A_YEAR = 365.2425
# The year's first harmonics; how many of them a history can carry, `baseline` says.
HARMONICS = (1, 2, 3, 4)


def calendar_of(message: Mapping[str, Any]) -> Calendar:
    """Return the hall's working days as a message tells them (`caller.py` describes it)."""
    years = message.get("calendar", {})
    return Calendar(
        {
            int(year): {date.fromisoformat(day): worked for day, worked in days.items()}
            for year, days in years.items()
        }
    )


def traits(day: date, calendar: Calendar = PUBLISHED) -> list[float]:
    """Return what tells a day from others: weekday, make-up day, first or last day beside a holiday.

    Tuesday to Friday have a mark each, Monday is the day they are compared with.
    """
    weekday = [float(day.weekday() == nth) for nth in range(1, 5)]
    made_up = float(day.weekday() >= SATURDAY)
    return [
        *weekday,
        made_up,
        float(_gap(day, -1, calendar) > WEEKEND),
        float(_gap(day, 1, calendar) > WEEKEND),
    ]


def _gap(day: date, step: int, calendar: Calendar) -> timedelta:
    """Return how far away the next working day (step 1) or the one before (step -1) is."""
    other = day + timedelta(days=step)
    while not calendar.is_working(other):
        other += timedelta(days=step)
    return abs(other - day)


def season(day: date) -> list[float]:
    """Return the place of a day in the year as harmonics, a sine and a cosine each."""
    angle = 2 * pi * day.timetuple().tm_yday / DAYS_A_YEAR
    return [each for nth in HARMONICS for each in (np.sin(nth * angle), np.cos(nth * angle))]


def design(days: Sequence[date], calendar: Calendar = PUBLISHED) -> tuple[Rows, Rows, Rows]:
    """Return the rows of a regression for some days, in three parts.

    Returns:
        Traits; season; years since the first day, for the trend.
    """
    years = [[(day - days[0]).days / DAYS_A_YEAR] for day in days]
    return (
        np.array([traits(day, calendar) for day in days]),
        np.array([season(day) for day in days]),
        np.array(years, dtype=float),
    )
