"""What statistics keeps of what it hears."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.chassis import clock
from services.chassis.inbox import Received
from services.statistics.facts.domain import visits
from services.statistics.facts.store import Store

CLERK = "clerk"
SIGNED_OUT = "ticketing.window.signed_out"
OF_A_STRETCH = (
    "queue",
    "department",
    "item",
    "window",
    "queued",
    "state",
    "wait_s",
    "p50_s",
    "p90_s",
)


def keep_tickets(store: Store, received: Sequence[Received]) -> None:
    """Keep what ticketing says of tickets."""
    store.keep_tickets([row for event in received for row in _stretch_rows(event)])
    note_seen(store, received)


def keep_cases(store: Store, received: Sequence[Received]) -> None:
    """Keep what is said of cases."""
    store.keep_cases([_case_row(event) for event in received])
    note_seen(store, received)


def keep_appointments(store: Store, received: Sequence[Received]) -> None:
    """Keep what is said of appointments."""
    store.keep_appointments([_appointment_row(event) for event in received])
    note_seen(store, received)


def keep_onsite(store: Store, received: Sequence[Received]) -> None:
    """Keep what is said of on-site orders."""
    store.keep_onsite([_order_row(event) for event in received])
    note_seen(store, received)


def keep_joint(store: Store, received: Sequence[Received]) -> None:
    """Keep what is said of joint cases."""
    store.keep_joint([_joint_row(event) for event in received])
    note_seen(store, received)


def keep_overtime(store: Store, received: Sequence[Received]) -> None:
    """Keep what is said of overtime."""
    store.keep_overtime([row_of(event, "overtime") for event in received])
    note_seen(store, received)


def keep_evaluations(store: Store, received: Sequence[Received]) -> None:
    """Keep what ticketing says of evaluations."""
    store.keep_evaluations(
        [
            {
                **row_of(event, "ticket"),
                "business_date": event.data["business_date"]
                or clock.business_date(event.data["recorded_at"]),
            }
            for event in received
        ]
    )
    note_seen(store, received)


def keep_commendations(store: Store, received: Sequence[Received]) -> None:
    """Keep what quality says of commendations."""
    store.keep_commendations([row_of(event, "commendation") for event in received])
    note_seen(store, received)


def keep_windows(store: Store, received: Sequence[Received]) -> None:
    """Keep when windows were open, and for which queues."""
    store.keep_windows(
        [
            {
                **row_of(event, "window"),
                "business_date": clock.business_date(event.data["signed_in_at"]),
                "left_at": event.time if event.type == SIGNED_OUT else None,
            }
            for event in received
        ]
    )
    note_seen(store, received)


def keep_staff(store: Store, received: Sequence[Received]) -> None:
    """Keep what identity says of accounts: who is window staff, of which department, and whether still."""
    store.keep_staff([_staff_row(event) for event in received])


def _staff_row(event: Received) -> Mapping[str, Any]:
    roles = event.data["roles"]
    return {
        "hall": event.hall,
        "username": event.data["username"],
        "department": event.data["department"],
        "role": CLERK if CLERK in roles else min(roles, default=""),
        "active": event.data["active"],
        "sequence": event.sequence,
    }


def keep_names(store: Store, received: Sequence[Received]) -> None:
    """Keep what things are called."""
    store.keep_names([{**_coded_row(event), "kind": event.type.split(".")[1]} for event in received])


def keep_items(store: Store, received: Sequence[Received]) -> None:
    """Keep what the catalogue says of items."""
    keep_names(store, received)
    store.keep_items([_coded_row(event) for event in received])


def keep_terms(store: Store, received: Sequence[Received]) -> None:
    """Keep what the catalogue says of items from each day on."""
    store.keep_terms([_coded_row(event) for event in received])


def keep_calendar(store: Store, received: Sequence[Received]) -> None:
    """Keep what the catalogue says of the days that break the week."""
    store.keep_calendar([_year_row(event) for event in received])


def _year_row(event: Received) -> Mapping[str, Any]:
    days = event.data["days"]
    return {
        "hall": event.hall,
        "year": event.data["year"],
        "workdays": [each["day"] for each in days if each["working"]],
        "holidays": [each["day"] for each in days if not each["working"]],
        "sequence": event.sequence,
    }


def keep_departments(store: Store, received: Sequence[Received]) -> None:
    """Keep what the catalogue says of departments."""
    keep_names(store, received)
    store.keep_departments([_coded_row(event) for event in received])


def _coded_row(event: Received) -> Mapping[str, Any]:
    return {**event.data, "hall": event.hall, "sequence": event.sequence}


def _stretch_rows(event: Received) -> Iterator[Mapping[str, Any]]:
    """Return a row for each stretch of a visit; what is said of its end alone is said of the last one."""
    data = event.data
    ticket = {
        "hall": event.hall,
        "ticket": event.subject,
        "sequence": event.sequence,
        "business_date": data["business_date"],
        "origin": visits.origin_of(data["channel"], extended=data["extended"]),
    }
    stretches = data["stretches"] or [{**data, "entered_at": data["issued_at"], "queued": True}]
    missed_in = next((nth for nth, each in enumerate(stretches, 1) if each["misses"]), None)
    for nth, stretch in enumerate(stretches, 1):
        ended_at = data["finished_at"] if nth == len(stretches) else None
        yield {
            **ticket,
            "stretch": nth,
            **{name: stretch[name] for name in OF_A_STRETCH},
            # A visitor is missed once, where that happened first, or departments would not add up to the hall.
            "misses": stretch["misses"] if nth == missed_in else 0,
            "service_s": visits.service_of_stay(stretches[nth - 1 :]),
            "window_s": stretch["service_s"] if stretch["state"] in visits.ENDS_OF_WORK else None,
            "issued_at": stretch["entered_at"],
            "issued_hour": _hour(stretch["entered_at"]),
            "finished_at": ended_at,
            "served_hour": _hour(ended_at) if stretch["state"] == "served" else None,
        }


def _case_row(event: Received) -> Mapping[str, Any]:
    decided_at = event.data["decided_at"]
    return {
        **row_of(event, "number"),
        "accepted_hour": _hour(event.data["accepted_at"]),
        "decided_on": clock.business_date(decided_at) if decided_at else None,
    }


def _appointment_row(event: Received) -> Mapping[str, Any]:
    starts_at = event.data["starts_at"]
    return {
        **row_of(event, "appointment"),
        "business_date": clock.business_date(starts_at) if starts_at else None,
    }


def _order_row(event: Received) -> Mapping[str, Any]:
    data = event.data
    # Whoever had left when the visit was called off has spent the way.
    spent_by = data["crew_before"] if data["travel_s"] is not None else None
    return {
        **row_of(event, "onsite_order"),
        "crew": data["crew"] or spent_by,
        "cases": len(data["cases"]),
    }


def _joint_row(event: Received) -> Mapping[str, Any]:
    data = event.data
    return {
        "hall": event.hall,
        "number": event.subject,
        "sequence": event.sequence,
        "departments": sorted({data["lead"], *(step["department"] for step in data["steps"])}),
        "state": data["state"],
        "opened_on": clock.business_date(data["opened_at"]),
        "ended_on": clock.business_date(data["ended_at"]) if data["ended_at"] else None,
    }


def _hour(at: datetime | None) -> int | None:
    return None if at is None else at.astimezone(clock.hall_zone()).hour


def row_of(event: Received, subject: str) -> Mapping[str, Any]:
    """Return a row of what an event says.

    Args:
        event: the event.
        subject: the column of what it is about.
    """
    return {**event.data, "hall": event.hall, subject: event.subject, "sequence": event.sequence}


def note_seen(store: Store, received: Sequence[Received]) -> None:
    """Note up to when the services were heard."""
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
