"""Clerks at windows."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.trail import was
from services.closures import closures_of
from services.ticketing.domain import window as rules
from services.ticketing.domain.ticket import Ticket
from services.ticketing.domain.window import Window
from services.ticketing.errors import NoSuchWindow, NotYourWindow, ReasonNeeded, WindowShut
from services.ticketing.schemas import FREED
from services.ticketing.store import Desk, Served, Store
from services.ticketing.use_cases import serve
from services.ticketing.use_cases.serve import busy_with
from services.ticketing.use_cases.situation import Situations
from services.ticketing.use_cases.views import calling_of, tell_window

MOST_WAITING_SHOWN = 50
# What becomes of the visitor at a window that a manager frees.
PUT_BACK, SET_ASIDE, ENDED = FREED


def sign_in(
    store: Store, caller: Caller, *, window: str, queues: Sequence[str] | None = None
) -> dict[str, Any]:
    """Seat the caller at a window; again with other queues changes what is called from.

    Raises:
        NoSuchWindow: there is none with this code.
        NotYourWindow, WindowTaken, UnknownQueue: as `domain.window.sign_in`.
        ClerkElsewhere: the caller sits at another window.
        WindowShut: it is closed for a time; who sits there already goes on for those who are there.
    """
    before = store.lock_window(caller.hall, window)
    at = clock.now()
    if before.clerk != caller.username:
        _require_no_closure(store, before, at)
    department = None if caller.has("admin") else caller.department
    after = rules.sign_in(before, clerk=caller.username or "", department=department, queues=queues, at=at)
    if before.clerk == after.clerk and before.profile == after.profile:
        return with_held(store, before)
    if before.clerk is not None:
        store.seat(rules.sign_out(before), at=at)
    _tell(store, "signed_in", after, store.seat(after, at=at), caller=caller, at=at)
    return with_held(store, after)


def _require_no_closure(store: Store, window: Window, at: datetime) -> None:
    rows = store.closures(window.hall, at)
    closures = closures_of(rows)
    closure = closures.windows(at).get(window.code) or closures.on(at, window.department)
    if closure is not None:
        words = next(row for row in rows if row["id"] == closure.id)
        told = {"reason": words["reason"], "reason_en": words["reason_en"]}
        raise WindowShut(closure={**told, "until": closure.ends_at.isoformat()})


def sign_out(
    store: Store,
    situations: Situations,
    caller: Caller,
    *,
    window: str,
    reason: str | None = None,
    visitor: str | None = None,
) -> dict[str, Any]:
    """Leave a window, or free it as a manager; doing it again is harmless. Says who was set aside there.

    Args:
        store: in a transaction.
        situations: what is going on in the hall.
        caller: the clerk who sits there, or a manager.
        window: its code.
        reason: why a manager signs somebody out.
        visitor: what then becomes of the visitor there, as `FREED` names it; put back when left out.

    Raises:
        NoSuchWindow: there is none with this code.
        NotYourWindow: another clerk sits there.
        WindowBusy: a ticket is called or served there, and the caller no manager, or it changes this moment.
        ReasonNeeded: a manager gives none, and there is a visitor.
    """
    found = store.ticket_at(caller.hall, window)
    # The ticket before the window, as everywhere.
    ticket, served = store.lock_ticket_served(caller.hall, found.id) if found else (None, None)
    was(store, None)
    before, there = store.lock_window_with_ticket(caller.hall, window)
    if before.clerk is None:
        return with_held(store, before)
    if before.clerk == caller.username and visitor is None:
        if there is not None:
            raise busy_with(there)
    else:
        _require_manager(caller, before)
        if there is not None:
            if ticket is None or served is None or there.id != ticket.id:
                raise busy_with(there)
            if not reason:
                raise ReasonNeeded(errors={"reason": ["Say why the window is freed."]})
            _let_go(store, situations, caller, ticket, served, visitor or PUT_BACK, reason)
    return with_held(store, leave(store, before, caller=caller, at=clock.now(), reason=reason))


def _require_manager(caller: Caller, window: Window) -> None:
    if not caller.has("manager") or caller.department not in (None, window.department):
        raise NotYourWindow


def _let_go(
    store: Store,
    situations: Situations,
    caller: Caller,
    ticket: Ticket,
    served: Served,
    visitor: str,
    reason: str,
) -> None:
    """Do with the visitor at a window that is freed what the manager said."""
    if visitor == PUT_BACK:
        serve.put_back(store, situations, caller, ticket, served, reason=reason)
    elif visitor == SET_ASIDE and ticket.state == "serving":
        serve.set_aside(store, caller, ticket, reason=reason)
    elif visitor == ENDED:
        serve.end(store, caller, ticket, served, reason=reason)
    else:
        raise busy_with(ticket)


def with_held(store: Store, window: Window) -> dict[str, Any]:
    """Return a window for the reply, with the numbers of those who are set aside there."""
    return {**window.__dict__, "state": window.state, "held": store.held_at(window)}


def leave(store: Store, before: Window, *, caller: Caller, at: datetime, reason: str | None = None) -> Window:
    """Take the clerk off a window that is held."""
    after = rules.sign_out(before)
    version = store.seat(after, at=at)
    if before.clerk != caller.username and reason:
        store.note_freed(before, by=caller.username, reason=reason, at=at)
    _tell(store, "signed_out", before, version, caller=caller, at=at)
    return after


def _tell(store: Store, verb: str, window: Window, version: int, *, caller: Caller, at: datetime) -> None:
    data = {
        "code": window.code,
        "department": window.department,
        "zone": window.zone,
        "clerk": window.clerk,
        "queues": list(window.profile or ()),
        "signed_in_at": window.signed_in_at,
    }
    tell_window(store, verb, data, version=version, caller=caller, at=at)


def list_windows(store: Store, caller: Caller, *, department: str | None = None) -> dict[str, Any]:
    """Return the windows of the hall or of a department, with who sits, is served and is set aside at each."""
    held, there = store.held(caller.hall), store.at_windows(caller.hall)
    return {
        "items": [
            {
                **window.__dict__,
                "state": window.state,
                "held": held.get(window.code, []),
                "ticket": there.get(window.code),
            }
            for window in store.windows(caller.hall, department)
        ]
    }


def get_desk(store: Store, situations: Situations, caller: Caller, *, window: str) -> Desk:
    """Return what a clerk has before them: the ticket at the window, what is set aside, who waits.

    Raises:
        NoSuchWindow: there is none with this code.
        NotYourWindow: it is another department's.
    """
    found = _desks(store, situations, caller, [window])
    if not found:
        raise NoSuchWindow
    if not _may_see(caller, found[0]):
        raise NotYourWindow
    return found[0]


def get_desks(
    store: Store, situations: Situations, caller: Caller, *, windows: Sequence[str]
) -> dict[str, list[Desk]]:
    """Return several desks as of one moment; windows that are not known or another department's are left out."""
    found = _desks(store, situations, caller, windows)
    return {"items": [desk for desk in found if _may_see(caller, desk)]}


def _desks(store: Store, situations: Situations, caller: Caller, codes: Sequence[str]) -> list[Desk]:
    at = clock.now()
    reference = situations.current(store, caller.hall, at).reference

    def since(code: str) -> date:
        known = reference.windows.get(code)
        # A window that the copies do not know yet is in no session: today's tickets are its own.
        return reference.hours.since(at, known.department if known else "", code)

    desks = store.desks(caller.hall, {code: since(code) for code in codes}, at=at, limit=MOST_WAITING_SHOWN)
    for desk in desks:
        if desk.ticket and (made := desk.ticket["calling"]):
            last_at = datetime.fromisoformat(made["last_at"])
            desk.ticket["calling"] = asdict(calling_of(made=made["made"], last_at=last_at))
    return desks


def _may_see(caller: Caller, desk: Desk) -> bool:
    return caller.department in (None, desk.window.department) or caller.has("admin", "manager")
