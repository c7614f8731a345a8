"""Calling tickets and what a clerk does with them."""

from dataclasses import dataclass, replace
from datetime import datetime
from statistics import mean
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.config import settings
from services.chassis.trail import was
from services.ticketing.domain import ticket as rules
from services.ticketing.domain.queue import Item, Queue
from services.ticketing.domain.ticket import Ticket
from services.ticketing.domain.window import Window
from services.ticketing.errors import (
    CalledTooOften,
    CalledTooSoon,
    FloorManagersOnly,
    IllegalTransition,
    NotWaiting,
    NotYourTicket,
    NotYourWindow,
    UnknownItem,
    UnknownQueue,
    WindowBusy,
    WindowClosed,
)
from services.ticketing.store import Chosen, Served, Store
from services.ticketing.use_cases.holding import require_holder
from services.ticketing.use_cases.issue import offered
from services.ticketing.use_cases.situation import Situation, Situations
from services.ticketing.use_cases.views import calling_of, tell, view, view_now


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
    return _own(store, caller, store.lock_ticket(caller.hall, id_))


def _own(store: Store, caller: Caller, ticket: Ticket) -> Ticket:
    """Return a ticket that this clerk may change.

    One that is called or served belongs to the clerk at its window, any other to the clerks of its department and of
    the windows that serve its queue.
    """
    if caller.has("admin"):
        return ticket
    if ticket.state in rules.AT_A_WINDOW:
        allowed = ticket.clerk == caller.username
    else:
        allowed = caller.department in (None, ticket.department) or _serves(store, caller, ticket.queue)
    if not allowed:
        raise NotYourTicket
    return ticket


def _serves(store: Store, caller: Caller, queue: str) -> bool:
    seat = store.seat_of(caller.hall, caller.username)
    return seat is not None and queue in seat.queues


def call_next(store: Store, situations: Situations, caller: Caller, *, window: str) -> dict[str, Any] | None:
    """Call the next ticket to a window; None when nobody waits.

    A window of an extended session that has gone past midnight still calls the tickets of the day on which it began.

    Raises:
        NoSuchWindow, WindowClosed, NotYourWindow: it is not the caller's window.
        WindowBusy: a ticket is called or served there.
    """
    return _call(store, situations, caller, window, chosen=None)


def call_number(
    store: Store, situations: Situations, caller: Caller, *, window: str, number: str, reason: str
) -> dict[str, Any]:
    """Call one who waits for a window out of turn, for a reason that `why` shows.

    Raises:
        NoSuchWindow, WindowClosed, NotYourWindow: it is not the caller's window.
        WindowBusy: a ticket is called or served there.
        NotWaiting: nobody with this number waits for the window, or they are being called elsewhere this moment.
    """
    called = _call(store, situations, caller, window, chosen=Chosen(number=number, reason=reason))
    if called is None:
        raise NotWaiting
    was(store, {"number": number, "state": "waiting"})
    return called


def _call(
    store: Store, situations: Situations, caller: Caller, window: str, *, chosen: Chosen | None
) -> dict[str, Any] | None:
    own = _own_free_window(store, caller, window)
    # Not before: whoever was here has left by now, so that no two intervals of a window overlap.
    at = clock.now()
    hours = situations.current(store, caller.hall, at).reference.hours
    ticket = store.call_next(
        own,
        at=at,
        since=hours.since(at, own.department, own.code),
        extended=hours.in_session(at, own.department, own.code),
        chosen=chosen,
    )
    if ticket is None:
        return None
    tell(store, "called", ticket, caller=caller, at=at, window_zone=own.zone)
    return view(ticket, calling=calling_of(made=1, last_at=at))


def recall_ticket(store: Store, caller: Caller, *, id: str) -> dict[str, Any]:
    """Announce a called ticket again, as often as the hall allows and not at once.

    Raises:
        NoSuchTicket, NotYourTicket: not one of the caller's.
        IllegalTransition: it is not `called`.
        CalledTooOften, CalledTooSoon: that is against the hall's settings.
    """
    ticket = _own_ticket(store, caller, id)
    at = clock.now()
    ticket = rules.recall(ticket, at)
    made = _require_patience(store, ticket, at)
    window = store.window(caller.hall, ticket.window or "")
    store.save_same_state(ticket)
    store.note_recall(ticket, zone=window.zone, at=at)
    tell(store, "recalled", ticket, caller=caller, at=at, window_zone=window.zone)
    return view(ticket, calling=calling_of(made=made + 1, last_at=at))


