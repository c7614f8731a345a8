"""A ticket, its states and what may become of it."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from services.ticketing.domain.queue import Queue
from services.ticketing.errors import AlreadyRequeued, IllegalTransition

# Each state with those that may follow it. `transferred` lasts no time: the ticket waits in the new queue at once.
# From a window or set aside to `waiting` is what a manager does: put back, because its clerk is gone.
# Every open state may be closed at the end of the day.
TRANSITIONS: dict[str, frozenset[str]] = {
    "waiting": frozenset({"called", "transferred", "cancelled", "closed"}),
    "called": frozenset({"serving", "missed", "transferred", "waiting", "closed"}),
    "serving": frozenset({"served", "on_hold", "transferred", "waiting", "closed"}),
    "on_hold": frozenset({"serving", "served", "missed", "transferred", "waiting", "closed"}),
    "missed": frozenset({"waiting", "expired", "closed"}),
    "transferred": frozenset({"waiting"}),
    "served": frozenset(),
    "cancelled": frozenset(),
    "expired": frozenset(),
    "closed": frozenset(),
}
OPEN = frozenset({"waiting", "called", "serving", "on_hold", "missed"})
AT_A_WINDOW = frozenset({"called", "serving"})
PUT_BACK_FROM = AT_A_WINDOW | {"on_hold", "missed"}
CLASSES = ("urgent", "priority", "appointment", "walk_in")
CHANNELS = ("kiosk", "window", "phone", "web")
MOST_REQUEUES = 1
# What holders' tokens of tickets are made for.
KIND = "ticket"


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A part of a visit: a stay in one queue, with what was waited in it and served out of it at one window.

    `item` is None where nobody knows what the visitor came for there, `queued` False for service that only went on at
    another window. `state` is that in which it ended: `transferred`, `put_back` or `moved`, and the ticket's own for
    the last one. `wait_s` lasts to the first call; both durations are in seconds, time on hold left out.
    """

    queue: str
    department: str
    item: str | None
    window: str | None
    queued: bool
    state: str
    entered_at: datetime
    called_at: datetime | None
    left_at: datetime | None
    misses: int
    wait_s: int | None
    service_s: int | None
    p50_s: int | None
    p90_s: int | None


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A place in a queue. Times are aware; `rate` is score per second, `service_seconds` the item's typical time.

    `appointment` is the appointment that was checked in for it; `extended` says that it was issued, called or served in
    an extended session. `item` is what the number was taken for. The stretches that are over are in `past`; what was
    called, started, served and estimated is that of the present one, which began at `stretch_at`, by waiting when it is
    `queued`, and counts for `stretch_item`. One that waits `for_window` is called by that window alone; one that was
    `called_to` a window in this stretch and missed counts there. `same_phone` counts the other numbers of its queue
    that are not done with and have the phone that is left with it.
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
    stretch_at: datetime
    stretch_item: str | None
    queued: bool = True
    past: Sequence[Stretch] = ()
    same_phone: int = 0
    for_window: str | None = None
    called_to: str | None = None

    @property
    def wait_s(self) -> int | None:
        """Seconds from entering the present queue to the first call out of it."""
        if self.first_called_at is None or not self.queued:
            return None
        return round((self.first_called_at - self.stretch_at).total_seconds())

    @property
    def stretches(self) -> Sequence[Stretch]:
        """All parts of the visit, the present one last."""
        return (*self.past, self.present)

    @property
    def present(self) -> Stretch:
        """The part of the visit that goes on, or ended it."""
        return Stretch(
            queue=self.queue,
            department=self.department,
            item=self.stretch_item,
            window=self.window or self.called_to,
            queued=self.queued,
            state=self.state,
            entered_at=self.stretch_at,
            called_at=self.first_called_at if self.queued else None,
            left_at=self.finished_at,
            misses=self.misses - sum(each.misses for each in self.past),
            wait_s=self.wait_s,
            service_s=self.service_s,
            p50_s=self.p50_s if self.queued else None,
            p90_s=self.p90_s if self.queued else None,
        )

    def over(self, state: str, *, at: datetime, service_s: int | None) -> Sequence[Stretch]:
        """Return the stretches that are over when the present one ends now."""
        left = replace(self.present, state=state, left_at=at, service_s=service_s)
        return (*self.past, left)


def _to(ticket: Ticket, state: str, **changes: Any) -> Ticket:
    if state not in TRANSITIONS[ticket.state]:
        raise IllegalTransition(
            f"The ticket is {ticket.state}; it cannot become {state}.", state=ticket.state
        )
    # Whoever goes on waits for no window any more.
    return replace(ticket, state=state, version=ticket.version + 1, for_window=None, **changes)


def _require(ticket: Ticket, state: str, rule: str) -> None:
    _require_one_of(ticket, {state}, rule)


