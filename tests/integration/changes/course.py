"""What a hall is from day to day, made of what was changed alone: nothing of the services is used.

What they derive is compared with this.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
FIRST = date(2010, 1, 4)
Stretch = tuple[datetime, datetime]
Shape = tuple[str, str, str, str]
# Opening, break from and to, closing.
USUAL: Shape = ("09:00", "12:00", "13:30", "17:00")


def clock_time(day: date, text: str) -> datetime:
    """Return a local time of a day, as `09:30`."""
    return datetime.combine(day, time.fromisoformat(text), ZONE)


@dataclass(frozen=True, kw_only=True)
class Term:
    """What an item is on a day."""

    department: str
    limit: int
    active: bool


@dataclass(frozen=True, kw_only=True)
class SlotPlan:
    """Slots of half an hour from nine on; no `items` stands for all; `last` is the last day that has some."""

    department: str
    ends: str
    items: Sequence[str]
    capacity: int
    last: date | None

    def times(self, day: date) -> list[Stretch]:
        """Return what would be slots if the hall were open all day."""
        if self.last is not None and day > self.last:
            return []
        half, starts, found = timedelta(minutes=30), clock_time(day, "09:00"), []
        while starts + half <= clock_time(day, self.ends):
            found.append((starts, starts + half))
            starts += half
        return found


@dataclass
class CrewCourse:
    """A crew: where it belongs, what it can do, on which weekdays it works and when it is away."""

    department: str
    departments: Sequence[str]
    items: Sequence[str]
    weekdays: Sequence[int]
    starts: str
    ends: str
    away: list[tuple[date, date]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Closed:
    """A time in which a department, or the whole hall, does not serve; `days` are those that the hall loses by it."""

    department: str | None
    since: datetime
    until: datetime
    days: frozenset[date]

    def meets(self, department: str, starts: datetime, ends: datetime) -> bool:
        """Tell whether a department is closed at some time of a stretch; what was called off is at none."""
        meets = self.since < ends and starts < self.until and self.since < self.until
        return self.department in (None, department) and meets


@dataclass
class Course:
    """All of a hall that is changed."""

    hours: dict[int, Shape] = field(default_factory=lambda: dict.fromkeys(range(1, 6), USUAL))
    days: dict[date, bool] = field(default_factory=dict)
    offers: dict[str, bool] = field(default_factory=dict)
    plans: dict[str, SlotPlan] = field(default_factory=dict)
    crews: dict[str, CrewCourse] = field(default_factory=dict)
    closures: dict[str, Closed] = field(default_factory=dict)
    _changes: dict[str, list[tuple[date, Mapping[str, object]]]] = field(default_factory=dict)

    def change(self, item: str, day: date, **what: object) -> None:
        """Note that an item is otherwise from a day on, in what differs then, so that no other change is undone."""
        now = self._item(item, day)
        differs = {name: value for name, value in what.items() if now.get(name) != value}
        self._changes.setdefault(item, []).append((day, differs if now.get("active") else what))

    def item(self, code: str, day: date) -> Term:
        """Return what an item is on a day; what is withdrawn is changed no more until it is offered again."""
        return Term(**self._item(code, day))

    def _item(self, code: str, day: date) -> dict[str, Any]:
        now: dict[str, Any] = {}
        for since, what in sorted(self._changes.get(code, ()), key=lambda each: each[0]):
            if since <= day and (not now or now["active"] or what.get("active")):
                now |= what
        return now

    def works(self, day: date) -> bool:
        """Tell whether a day is a working day."""
        return self.days.get(day, day.isoweekday() <= 5)

    def open(self, day: date) -> list[Stretch]:
        """Return when the hall serves on a day; a make-up day at a weekend has the hours of the first weekday."""
        if not self.works(day):
            return []
        weekday = day.isoweekday() if day.isoweekday() in self.hours else min(self.hours)
        opens, pauses, goes_on, closes = (clock_time(day, text) for text in self.hours[weekday])
        return [(opens, pauses), (goes_on, closes)]

    def gives_numbers(self, at: datetime, department: str) -> bool:
        """Tell whether a department gives numbers at a moment: from opening to closing, breaks included."""
        stretches = self.open(at.astimezone(ZONE).date())
        open_ = bool(stretches) and stretches[0][0] <= at < stretches[-1][1]
        return open_ and not self.closed(department, at, at + timedelta(microseconds=1))

    def closed(self, department: str, starts: datetime, ends: datetime) -> bool:
        """Tell whether a department is closed at some time of a stretch."""
        return any(each.meets(department, starts, ends) for each in self.closures.values())

    def close(self, code: str, department: str | None, since: datetime, until: datetime) -> None:
        """Note that a department, or the hall, is closed for a time, or until when it was."""
        days = [since.astimezone(ZONE).date() + DAY * nth for nth in range((until - since).days + 2)]
        lost = frozenset(day for day in days if department is None and self._takes(since, until, day))
        self.closures[code] = Closed(department=department, since=since, until=until, days=lost)

    def _takes(self, since: datetime, until: datetime, day: date) -> bool:
        """Tell whether nothing of the hours is left that a day has, or would have if it were worked."""
        shape = self.hours.get(day.isoweekday()) or self.hours[min(self.hours)]
        return since <= clock_time(day, shape[0]) and clock_time(day, shape[-1]) <= until

    def _left(self, stretches: Iterable[Stretch], department: str) -> list[Stretch]:
        """Return what closures leave of stretches of time of a department."""
        left = list(stretches)
        for closed in self.closures.values():
            cut = closed.since, closed.until
            left = [
                part
                for starts, ends in left
                for part in (
                    ((starts, min(ends, cut[0])), (max(starts, cut[1]), ends))
                    if closed.meets(department, starts, ends)
                    else ((starts, ends),)
                )
                if part[0] < part[1]
            ]
        return left

    def slots(self, plan: SlotPlan, day: date) -> list[Stretch]:
        """Return the slots that a plan has on a day."""
        if not self.works(day):
            return []
        open_ = self.open(day)
        return [
            (starts, ends)
            for starts, ends in plan.times(day)
            if any(opens <= starts and ends <= closes for opens, closes in open_)
            and not self.closed(plan.department, starts, ends)
        ]

    def serves(self, item: str, department: str, starts_at: datetime) -> bool:
        """Tell whether an item is done by appointment at a department at a moment."""
        day = starts_at.astimezone(ZONE).date()
        term = self.item(item, day)
        return (
            term.active
            and term.department == department
            and self.offers[department]
            and any(
                plan.department == department
                and (not plan.items or item in plan.items)
                and starts_at in [starts for starts, _ in self.slots(plan, day)]
                for plan in self.plans.values()
            )
        )

    def fulfils(self, item: str, first: date, last: date) -> bool:
        """Tell whether some plan has a slot for an item on one of some days."""
        days = (first + DAY * nth for nth in range((last - first).days + 1))
        return any(
            self.serves(item, plan.department, starts)
            for day in days
            for plan in self.plans.values()
            for starts, _ in self.slots(plan, day)
        )

    def on_duty(self, crew: CrewCourse, day: date) -> list[Stretch]:
        """Return when a crew works on a day, without the breaks and closures of its department."""
        weekday = day.isoweekday()
        exception = self.days.get(day)
        if exception is False or any(first <= day <= last for first, last in crew.away):
            return []
        if exception is True and weekday > 5 and weekday not in crew.weekdays:
            weekday = min(crew.weekdays)
        if weekday not in crew.weekdays:
            return []
        edges = [clock_time(day, crew.starts), clock_time(day, crew.ends)]
        if open_ := self.open(day):
            edges = [edges[0], open_[0][1], open_[1][0], edges[1]]
        return self._left(zip(edges[::2], edges[1::2], strict=True), crew.department)

    def visits(self, item: str, starts: datetime, ends: datetime) -> list[str]:
        """Return the crews that can come for an item in a time window."""
        day = starts.astimezone(ZONE).date()
        term = self.item(item, day)
        if not term.active or not self.offers[term.department]:
            return []
        return [
            code
            for code, crew in self.crews.items()
            if (term.department in crew.departments or item in crew.items)
            and any(
                since < ends and starts < until
                for since, until in self._left(self.on_duty(crew, day), term.department)
            )
        ]

    def due(
        self, accepted: date, limit: int, stops: Iterable[tuple[date, date | None]]
    ) -> tuple[date | None, int | None]:
        """Return the date on which a case is due, or the days left while its clock stands still.

        Each is worked out by counting along a list of working days; a day on which the clock stopped has counted, one
        on which it went on has not.
        """
        lost = {day for closed in self.closures.values() for day in closed.days}
        days = (accepted + DAY * nth for nth in range(-90, 400))
        worked = [day for day in days if self.works(day) and day not in lost]
        left, since = limit, accepted
        for stopped, resumed in stops:
            left -= sum(since < day <= stopped for day in worked)
            if resumed is None:
                return None, left
            since = resumed
        place = bisect_right(worked, since)
        if left == 0:
            return since, None
        return max(accepted, worked[place - 1 + left]), None
