"""One route driven through on paper: its times, and what of it cannot be."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from services.dispatch.domain.planning import CrewShift, Job, Place, Route, Stop

EARTH_M = 6_371_000
ROAD_FACTOR = 1.3
METRES_PER_SECOND = 25 / 3.6


@dataclass(frozen=True)
class Leg:
    """The way from one place to another."""

    distance_m: int
    seconds: int


# From one place to another, leaving at a moment.
Travel = Callable[[Place, Place, datetime], Leg]


def by_road(a: Place, b: Place, _leaving: datetime) -> Leg:
    """Return the way between two places: the great circle (haversine), longer by a road factor, at town speed."""
    north, east = radians(b.lat - a.lat), radians(b.lon - a.lon)
    part = sin(north / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(east / 2) ** 2
    metres = 2 * EARTH_M * asin(sqrt(part)) * ROAD_FACTOR
    return Leg(round(metres), round(metres / METRES_PER_SECOND))


def drive(crew: CrewShift, jobs: Sequence[Job], travel: Travel = by_road) -> Route:
    """Return the route of a crew that makes visits in this order, as early as can be.

    Args:
        crew: begins at its start when its shift begins, or later where it is out.
        jobs: the visits in order.
        travel: how long the ways take.
    """
    leaves = begins = max(crew.starts_at, crew.not_before or crew.starts_at)
    here, distance, stops = crew.start, 0, []
    for job in jobs:
        leg = travel(here, job.place, leaves)
        arrives = leaves + timedelta(seconds=leg.seconds)
        starts = max(arrives, job.window_from)
        leaves = starts + timedelta(seconds=job.service_s)
        stops.append(Stop(job=job.id, arrives_at=arrives, starts_at=starts, leaves_at=leaves))
        here, distance = job.place, distance + leg.distance_m
    seconds = round((leaves - begins).total_seconds())
    return Route(crew=crew.code, stops=stops, distance_m=distance, duration_s=seconds)


def faults(crew: CrewShift, jobs: Sequence[Job], route: Route) -> Iterator[tuple[str, str]]:
    """Give what of a route cannot be, as pairs of visit and reason: skill, capacity, window or shift."""
    carried = 0
    for job, stop in zip(jobs, route.stops, strict=True):
        carried += job.demand
        if not job.skills <= crew.skills:
            yield job.id, "skill"
        if carried > crew.capacity:
            yield job.id, "capacity"
        if stop.starts_at > job.window_to:
            yield job.id, "window"
        if stop.leaves_at > crew.ends_at:
            yield job.id, "shift"
