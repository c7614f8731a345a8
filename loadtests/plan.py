"""The plan of a day: who comes when, with what. Made before the run, the same for the same seed.

The shape is that of large service halls: people wait at the door when it opens, the late morning is the peak, noon is
nearly empty, the afternoon has a lower peak, and some departments stay open at noon and in the evening.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from math import ceil

HOUR = 3600.0
OPENS, NOON, REOPENS, CLOSES, EVENING_ENDS = 9.0, 12.0, 14.0, 17.75, 19.25
# From, until (hours of the day) and how many people an hour come in it, relative to each other.
CURVE = (
    (9.0, 9.15, 3.2),
    (9.15, 9.75, 1.2),
    (9.75, 10.25, 1.0),
    (10.25, 11.25, 1.7),
    (11.25, 12.0, 0.8),
    (12.0, 14.0, 0.14),
    (14.0, 14.3, 1.5),
    (14.3, 15.0, 1.0),
    (15.0, 16.25, 1.4),
    (16.25, 17.0, 0.8),
    (17.0, 17.5, 0.3),
    (17.75, 19.0, 0.16),
)
CASES = 4500
BOOKED = 0.12
# More people come than cases are accepted: some ask only, some leave, late ones are turned away.
RESERVE = 1.12
CASES_OF_VISIT = ((0, 0.10), (1, 0.82), (2, 0.08))
PRIORITY, MISSES, RETURNS, TRANSFERRED, HELD, EVALUATES, HAS_PHONE = 0.06, 0.05, 0.6, 0.03, 0.03, 0.35, 0.6
NO_SHOW, LATE = 0.06, 0.08
LEVELS = ((5, 0.80), (4, 0.14), (3, 0.04), (2, 0.013), (1, 0.007))
TAIL = 1.1
SPREAD = 0.35
NOON_SESSIONS, EVENING_SESSIONS, SESSION_WINDOWS = 6, 4, 4
ORDERS = 30
# A shift of the shapes that are no day.
ALWAYS = (-1e12, 1e12)
SHORTEST_SERVICE, LONGEST_SERVICE = 60.0, 3600.0


@dataclass(frozen=True)
class Item:
    """A service item; `at_once` is decided on the spot."""

    code: str
    department: str
    queue: str
    service_s: int
    at_once: bool


@dataclass(frozen=True)
class Window:
    """A window and whose it is."""

    code: str
    department: str
    zone: str
    queues: tuple[str, ...]
    clerk: str


@dataclass(frozen=True)
class Reference:
    """What the plan needs to know of a hall."""

    items: Sequence[Item]
    windows: Sequence[Window]
    zones: Sequence[str]
    three_services: frozenset[str]


@dataclass(frozen=True)
class Visit:
    """One person's visit. Moments are seconds of the script, durations seconds.

    `booked` is the channel of an appointment made before, for `at`; who does not come has `comes` False. `items` are
    the cases accepted. Who `misses` is not there when called first, and comes back when `returns`.
    """

    n: int
    at: float
    item: Item
    class_: str
    service_s: float
    items: tuple[Item, ...]
    booked: str | None
    comes: bool
    misses: bool
    returns: bool
    transferred: str | None
    held: bool
    level: int | None
    has_phone: bool


@dataclass(frozen=True)
class Session:
    """A department that stays open; moments are seconds of the script."""

    department: str
    windows: tuple[Window, ...]
    starts: float
    ends: float


@dataclass(frozen=True)
class Order:
    """A request to come to somebody's place, between two moments of the script."""

    item: Item
    lat: float
    lon: float
    starts: float
    ends: float


@dataclass(frozen=True)
class Plan:
    """A day; the script's time 0 is `begins` o'clock."""

    begins: float
    visits: Sequence[Visit]
    sessions: Sequence[Session] = ()
    orders: Sequence[Order] = ()
    shifts: Sequence[tuple[float, float]] = field(default_factory=tuple)

    @property
    def cases(self) -> int:
        """How many cases are accepted if everybody is served."""
        return sum(len(visit.items) for visit in self.visits if visit.comes)

    @property
    def ends(self) -> float:
        """When the last shift or session ends."""
        return max([end for _, end in self.shifts] + [each.ends for each in self.sessions])

    def table(self) -> str:
        """Return the plan as a small table for people."""
        hours = Counter(int(self.begins + visit.at / HOUR) for visit in self.visits)
        most = max(hours.values(), default=1)
        rows = [
            f"  {hour:02d}:00 {hours[hour]:5d}  {'#' * round(40 * hours[hour] / most)}"
            for hour in sorted(hours)
        ]
        booked = sum(visit.booked is not None for visit in self.visits)
        items = len({visit.item.code for visit in self.visits})
        count = max(1, len(self.visits))
        return "\n".join(
            [
                f"  {len(self.visits)} visits, {self.cases} cases, {items} items, {booked} with an appointment "
                f"({100 * booked / count:.1f} %),",
                f"  {sum(v.misses for v in self.visits)} miss their call, "
                f"{sum(v.transferred is not None for v in self.visits)} are transferred, "
                f"{len(self.sessions)} extended sessions, {len(self.orders)} on-site orders",
                *rows,
            ]
        )


