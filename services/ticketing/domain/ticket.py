"""A ticket, its states and what may become of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from services.ticketing.domain.queue import Queue
from services.ticketing.errors import AlreadyRequeued, IllegalTransition

# Each state with those that may follow it. `transferred` lasts no time: the ticket waits in the new queue at once.
# Every open state may be closed at the end of the day.
TRANSITIONS: dict[str, frozenset[str]] = {
    "waiting": frozenset({"called", "transferred", "cancelled", "closed"}),
    "called": frozenset({"serving", "missed", "transferred", "closed"}),
    "serving": frozenset({"served", "on_hold", "transferred", "closed"}),
    "on_hold": frozenset({"serving", "closed"}),
    "missed": frozenset({"waiting", "expired", "closed"}),
    "transferred": frozenset({"waiting"}),
    "served": frozenset(),
    "cancelled": frozenset(),
    "expired": frozenset(),
    "closed": frozenset(),
}
OPEN = frozenset({"waiting", "called", "serving", "on_hold", "missed"})
AT_A_WINDOW = frozenset({"called", "serving"})
CLASSES = ("urgent", "priority", "appointment", "walk_in")
CHANNELS = ("kiosk", "window", "phone", "web")
MOST_REQUEUES = 1
# What holders' tokens of tickets are made for.
KIND = "ticket"


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A place in a queue. Times are aware; `rate` is score per second, `service_seconds` the item's typical time.

    `appointment` is the appointment that was checked in for it; `extended` says that it was issued, called or served in
    an extended session.
    """

    hall: str
    id: str
    number: str
    issued_queue: str
    ordinal: int
    business_date: date
    queue: str
    department: str
    zone: str
    item: str
    service_seconds: int
    class_: str
    channel: str
    appointment: str | None
    state: str
    rate: float
    reference_at: datetime
    overdue_at: datetime
    window: str | None
    clerk: str | None
    extended: bool
    reason: str | None
    cutoff_override: str | None
    issued_at: datetime
    first_called_at: datetime | None
    called_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    service_s: int | None
    calls: int
    misses: int
    requeues: int
    ahead_at_issue: int
    p50_s: int | None
    p90_s: int | None
    version: int

    @property
    def wait_s(self) -> int | None:
        """Seconds from issue to the first call."""
        if self.first_called_at is None:
            return None
        return round((self.first_called_at - self.issued_at).total_seconds())


def _to(ticket: Ticket, state: str, **changes: Any) -> Ticket:
    if state not in TRANSITIONS[ticket.state]:
        raise IllegalTransition(
            f"The ticket is {ticket.state}; it cannot become {state}.", state=ticket.state
        )
    return replace(ticket, state=state, version=ticket.version + 1, **changes)


def _require(ticket: Ticket, state: str, rule: str) -> None:
    if ticket.state != state:
        raise IllegalTransition(f"The ticket is {ticket.state}; {rule}.", state=ticket.state)


def recall(ticket: Ticket, at: datetime) -> Ticket:
    """Announce a called ticket again.

    Raises:
        IllegalTransition: it is not `called`.
    """
    _require(ticket, "called", "only a called one is recalled")
    return replace(ticket, calls=ticket.calls + 1, version=ticket.version + 1)


def start(ticket: Ticket, at: datetime) -> Ticket:
    """Begin to serve a called ticket.

    Raises:
        IllegalTransition: it is not `called`.
    """
    _require(ticket, "called", "only a called one is started")
    return _to(ticket, "serving", started_at=ticket.started_at or at)


def finish(ticket: Ticket, at: datetime) -> Ticket:
    """End the service.

    Raises:
        IllegalTransition: the ticket is not being served.
    """
    return _to(ticket, "served", finished_at=at)


def miss(ticket: Ticket) -> Ticket:
    """Note that a called visitor did not come.

    Raises:
        IllegalTransition: the ticket is not `called`.
    """
    return _to(ticket, "missed", misses=ticket.misses + 1, window=None, clerk=None)


def requeue(ticket: Ticket, queue: Queue, at: datetime) -> Ticket:
    """Put a missed ticket back, behind all that came before now.

    It waits as a walk-in from now on: with the lowest rate no ticket that came earlier is overtaken.

    Raises:
        IllegalTransition: it is not `missed`.
        AlreadyRequeued: it was put back before.
    """
    _require(ticket, "missed", "only a missed one is put back")
    if ticket.requeues >= MOST_REQUEUES:
        raise AlreadyRequeued
    return _to(
        ticket,
        "waiting",
        requeues=ticket.requeues + 1,
        class_="walk_in",
        rate=queue.rate("walk_in"),
        reference_at=at,
        overdue_at=at + timedelta(seconds=queue.max_wait_s),
    )


def hold(ticket: Ticket) -> Ticket:
    """Set a ticket aside while the visitor fetches something; the window is free meanwhile.

    Raises:
        IllegalTransition: it is not being served.
    """
    return _to(ticket, "on_hold")


def resume(ticket: Ticket, *, window: str, clerk: str | None) -> Ticket:
    """Serve a held ticket on.

    Raises:
        IllegalTransition: it is not on hold.
    """
    _require(ticket, "on_hold", "only a held one is resumed")
    return _to(ticket, "serving", window=window, clerk=clerk)


def transfer(ticket: Ticket, queue: Queue) -> tuple[Ticket, Ticket]:
    """Move a ticket to another queue: same number, new place, seniority kept.

    Returns:
        The ticket as `transferred`, and as it waits in the new queue.

    Raises:
        IllegalTransition: it is neither waiting, called nor being served.
    """
    moved = _to(ticket, "transferred")
    waiting = _to(
        moved,
        "waiting",
        queue=queue.code,
        department=queue.department,
        zone=queue.zone,
        rate=queue.rate(ticket.class_),
        overdue_at=ticket.reference_at + timedelta(seconds=queue.max_wait_s),
        window=None,
        clerk=None,
    )
    return moved, waiting


def cancel(ticket: Ticket, at: datetime) -> Ticket:
    """Give a waiting ticket up.

    Raises:
        IllegalTransition: it does not wait any more.
    """
    return _to(ticket, "cancelled", finished_at=at)


def expire(ticket: Ticket, at: datetime) -> Ticket:
    """End a missed ticket whose visitor did not come back.

    Raises:
        IllegalTransition: it is not missed.
    """
    return _to(ticket, "expired", finished_at=at)


def close(ticket: Ticket, at: datetime) -> Ticket:
    """End an open ticket at the end of its day.

    Raises:
        IllegalTransition: it has ended already.
    """
    return _to(ticket, "closed", finished_at=at)
