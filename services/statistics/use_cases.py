"""One function for each question and fact of statistics."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.inbox import Received
from services.statistics import domain
from services.statistics.domain import Overview, Place
from services.statistics.errors import LedgerClosed, StaffOnly
from services.statistics.store import Store

STAFF = ("clerk", "operator", "dispatcher", "crew", "analyst", "manager")
# Overtime is told by person, so fewer may see it.
OVERTIME_READERS = ("analyst", "manager")


def get_overview(store: Store, caller: Caller, *, day: date | None = None) -> Overview:
    """Return the figures of a business date, today's when none is given.

    Raises:
        Forbidden: the caller is no staff.
    """
    _require_staff(caller)
    on = day or clock.business_date(clock.now())
    return domain.overview(on, store.overview(caller.hall, on))


def get_volumes(
    store: Store,
    caller: Caller,
    *,
    since: date,
    until: date,
    by: str,
    group: str,
    limit: int,
    cursor: Place | None,
) -> dict[str, Any]:
    """Return a page of volumes.

    Cases count by acceptance date, and by the hour of acceptance; tickets by business date, and by the hour of
    issue. `on_time` is the share of these cases' decisions that were on time, None when none is decided.

    Args:
        store: the database.
        caller: staff.
        since: first business date.
        until: last business date.
        by: `day`, `month`, `quarter` or `year`.
        group: `department`, `item`, `origin` or `hour`.
        limit: most rows.
        cursor: where the page before ended.

    Raises:
        Forbidden: the caller is no staff.
    """
    _require_staff(caller)
    rows = store.volumes(
        caller.hall,
        since=since,
        until=until,
        period_format=domain.PERIODS[by],
        group=group,
        after=cursor or Place(),
        limit=limit + 1,
    )
    page = rows[:limit]
    more = len(rows) > limit
    return {
        "items": page,
        "next": Place(period=page[-1]["period"], group=page[-1]["group"]) if more else None,
    }


def get_appointments(
    store: Store, caller: Caller, *, since: date, until: date, group: str
) -> list[dict[str, Any]]:
    """Return what became of the appointments whose slot is on one of these dates.

    Args:
        store: the database.
        caller: staff.
        since: first business date.
        until: last business date.
        group: `channel`, `department` or `item`.

    Raises:
        Forbidden: the caller is no staff.
    """
    _require_staff(caller)
    sums = store.appointments(caller.hall, since=since, until=until, group=group)
    return [domain.appointment_row(row) for row in sums]


def get_overtime(
    store: Store, caller: Caller, *, since: date, until: date, group: str
) -> list[dict[str, Any]]:
    """Return the minutes of overtime on these dates.

    Args:
        store: the database.
        caller: an analyst or manager.
        since: first business date.
        until: last business date.
        group: `department` or `staff`.

    Raises:
        Forbidden: the caller is neither.
    """
    if not caller.has(*OVERTIME_READERS):
        raise LedgerClosed
    return store.overtime(caller.hall, since=since, until=until, group=group)


def get_onsite(store: Store, caller: Caller, *, since: date, until: date, group: str) -> list[dict[str, Any]]:
    """Return what became of the on-site orders whose window is on one of these dates.

    Args:
        store: the database.
        caller: staff.
        since: first business date.
        until: last business date.
        group: `department` or `crew`.

    Raises:
        Forbidden: the caller is no staff.
    """
    _require_staff(caller)
    sums = store.onsite(caller.hall, since=since, until=until, group=group)
    return [domain.onsite_row(row) for row in sums]


def keep_tickets(store: Store, received: Sequence[Received]) -> None:
    """Keep what ticketing says of tickets."""
    store.keep_tickets([_ticket_row(event) for event in received])
    _note_seen(store, received)


def keep_cases(store: Store, received: Sequence[Received]) -> None:
    """Keep what is said of cases."""
    store.keep_cases([_case_row(event) for event in received])
    _note_seen(store, received)


def keep_appointments(store: Store, received: Sequence[Received]) -> None:
    """Keep what is said of appointments."""
    store.keep_appointments([_appointment_row(event) for event in received])
    _note_seen(store, received)


def keep_onsite(store: Store, received: Sequence[Received]) -> None:
    """Keep what is said of on-site orders."""
    common = [
        {"hall": event.hall, "onsite_order": event.subject, "sequence": event.sequence} for event in received
    ]
    store.keep_onsite(
        [
            {**event.data, **row, "cases": len(event.data["cases"])}
            for event, row in zip(received, common, strict=True)
        ]
    )
    _note_seen(store, received)


def keep_overtime(store: Store, received: Sequence[Received]) -> None:
    """Keep what is said of overtime."""
    store.keep_overtime(
        [
            {**event.data, "hall": event.hall, "overtime": event.subject, "sequence": event.sequence}
            for event in received
        ]
    )
    _note_seen(store, received)


def keep_names(store: Store, received: Sequence[Received]) -> None:
    """Keep what the catalogue calls its things."""
    kinds = ((event, event.type.split(".")[1]) for event in received)
    store.keep_names(
        [
            {**event.data, "hall": event.hall, "kind": kind, "sequence": event.sequence}
            for event, kind in kinds
        ]
    )


def _ticket_row(event: Received) -> Mapping[str, Any]:
    data = event.data
    return {
        **data,
        "hall": event.hall,
        "ticket": event.subject,
        "sequence": event.sequence,
        "origin": domain.origin_of(data["channel"], extended=data["extended"]),
        "issued_hour": _hour(data["issued_at"]),
        "served_hour": _hour(data["finished_at"]) if data["state"] == "served" else None,
    }


def _case_row(event: Received) -> Mapping[str, Any]:
    data = event.data
    decided_at = data["decided_at"]
    return {
        **data,
        "hall": event.hall,
        "number": event.subject,
        "sequence": event.sequence,
        "accepted_hour": _hour(data["accepted_at"]),
        "decided_on": clock.business_date(decided_at) if decided_at else None,
    }


def _appointment_row(event: Received) -> Mapping[str, Any]:
    starts_at = event.data["starts_at"]
    return {
        **event.data,
        "hall": event.hall,
        "appointment": event.subject,
        "sequence": event.sequence,
        "business_date": clock.business_date(starts_at) if starts_at else None,
    }


def _hour(at: datetime | None) -> int | None:
    return None if at is None else at.astimezone(clock.hall_zone()).hour


def _note_seen(store: Store, received: Sequence[Received]) -> None:
    store.note_seen(
        [
            {
                "hall": event.hall,
                "source": event.type.partition(".")[0],
                "newest_at": event.time,
                "position": event.position,
            }
            for event in received
        ]
    )


def _require_staff(caller: Caller) -> None:
    if not caller.has(*STAFF):
        raise StaffOnly
