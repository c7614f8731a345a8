"""An item as it is offered from day to day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Period:
    """An item from a day on until another, which is not part of it.

    `offers` when its department takes appointments, `bookable` when a plan makes slots for it there, too.
    """

    department: str
    active: bool
    offers: bool
    bookable: bool
    since: date
    until: date

    @property
    def offered(self) -> bool:
        """Whether places are given for it."""
        return self.active and self.bookable

    def holds(self, day: date) -> bool:
        """Tell whether a day is part of it."""
        return self.since <= day < self.until


def on(periods: Iterable[Period], day: date) -> Period | None:
    """Return the stretch that a day is part of."""
    return next((each for each in periods if each.holds(day)), None)


def within(periods: Iterable[Period], first: date, last: date) -> Iterator[tuple[Period, date, date]]:
    """Give the stretches that share days with those from one day to another, each with the first and last of them."""
    for each in periods:
        since, until = max(first, each.since), min(last, each.until - DAY)
        if since <= until:
            yield each, since, until
