"""One crew's visits in an order: their times, and what keeps a crew from making them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from services.dispatch.domain.planning import CrewShift, Job, Place, Route, Stop
from services.dispatch.domain.travel import TravelTable


def drive(crew: CrewShift, jobs: Sequence[Job], table: TravelTable) -> Route:
    """Return the route of a crew that makes visits in this order, each as early as can be.

    It leaves its start as late as the first visit allows, and waits at the door of later ones. A way or a visit that
    would run into a break waits until after it.
    """
    stops = list(_stops(crew, jobs, table))
    if not stops:
        return Route(crew=crew.code, stops=(), distance_m=0, duration_s=0)
    first, way = stops[0], table.leg(crew.start, jobs[0].place).seconds
    stops[0] = replace(first, arrives_at=crew.has_until(first.starts_at, way))
    left = stops[0].arrives_at - timedelta(seconds=way)
    return Route(
        crew=crew.code,
        stops=tuple(stops),
        distance_m=length_m(crew, jobs, table),
        duration_s=round((_back(crew, jobs, stops, table) - left).total_seconds()),
    )


def fault(crew: CrewShift, jobs: Sequence[Job], table: TravelTable) -> str | None:
    """Return why a crew cannot make visits in this order; None when it can.

    `skill`, `window`, `shift` or `capacity`; `break` when it is only for its breaks that it would be late.
    """
    why = _fault(crew, jobs, table)
    if why in ("window", "shift") and crew.breaks and _fault(replace(crew, breaks=()), jobs, table) is None:
        return "break"
    return why


def _fault(crew: CrewShift, jobs: Sequence[Job], table: TravelTable) -> str | None:
    if not all(job.skills <= crew.skills for job in jobs):
        return "skill"
    stops = list(_stops(crew, jobs, table))
    if any(stop.starts_at > job.window_to for job, stop in zip(jobs, stops, strict=True)):
        return "window"
    if stops and _back(crew, jobs, stops, table) > crew.ends_at:
        return "shift"
    return "capacity" if sum(job.demand for job in jobs) > crew.capacity else None


def length_m(crew: CrewShift, jobs: Sequence[Job], table: TravelTable) -> int:
    """Return how many metres a crew drives, the way home included."""
    if not jobs:
        return 0
    places: list[Place] = [crew.start, *(job.place for job in jobs), crew.end]
    return sum(table.leg(a, b).metres for a, b in pairwise(places))


def _stops(crew: CrewShift, jobs: Sequence[Job], table: TravelTable) -> Iterator[Stop]:
    leaves, here = crew.free_from, crew.start
    for job in jobs:
        way = table.leg(here, job.place).seconds
        arrives = crew.has_from(leaves, way) + timedelta(seconds=way)
        starts = crew.has_from(max(arrives, job.window_from), job.service_s)
        leaves, here = starts + timedelta(seconds=job.service_s), job.place
        yield Stop(job=job.id, arrives_at=arrives, starts_at=starts, leaves_at=leaves, travel_s=way)


def _back(crew: CrewShift, jobs: Sequence[Job], stops: Sequence[Stop], table: TravelTable) -> datetime:
    way = table.leg(jobs[-1].place, crew.end).seconds
    return crew.has_from(stops[-1].leaves_at, way) + timedelta(seconds=way)