def chosen(draw: random.Random, table: Sequence[tuple[int, float]]) -> int:
    """Draw from a table of values and their shares."""
    return draw.choices([value for value, _ in table], [share for _, share in table])[0]


class Mix:
    """Draws items: a queue gets people as its windows can serve them, and has a few items that are asked for often."""

    def __init__(self, draw: random.Random, reference: Reference) -> None:
        """Fix how popular each item is."""
        work: defaultdict[str, float] = defaultdict(float)
        for window in reference.windows:
            for queue in window.queues:
                work[queue] += 1 / len(window.queues)
        by_queue: dict[str, list[Item]] = {}
        for item in reference.items:
            if work[item.queue]:
                by_queue.setdefault(item.queue, []).append(item)
        self._items: list[Item] = []
        weights: list[float] = []
        for queue, items in sorted(by_queue.items()):
            ranked = draw.sample(items, len(items))
            tail = [1 / (rank + 1) ** TAIL for rank in range(len(ranked))]
            mean_s = sum(w * item.service_s for w, item in zip(tail, ranked, strict=True)) / sum(tail)
            load = work[queue] / mean_s * draw.lognormvariate(0, SPREAD)
            self._items += ranked
            weights += [load * w / sum(tail) for w in tail]
        self._cumulative = list(accumulate(weights))
        self._of_queues: dict[frozenset[str], tuple[list[Item], list[float]]] = {}
        self._weights = weights

    def draw(self, draw: random.Random, queues: frozenset[str] | None = None) -> Item:
        """Draw an item, of these queues when given."""
        if queues is None:
            return draw.choices(self._items, cum_weights=self._cumulative)[0]
        if queues not in self._of_queues:
            pairs = [
                (item, weight)
                for item, weight in zip(self._items, self._weights, strict=True)
                if item.queue in queues
            ]
            self._of_queues[queues] = ([i for i, _ in pairs], list(accumulate(w for _, w in pairs)))
        items, cumulative = self._of_queues[queues]
        return draw.choices(items, cum_weights=cumulative)[0]


def moments(
    draw: random.Random, count: int, curve: Sequence[tuple[float, float, float]] = CURVE
) -> list[float]:
    """Draw so many hours of the day by a curve, in order."""
    parts = [(until - since) * rate for since, until, rate in curve]
    found = []
    for since, until, _ in draw.choices(curve, parts, k=count):
        found.append(draw.uniform(since, until))
    return sorted(found)


def service_time(draw: random.Random, typical_s: float) -> float:
    """Draw how long a visit takes: a gamma of shape 4 around the item's typical time, in seconds."""
    return min(LONGEST_SERVICE, max(SHORTEST_SERVICE, draw.gammavariate(4, typical_s / 4)))


def visitor(
    draw: random.Random, n: int, at: float, item: Item, *, siblings: Mapping[str, Sequence[str]]
) -> Visit:
    """Draw one visit without an appointment; `siblings` are the other queues of a queue's department."""
    count = chosen(draw, CASES_OF_VISIT)
    misses = draw.random() < MISSES
    onward = siblings.get(item.queue, ())
    return Visit(
        n=n,
        at=at,
        item=item,
        class_="priority" if draw.random() < PRIORITY else "walk_in",
        service_s=service_time(draw, item.service_s),
        items=(item,) * count,
        booked=None,
        comes=True,
        misses=misses,
        returns=misses and draw.random() < RETURNS,
        transferred=draw.choice(onward) if onward and draw.random() < TRANSFERRED else None,
        held=draw.random() < HELD,
        level=chosen(draw, LEVELS) if draw.random() < EVALUATES else None,
        has_phone=draw.random() < HAS_PHONE,
    )


def siblings_of(reference: Reference) -> dict[str, list[str]]:
    """Return for each queue the other queues of its department that a window serves."""
    by_department: dict[str, set[str]] = {}
    for window in reference.windows:
        by_department.setdefault(window.department, set()).update(window.queues)
    return {queue: sorted(queues - {queue}) for queues in by_department.values() for queue in sorted(queues)}


def a_day(reference: Reference, *, cases: int = CASES, seed: int = 1, begins: float = 8.5) -> Plan:
    """Plan a whole day.

    Args:
        reference: the hall.
        cases: how many cases are to be accepted at least.
        seed: the same gives the same day.
        begins: the hour of the day at which the script begins.
    """
    draw = random.Random(seed)
    mix, siblings = Mix(draw, reference), siblings_of(reference)
    sessions = _sessions(draw, reference, begins)
    per_visit = sum(count * share for count, share in CASES_OF_VISIT)
    visits = []
    for n, hour in enumerate(moments(draw, ceil(cases * RESERVE / per_visit))):
        at = (hour - begins) * HOUR
        queues = (_open_queues(sessions, at) or None) if _outside(hour) else None
        visits.append(visitor(draw, n, at, mix.draw(draw, queues), siblings=siblings))
    return Plan(
        begins,
        _book(draw, visits, reference, begins),
        sessions,
        _orders(draw, mix, reference, begins, count=ceil(ORDERS * cases / CASES)),
        tuple(((s - begins) * HOUR, (e - begins) * HOUR) for s, e in ((OPENS, NOON), (REOPENS, CLOSES))),
    )