def _require_patience(store: Store, ticket: Ticket, at: datetime) -> int:
    """Make sure that a called visitor has had time to come, and is not called for ever; returns the calls so far."""
    recalls, last_at = store.announced(ticket)
    so_far = calling_of(made=recalls + 1, last_at=last_at)
    if so_far.again_at is None:
        raise CalledTooOften(recalls=recalls, most=settings().recalls)
    if at < so_far.again_at:
        raise CalledTooSoon(again_at=so_far.again_at.isoformat())
    return so_far.made


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
        IllegalTransition: it is neither being served nor on hold.
    """
    ticket, served = store.lock_ticket_served(caller.hall, id)
    at = clock.now()
    finished = replace(rules.finish(_own(store, caller, ticket), at), service_s=served.until(at))
    return _keep(store, caller, "finished", finished, at)


def miss_ticket(store: Store, caller: Caller, *, id: str) -> dict[str, Any]:
    """Note that a called visitor did not come, or one who was set aside did not come back.

    Raises:
        NoSuchTicket, NotYourTicket: not one of the caller's.
        IllegalTransition: it is neither `called` nor on hold.
    """
    return _keep(store, caller, "missed", rules.miss(_own_ticket(store, caller, id)), clock.now())


def requeue_ticket(store: Store, situations: Situations, caller: Caller, *, id: str) -> dict[str, Any]:
    """Put a missed ticket back into its queue, once.

    Raises:
        NoSuchTicket, NotYourTicket: not one of the caller's.
        IllegalTransition, AlreadyRequeued: it is not missed, or was put back before.
    """
    ticket, served = store.lock_ticket_served(caller.hall, id)
    before = _own(store, caller, ticket)
    at = clock.now()
    situation = situations.current(store, caller.hall, at)
    queue = situation.reference.queues[before.queue]
    after = rules.requeue(before, queue, at, served_s=served.spent(at))
    store.save(after, at=at)
    shown = view_now(store, situation, after, at)
    if len(after.past) > len(before.past):
        after, shown = _estimated_anew(store, situation, after, at)
    tell(store, "requeued", after, caller=caller, at=at)
    return shown


def hold_ticket(store: Store, caller: Caller, *, id: str) -> dict[str, Any]:
    """Set a ticket aside; the window is free meanwhile.

    Raises:
        NoSuchTicket, NotYourTicket: not one of the caller's.
        IllegalTransition: it is not being served.
    """
    return _keep(store, caller, "held", rules.hold(_own_ticket(store, caller, id)), clock.now())


def resume_ticket(store: Store, situations: Situations, caller: Caller, *, id: str) -> dict[str, Any]:
    """Serve a held ticket on, at the window where the caller is signed in.

    Raises:
        NoSuchTicket, NotYourTicket: not one of the caller's.
        WindowClosed: the caller is signed in nowhere.
        WindowBusy: another ticket is at the window.
        IllegalTransition: it is not on hold.
    """
    ticket, served = store.lock_ticket_served(caller.hall, id)
    if _own(store, caller, ticket).state != "on_hold":
        raise IllegalTransition(
            f"The ticket is {ticket.state}; only a held one is resumed.", state=ticket.state
        )
    seat = store.seat_of(caller.hall, caller.username)
    window = _own_free_window(store, caller, seat.code if seat else ticket.window or "")
    at = clock.now()
    after = rules.resume(ticket, window=window.code, clerk=window.clerk, at=at, served_s=served.until(at))
    after = _extended(store, situations, after, at)
    store.save(after, at=at)
    tell(store, "resumed", after, caller=caller, at=at, window_zone=window.zone)
    return view(after)


def transfer_ticket(
    store: Store,
    situations: Situations,
    caller: Caller,
    *,
    id: str,
    reason: str,
    queue: str | None = None,
    item: str | None = None,
    window: str | None = None,
    clerk: str | None = None,
) -> dict[str, Any]:
    """Send a visitor on, with number and seniority: to another queue, or to one window, or to where a clerk sits.

    Args:
        store: in a transaction.
        situations: what is going on in the hall.
        caller: whose ticket it is, or a manager.
        id: the ticket.
        reason: why; `why` shows it.
        queue: the queue; that of the item, or one of the window's when left out.
        item: what the visitor is to do there; as before where that is left out and it is the same department's.
        window: the only window that is to call.
        clerk: in place of `window`, who sits there.

    Raises:
        NoSuchTicket, NotYourTicket: not one of the caller's.
        UnknownQueue, UnknownItem: the hall has none, they do not belong together, or the ticket is in the queue.
        NoSuchWindow, WindowClosed: nobody sits there.
        IllegalTransition: it is missed, or has ended.
    """
    ticket, served = store.lock_ticket_served(caller.hall, id)
    before = ticket if _manages(caller, ticket.department) else _own(store, caller, ticket)
    at = clock.now()
    situation = situations.current(store, caller.hall, at)
    place = _place(store, situation, before, at=at, queue=queue, item=item, window=window, clerk=clerk)
    moved, waiting = rules.transfer(
        before,
        place.queue,
        at=at,
        item=place.item.code if place.item else None,
        window=place.window,
        served_s=served.spent(at),
    )
    waiting = replace(waiting, item=item or before.item, service_seconds=_typical_s(situation, place, before))
    store.save(waiting, at=at, reason=reason, through=moved)
    waiting, shown = _estimated_anew(store, situation, waiting, at)
    tell(store, "transferred", waiting, caller=caller, at=at, from_queue=before.queue, from_zone=before.zone)
    return shown


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where a visitor is sent on to: `window` is the only one to call them, None for any."""

    queue: Queue
    item: Item | None
    window: str | None


