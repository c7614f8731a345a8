"""What is going on in the hall, read at most once a second: loads of queues and windows, and the copies.

A new ticket's range and the cut-off need all queues and windows of the department; to ask for each ticket anew would
cost more than the ticket. What this process issues in between is added at once.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from services.chassis import clock
from services.closures import Closure
from services.ticketing.domain.estimate import OpenWindows, QueueLoad, Range, estimate_wait, seconds_to_serve
from services.ticketing.domain.hours import OpeningHours, OpenTime, pass_time
from services.ticketing.domain.queue import Item, Queue
from services.ticketing.domain.ticket import Ticket
from services.ticketing.domain.window import Window
from services.ticketing.store import Store

READ_EVERY_S = 1.0
READ_EVERY_S_IN_REPLAY = 0.2
USUAL_EVERY = timedelta(minutes=10)
# How long after closing a window may still call those who waited; an assumption.
SERVED_AFTER_CLOSING_S = 1800
Need = TypeVar("Need")


@dataclass(frozen=True, kw_only=True)
class Reference:
    """The copies that are in force; `serving` are the windows whose work profile has a queue, by queue."""

    version: int
    queues: Mapping[str, Queue]
    items: Mapping[str, Item]
    zones: Mapping[str, Mapping[str, Any]]
    departments: Mapping[str, Mapping[str, Any]]
    windows: Mapping[str, Window]
    serving: Mapping[str, frozenset[str]]
    hours: OpeningHours
    closed_for: Mapping[str, Mapping[str, Any]]

    def closure_of(self, queue: Queue, at: datetime) -> Closure | None:
        """Return for which closure a queue is not served: its department's, or those of all windows that have it."""
        windows = self.hours.closures.windows(at)
        able = self.serving.get(queue.code, frozenset())
        if able and able <= windows.keys():
            return min((windows[code] for code in able), key=lambda each: each.ends_at)
        return self.hours.closures.on(at, queue.department)

    def hours_of(self, queue: Queue) -> OpeningHours:
        """Return when a queue is served: of the extended sessions those that have a window for it."""
        if not self.hours.sessions.of(queue.department):
            return self.hours
        able = self.serving.get(queue.code, frozenset())
        return replace(self.hours, sessions=self.hours.sessions.with_one_of(able, queue.department))


@dataclass(frozen=True, kw_only=True)
class Hands:
    """The windows that serve in a stretch of time, and what waits for them."""

    windows: OpenWindows
    loads: Mapping[str, QueueLoad]


@dataclass(frozen=True, kw_only=True)
class Situation:
    """The copies, and what waits where."""

    reference: Reference
    windows: OpenWindows
    loads: dict[str, QueueLoad]
    read_at: float = field(default_factory=monotonic)

    def windows_open(self, queue: Queue) -> int:
        """Return how many windows call from a queue now."""
        return len(self.windows.serving(queue.code))

    def estimate(self, queue: Queue, *, ahead: int, own_service_s: float, at: datetime) -> Range | None:
        """Return the wait of a ticket with `ahead` tickets before it, in seconds on the clock, breaks included.

        None where nothing can be said: no window is open, or the wait is longer than a day has hours or than today has
        left, but for what clerks serve after closing of those who wait.
        """
        if not self.windows_open(queue):
            return None

        def working(hands: Hands) -> Range:
            return estimate_wait(
                queue.code,
                ahead=ahead,
                own_service_s=own_service_s,
                loads=hands.loads,
                windows=hands.windows,
            )

        left = self._left(queue, at, working)
        now = working(Hands(windows=self.windows, loads=self.loads)) if not left else left[0][1]
        p50_s, after_closing_s = pass_time(
            at, [(stretch, each.p50_s) for stretch, each in left], otherwise=now.p50_s
        )
        if now.is_capped or (left and after_closing_s > SERVED_AFTER_CLOSING_S):
            return None
        p90_s = sum(pass_time(at, [(stretch, each.p90_s) for stretch, each in left], otherwise=now.p90_s))
        p50 = round(p50_s + after_closing_s)
        return Range(p50, max(p50, round(p90_s)))

    def is_cut_off(self, queue: Queue, *, own_service_s: float, at: datetime) -> bool:
        """Tell whether a new ticket of a queue could no more be served before closing, sessions included."""

        def needed(hands: Hands) -> float:
            return seconds_to_serve(
                queue.code, own_service_s=own_service_s, loads=hands.loads, windows=hands.windows
            )

        _, left_over = pass_time(at, self._left(queue, at, needed), otherwise=own_service_s)
        return left_over > 0

    def next_opening(self, queue: Queue, after: datetime) -> datetime | None:
        """Return when a queue is served again."""
        hours, closure = self.reference.hours_of(queue), self.reference.closure_of(queue, after)
        if closure is not None and closure.window is not None:
            after = closure.ends_at.astimezone(hours.zone)
            if hours.is_open(after, queue.department):
                return after
        return hours.next_opening(after, queue.department)

    def closing(self, queue: Queue, at: datetime) -> datetime:
        """Return when a queue is served no more today; `at` where it is not served any more."""
        return max(
            (each.ends for each in self.reference.hours_of(queue).left(at, queue.department)), default=at
        )

    def _left(
        self, queue: Queue, at: datetime, needs: Callable[[Hands], Need]
    ) -> list[tuple[OpenTime, Need]]:
        """Return the stretches left in which a queue is served, each with what is needed at its windows."""
        in_hours = cache(lambda: needs(Hands(windows=self.windows, loads=self.loads)))
        return [
            (
                each,
                in_hours()
                if each.windows is None
                else needs(self._hands(queue, each.windows, begun=each.starts <= at)),
            )
            for each in self.reference.hours_of(queue).left(at, queue.department)
        ]

    def _hands(self, queue: Queue, windows: frozenset[str], *, begun: bool) -> Hands:
        """Return the hands of an extended session: its windows that are open, or those planned until it begins."""
        planned = len(windows & self.reference.serving.get(queue.code, frozenset()))
        load = replace(self.loads.get(queue.code, QueueLoad()), usual_windows=float(planned))
        return Hands(
            windows=OpenWindows(each for each in self.windows if begun and each.code in windows),
            loads={**self.loads, queue.code: load},
        )

    def waits_one_more(self, ticket: Ticket) -> None:
        """Count a ticket that was issued since this was read."""
        load = self.loads.get(ticket.queue, QueueLoad())
        self.loads[ticket.queue] = replace(
            load, waiting=load.waiting + 1, work_s=load.work_s + ticket.service_seconds
        )


