"""The hall's working days: its own calendar first, the State Council's for years the hall's does not know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256

import chinese_calendar

DAY = timedelta(days=1)
FRIDAY = 4
MARK_LENGTH = 16


@dataclass(frozen=True)
class Calendar:
    """Which days are worked. `years` maps each year the hall's calendar knows to its days that break the week."""

    years: Mapping[int, Mapping[date, bool]] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Tell whether a day is a working day, make-up workdays included.

        Source: the hall's calendar; for years it does not know the State Council's yearly notice, as in the package
        chinesecalendar; for years that is not known in either, Monday to Friday.
        """
        weekday = day.weekday() <= FRIDAY
        if day.year in self.years:
            return self.years[day.year].get(day, weekday)
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return weekday

    def count(self, first: date, last: date) -> int:
        """Return how many working days a stretch has, both ends included."""
        return sum(self.is_working(first + nth * DAY) for nth in range((last - first).days + 1))

    def mark(self, first: date, last: date) -> str:
        """Return what changes when a day of a stretch becomes a working day or is one no longer."""
        days = ((last - first).days + 1) if last >= first else 0
        worked = "".join(str(int(self.is_working(first + nth * DAY))) for nth in range(days))
        return sha256(worked.encode()).hexdigest()[:MARK_LENGTH]


# No year of a hall's own.
PUBLISHED = Calendar()
