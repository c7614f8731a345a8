"""The ledger of overtime: counted when a session closes, corrected when word of a clerk comes late."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from services.appointments import events, schemas
from services.appointments.domain import sessions as rules
from services.appointments.domain.sessions import Overtime, Session, Signing
from services.appointments.domain.stretches import Stretch
from services.appointments.store import Store
from services.appointments.use_cases.common import check_dates, require
from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.inbox import Received
from services.chassis.outbox import publish_later

_EVENT = schemas.OvertimeEvent()


def regular_hours(store: Store, session: Session, since: datetime, until: datetime) -> list[Stretch]:
    """Return the opening hours of a session's department on the days from one moment to another."""
    if session.regular is not None:
        return list(session.regular)
    hours = store.hours(session.hall, clock.hall_zone())
    return list(hours.between(session.department, since, until))


def count(store: Store, session: Session, at: datetime) -> list[Overtime]:
    """Return the overtime of a session that has been opened, by what was heard up to now."""
    if session.opened_at is None:
        return []
    regular = regular_hours(store, session, session.opened_at, session.closed_at or at)
    here = rules.presences(store.signings(session))
    return rules.overtime(session, here, regular=regular, zone=clock.hall_zone(), at=at)


def record(store: Store, session: Session, *, caller: Caller, at: datetime) -> list[Overtime]:
    """Bring the ledger in line with what was heard of a closed session; returns its overtime. The ledger is locked."""
    counted = count(store, session, at)
    entries = list(rules.corrections(counted, store.overtime_of(session.hall, [session.id])))
    store.add_overtime(session.hall, entries, at=at)
    told = [events.overtime_event(_EVENT.dump(entry), sequence=entry.sequence) for entry in entries]
    publish_later(store, *told, caller=caller, at=at)
    return counted


def keep_signings(store: Store, received: Sequence[Received]) -> None:
    """Note who signed in at a window or left it; what comes late corrects the overtime of closed sessions."""
    for hall in {event.hall for event in received}:
        signings = [_signing(event) for event in received if event.hall == hall]
        store.lock_ledger(hall)
        store.keep_signings(hall, signings)
        since = min(signing.since for signing in signings)
        caller = Caller(hall=hall, call_id=received[0].call_id, username="ticketing")
        for session in store.closed_since(hall, {signing.window for signing in signings}, since):
            record(store, session, caller=caller, at=clock.now())


def _signing(event: Received) -> Signing:
    since = event.data["signed_in_at"]
    until = max(since, event.time) if event.type.endswith(".signed_out") else None
    return Signing(
        window=event.data["code"],
        sequence=event.sequence,
        clerk=event.data["clerk"],
        since=since,
        until=until,
    )


def list_overtime(
    store: Store, caller: Caller, *, from_: date, to: date, department: str | None, staff: str | None
) -> dict[str, Any]:
    """Return the newest entries of the ledger on some dates.

    Raises:
        Invalid, Forbidden: no such period; the caller is no manager.
    """
    require(caller, "manager")
    check_dates(from_, to)
    found = store.overtime(caller.hall, since=from_, until=to, department=department, staff=staff)
    return {"items": found}
