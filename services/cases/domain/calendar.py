"""The working days that time limits are counted in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """The working days: Monday to Friday, but for the days that break the week (True: is worked)."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Tell whether a day is a working day."""
        return self.exceptions.get(day, day.weekday() < SATURDAY)

    def working_day_after(self, day: date, count: int) -> date:
        """Return the `count`-th working day after a day; the day itself when `count` is 0.

        A negative count goes back from the last working day there is up to the day: what is two days late then.

        Source: Administrative Licensing Law of the PRC, art. 82: limits are working days, without holidays.
        """
        if count < 0:
            return self._working_day_before(day, -count)
        for _ in range(count):
            day += timedelta(days=1)
            while not self.is_working(day):
                day += timedelta(days=1)
        return day

    def _working_day_before(self, day: date, count: int) -> date:
        """Return the `count`-th working day before the last one that there is up to a day."""
        for _ in range(count + 1):
            while not self.is_working(day):
                day -= timedelta(days=1)
            day -= timedelta(days=1)
        return day + timedelta(days=1)

    def working_days(self, *, after: date, until: date) -> int:
        """Return how many working days there are after one day, up to and with another."""
        days = (after + timedelta(days=nth) for nth in range(1, (until - after).days + 1))
        return sum(1 for day in days if self.is_working(day))