def _place(
    store: Store,
    situation: Situation,
    ticket: Ticket,
    *,
    at: datetime,
    queue: str | None,
    item: str | None,
    window: str | None,
    clerk: str | None,
) -> _Place:
    """Find out where a visitor is sent on to."""
    named = offered(situation, item, at=at)[0] if item else None
    seat = _seat(store, ticket.hall, window=window, clerk=clerk)
    code = queue or (named.queue if named else _first_queue(seat, ticket)) or ""
    target = situation.reference.queues.get(code)
    if target is None or (code == ticket.queue and seat is None):
        raise UnknownQueue(errors={"queue": ["No such queue, or the ticket is in it already."]})
    if seat is not None and code not in (seat.profile or seat.queues):
        raise UnknownQueue(errors={"queue": [f"Nobody calls from it at window {seat.code}."]})
    if named is not None and not _belongs(named, target):
        raise UnknownItem(errors={"item": ["The item is another department's than the queue."]})
    kept = named or _kept(situation, ticket, target)
    return _Place(queue=target, item=kept, window=seat.code if seat else None)


def _kept(situation: Situation, ticket: Ticket, queue: Queue) -> Item | None:
    """Return what a number was taken for, where a queue serves it."""
    known = situation.reference.items.get(ticket.item)
    found = known and known.on(ticket.business_date)
    return found if found and _belongs(found, queue) else None


def _typical_s(situation: Situation, place: _Place, ticket: Ticket) -> int:
    """Return the typical seconds of what a visitor is sent on for: of the item, or the mean of all of the queue."""
    if place.item is not None:
        return place.item.service_seconds
    items = (each.on(ticket.business_date) for each in situation.reference.items.values())
    found = [
        each.service_seconds for each in items if each.queue == place.queue.code and each.state == "active"
    ]
    return round(mean(found)) if found else ticket.service_seconds


def _belongs(item: Item, queue: Queue) -> bool:
    return item.queue == queue.code or item.department == queue.department


def _seat(store: Store, hall: str, *, window: str | None, clerk: str | None) -> Window | None:
    """Return the window a visitor is sent to, None when it is to none in particular."""
    if clerk is not None:
        seat = store.seat_of(hall, clerk)
    elif window is not None:
        seat = store.window(hall, window)
    else:
        return None
    if seat is None or seat.clerk is None:
        raise WindowClosed("Nobody is signed in there.")
    return seat


def _first_queue(seat: Window | None, ticket: Ticket) -> str | None:
    """Return the queue in which one waits for a window: the present one, if it is served there."""
    if seat is None:
        return None
    called = list(seat.profile or seat.queues)
    return ticket.queue if ticket.queue in called else next(iter(called), None)


