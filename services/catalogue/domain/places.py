"""The parts of a hall: departments, zones, queues, windows and business chains."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Hall:
    """One building with its time zone (IANA name)."""

    code: str
    name: str
    name_en: str
    time_zone: str


@dataclass(frozen=True, kw_only=True)
class Department:
    """An authority in the hall; `position` is its place in lists."""

    code: str
    name: str
    name_en: str
    offers_three_services: bool
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, kw_only=True)
class Zone:
    """A part of the hall with a board of its own."""

    code: str
    name: str
    name_en: str
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, kw_only=True)
class Chain:
    """A chain of business that leads through several departments."""

    code: str
    name: str
    name_en: str
    position: int = field(default=0, compare=False)


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What tickets wait in. `max_wait_s` is in seconds; rates say how fast a class gains priority."""

    code: str
    prefix: str
    name: str
    name_en: str
    department: str
    zone: str
    max_wait_s: int
    priority_rate: float
    appointment_rate: float
    walk_in_rate: float
    position: int = field(default=0, compare=False)

    @property
    def rates(self) -> dict[str, float]:
        """Return the rate of each class of ticket."""
        return {
            "priority": self.priority_rate,
            "appointment": self.appointment_rate,
            "walk_in": self.walk_in_rate,
        }


@dataclass(frozen=True, kw_only=True)
class Window:
    """A counter of a department; `queues` are those it may call from, in order."""

    code: str
    name: str
    name_en: str
    department: str
    zone: str
    queues: tuple[str, ...]
    position: int = field(default=0, compare=False)


Place = Department | Zone | Chain | Queue | Window


def twice(codes: Sequence[str]) -> set[str]:
    """Return the codes that stand more than once."""
    return {code for code, times in Counter(codes).items() if times > 1}


def misplaced(
    places: Sequence[Queue | Window], *, departments: Collection[str], zones: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield code and reason of each queue or window in a department or zone that does not exist."""
    for place in places:
        if place.department not in departments:
            yield place.code, f"There is no department {place.department!r}."
        if place.zone not in zones:
            yield place.code, f"There is no zone {place.zone!r}."


def misled(windows: Sequence[Window], *, queues: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield code and reason of each window with a queue that does not exist or stands twice."""
    for window in windows:
        for queue in window.queues:
            if queue not in queues:
                yield window.code, f"There is no queue {queue!r}."
        for queue in sorted(twice(window.queues)):
            yield window.code, f"Queue {queue!r} stands twice."
