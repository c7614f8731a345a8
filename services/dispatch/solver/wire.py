"""A day's problem in the form that the process reads, and its solution as routes.

The form knows nothing of orders and crews, only of nodes, clients and vehicles, in metres and seconds from an origin:

    nodes       [x, y] of each node, for comparing directions
    distances, durations    rows of metres and of seconds between the nodes
    clients     node, window (for the start of service), service, demand, required, prize (in metres, if not required),
                group (those of a group stand for one visit at other times, of which at most one is made)
    vehicles    node, end (node, if another), shift, capacity, count, clients (whom it may visit; null for all)
    start       routes to begin with, as in the solution
    seed, seconds, iterations, patience    when the search ends: see search.Limits; no iterations, only by time

and of the solution

    routes      vehicle and clients in order, both by their place in the lists above
    feasible, cost, iterations, ended (what ended the search: iterations, time or asked)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil, cos, floor, radians
from typing import Any

from services.dispatch.domain.itinerary import fault
from services.dispatch.domain.planning import CrewShift, Job, Place, Problem, Stop
from services.dispatch.domain.priority import settle, worths
from services.dispatch.domain.travel import TravelTable

METRES_PER_DEGREE = 111_195
# Iterations cost about as the number of visits. So many take about 5 s for 125 visits and 12 crews, half of the usual
# time, so that on most machines not the time ends the search, and a day's plan comes out the same again.
VISITS_TRIED = 60_000
FEWEST, LEAST_PATIENCE, PATIENCE_PER_VISIT = 300, 100, 20


@dataclass(frozen=True)
class Form:
    """A day in the order in which the process sees it, without visits that no crew could make even alone.

    The process knows no breaks. A visit that a break might cut is told as several clients, one for each time at which
    its service can begin, of which crews with that break may make some; ways into a break are settled afterwards.
    """

    problem: Problem
    jobs: Sequence[Job]
    crews: Sequence[CrewShift]
    table: TravelTable
    chances: Sequence["Chance"] = ()

    @classmethod
    def of(cls, problem: Problem, table: TravelTable) -> "Form":
        """Return a problem's form, which is the same in whatever order orders and crews are named."""
        pairs = [
            (job, crew)
            for job in sorted(problem.jobs, key=lambda job: job.id)
            for crew in problem.crews
            if fault(crew, [job], table) is None
        ]
        jobs = list({job.id: job for job, _ in pairs}.values())
        crews = {crew.code: crew for _, crew in pairs}
        ordered = [crews[code] for code in sorted(crews)]
        return cls(problem, jobs, ordered, table, [each for job in jobs for each in _chances(job, ordered)])

    def message(self) -> dict[str, Any]:
        """Return what the process reads; there must be a visit that can be made."""
        origin = min(crew.free_from for crew in self.crews)
        worth = worths(self.jobs, self.table)
        return {
            "nodes": [_plane(place, self.table.places[0]) for place in self.table.places],
            "distances": self.table.metres,
            "durations": self.table.seconds,
            "clients": [self._client(each, origin, worth[each.job.priority]) for each in self.chances],
            "vehicles": [self._vehicle(crew, origin) for crew in self.crews],
            "seed": self.problem.seed,
            "seconds": self.problem.seconds,
            "start": self._start(),
            "iterations": max(FEWEST, VISITS_TRIED // max(1, len(self.jobs))),
            "patience": max(LEAST_PATIENCE, PATIENCE_PER_VISIT * len(self.jobs)),
        }

    def routes(self, solution: Mapping[str, Any]) -> dict[str, list[Job]]:
        """Return the visits of each crew in order."""
        return {
            self.crews[each["vehicle"]].code: [self.chances[n].job for n in each["clients"]]
            for each in solution["routes"]
        }

    def _start(self) -> list[dict[str, Any]]:
        plan = settle(replace(self.problem, jobs=tuple(self.jobs), crews=tuple(self.crews)), {}, self.table)
        crews = {crew.code: n for n, crew in enumerate(self.crews)}
        return [
            {
                "vehicle": crews[route.crew],
                "clients": [self._chance(route.crew, stop) for stop in route.stops],
            }
            for route in plan.routes
        ]

    def _chance(self, crew: str, stop: Stop) -> int:
        """Return the client that stands for a visit at the time at which a crew makes it."""
        return next(
            n
            for n, each in enumerate(self.chances)
            if each.job.id == stop.job and crew in each.crews and each.since <= stop.starts_at <= each.until
        )

    def _client(self, chance: "Chance", origin: datetime, worth: int) -> dict[str, Any]:
        job, opens = chance.job, max(0, _after(chance.since - origin))
        return {
            "node": self.table.position[job.place],
            "window": [opens, max(opens, _before(chance.until - origin))],
            "service": job.service_s,
            "demand": job.demand,
            "required": False,
            "prize": worth,
            "group": job.id if chance.is_one_of_many else None,
        }

    def _vehicle(self, crew: CrewShift, origin: datetime) -> dict[str, Any]:
        return {
            "node": self.table.position[crew.start],
            "end": self.table.position[crew.end],
            "shift": [_after(crew.free_from - origin), _before(crew.ends_at - origin)],
            "capacity": crew.capacity,
            "clients": [n for n, each in enumerate(self.chances) if crew.code in each.crews],
        }


@dataclass(frozen=True)
class Chance:
    """A time at which the service of a visit can begin, for the crews with the skill that have no break then."""

    job: Job
    since: datetime
    until: datetime
    crews: frozenset[str]
    is_one_of_many: bool


def _chances(job: Job, crews: Sequence[CrewShift]) -> list[Chance]:
    able: dict[tuple[datetime, datetime], set[str]] = {}
    for crew in crews:
        for times in _begins(job, crew) if job.skills <= crew.skills else ():
            able.setdefault(times, set()).add(crew.code)
    return [
        Chance(job, since, until, frozenset(codes), len(able) > 1)
        for (since, until), codes in sorted(able.items())
    ]


def _begins(job: Job, crew: CrewShift) -> Iterator[tuple[datetime, datetime]]:
    """Give the stretches of a visit's window in which a crew can begin its service and is through before a break."""
    since, service = job.window_from, timedelta(seconds=job.service_s)
    for starts, ends in crew.breaks:
        if since >= ends or job.window_to <= starts - service:
            continue
        if since <= starts - service:
            yield since, starts - service
        since = ends
    if since <= job.window_to:
        yield since, job.window_to


def _plane(place: Place, centre: Place) -> tuple[float, float]:
    east = (place.lon - centre.lon) * cos(radians(centre.lat))
    return round(east * METRES_PER_DEGREE, 1), round((place.lat - centre.lat) * METRES_PER_DEGREE, 1)


def _after(span: timedelta) -> int:
    return ceil(span.total_seconds())


def _before(span: timedelta) -> int:
    return floor(span.total_seconds())
