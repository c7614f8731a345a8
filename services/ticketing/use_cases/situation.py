"""What is going on in the hall, read at most once a second: loads of queues and windows, and the copies.

A new ticket's range and the cut-off need all queues and windows of the department; to ask for each ticket anew would
cost more than the ticket. What this process issues in between is added at once.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any

from services.chassis import clock
from services.ticketing.domain.estimate import QueueLoad, Range, WindowLoad, can_still_serve, estimate_wait
from services.ticketing.domain.hours import OpeningHours
from services.ticketing.domain.queue import Item, Queue
from services.ticketing.store import Store

READ_EVERY_S = 1.0
READ_EVERY_S_IN_REPLAY = 0.2
USUAL_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Reference:
    """The copies of the catalogue that are in force."""

    version: int
    queues: Mapping[str, Queue]
    items: Mapping[str, Item]
    zones: Mapping[str, Mapping[str, Any]]
    hours: OpeningHours


@dataclass(frozen=True, kw_only=True)
class Situation:
    """The copies, and what waits where."""

    reference: Reference
    windows: list[WindowLoad]
    loads: dict[str, QueueLoad]
    read_at: float = field(default_factory=monotonic)

    def estimate(self, queue: Queue, *, ahead: int, own_service_s: float, at: datetime) -> Range:
        """Return the wait of a ticket with `ahead` tickets before it, in seconds on the clock, breaks included."""
        working = estimate_wait(
            queue.code, ahead=ahead, own_service_s=own_service_s, loads=self.loads, windows=self.windows
        )
        hours = self.reference.hours
        p50, p90 = (
            round(hours.wall_seconds(at, each, queue.department)) for each in (working.p50_s, working.p90_s)
        )
        return Range(p50, max(p50, p90))

    def is_cut_off(self, queue: Queue, *, own_service_s: float, at: datetime) -> bool:
        """Tell whether a new ticket of a queue could no more be served before closing."""
        return not can_still_serve(
            queue.code,
            own_service_s=own_service_s,
            seconds_left=self.reference.hours.seconds_left(at, queue.department),
            loads=self.loads,
            windows=self.windows,
        )

    def waits_one_more(self, item: Item) -> None:
        """Count a ticket that was issued since this was read."""
        load = self.loads.get(item.queue, QueueLoad())
        self.loads[item.queue] = replace(
            load, waiting=load.waiting + 1, work_s=load.work_s + item.service_seconds
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
            reference = _read_reference(store, hall, version)
            self._usual.pop(hall, None)
        return Situation(
            reference=reference,
            windows=store.window_loads(hall, at),
            loads=store.queue_loads(
                hall,
                at=at,
                business_date=clock.business_date(at),
                usual=self._usual_windows(store, hall, at),
            ),
        )

    def _usual_windows(self, store: Store, hall: str, at: datetime) -> Mapping[str, float]:
        """Return how many windows usually serve each queue at this hour; by their work profiles where nobody knows."""
        read_at, usual = self._usual.get(hall, (None, {}))
        if read_at is None or not read_at <= at < read_at + USUAL_EVERY:
            local = at.astimezone(clock.hall_zone())
            midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
            by_profile = Counter(queue for window in store.windows(hall, None) for queue in window.queues)
            usual = {
                **by_profile,
                **store.usual_windows(hall, at=at, midnight=midnight, zone=str(clock.hall_zone())),
            }
            self._usual[hall] = at, usual
        return usual


def _max_age() -> float:
    return READ_EVERY_S if clock.speed() == 1.0 else READ_EVERY_S_IN_REPLAY


def _read_reference(store: Store, hall: str, version: int) -> Reference:
    return Reference(
        version=version,
        queues=store.queues(hall),
        items=store.items(hall),
        zones=store.zones(hall),
        hours=store.hours(hall, clock.hall_zone()),
    )
