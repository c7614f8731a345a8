"""What a day's plan is made of: the visits to make, the crews that can make them, and what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Place:
    """A place on the map, in degrees (WGS 84)."""

    lat: float
    lon: float


@dataclass(frozen=True, kw_only=True)
class Job:
    """A visit to make: its service begins within its window.

    A crew needs all the skills. `urgent` visits come first of all, `normal` ones are wanted, `low` ones are made when
    they cost little.
    """

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
    """A crew on a day: it leaves its start within its shift, not before a moment, and is back by the shift's end.

    `home` is where it goes back to when that is not where it starts, as for a crew that is already out. In its
    `breaks`, which are in order, it neither drives nor serves.
    """

    code: str
    skills: frozenset[str]
    starts_at: datetime
    ends_at: datetime
    start: Place
    capacity: int
    not_before: datetime | None = None
    home: Place | None = None
    breaks: Sequence[tuple[datetime, datetime]] = ()

    def has_from(self, at: datetime, seconds: float) -> datetime:
        """Return the earliest moment, from one on, at which it has so many seconds before a break."""
        for starts, ends in self.breaks:
            if at < ends and at + timedelta(seconds=seconds) > starts:
                at = ends
        return at

    def has_until(self, at: datetime, seconds: float) -> datetime:
        """Return the latest moment, up to one, until which it has had so many seconds since a break."""
        for starts, ends in reversed(self.breaks):
            if at > starts and at - timedelta(seconds=seconds) < ends:
                at = starts
        return at

    @property
    def free_from(self) -> datetime:
        """The earliest moment at which it can leave."""
        return max(self.starts_at, self.not_before or self.starts_at)

    @property
    def end(self) -> Place:
        """Where it goes back to."""
        return self.home or self.start


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A day to plan; `seconds` is how long that may take."""

    jobs: tuple[Job, ...]
    crews: tuple[CrewShift, ...]
    seed: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A visit in a route, with its times and the seconds of the way there, which older plans did not keep."""

    job: str
    arrives_at: datetime
    starts_at: datetime
    leaves_at: datetime
    travel_s: int | None = None


@dataclass(frozen=True, kw_only=True)
class Route:
    """A crew's visits in order; distance and duration run from its start until it is back."""

    crew: str
    stops: tuple[Stop, ...]
    distance_m: int
    duration_s: int


@dataclass(frozen=True, kw_only=True)
class Unserved:
    """A visit that nobody makes, and the reason that binds: skill, window, shift, break, capacity or time."""

    job: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The routes of a day and the visits that are in none."""

    routes: tuple[Route, ...]
    unserved: tuple[Unserved, ...]
