"""A crew: who is in it, what it can do, and when it works."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from services.dispatch.domain.hours import OpeningHours, Stretch
from services.dispatch.errors import CrewInvalid


@dataclass(frozen=True, kw_only=True)
class Absence:
    """A member who is not there from one day to another, both included; no member stands for the whole crew."""

    member: str | None
    first: date
    last: date
    reason: str | None = None

    def covers(self, day: date) -> bool:
        """Tell whether it holds on a day."""
        return self.first <= day <= self.last


@dataclass(frozen=True, kw_only=True)
class Crew:
    """Staff and vehicle that carry out on-site orders.

    It does what belongs to its skills: all items of some departments, and single items of others. `shifts` maps ISO
    weekdays to local times, `breaks` those of them whose breaks differ from the department's. It works with at least
    `least_members` of its members, and makes at most `capacity` visits a day when all of them are there.
    """

    hall: str
    code: str
    name: str
    name_en: str | None
    department: str
    members: Sequence[str]
    least_members: int
    departments: Sequence[str]
    items: Sequence[str]
    shifts: Mapping[int, tuple[time, time]]
    lat: float
    lon: float
    capacity: int
    days_off: Sequence[date]
    breaks: Mapping[int, Sequence[tuple[time, time]]] = field(default_factory=dict)
    absences: Sequence[Absence] = ()
    version: int = 1

    def can(self, item: str, department: str) -> bool:
        """Tell whether it has the skill for an item."""
        return department in self.departments or item in self.items

    def present(self, day: date) -> list[str]:
        """Return the members who are there on a day."""
        away = [each.member for each in self.absences if each.covers(day)]
        return [] if None in away else [each for each in self.members if each not in away]

    def capacity_on(self, day: date) -> int:
        """Return how many visits it makes on a day: of its capacity the share of members who are there, rounded up."""
        return -(-self.capacity * len(self.present(day)) // len(self.members))

    def works(self, day: date, hours: OpeningHours) -> tuple[object, ...] | None:
        """Return what a plan of a day would have to heed of it; None when it does not work."""
        shift = self.shift(day, hours)
        place = (self.lat, self.lon)
        breaks = self.breaks_on(day, hours)
        return shift and (shift, breaks, self.capacity_on(day), place, set(self.departments), set(self.items))

    def shift(self, day: date, hours: OpeningHours) -> Stretch | None:
        """Return when it works on a day; None when it does not."""
        weekday = hours.crew_weekday(day, self.shifts)
        if weekday is None or weekday not in self.shifts:
            return None
        if day in self.days_off or len(self.present(day)) < self.least_members:
            return None
        starts, ends = self.shifts[weekday]
        return datetime.combine(day, starts, hours.zone), datetime.combine(day, ends, hours.zone)

    def breaks_on(self, day: date, hours: OpeningHours) -> list[Stretch]:
        """Return its breaks within the shift of a day, in order: its own or its department's, and closures."""
        shift = self.shift(day, hours)
        if shift is None:
            return []
        own = self.breaks.get(hours.crew_weekday(day, self.shifts) or 0)
        usual = hours.breaks_on(day, self.department)
        found = usual if own is None else [_on(day, each, hours) for each in own]
        within = [(max(starts, shift[0]), min(ends, shift[1])) for starts, ends in found]
        closed = hours.closed_within(*shift, self.department)
        return _joined([(starts, ends) for starts, ends in within if starts < ends] + list(closed))

    def stretches(self, day: date, hours: OpeningHours) -> list[Stretch]:
        """Return the parts of its shift of a day between which it has breaks, in order."""
        shift = self.shift(day, hours)
        if shift is None:
            return []
        edges = [shift[0], *(edge for pause in self.breaks_on(day, hours) for edge in pause), shift[1]]
        return [(starts, ends) for starts, ends in zip(edges[::2], edges[1::2], strict=True) if starts < ends]


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Return stretches in order, those that meet as one."""
    found: list[Stretch] = []
    for starts, ends in sorted(stretches):
        if found and starts <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], ends)
        else:
            found.append((starts, ends))
    return found


def _on(day: date, times: tuple[time, time], hours: OpeningHours) -> Stretch:
    starts, ends = (datetime.combine(day, each, hours.zone) for each in times)
    return starts, ends


def check_crew(crew: Crew) -> Crew:
    """Return the crew if it makes sense.

    Raises:
        CrewInvalid: it can do nothing, a shift ends before it begins, or it needs more members than it has.
    """
    wrong: dict[str, list[str]] = {}
    if not crew.departments and not crew.items:
        wrong["skills"] = ["At least one department or item."]
    if any(ends <= starts for starts, ends in crew.shifts.values()):
        wrong["shifts"] = ["Each ends after it begins."]
    if any(_misplaced(crew.shifts[day], pauses) for day, pauses in crew.breaks.items()):
        wrong["shifts"] = ["Breaks lie within the shift, one after the other."]
    if crew.least_members > len(crew.members):
        wrong["least_members"] = ["More than there are."]
    if wrong:
        raise CrewInvalid(errors=wrong)
    return crew


def _misplaced(shift: tuple[time, time], pauses: Sequence[tuple[time, time]]) -> bool:
    edges = [shift[0], *(edge for pause in sorted(pauses) for edge in pause), shift[1]]
    return any(ends <= starts for starts, ends in sorted(pauses)) or edges != sorted(edges)


def breaks_of(rows: Sequence[Mapping[str, Any]]) -> dict[int, list[tuple[time, time]]]:
    """Return the breaks of rows `{weekday, …, breaks}` that name some; None stands for the department's."""
    return {
        int(row["weekday"]): sorted((each["starts"], each["ends"]) for each in row["breaks"])
        for row in rows
        if row.get("breaks") is not None
    }


def shifts_of(rows: Sequence[Mapping[str, Any]]) -> dict[int, tuple[time, time]]:
    """Make shifts of rows `{weekday, starts, ends}`.

    Raises:
        CrewInvalid: a weekday stands twice.
    """
    shifts = {int(row["weekday"]): (row["starts"], row["ends"]) for row in rows}
    if len(shifts) < len(rows):
        raise CrewInvalid(errors={"shifts": ["One a weekday."]})
    return shifts
