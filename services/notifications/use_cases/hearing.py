"""What notifications makes of facts: messages to send now or later, and messages that are out of date."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from services.chassis import clock
from services.chassis.inbox import Received
from services.notifications.domain import delivery as rules
from services.notifications.domain import texts
from services.notifications.domain.delivery import Delivery
from services.notifications.store import Store

DEFAULT_LANGUAGE = "zh"
_WARNINGS = ("no_show_limit_near", "cancellation_limit_near")
# A visitor who is told this late that the turn is near has been called by then.
_APPROACHING_FOR = timedelta(minutes=30)
# The message that a state of an appointment causes; the others cause none.
_TOLD = ("booked", "cancelled", "displaced", "offered")


def keep_items(store: Store, received: Sequence[Received]) -> None:
    """Copy the names of items."""
    store.keep_items([{**event.data, "hall": event.hall, "sequence": event.sequence} for event in received])


def hear_appointments(store: Store, received: Sequence[Received]) -> None:
    """Make the messages of what became of appointments, and drop those that it makes untrue.

    The facts of one appointment may come in any order: one that says that it will take place is not told after one
    that says it will not.
    """
    rows = [
        {"hall": event.hall, "id": event.data["id"], "state": event.data["state"], "sequence": event.sequence}
        for event in received
    ]
    states = store.keep_appointments(rows, at=clock.now())
    over = [key for key, state in states.items() if state not in rules.LIVE]
    drop_outdated(store, over)
    made = [
        message
        for event in received
        for message in _messages(event)
        if message.kind not in rules.OF_LIVE or (event.hall, event.data["id"]) not in over
    ]
    _add(store, made)


def drop_outdated(store: Store, over: Sequence[tuple[str, str]]) -> None:
    """Drop what waits to say that appointments, named by hall and id, will take place."""
    for hall in {hall for hall, _ in over}:
        ids = [id_ for of_hall, id_ in over if of_hall == hall]
        for waiting in store.due_to_drop(hall, ids, rules.OF_LIVE):
            dropped = rules.moved(waiting, "dropped", fault="out_of_date")
            store.enter(dropped, at=clock.now(), real=clock.real_now())


def _add(store: Store, made: Sequence[Delivery]) -> None:
    """Store messages in the order of their causes, so that two copies that hear the same never wait for each other."""
    ordered = sorted(made, key=lambda each: (each.hall, each.cause))
    store.add_deliveries(ordered, at=clock.now(), real=clock.real_now())


def _messages(event: Received) -> list[Delivery]:
    data, made = event.data, []
    state = data["state"]
    if state in _TOLD:
        kind = "rescheduled" if state == "booked" and data["rescheduled_from"] else state
        expires_at = data["offer_until"] if state == "offered" else None
        made.append(
            _of_appointment(event, kind, f"{state}:{data['id']}:{event.sequence}", expires_at=expires_at)
        )
    if data["warning"] in _WARNINGS and state in ("cancelled", "no_show"):
        made.append(_of_appointment(event, data["warning"], f"{data['warning']}:{data['id']}"))
    if state == "booked" and data["starts_at"]:
        booked_at = data["booked_at"] or event.time
        moments = rules.reminders(data["starts_at"], booked_at=booked_at, zone=clock.hall_zone())
        for kind, due_at in moments.items():
            cause = f"{kind}:{data['id']}"
            made.append(_of_appointment(event, kind, cause, due_at=due_at, expires_at=data["starts_at"]))
    return made


def _of_appointment(
    event: Received,
    kind: str,
    cause: str,
    *,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Delivery:
    data = event.data
    values = {
        "item": data["item"],
        "reference": data["reference"],
        "starts_at": data["starts_at"],
        "until": data["offer_until"],
        "alternatives": [each["starts_at"] for each in data["alternatives"] or []],
    }
    return _delivery(
        event,
        kind,
        cause,
        source=("appointment", data["id"]),
        values={name: value for name, value in values.items() if value},
        language=data["language"],
        due_at=due_at,
        expires_at=expires_at,
    )


def hear_tickets(store: Store, received: Sequence[Received]) -> None:
    """Tell people that their turn comes near; who has an appointment is known by that."""
    _add(store, [_approaching(event) for event in received])


def _approaching(event: Received) -> Delivery:
    appointment = event.data["appointment"]
    return _delivery(
        event,
        "approaching",
        f"approaching:{event.data['id']}",
        source=("appointment", appointment) if appointment else ("ticket", event.data["id"]),
        values={"number": event.data["number"], "ahead": str(event.data["ahead"])},
        language=event.data["language"],
        expires_at=event.time + _APPROACHING_FOR,
    )


def hear_codes(store: Store, received: Sequence[Received]) -> None:
    """Have one-time codes sent; the code itself is taken from identity when it is sent."""
    _add(store, [_code(event, event.data["request"]) for event in received])


def _code(event: Received, request: str) -> Delivery:
    return _delivery(event, "otp", f"otp:{request}", source=("code", request), values={})


def _delivery(
    event: Received,
    kind: str,
    cause: str,
    *,
    source: tuple[str, str],
    values: Mapping[str, Any],
    language: str | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Delivery:
    return Delivery(
        hall=event.hall,
        id=str(uuid4()),
        kind=kind,
        cause=cause,
        source=source[0],
        source_id=source[1],
        language=language if language in texts.LANGUAGES else DEFAULT_LANGUAGE,
        values=values,
        due_at=due_at or clock.now(),
        expires_at=expires_at,
    )
