"""A day in a hall of pure functions: visitors come, windows call by the rule, each wait is estimated on issue.

Nothing here uses the formula of the estimate: times between visitors are exponential with the day's two peaks, service
times are lognormal around the item's typical time, calls go by `call_order`. A clerk calls some seconds after the
window is free and somebody waits, as people do: 5 to 35, as likely the one as the other.
"""

import heapq
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil, log, sqrt
from random import Random

from services.ticketing.domain.estimate import OpenWindows, QueueLoad, Range, WindowLoad, estimate_wait
from services.ticketing.domain.queue import call_order

OPENS = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
DAY_S = 8 * 3600
LOOK_BACK_S = 2 * 3600
PACE_PRIOR_S = 3600.0
REACTION_S = (5.0, 35.0)


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A queue of the simulation: visitors an hour, typical service seconds of its items."""

    code: str
    per_hour: float
    items: tuple[int, ...]
    priority_share: float = 0.1
    priority_rate: float = 2.0
    max_wait_s: int = 2700


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """One who waits, with the wait that was promised."""

    id: str
    ordinal: int
    queue: str
    class_: str
    rate: float
    reference_at: datetime
    overdue_at: datetime
    typical_s: int
    service_s: float
    promised: Range


@dataclass
class Window:
    """A window, and who is at it since when."""

    code: str
    queues: tuple[str, ...]
    visitor: Visitor | None = None
    since: float = 0.0
    about_to_call: bool = False


@dataclass(frozen=True)
class Wait:
    """A wait that came true, in seconds, beside what was promised."""

    queue: str
    seconds: float
    promised: Range


@dataclass
class Day:
    """One simulated day."""

    queues: tuple[Queue, ...]
    windows: list[Window]
    random: Random
    real_pace: float = 1.0
    cv: float = 0.65
    now: float = 0.0
    waiting: list[Visitor] = field(default_factory=list)
    served: list[tuple[float, Visitor]] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    ahead: list[tuple[float, int]] = field(default_factory=list)

    def run(self) -> list[Wait]:
        """Let the day pass and return the waits of all who came."""
        for moment, queue in self._arrivals():
            while self.ahead and self.ahead[0][0] <= moment:
                self._next()
            self.now = moment
            self.waiting.append(self._issue(queue))
            self._look_up()
        while self.ahead:
            self._next()
        return self.waits

    def _arrivals(self) -> list[tuple[float, Queue]]:
        coming = []
        for queue in self.queues:
            moment = 0.0
            # Thinning: the most per hour, of which the part of the hour's demand stays.
            while (moment := moment + self.random.expovariate(1.4 * queue.per_hour / 3600)) < DAY_S:
                if self.random.random() < self._demand(moment) / 1.4:
                    coming.append((moment, queue))
        return sorted(coming, key=lambda each: each[0])

    @staticmethod
    def _demand(moment: float) -> float:
        """Return the demand at a moment by the mean of the day: peaks in mid-morning and mid-afternoon."""
        hour = moment / 3600
        return 1.4 if 0.5 < hour < 2 or 4.5 < hour < 6 else 0.76

    def _issue(self, queue: Queue) -> Visitor:
        priority = self.random.random() < queue.priority_share
        rate = queue.priority_rate if priority else 1.0
        typical = self.random.choice(queue.items)
        spread = sqrt(log(1 + self.cv**2))
        at = OPENS + timedelta(seconds=self.now)
        ahead = ceil(sum(visitor.queue == queue.code for visitor in self.waiting) / rate)
        return Visitor(
            id=f"{len(self.waits) + len(self.waiting):06d}",
            ordinal=len(self.waits) + len(self.waiting),
            queue=queue.code,
            class_="priority" if priority else "walk_in",
            rate=rate,
            reference_at=at,
            overdue_at=at + timedelta(seconds=queue.max_wait_s),
            typical_s=typical,
            service_s=typical * self.real_pace * self.random.lognormvariate(-(spread**2) / 2, spread),
            promised=estimate_wait(
                queue.code,
                ahead=ahead,
                own_service_s=typical,
                loads=self._loads(),
                windows=OpenWindows(self._open()),
            ),
        )

    def _loads(self) -> dict[str, QueueLoad]:
        loads = {queue.code: QueueLoad(pace=self._pace(queue.code)) for queue in self.queues}
        for visitor in self.waiting:
            load = loads[visitor.queue]
            loads[visitor.queue] = replace(
                load, waiting=load.waiting + 1, work_s=load.work_s + visitor.typical_s
            )
        return loads

    def _pace(self, queue: str) -> float:
        lately = [v for ended, v in self.served if v.queue == queue and ended > self.now - LOOK_BACK_S]
        real, typical = sum(v.service_s for v in lately), sum(v.typical_s for v in lately)
        return (real + PACE_PRIOR_S) / (typical + PACE_PRIOR_S)

    def _open(self) -> list[WindowLoad]:
        return [
            WindowLoad(
                code=window.code,
                queues=window.queues,
                expected_s=window.visitor.typical_s if window.visitor else None,
                elapsed_s=self.now - window.since if window.visitor else None,
            )
            for window in self.windows
        ]

    def _look_up(self) -> None:
        """Have each free window call in a moment, if somebody waits for it."""
        for nth, window in enumerate(self.windows):
            wanted = any(visitor.queue in window.queues for visitor in self.waiting)
            if wanted and window.visitor is None and not window.about_to_call:
                window.about_to_call = True
                heapq.heappush(self.ahead, (self.now + self.random.uniform(*REACTION_S), nth))

    def _next(self) -> None:
        self.now, nth = heapq.heappop(self.ahead)
        window = self.windows[nth]
        if window.about_to_call:
            window.about_to_call = False
            self._call(nth, window)
            return
        assert window.visitor is not None
        self.served.append((self.now, window.visitor))
        window.visitor = None
        self._look_up()

    def _call(self, nth: int, window: Window) -> None:
        at = OPENS + timedelta(seconds=self.now)
        order = call_order(self.waiting, at, window.queues)
        if not order:
            return
        chosen = order[0]
        self.waiting.remove(chosen)
        window.visitor, window.since = chosen, self.now
        heapq.heappush(self.ahead, (self.now + chosen.service_s, nth))
        waited = (at - chosen.reference_at).total_seconds()
        self.waits.append(Wait(chosen.queue, waited, chosen.promised))


def covered(waits: list[Wait]) -> float:
    """Return the share of waits that came true within their ninetieth percentile."""
    return sum(wait.seconds <= wait.promised.p90_s for wait in waits) / len(waits)


def mean_abs_error_s(waits: list[Wait]) -> float:
    """Return how far the promised medians were off, in seconds."""
    return sum(abs(wait.seconds - wait.promised.p50_s) for wait in waits) / len(waits)
