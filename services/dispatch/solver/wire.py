"""A day's problem in the form that the process reads, and its solution as routes.

The form knows nothing of orders and crews, only of nodes, clients and vehicles, in metres and seconds from an origin:

    nodes       [x, y] of each node, for comparing directions
    distances, durations    rows of metres and of seconds between the nodes
    clients     node, window (for the start of service), service, demand, required, prize (in metres, if not required)
    vehicles    node, end (node, if another), shift, capacity, count, clients (whom it may visit; null for all)
    start       routes to begin with, as in the solution
    seed, seconds, iterations, patience    when the search ends: see search.Limits; no iterations, only by time

and of the solution

    routes      vehicle and clients in order, both by their place in the lists above
    feasible, cost, iterations, ended (what ended the search: iterations, time or asked)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil, cos, floor, radians
from typing import Any

from services.dispatch.domain.itinerary import fault
from services.dispatch.domain.planning import CrewShift, Job, Place, Problem
from services.dispatch.domain.priority import settle, worths
from services.dispatch.domain.travel import TravelTable

METRES_PER_DEGREE = 111_195
# Iterations cost about as the number of visits. So many take about 5 s for 125 visits and 12 crews, half of the usual
# time, so that on most machines not the time ends the search, and a day's plan comes out the same again.
VISITS_TRIED = 60_000
FEWEST, LEAST_PATIENCE, PATIENCE_PER_VISIT = 300, 100, 20


@dataclass(frozen=True)
class Form:
    """A day in the order in which the process sees it, without visits that no crew could make even alone."""

    problem: Problem
    jobs: Sequence[Job]
    crews: Sequence[CrewShift]
    table: TravelTable

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
        return cls(problem, jobs, [crews[code] for code in sorted(crews)], table)

    def message(self) -> dict[str, Any]:
        """Return what the process reads; there must be a visit that can be made."""
        origin = min(crew.free_from for crew in self.crews)
        worth = worths(self.jobs, self.table)
        return {
            "nodes": [_plane(place, self.table.places[0]) for place in self.table.places],
            "distances": self.table.metres,
            "durations": self.table.seconds,
            "clients": [self._client(job, origin, worth[job.priority]) for job in self.jobs],
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
            self.crews[each["vehicle"]].code: [self.jobs[n] for n in each["clients"]]
            for each in solution["routes"]
        }

    def _start(self) -> list[dict[str, Any]]:
        plan = settle(replace(self.problem, jobs=tuple(self.jobs), crews=tuple(self.crews)), {}, self.table)
        crews = {crew.code: n for n, crew in enumerate(self.crews)}
        jobs = {job.id: n for n, job in enumerate(self.jobs)}
        return [
            {"vehicle": crews[route.crew], "clients": [jobs[stop.job] for stop in route.stops]}
            for route in plan.routes
        ]

    def _client(self, job: Job, origin: datetime, worth: int) -> dict[str, Any]:
        opens = max(0, _after(job.window_from - origin))
        return {
            "node": self.table.position[job.place],
            "window": [opens, max(opens, _before(job.window_to - origin))],
            "service": job.service_s,
            "demand": job.demand,
            "required": False,
            "prize": worth,
        }

    def _vehicle(self, crew: CrewShift, origin: datetime) -> dict[str, Any]:
        return {
            "node": self.table.position[crew.start],
            "end": self.table.position[crew.end],
            "shift": [_after(crew.free_from - origin), _before(crew.ends_at - origin)],
            "capacity": crew.capacity,
            "clients": [n for n, job in enumerate(self.jobs) if job.skills <= crew.skills],
        }


def _plane(place: Place, centre: Place) -> tuple[float, float]:
    east = (place.lon - centre.lon) * cos(radians(centre.lat))
    return round(east * METRES_PER_DEGREE, 1), round((place.lat - centre.lat) * METRES_PER_DEGREE, 1)


def _after(span: timedelta) -> int:
    return ceil(span.total_seconds())


def _before(span: timedelta) -> int:
    return floor(span.total_seconds())