def a_burst(reference: Reference, *, people: int, within_s: float, seed: int = 1) -> Plan:
    """Plan people who all come in the first seconds after the opening."""
    draw = random.Random(seed)
    mix, siblings = Mix(draw, reference), siblings_of(reference)
    arrivals = sorted(draw.uniform(0, within_s) for _ in range(people))
    visits = [visitor(draw, n, at, mix.draw(draw), siblings=siblings) for n, at in enumerate(arrivals)]
    return Plan(OPENS, visits, shifts=(ALWAYS,))


def peak_per_hour(cases: int = CASES) -> float:
    """Return how many people come in the busiest hour of a day with so many cases, by the curve."""
    per_visit = sum(count * share for count, share in CASES_OF_VISIT)
    total = cases * RESERVE / per_visit
    whole = sum((until - since) * rate for since, until, rate in CURVE)
    return total / whole * max(_within(start, start + 1) for start in (9.0, 9.5, 10.0, 10.25, 10.5, 15.0))


def _within(start: float, end: float) -> float:
    return sum(max(0.0, min(until, end) - max(since, start)) * rate for since, until, rate in CURVE)


def a_steady_peak(reference: Reference, *, hours: float, seed: int = 1) -> Plan:
    """Plan so many hours of the script, each as busy as the day's busiest."""
    draw = random.Random(seed)
    mix, siblings = Mix(draw, reference), siblings_of(reference)
    arrivals = sorted(draw.uniform(0, hours * HOUR) for _ in range(round(peak_per_hour() * hours)))
    visits = [visitor(draw, n, at, mix.draw(draw), siblings=siblings) for n, at in enumerate(arrivals)]
    return Plan(OPENS, visits, shifts=(ALWAYS,))


def _outside(hour: float) -> bool:
    return NOON <= hour < REOPENS or hour >= CLOSES


def _open_queues(sessions: Sequence[Session], at: float) -> frozenset[str]:
    return frozenset(
        queue
        for each in sessions
        if each.starts <= at < each.ends
        for window in each.windows
        for queue in window.queues
    )


def _sessions(draw: random.Random, reference: Reference, begins: float) -> list[Session]:
    windows: dict[str, list[Window]] = {}
    for window in reference.windows:
        windows.setdefault(window.department, []).append(window)
    able = sorted(reference.three_services & windows.keys())
    found = []
    for count, starts, ends in (
        (NOON_SESSIONS, NOON, REOPENS),
        (EVENING_SESSIONS, CLOSES, EVENING_ENDS),
    ):
        for department in sorted(draw.sample(able, min(count, len(able)))):
            # The windows with the most queues, so that nobody who comes finds none.
            ranked = sorted(windows[department], key=lambda window: (-len(window.queues), window.code))
            staffed = tuple(ranked[: max(SESSION_WINDOWS, len(ranked) // 3)])
            found.append(Session(department, staffed, (starts - begins) * HOUR, (ends - begins) * HOUR))
    return found


def _book(draw: random.Random, visits: list[Visit], reference: Reference, begins: float) -> list[Visit]:
    """Give the share of visits that has one an appointment; these are in departments that offer it, in the hours."""
    able = [
        visit.n
        for visit in visits
        if visit.item.department in reference.three_services and not _outside(begins + visit.at / HOUR)
    ]
    booked = set(draw.sample(able, min(len(able), round(BOOKED * len(visits)))))
    found = []
    for visit in visits:
        if visit.n in booked:
            visit = replace(
                visit,
                booked=draw.choices(("web", "phone"), (0.6, 0.4))[0],
                comes=draw.random() >= NO_SHOW,
                class_="walk_in",
            )
        found.append(visit)
    return found


def _orders(draw: random.Random, mix: Mix, reference: Reference, begins: float, *, count: int) -> list[Order]:
    queues = frozenset(
        queue
        for each in reference.windows
        if each.department in reference.three_services
        for queue in each.queues
    )
    found = []
    for _ in range(count if queues else 0):
        starts = draw.choice((9.0, 9.5, 10.0, 14.0, 14.5, 15.0)) - begins
        item = mix.draw(draw, queues)
        place = (22.5431 + draw.uniform(-0.04, 0.04), 114.0579 + draw.uniform(-0.05, 0.05))
        found.append(Order(item, *place, starts * HOUR, (starts + draw.choice((1.5, 2.0, 2.5))) * HOUR))
    return found
