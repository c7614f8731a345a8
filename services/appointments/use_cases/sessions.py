"""Extended sessions: planned by a manager, opened and closed by hand or by the clock."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.appointments import events, schemas
from services.appointments.domain import sessions as rules
from services.appointments.domain.sessions import Overtime, Session
from services.appointments.errors import (
    NoSuchSession,
    SessionOverlaps,
    UnknownStaff,
    UnknownWindow,
)
from services.appointments.store import Store
from services.appointments.use_cases.common import check_dates, midnight, offers_three_services, require
from services.appointments.use_cases.overtime import count, record, regular_hours
from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.outbox import publish_later

STAFF = ("clerk", "operator", "dispatcher", "crew", "analyst", "manager")
_EVENT = schemas.SessionState()
_VERBS = {"planned": "planned", "open": "opened", "closed": "closed", "cancelled": "cancelled"}


def require_accounts(strange: Sequence[str]) -> None:
    """Refuse a session for people of whom some have no open account.

    Raises:
        UnknownStaff: there are such.
    """
    if strange:
        raise UnknownStaff(errors={"staff": [f"No such accounts: {', '.join(strange)}."]})


def plan_session(
    store: Store,
    caller: Caller,
    *,
    department: str,
    windows: Sequence[str],
    staff: Sequence[str],
    starts_at: datetime,
    ends_at: datetime,
) -> dict[str, Any]:
    """Plan that a department stays open.

    Raises:
        Invalid, Conflict, Forbidden: no such department or window; the times; it has another session then, or offers
            no extended hours; the caller is no manager.
    """
    require(caller, "manager")
    at = clock.now()
    asked = Session(
        hall=caller.hall,
        id=str(uuid4()),
        department=department,
        windows=list(dict.fromkeys(windows)),
        staff=list(dict.fromkeys(staff)),
        starts_at=starts_at,
        ends_at=ends_at,
        state="planned",
        opened_at=None,
        closed_at=None,
        version=1,
    )
    rules.check_times(asked, at=at)
    session = replace(asked, starts_at=starts_at.astimezone(UTC), ends_at=ends_at.astimezone(UTC))
    _check_places(store, session)
    rules.check_extends(session, regular=regular_hours(store, session, starts_at, ends_at))
    store.lock_ledger(caller.hall)
    if store.others(session, session.starts_at, session.ends_at):
        raise SessionOverlaps
    store.add_session(session, at=at, by=caller.username)
    return _tell(store, session, caller=caller, at=at)


def _check_places(store: Store, session: Session) -> None:
    offers_three_services(store, session.hall, session.department)
    known = store.windows_of(session.hall, session.department, session.windows)
    if strange := [code for code in session.windows if code not in known]:
        raise UnknownWindow(errors={"windows": [f"Not of this department: {', '.join(strange)}."]})


def open_session(store: Store, caller: Caller, *, id: UUID) -> dict[str, Any]:
    """Open a session before its time.

    Raises:
        NotFound, Conflict, Forbidden: no such session; its state; it is far off; another one of the department is in
            the way; the caller is no manager.
    """
    require(caller, "manager")
    at = clock.now()
    store.lock_ledger(caller.hall)
    session = rules.open_(_locked(store, caller.hall, id), at=at)
    if store.others(session, session.opened_at or at, session.ends_at):
        raise SessionOverlaps
    return _change(store, session, caller=caller, at=at)


def close_session(store: Store, caller: Caller, *, id: UUID) -> dict[str, Any]:
    """Close a session now, or when it ended if it has ended by itself already.

    Raises:
        NotFound, Conflict, Forbidden: no such session; it is not open; the caller is no manager.
    """
    require(caller, "manager")
    at = clock.now()
    store.lock_ledger(caller.hall)
    session = _locked(store, caller.hall, id)
    return _close(store, session, _ended(store, session, at) or at, caller=caller, at=at)


def cancel_session(store: Store, caller: Caller, *, id: UUID) -> dict[str, Any]:
    """Call a planned session off.

    Raises:
        NotFound, Conflict, Forbidden: no such session; it is not planned; the caller is no manager.
    """
    require(caller, "manager")
    at = clock.now()
    session = rules.cancel(_locked(store, caller.hall, id))
    return _change(store, session, caller=caller, at=at)


def call_off_unheld(store: Store, caller: Caller, *, at: datetime) -> None:
    """Call off the planned sessions that cannot be held.

    Their department holds none any more, their windows are another's by now, or all of their time is closed.
    """
    closures = store.hours(caller.hall, clock.hall_zone()).closures
    coming = store.sessions(caller.hall, since=at, until=at + rules.FARTHEST, department=None)
    shut = {each.id for each in coming if each.state == "planned" and rules.is_shut(each, closures)}
    unheld = sorted({*store.sessions_unheld(caller.hall, at), *shut})
    if not unheld:
        return
    store.lock_ledger(caller.hall)
    for id_ in unheld:
        session = store.lock_session(caller.hall, id_)
        if session is not None and session.state == "planned":
            _change(store, rules.cancel(session), caller=caller, at=at)


def turn(store: Store, caller: Caller, *, id: UUID) -> None:
    """Open or close a session whose time has come; one that somebody still works in goes on."""
    at = clock.now()
    store.lock_ledger(caller.hall)
    session = _locked(store, caller.hall, id)
    if session.state == "planned" and session.starts_at <= at:
        if not any(other.state == "open" for other in store.others(session, session.starts_at, at)):
            _change(store, rules.open_(session, at=at), caller=caller, at=at)
    elif session.state == "open" and (ended := _ended(store, session, at)):
        _close(store, session, ended, caller=caller, at=at)


def get_session(store: Store, caller: Caller, *, id: UUID) -> dict[str, Any]:
    """Return a session with its overtime so far.

    Raises:
        NotFound, Forbidden: no such session; the caller is no staff.
    """
    require(caller, *STAFF)
    session = _found(store.session(caller.hall, str(id)))
    return _with_overtime(store, caller.hall, [session])[0]


def list_sessions(
    store: Store, caller: Caller, *, from_: date, to: date, department: str | None
) -> dict[str, Any]:
    """Return the sessions on some dates, with their overtime so far.

    Raises:
        Invalid, Forbidden: no such period; the caller is no staff.
    """
    require(caller, *STAFF)
    check_dates(from_, to)
    until = midnight(to + timedelta(days=1))
    found = store.sessions(caller.hall, since=midnight(from_), until=until, department=department)
    return {"items": _with_overtime(store, caller.hall, found)}


def _with_overtime(store: Store, hall: str, found: Sequence[Session]) -> list[dict[str, Any]]:
    """Return sessions with their overtime: recorded when they are closed, counted while they are open."""
    entries = store.overtime_of(hall, [each.id for each in found if each.state == "closed"])
    for session in found:
        if session.state == "open":
            entries += count(store, session, clock.now())
    of: dict[str, list[Overtime]] = {}
    for entry in entries:
        of.setdefault(entry.session, []).append(entry)
    return [_shown(session, of.get(session.id, ())) for session in found]


def _found(session: Session | None) -> Session:
    if session is None:
        raise NoSuchSession
    return session


def _locked(store: Store, hall: str, id_: UUID) -> Session:
    return _found(store.lock_session(hall, str(id_)))


def _ended(store: Store, session: Session, at: datetime) -> datetime | None:
    """Return when an open session has ended by itself."""
    if session.state != "open" or at < session.ends_at:
        return None
    later = store.others(session, session.ends_at, at)
    return rules.closing_time(
        session,
        rules.presences(store.signings(session)),
        regular=regular_hours(store, session, session.ends_at, at),
        next_starts_at=later[0].starts_at if later else None,
        at=at,
    )


def _close(
    store: Store, session: Session, ended: datetime, *, caller: Caller, at: datetime
) -> dict[str, Any]:
    regular = regular_hours(store, session, session.opened_at or ended, ended)
    closed = rules.close(session, at=ended, regular=regular)
    store.change_session(closed, at=at, by=caller.username)
    overtime = record(store, closed, caller=caller, at=at)
    return _tell(store, closed, caller=caller, at=at, overtime=overtime)


def _change(store: Store, session: Session, *, caller: Caller, at: datetime) -> dict[str, Any]:
    store.change_session(session, at=at, by=caller.username)
    return _tell(store, session, caller=caller, at=at)


def _tell(
    store: Store, session: Session, *, caller: Caller, at: datetime, overtime: Sequence[Overtime] = ()
) -> dict[str, Any]:
    shown = _shown(session, overtime)
    event = events.session_event(_VERBS[session.state], _EVENT.dump(shown), version=session.version)
    publish_later(store, event, caller=caller, at=at)
    return shown


def _shown(session: Session, overtime: Sequence[Overtime]) -> dict[str, Any]:
    """Return a session with the minutes of each person."""
    minutes: dict[str, int] = {}
    for entry in overtime:
        minutes[entry.staff] = minutes.get(entry.staff, 0) + entry.minutes
    people = [{"staff": staff, "minutes": minutes[staff]} for staff in sorted(minutes) if minutes[staff]]
    return {**vars(session), "overtime": people, "overtime_minutes": sum(minutes.values())}
