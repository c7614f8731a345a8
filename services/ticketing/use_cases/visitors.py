"""Reaching visitors: telling them that their turn is near, and keeping their phones no longer than needed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.chassis import clock, personal
from services.chassis.caller import Caller
from services.closures import Closure
from services.ticketing.domain.queue import Queue
from services.ticketing.errors import IllegalTransition, NobodyToTell, ServicesOnly
from services.ticketing.store import Store
from services.ticketing.use_cases.holding import require_holder
from services.ticketing.use_cases.issue import PURPOSE, contact_of
from services.ticketing.use_cases.situation import Situation, Situations
from services.ticketing.use_cases.views import tell, view

NEAR = 3
KEPT = timedelta(days=90)
BATCH = 200


def tell_approaching(store: Store, caller: Caller) -> int:
    """Say of each ticket whose visitor can be reached, once, that at most three are ahead of it; returns how many."""
    at = clock.now()
    near = store.approaching(
        caller.hall,
        at=at,
        business_date=clock.business_date(at),
        kept=store.sessions(caller.hall, at, clock.hall_zone()).days_kept(at),
        most=NEAR,
        limit=BATCH,
    )
    store.note_told(caller.hall, [each["ticket"] for each in near], at=at)
    for each in near:
        ticket = store.ticket(caller.hall, each["ticket"])
        if ticket.state != "waiting":
            continue  # called in this very moment
        more = {"ahead": each["ahead"], "language": each["language"]}
        tell(store, "approaching", ticket, caller=caller, at=at, **more)
    return len(near)


def tell_paused(store: Store, caller: Caller, *, situations: Situations) -> int:
    """Say of each ticket that waits in a closure, once, until when nobody is served; returns how many are told.

    The number stays. Where the queue is not served any more today, nothing is said of when.
    """
    at = clock.now()
    situation = situations.current(store, caller.hall, at)
    reference = situation.reference
    stopped: dict[Closure, list[Queue]] = {}
    for queue in reference.queues.values() if reference.hours.closures.each else ():
        if closure := reference.closure_of(queue, at):
            stopped.setdefault(closure, []).append(queue)
    return sum(
        _tell_paused(store, situation, caller, closure, queues, at=at) for closure, queues in stopped.items()
    )


def _tell_paused(
    store: Store,
    situation: Situation,
    caller: Caller,
    closure: Closure,
    queues: Sequence[Queue],
    *,
    at: datetime,
) -> int:
    today = clock.business_date(at)
    codes = [queue.code for queue in queues]
    waiting = store.paused(caller.hall, closure=closure.id, queues=codes, business_date=today, limit=BATCH)
    store.note_paused(caller.hall, [each["ticket"] for each in waiting], closure=closure.id)
    for each in waiting:
        ticket = store.ticket(caller.hall, each["ticket"])
        if ticket.state != "waiting":
            continue  # called in this very moment
        opens_at = situation.next_opening(situation.reference.queues[ticket.queue], at)
        until = opens_at if opens_at and clock.business_date(opens_at) == today else None
        more = {"closure": closure.id, "until": until, "language": each["language"]}
        tell(store, "paused", ticket, caller=caller, at=at, **more)
    return len(waiting)


def leave_phone(store: Store, caller: Caller, *, id: str, phone: str, language: str | None) -> dict[str, Any]:
    """Keep where the visitor of a waiting ticket can be told that the turn is near; left again, the newer holds.

    Raises:
        NoSuchTicket: there is none.
        NotTheHolder: the caller has not its token and is no staff of its department.
        PhoneInvalid: this is no phone number.
        IllegalTransition: it does not wait any more.
    """
    ticket = store.lock_ticket(caller.hall, id)
    require_holder(store, caller, ticket)
    if ticket.state != "waiting":
        raise IllegalTransition(
            f"The ticket is {ticket.state}; a phone is left with one that waits.", state=ticket.state
        )
    left = contact_of(phone, language)
    ticket = replace(ticket, same_phone=store.same_phone(ticket, left["phone_hash"]))
    store.leave_contact(ticket, **left)
    return view(ticket)


def contact(store: Store, caller: Caller, *, ticket: UUID) -> dict[str, str | None]:
    """Return a visitor's phone to another service, to write to them; who asked is kept.

    Raises:
        ServicesOnly: the caller is no service.
        NobodyToTell: nobody left a phone with this ticket, or it is erased.
    """
    if not caller.has("service"):
        raise ServicesOnly
    found = store.contact(caller.hall, str(ticket))
    if found is None:
        raise NobodyToTell
    store.note_access(str(ticket), caller=caller, purpose="notification", at=clock.now())
    phone = personal.vault().open(found["phone_sealed"], purpose=PURPOSE)
    return {"name": None, "phone": phone, "language": found["language"]}


def erase_contacts(store: Store, caller: Caller) -> int:
    """Forget the phones of visits ninety days ago, up to a batch; returns how many."""
    before = clock.business_date(clock.now()) - KEPT
    return store.erase_contacts(caller.hall, before=before, limit=BATCH)


def seal_again(store: Store, caller: Caller) -> int:
    """Seal phones under the active key that are under another, up to a batch; returns how many."""
    vault = personal.vault()
    rows = store.sealed_under_others(vault.active, limit=BATCH)
    store.save_sealed(
        [{**row, "phone_sealed": vault.seal_again(row["phone_sealed"], purpose=PURPOSE)} for row in rows]
    )
    return len(rows)
