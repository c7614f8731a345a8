"""How far places are from each other, and how long the way takes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from functools import cached_property
from math import asin, cos, radians, sin, sqrt
from typing import Protocol
from zoneinfo import ZoneInfo

from services.dispatch.domain.planning import Place

# The mean radius of the earth (IUGG).
EARTH_M = 6_371_009
# Road over straight distance: about 1.2 in cities (Newell 1980, Traffic flow on transportation networks), 1.26 over a
# whole country (Kim et al. 2015, J. Korean Soc. Agric. Eng. 57(4), South Korea); a little more, to be late seldom.
ROAD_FACTOR = 1.3
# In commuting hours cars make 24 to 35 km/h in China's large cities (百度地图, 2020年度中国城市交通报告), on free roads
# 44 km/h (高德, 2021年一季度中国主要城市交通分析报告, Shenzhen). What lies between, for the working day, is assumed.
PEAK_KMH, DAY_KMH, FREE_KMH = 27.0, 35.0, 44.0
PEAKS = frozenset({7, 8, 17, 18})
NIGHT = frozenset({22, 23, 0, 1, 2, 3, 4, 5})
HOURS = 24
HALL_ZONE = ZoneInfo("Asia/Shanghai")
# A way that does not exist takes longer than any day.
NO_WAY = 1_000_000

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Leg:
    """The way from one place to another."""

    metres: int
    seconds: int


@dataclass(frozen=True)
class TravelTable:
    """The ways between places, `metres[i][j]` and `seconds[i][j]` from the i-th to the j-th."""

    places: Sequence[Place]
    metres: Sequence[Sequence[int]]
    seconds: Sequence[Sequence[int]]

    @cached_property
    def position(self) -> Mapping[Place, int]:
        """Where each place stands."""
        return {place: n for n, place in enumerate(self.places)}

    def leg(self, a: Place, b: Place) -> Leg:
        """Return the way from a to b."""
        i, j = self.position[a], self.position[b]
        return Leg(self.metres[i][j], self.seconds[i][j])


class TravelSource(Protocol):
    """Knows how long ways take."""

    def table(self, places: Sequence[Place], *, during: Sequence[Span]) -> TravelTable:
        """Return the ways between places.

        Args:
            places: no place twice.
            during: when crews are on the road.
        """


def usual_speeds() -> tuple[float, ...]:
    """Return the speed in km/h of each hour of the day, where nobody has measured better."""
    return tuple(PEAK_KMH if h in PEAKS else FREE_KMH if h in NIGHT else DAY_KMH for h in range(HOURS))


@dataclass(frozen=True, kw_only=True)
class Roads:
    """How roads differ from the straight line: longer by a factor, and with a speed for each hour of the day."""

    factor: float = ROAD_FACTOR
    speeds_kmh: tuple[float, ...] = field(default_factory=usual_speeds)
    zone: tzinfo = HALL_ZONE

    def __post_init__(self) -> None:
        """Refuse what no road is like.

        Raises:
            ValueError: a road shorter than the straight line, or not one speed above zero for each hour.
        """
        if self.factor < 1:
            raise ValueError(f"a road is not shorter than the straight line: factor {self.factor}")
        if len(self.speeds_kmh) != HOURS or min(self.speeds_kmh) <= 0:
            raise ValueError(f"24 speeds above zero are needed, one for each hour: {self.speeds_kmh}")

    def seconds_per_metre(self, during: Iterable[Span]) -> float:
        """Return how long a metre takes, on average over the seconds that crews are on the road.

        This is how the speed by hour enters a plan: one figure for the day, in which each hour counts by how long
        crews are out in it. It is the time that is averaged, not the speed, so that a slow hour weighs as it should.
        """
        out = [0.0] * HOURS
        for span in during:
            for hour, seconds in self._hours(span):
                out[hour] += seconds
        whole = sum(out) or float(HOURS)
        weights = out if any(out) else [1.0] * HOURS
        return sum(w * 3.6 / kmh for w, kmh in zip(weights, self.speeds_kmh, strict=True)) / whole

    def _hours(self, span: Span) -> Iterable[tuple[int, float]]:
        at, end = (each.astimezone(self.zone) for each in span)
        while at < end:
            until = min(end, at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1))
            yield at.hour, (until - at).total_seconds()
            at = until


@dataclass(frozen=True)
class GreatCircle:
    """Takes the great circle, longer by the road factor, at the speed of the hours."""

    roads: Roads = field(default_factory=Roads)

    def table(self, places: Sequence[Place], *, during: Sequence[Span]) -> TravelTable:
        """Return the ways between places."""
        pace = self.roads.seconds_per_metre(during)
        ways = [[straight_m(a, b) * self.roads.factor for b in places] for a in places]
        metres = [[round(way) for way in row] for row in ways]
        return TravelTable(places, metres, [[round(way * pace) for way in row] for row in ways])


def straight_m(a: Place, b: Place) -> float:
    """Return the great-circle distance in metres (haversine; Sinnott 1984, Sky and Telescope 68(2))."""
    north, east = radians(b.lat - a.lat), radians(b.lon - a.lon)
    part = sin(north / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(east / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(part)))
