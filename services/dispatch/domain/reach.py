"""Whether anybody can come: some crew that can do an item works in a time window."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import inf
from typing import Any

from services.closures import Closures
from services.dispatch.domain.crew import Crew
from services.dispatch.domain.hours import OpeningHours, Stretch
from services.dispatch.domain.planning import Place
from services.dispatch.domain.travel import straight_m


@dataclass(frozen=True, kw_only=True)
class Period:
    """An item from a day on until another, which is not part of it; `on_site` when its department comes."""

    code: str
    department: str
    service_seconds: int
    active: bool
    on_site: bool
    since: date
    until: date

    @property
    def offered(self) -> bool:
        """Whether staff comes for it."""
        return self.active and self.on_site


def on(periods: Iterable[Period], day: date) -> Period | None:
    """Return the stretch that a day is part of."""
    return next((each for each in periods if each.since <= day < each.until), None)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Who works when, and what items are: what a promise to come rests on."""

    crews: Sequence[Crew]
    hours: OpeningHours
    items: Mapping[str, Sequence[Period]]

    def shifts(self, item: str, day: date) -> Iterator[Stretch]:
        """Give the shifts of the crews that can do an item on a day, without their breaks."""
        period = on(self.items.get(item, ()), day)
        if period is None or not period.offered:
            return
        for crew in self.crews:
            if crew.can(item, period.department):
                for starts, ends in crew.stretches(day, self.hours):
                    # A crew may belong to another department than the one it visits for.
                    yield from self.hours.closures.left(starts, ends, period.department)

    def can(self, item: str, day: date, since: datetime, until: datetime) -> bool:
        """Tell whether a crew that can do an item works in a time window."""
        return any(starts < until and since < ends for starts, ends in self.shifts(item, day))

    def cause(self, item: str, day: date, department: str, since: datetime, until: datetime) -> str:
        """Return why nobody can come in a time window for an item that a department did on a day: what people are told.

        One of item_ended, item_moved, department, day_off, closure and crew.
        """
        period = on(self.items.get(item, ()), day)
        if period is None or not period.active:
            return "item_ended"
        if period.department != department:
            return "item_moved"
        if not period.on_site:
            return "department"
        if not self.hours.exceptions.get(day, True):
            return "day_off"
        usual = replace(self, hours=replace(self.hours, closures=Closures()))
        return "closure" if usual.can(item, day, since, until) else "crew"

    def nearest_m(self, item: str, day: date, place: Place) -> float:
        """Return how far a place is from the nearest start of the crews that can do an item, in metres."""
        period = on(self.items.get(item, ()), day)
        able = (crew for crew in self.crews if period and crew.can(item, period.department))
        return min((straight_m(Place(crew.lat, crew.lon), place) for crew in able), default=inf)

    def days(self, item: str, days: Iterable[date]) -> Iterator[tuple[date, datetime, datetime]]:
        """Give of some days those on which a crew can come, each with its first and last moment."""
        for day in days:
            shifts = list(self.shifts(item, day))
            if shifts:
                yield day, min(starts for starts, _ in shifts), max(ends for _, ends in shifts)


def told(days: Iterable[tuple[date, datetime, datetime]]) -> list[dict[str, Any]]:
    """Return days as events carry them."""
    return [
        {"date": day.isoformat(), "starts_at": starts.isoformat(), "ends_at": ends.isoformat()}
        for day, starts, ends in days
    ]