def _require_one_of(ticket: Ticket, states: Set[str], rule: str) -> None:
    if ticket.state not in states:
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
    return _to(ticket, "serving", started_at=max(at, ticket.called_at or at))


def finish(ticket: Ticket, at: datetime) -> Ticket:
    """End the service, also of one that was set aside and needs nothing more.

    Raises:
        IllegalTransition: the ticket is neither being served nor on hold.
    """
    return _to(ticket, "served", finished_at=at)


def miss(ticket: Ticket) -> Ticket:
    """Note that a called visitor did not come, or one who was set aside did not come back: they were served there.

    Raises:
        IllegalTransition: the ticket is neither `called` nor on hold.
    """
    missed = _to(ticket, "missed", misses=ticket.misses + 1)
    return missed if ticket.state == "on_hold" else replace(missed, window=None, clerk=None)


def requeue(ticket: Ticket, queue: Queue, at: datetime, *, served_s: int | None = None) -> Ticket:
    """Put a missed ticket back, behind all that came before now.

    It waits as a walk-in from now on: with the lowest rate no ticket that came earlier is overtaken. One that was
    served already waits in a stretch of its own.

    Args:
        ticket: one that is missed.
        queue: its queue.
        at: now.
        served_s: how many seconds it was served in the present stretch, None when it was not.

    Raises:
        IllegalTransition: it is not `missed`.
        AlreadyRequeued: it was put back before.
    """
    _require(ticket, "missed", "only a missed one is put back")
    if ticket.requeues >= MOST_REQUEUES:
        raise AlreadyRequeued
    if served_s is None:
        waiting = _to(ticket, "waiting", window=None, clerk=None, called_at=None, started_at=None)
    else:
        waiting = _wait_anew(ticket, ticket, "put_back", at=at, served_s=served_s)
    return replace(
        waiting,
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


def resume(
    ticket: Ticket, *, window: str, clerk: str | None, at: datetime, served_s: int | None = None
) -> Ticket:
    """Serve a held ticket on, here or at another window, where a stretch of its own begins.

    Args:
        ticket: one that is on hold.
        window: where it is served from now on.
        clerk: who serves it.
        at: now.
        served_s: how many seconds it was served in the present stretch.

    Raises:
        IllegalTransition: it is not on hold.
    """
    _require(ticket, "on_hold", "only a held one is resumed")
    served = _to(ticket, "serving", window=window, clerk=clerk)
    if ticket.window in (None, window):
        return served
    past = ticket.over("moved", at=at, service_s=served_s)
    return replace(served, called_to=None, past=past, stretch_at=at, queued=False)


def transfer(
    ticket: Ticket,
    queue: Queue,
    *,
    at: datetime,
    item: str | None = None,
    window: str | None = None,
    served_s: int | None = None,
) -> tuple[Ticket, Ticket]:
    """Move a ticket to another queue: same number, new place, seniority kept.

    Args:
        ticket: one that is waiting, called, being served or on hold.
        queue: where it goes.
        at: now.
        item: what the visitor is to do there, None where that is not known.
        window: the only one that is to call it; any window of the queue when left out.
        served_s: how many seconds it was served in the stretch that ends, None when it was not.

    Returns:
        The ticket as `transferred`, and as it waits in the new queue.

    Raises:
        IllegalTransition: it is missed, or has ended.
    """
    moved = _to(ticket, "transferred")
    waiting = replace(
        _wait_anew(ticket, moved, "transferred", at=at, served_s=served_s),
        queue=queue.code,
        department=queue.department,
        zone=queue.zone,
        stretch_item=item,
        for_window=window,
        rate=queue.rate(ticket.class_),
        overdue_at=ticket.reference_at + timedelta(seconds=queue.max_wait_s),
    )
    return moved, waiting


def put_back(ticket: Ticket, *, at: datetime, served_s: int | None = None) -> Ticket:
    """Let a visitor whose clerk is gone wait again, with their seniority; how often does not matter.

    Args:
        ticket: one that is called, being served, on hold or missed.
        at: now.
        served_s: how many seconds it was served in the stretch that ends, None when it was not.

    Raises:
        IllegalTransition: it waits, or has ended.
    """
    _require_one_of(ticket, PUT_BACK_FROM, "only one that was called is put back")
    return _wait_anew(ticket, ticket, "put_back", at=at, served_s=served_s)


def _wait_anew(ticket: Ticket, left: Ticket, how: str, *, at: datetime, served_s: int | None) -> Ticket:
    """Return a ticket that has `left` its stretch and waits in a new one, nothing of which has happened yet."""
    return _to(
        left,
        "waiting",
        past=ticket.over(how, at=at, service_s=served_s),
        stretch_at=at,
        queued=True,
        window=None,
        clerk=None,
        called_to=None,
        first_called_at=None,
        called_at=None,
        started_at=None,
        service_s=None,
    )


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
