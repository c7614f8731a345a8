"""What a day's plan is made of, and what it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Place:
    """A place on the map, in degrees (WGS 84)."""

    lat: float
    lon: float


@dataclass(frozen=True, kw_only=True)
class Job:
    """A visit to make: it begins within its window. A crew needs all its skills; `priority` as of orders."""

    id: str
    place: Place
    window_from: datetime
    window_to: datetime
    service_s: int
    skills: frozenset[str]
    priority: str
    demand: int = 1


@dataclass(frozen=True, kw_only=True)
class CrewShift:
    """A crew on a day; one that is out already begins at its last place, not before a moment."""

    code: str
    skills: frozenset[str]
    starts_at: datetime
    ends_at: datetime
    start: Place
    capacity: int
    not_before: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A day to plan; `seconds` is how long that may take."""

    jobs: Sequence[Job]
    crews: Sequence[CrewShift]
    seed: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A visit in a route, with its times."""

    job: str
    arrives_at: datetime
    starts_at: datetime
    leaves_at: datetime


@dataclass(frozen=True, kw_only=True)
class Route:
    """A crew's visits in order."""

    crew: str
    stops: Sequence[Stop]
    distance_m: int
    duration_s: int


@dataclass(frozen=True, kw_only=True)
class Unserved:
    """A visit that nobody makes, and the reason that binds: skill, window, shift or capacity."""

    job: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The routes of a day and the visits that are in none."""

    routes: Sequence[Route]
    unserved: Sequence[Unserved]
