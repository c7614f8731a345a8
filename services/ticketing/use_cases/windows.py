"""Clerks at windows."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.ticketing.domain import window as rules
from services.ticketing.domain.window import Window
from services.ticketing.errors import NoSuchWindow, NotYourWindow
from services.ticketing.store import Desk, Store
from services.ticketing.use_cases.serve import busy_with
from services.ticketing.use_cases.situation import Situations
from services.ticketing.use_cases.views import tell_window

MOST_WAITING_SHOWN = 50


def sign_in(store: Store, caller: Caller, *, window: str, queues: Sequence[str] | None = None) -> Window:
    """Seat the caller at a window; again with other queues changes what is called from.

    Raises:
        NoSuchWindow: there is none with this code.
        NotYourWindow, WindowTaken, UnknownQueue: as `domain.window.sign_in`.
        ClerkElsewhere: the caller sits at another window.
    """
    before = store.lock_window(caller.hall, window)
    at = clock.now()
    department = None if caller.has("admin") else caller.department
    after = rules.sign_in(before, clerk=caller.username or "", department=department, queues=queues, at=at)
    if before.clerk == after.clerk and before.profile == after.profile:
        return before
    if before.clerk is not None:
        store.seat(rules.sign_out(before), at=at)
    _tell(store, "signed_in", after, store.seat(after, at=at), caller=caller, at=at)
    return after


def sign_out(store: Store, caller: Caller, *, window: str) -> Window:
    """Leave a window; doing it again is harmless.

    Raises:
        NoSuchWindow: there is none with this code.
        NotYourWindow: another clerk sits there.
        WindowBusy: a ticket is called or served there.
    """
    before, ticket = store.lock_window_with_ticket(caller.hall, window)
    if before.clerk is None:
        return before
    if before.clerk != caller.username and not caller.has("admin", "manager"):
        raise NotYourWindow
    if ticket is not None:
        raise busy_with(ticket)
    return leave(store, before, caller=caller, at=clock.now())


def leave(store: Store, before: Window, *, caller: Caller, at: datetime) -> Window:
    """Take the clerk off a window that is held."""
    after = rules.sign_out(before)
    _tell(store, "signed_out", before, store.seat(after, at=at), caller=caller, at=at)
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
    """Return the windows of the hall or of a department, with who sits at each."""
    return {"items": store.windows(caller.hall, department)}


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

    return store.desks(caller.hall, {code: since(code) for code in codes}, at=at, limit=MOST_WAITING_SHOWN)


def _may_see(caller: Caller, desk: Desk) -> bool:
    return caller.department in (None, desk.window.department) or caller.has("admin", "manager")
