"""Calling tickets and what a clerk does with them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.holder import holds
from services.ticketing.domain import ticket as rules
from services.ticketing.domain.ticket import Ticket
from services.ticketing.domain.window import Window
from services.ticketing.errors import (
    IllegalTransition,
    NotTheHolder,
    NotYourTicket,
    NotYourWindow,
    UnknownQueue,
    WindowBusy,
    WindowClosed,
)
from services.ticketing.store import Store
from services.ticketing.use_cases.situation import Situations
from services.ticketing.use_cases.views import tell, view, view_now

# Of a department's staff, who may give a visitor's ticket up.
GIVE_UP = ("clerk", "operator", "manager")


def _own_free_window(store: Store, caller: Caller, code: str) -> Window:
    """Return the window a clerk is signed in at, held until the transaction ends, with nobody at it.

    Raises:
        NoSuchWindow: there is none with this code.
        WindowClosed: nobody is signed in there.
        NotYourWindow: somebody else is.
        WindowBusy: a ticket is called or served there.
    """
    window, ticket = store.lock_window_with_ticket(caller.hall, code)
    if window.clerk is None:
        raise WindowClosed
    if window.clerk != caller.username and not caller.has("admin"):
        raise NotYourWindow
    if ticket is not None:
        raise busy_with(ticket)
    return window


def busy_with(ticket: Ticket) -> WindowBusy:
    """Return the refusal of a window that has a ticket."""
    return WindowBusy(f"{ticket.number} is {ticket.state} at this window.", ticket=ticket.id)


def _own_ticket(store: Store, caller: Caller, id_: str) -> Ticket:
    """Return a ticket that this clerk may change, held."""
    return _own(caller, store.lock_ticket(caller.hall, id_))


def _own(caller: Caller, ticket: Ticket) -> Ticket:
    """Return a ticket that this clerk may change.

    One that is called or served belongs to the clerk at its window, any other to the clerks of its department.
    """
    if caller.has("admin"):
        return ticket
    if ticket.state in rules.AT_A_WINDOW:
        allowed = ticket.clerk == caller.username
    else:
        allowed = caller.department in (None, ticket.department)
    if not allowed:
        raise NotYourTicket
    return ticket


def call_next(store: Store, situations: Situations, caller: Caller, *, window: str) -> dict[str, Any] | None:
    """Call the next ticket to a window; None when nobody waits.

    A window of an extended session that has gone past midnight still calls the tickets of the day on which it began.

    Raises:
        NoSuchWindow, WindowClosed, NotYourWindow: it is not the caller's window.
        WindowBusy: a ticket is called or served there.
    """
    own = _own_free_window(store, caller, window)
    # Not before: whoever was here has left by now, so that no two intervals of a window overlap.
    at = clock.now()
    hours = situations.current(store, caller.hall, at).reference.hours
    ticket = store.call_next(
        own,
        at=at,
        since=hours.since(at, own.department, own.code),
        extended=hours.in_session(at, own.department, own.code),
    )
    if ticket is None:
        return None
    tell(store, "called", ticket, caller=caller, at=at, window_zone=own.zone)
    return view(ticket)


def recall_ticket(store: Store, caller: Caller, *, id: str) -> dict[str, Any]:
    """Announce a called ticket again.

    Raises:
        NoSuchTicket, NotYourTicket: not one of the caller's.
        IllegalTransition: it is not `called`.
    """
    ticket = _own_ticket(store, caller, id)
    at = clock.now()
    ticket = rules.recall(ticket, at)
    window = store.window(caller.hall, ticket.window or "")
    store.save_same_state(ticket)
    store.note_recall(ticket, zone=window.zone, at=at)
    tell(store, "recalled", ticket, caller=caller, at=at, window_zone=window.zone)
    return view(ticket)


def start_ticket(store: Store, situations: Situations, caller: Caller, *, id: str) -> dict[str, Any]:
    """Begin to serve a called ticket.

    Raises:
        NoSuchTicket, NotYourTicket: not one of the caller's.
        IllegalTransition: it is not `called`.
    """
    ticket = _own_ticket(store, caller, id)
    at = clock.now()
    started = _extended(store, situations, rules.start(ticket, at), at)
    return _keep(store, caller, "started", started, at)


def finish_ticket(store: Store, caller: Caller, *, id: str) -> dict[str, Any]:
    """End the service of a ticket; time on hold does not count as service.

    Raises:
        NoSuchTicket, NotYourTicket: not one of the caller's.
        IllegalTransition: it is not being served.
    """
    ticket, served = store.lock_ticket_served(caller.hall, id)
    at = clock.now()
    finished = replace(rules.finish(_own(caller, ticket), at), service_s=served.until(at))
    return _keep(store, caller, "finished", finished, at)


def miss_ticket(store: Store, caller: Caller, *, id: str) -> dict[str, Any]:
    """Note that a called visitor did not come.

    Raises:
        NoSuchTicket, NotYourTicket: not one of the caller's.
        IllegalTransition: it is not `called`.
    """
    return _keep(store, caller, "missed", rules.miss(_own_ticket(store, caller, id)), clock.now())


def requeue_ticket(store: Store, situations: Situations, caller: Caller, *, id: str) -> dict[str, Any]:
    """Put a missed ticket back into its queue, once.

    Raises:
        NoSuchTicket, NotYourTicket: not one of the caller's.
        IllegalTransition, AlreadyRequeued: it is not missed, or was put back before.
    """
    before = _own_ticket(store, caller, id)
    at = clock.now()
    situation = situations.current(store, caller.hall, at)
    after = rules.requeue(before, situation.reference.queues[before.queue], at)
    _keep(store, caller, "requeued", after, at)
    return view_now(store, situation, after, at)


def hold_ticket(store: Store, caller: Caller, *, id: str) -> dict[str, Any]:
    """Set a ticket aside; the window is free meanwhile.

    Raises:
        NoSuchTicket, NotYourTicket: not one of the caller's.
        IllegalTransition: it is not being served.
    """
    return _keep(store, caller, "held", rules.hold(_own_ticket(store, caller, id)), clock.now())


def resume_ticket(store: Store, situations: Situations, caller: Caller, *, id: str) -> dict[str, Any]:
    """Serve a held ticket on, at the window where the clerk of it is signed in.

    Raises:
        NoSuchTicket, NotYourTicket: not one of the caller's.
        NotYourWindow, WindowClosed: the window it was held at is not the caller's.
        WindowBusy: another ticket is at the window.
        IllegalTransition: it is not on hold.
    """
    ticket = _own_ticket(store, caller, id)
    if ticket.state != "on_hold":
        raise IllegalTransition(
            f"The ticket is {ticket.state}; only a held one is resumed.", state=ticket.state
        )
    window = _own_free_window(store, caller, ticket.window or "")
    after = rules.resume(ticket, window=window.code, clerk=window.clerk)
    at = clock.now()
    return _keep(store, caller, "resumed", _extended(store, situations, after, at), at)


def transfer_ticket(
    store: Store, situations: Situations, caller: Caller, *, id: str, queue: str, reason: str
) -> dict[str, Any]:
    """Move a ticket to another queue with its number and seniority.

    Raises:
        NoSuchTicket, NotYourTicket: not one of the caller's.
        UnknownQueue: the hall has no such queue, or the ticket is in it.
        IllegalTransition: it is neither waiting, called nor being served.
    """
    before = _own_ticket(store, caller, id)
    at = clock.now()
    situation = situations.current(store, caller.hall, at)
    target = situation.reference.queues.get(queue)
    if target is None or queue == before.queue:
        raise UnknownQueue(errors={"queue": ["No such queue, or the ticket is in it already."]})
    moved, waiting = rules.transfer(before, target)
    store.save(waiting, at=at, reason=reason, through=moved)
    tell(store, "transferred", waiting, caller=caller, at=at, from_queue=before.queue, from_zone=before.zone)
    return view_now(store, situation, waiting, at)


def _extended(store: Store, situations: Situations, ticket: Ticket, at: datetime) -> Ticket:
    """Return a ticket that is served from now on, marked when that is at a window of an extended session."""
    hours = situations.current(store, ticket.hall, at).reference.hours
    return replace(ticket, extended=ticket.extended or hours.in_session(at, ticket.department, ticket.window))


def cancel_ticket(store: Store, caller: Caller, *, id: str) -> dict[str, Any]:
    """Give a waiting ticket up, as its holder or as staff of its department.

    Raises:
        NoSuchTicket: there is none.
        NotTheHolder: the caller has not its token and is no staff of its department.
        IllegalTransition: it does not wait any more.
    """
    ticket = store.lock_ticket(caller.hall, id)
    if not holds(caller, rules.KIND, ticket.id) and not caller.serves(ticket.department, *GIVE_UP):
        raise NotTheHolder
    at = clock.now()
    return _keep(store, caller, "cancelled", rules.cancel(ticket, at), at)


def _keep(store: Store, caller: Caller, verb: str, ticket: Ticket, at: datetime) -> dict[str, Any]:
    store.save(ticket, at=at)
    tell(store, verb, ticket, caller=caller, at=at)
    return view(ticket)