def _estimated_anew(
    store: Store, situation: Situation, ticket: Ticket, at: datetime
) -> tuple[Ticket, dict[str, Any]]:
    """Return a ticket that waits in a new stretch with what was estimated for it, and how it looks."""
    shown = view_now(store, situation, ticket, at)
    told = shown["estimate"] or {"p50_s": None, "p90_s": None}
    ticket = replace(ticket, p50_s=told["p50_s"], p90_s=told["p90_s"])
    store.save_same_state(ticket)
    return ticket, shown


def put_back_ticket(
    store: Store, situations: Situations, caller: Caller, *, id: str, reason: str
) -> dict[str, Any]:
    """Let a visitor wait again whose clerk is gone, with their seniority.

    Raises:
        NoSuchTicket: there is none.
        FloorManagersOnly: the caller is no manager of its department.
        IllegalTransition: it waits, or has ended.
    """
    ticket, served = store.lock_ticket_served(caller.hall, id)
    require_manager(caller, ticket.department)
    return put_back(store, situations, caller, ticket, served, reason=reason)


def put_back(
    store: Store, situations: Situations, caller: Caller, ticket: Ticket, served: Served, *, reason: str
) -> dict[str, Any]:
    """Let the visitor of a ticket that is held wait again."""
    at = clock.now()
    situation = situations.current(store, caller.hall, at)
    waiting = rules.put_back(ticket, at=at, served_s=served.spent(at))
    store.save(waiting, at=at, reason=reason)
    waiting, shown = _estimated_anew(store, situation, waiting, at)
    left = situation.reference.windows.get(ticket.window or "")
    tell(store, "requeued", waiting, caller=caller, at=at, from_zone=left.zone if left else ticket.zone)
    return shown


def end_ticket(store: Store, caller: Caller, *, id: str, reason: str) -> dict[str, Any]:
    """End a ticket for good whose visitor is gone, whatever state it is in.

    Raises:
        NoSuchTicket: there is none.
        FloorManagersOnly: the caller is no manager of its department.
        IllegalTransition: it has ended already.
    """
    ticket, served = store.lock_ticket_served(caller.hall, id)
    require_manager(caller, ticket.department)
    return end(store, caller, ticket, served, reason=reason)


def end(store: Store, caller: Caller, ticket: Ticket, served: Served, *, reason: str) -> dict[str, Any]:
    """End a ticket that is held.

    How long it was served is kept: it was work of its window, though no service that was completed.
    """
    at = clock.now()
    closed = replace(rules.close(ticket, at), service_s=served.spent(at))
    store.save(closed, at=at, reason=reason)
    tell(store, "closed", closed, caller=caller, at=at)
    return view(closed)


def set_aside(store: Store, caller: Caller, ticket: Ticket, *, reason: str) -> dict[str, Any]:
    """Set a ticket aside whose clerk is gone."""
    at = clock.now()
    held = rules.hold(ticket)
    store.save(held, at=at, reason=reason)
    tell(store, "held", held, caller=caller, at=at)
    return view(held)


def require_manager(caller: Caller, department: str) -> None:
    """Make sure that the caller may step in for the clerks of a department.

    Raises:
        FloorManagersOnly: they may not.
    """
    if not _manages(caller, department):
        raise FloorManagersOnly


def _manages(caller: Caller, department: str) -> bool:
    return caller.has("manager") and caller.department in (None, department)


def _extended(store: Store, situations: Situations, ticket: Ticket, at: datetime) -> Ticket:
    """Return a ticket that is served from now on, marked when that is at a window of an extended session."""
    hours = situations.current(store, ticket.hall, at).reference.hours
    return replace(ticket, extended=ticket.extended or hours.in_session(at, ticket.department, ticket.window))


def cancel_ticket(store: Store, caller: Caller, *, id: str) -> dict[str, Any]:
    """Give a waiting ticket up, as its holder or as staff of its department; again it changes nothing.

    Raises:
        NoSuchTicket: there is none.
        NotTheHolder: the caller has not its token and is no staff of its department.
        IllegalTransition: it does not wait any more.
    """
    ticket = store.lock_ticket(caller.hall, id)
    require_holder(store, caller, ticket)
    if ticket.state == "cancelled":
        return view(ticket)
    at = clock.now()
    return _keep(store, caller, "cancelled", rules.cancel(ticket, at), at)


def _keep(store: Store, caller: Caller, verb: str, ticket: Ticket, at: datetime) -> dict[str, Any]:
    store.save(ticket, at=at)
    tell(store, verb, ticket, caller=caller, at=at)
    return view(ticket)
