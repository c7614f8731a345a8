"""A day as a problem to plan: what is still to be visited, and which crews are free from when and where."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.dispatch.domain.crew import Crew
from services.dispatch.domain.hours import OpeningHours
from services.dispatch.domain.order import PLANNABLE, UNDERWAY, Order
from services.dispatch.domain.planning import CrewShift, Job, Place, Problem
from services.dispatch.domain.travel import Roads, straight_m


@dataclass(frozen=True, kw_only=True)
class Day:
    """What is known of a day at a moment; `offered` has the items done on site on that day, by what department."""

    on: date
    today: date
    at: datetime
    orders: Sequence[Order]
    crews: Sequence[Crew]
    hours: OpeningHours
    offered: Mapping[str, str]

    @property
    def to_plan(self) -> list[Order]:
        """The orders that have not started."""
        return [each for each in self.orders if each.state in PLANNABLE and each.person.lat is not None]

    def jobs(self) -> list[Job]:
        """Return the visits to plan."""
        return [_job(each) for each in self.to_plan]

    def shifts(self) -> list[CrewShift]:
        """Return the crews that work, each from where and when it is free."""
        return [shift for crew in self.crews if (shift := self._shift(crew)) is not None]

    def problem(self, *, seed: int, seconds: float) -> Problem:
        """Return the problem to solve."""
        return Problem(jobs=tuple(self.jobs()), crews=tuple(self.shifts()), seed=seed, seconds=seconds)

    def gains(self, code: str, *, least: timedelta) -> bool:
        """Tell whether a crew that has time could make a visit that nobody makes, or one much earlier than promised.

        Ways are estimated by the usual roads: this decides whether to look for a plan, which then knows better.

        Args:
            code: the crew.
            least: what counts as much earlier.
        """
        crew = next((each for each in self.shifts() if each.code == code), None)
        if crew is None:
            return False
        promised = {each.id: each.arrives_at for each in self.to_plan}
        return any(
            begins <= promise - least if (promise := promised[job.id]) else True
            for job, begins in _reached(crew, self.jobs())
        )

    def _shift(self, crew: Crew) -> CrewShift | None:
        works = crew.shift(self.on, self.hours)
        out = [each for each in self.orders if crew.code in (each.crew, each.crew_before)]
        begun = [each for each in out if each.departed_at is not None]
        left = crew.capacity_on(self.on) - sum(each.state != "cancelled" for each in begun)
        if works is None or left < 1:
            return None
        start, not_before = self._free(crew, begun)
        return CrewShift(
            code=crew.code,
            skills=frozenset(item for item, department in self.offered.items() if crew.can(item, department)),
            starts_at=works[0],
            ends_at=works[1],
            start=start,
            capacity=left,
            not_before=not_before,
            home=Place(crew.lat, crew.lon),
            breaks=tuple(crew.breaks_on(self.on, self.hours)),
        )

    def _free(self, crew: Crew, begun: Sequence[Order]) -> tuple[Place, datetime | None]:
        """Return from where and when a crew can leave: after the visit it is at, or where its last one was."""
        now = self.at if self.on == self.today else None
        last = max(begun, key=lambda each: each.departed_at or each.created_at, default=None)
        if last is None or last.person.lat is None or last.person.lon is None:
            return Place(crew.lat, crew.lon), now
        free = (last.ended_at or _expected_end(last)) if last.state in UNDERWAY else self.at
        return Place(last.person.lat, last.person.lon), max(free, self.at)


def _expected_end(order: Order) -> datetime:
    comes = order.arrived_at or order.arrives_at or order.window_from
    return comes + timedelta(seconds=order.service_seconds)


def _reached(crew: CrewShift, jobs: Sequence[Job]) -> Iterator[tuple[Job, datetime]]:
    """Go through the visits that a crew could make if it made no other, each with its earliest begin."""
    roads = Roads()
    pace = roads.factor * roads.seconds_per_metre([(crew.free_from, crew.ends_at)])
    for job in jobs:
        way = timedelta(seconds=straight_m(crew.start, job.place) * pace)
        arrives = crew.has_from(crew.free_from, way.total_seconds()) + way
        begins = crew.has_from(max(arrives, job.window_from), job.service_s)
        in_time = begins <= job.window_to and begins + timedelta(seconds=job.service_s) <= crew.ends_at
        if job.skills <= crew.skills and in_time:
            yield job, begins


def _job(order: Order) -> Job:
    return Job(
        id=order.id,
        place=Place(order.person.lat or 0.0, order.person.lon or 0.0),
        window_from=order.window_from,
        window_to=order.window_to,
        service_s=order.service_seconds,
        skills=frozenset({order.item}),
        priority=order.priority,
    )