class Situations:
    """Keeps the situation of each hall that this process is asked about fresh."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._now: dict[str, Situation] = {}
        self._usual: dict[str, tuple[datetime, Mapping[str, float]]] = {}
        self._lock = Lock()

    def current(self, store: Store, hall: str, at: datetime) -> Situation:
        """Return the situation, read again when it is a second old."""
        now = self._now.get(hall)
        if now is not None and monotonic() - now.read_at < _max_age():
            return now
        if now is None:
            self._lock.acquire()
        elif not self._lock.acquire(blocking=False):
            return now
        try:
            self._now[hall] = read = self._read(store, hall, at)
            return read
        finally:
            self._lock.release()

    def _read(self, store: Store, hall: str, at: datetime) -> Situation:
        version = store.reference_version()
        before = self._now.get(hall)
        if before is not None and before.reference.version == version:
            reference = before.reference
        else:
            reference = _read_reference(store, hall, version, at)
            self._usual.pop(hall, None)
        return Situation(
            reference=reference,
            windows=OpenWindows(store.window_loads(hall, at)),
            loads=store.queue_loads(
                hall,
                at=at,
                business_date=clock.business_date(at),
                kept=reference.hours.sessions.days_kept(at),
                usual=self._usual_windows(store, reference, hall, at),
            ),
        )

    def _usual_windows(
        self, store: Store, reference: Reference, hall: str, at: datetime
    ) -> Mapping[str, float]:
        """Return how many windows usually serve each queue at this hour; by their work profiles where nobody knows."""
        read_at, usual = self._usual.get(hall, (None, {}))
        if read_at is None or not read_at <= at < read_at + USUAL_EVERY:
            local = at.astimezone(clock.hall_zone())
            midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
            by_profile = Counter(queue for window in reference.windows.values() for queue in window.queues)
            usual = {
                **by_profile,
                **store.usual_windows(hall, at=at, midnight=midnight, zone=str(clock.hall_zone())),
            }
            self._usual[hall] = at, usual
        return usual


def _max_age() -> float:
    return READ_EVERY_S if clock.speed() == 1.0 else READ_EVERY_S_IN_REPLAY


def _read_reference(store: Store, hall: str, version: int, at: datetime) -> Reference:
    windows = {window.code: window for window in store.windows(hall, None)}
    serving: dict[str, set[str]] = {}
    for window in windows.values():
        for queue in window.queues:
            serving.setdefault(queue, set()).add(window.code)
    return Reference(
        version=version,
        queues=store.queues(hall),
        items=store.items(hall),
        zones=store.zones(hall),
        departments=store.departments(hall),
        windows=windows,
        serving={queue: frozenset(codes) for queue, codes in serving.items()},
        hours=store.hours(hall, at, clock.hall_zone()),
        closed_for={row["id"]: row for row in store.closures(hall, at)},
    )
