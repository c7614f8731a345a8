"""What notifications makes of facts: messages to send now or later, and messages that are out of date."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from services.chassis import clock
from services.chassis.config import settings
from services.chassis.inbox import Received
from services.notifications.domain import delivery as rules
from services.notifications.domain import texts
from services.notifications.domain.delivery import Delivery
from services.notifications.domain.visits import Visit, is_news
from services.notifications.store import Store

DEFAULT_LANGUAGE = "zh"
_WARNINGS = ("no_show_limit_near", "cancellation_limit_near")
# A visitor who is told this late that the turn is near has been called by then.
_APPROACHING_FOR = timedelta(minutes=30)
# What a fact of an on-site order tells the applicant.
OF_ORDERS: Mapping[str, str] = {
    "requested": "onsite_received",
    "declined": "onsite_declined",
    "assigned": "onsite_expected",
    "reassigned": "onsite_expected",
    "unassigned": "onsite_waiting",
    "rescheduled": "onsite_rescheduled",
    "cancelled": "onsite_cancelled",
    "departed": "onsite_on_way",
    "failed": "onsite_failed",
    "displaced": "onsite_displaced",
}
# After these a crew is expected; after the others nobody is.
_EXPECTING = ("assigned", "reassigned", "departed")
OF_ORDERS_KINDS = tuple(sorted(set(OF_ORDERS.values())))
# What a state tells of a wish, which has no time yet.
_OF_WISHES = {"cancelled": "wish_cancelled", "displaced": "wish_displaced"}
# The message that a state of an appointment causes; the others cause none.
_TOLD = ("booked", "cancelled", "displaced", "offered")


def keep_items(store: Store, received: Sequence[Received]) -> None:
    """Copy the names of items."""
    store.keep_items([_row(event) for event in received])


def keep_departments(store: Store, received: Sequence[Received]) -> None:
    """Copy the names of departments."""
    store.keep_places("department", [_row(event) for event in received])


def keep_zones(store: Store, received: Sequence[Received]) -> None:
    """Copy the names of zones."""
    store.keep_places("zone", [_row(event) for event in received])


def keep_queues(store: Store, received: Sequence[Received]) -> None:
    """Copy in which zones departments have queues."""
    store.keep_queues([_row(event) for event in received])


def _row(event: Received) -> dict[str, Any]:
    return {**event.data, "hall": event.hall, "sequence": event.sequence}


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
    _drop(store, over, rules.OF_LIVE, source="appointment")


def _drop(
    store: Store,
    of: Collection[tuple[str, str]],
    kinds: Sequence[str],
    *,
    source: str,
    but: frozenset[str] = frozenset(),
) -> None:
    """Drop what waits to be told of appointments or orders, named by hall and id, but for these causes."""
    for hall in sorted({hall for hall, _ in of}):
        ids = [id_ for of_hall, id_ in of if of_hall == hall]
        waits = store.due_to_drop(hall, ids, kinds, source=source)
        for waiting in (each for each in waits if each.cause not in but):
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
        kind = kind if data["starts_at"] else _OF_WISHES.get(kind, kind)
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
        "cause": data["cause"],
        "moved_to": data["moved_to"],
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


def hear_orders(store: Store, received: Sequence[Received]) -> None:
    """Make the messages of what became of on-site orders; only the newest fact of an order is worth telling.

    The facts of one order may come in any order: what is not sent when a newer one is heard is dropped. A visit that
    another plan moves by a few minutes is not told again, and what waits to be told of it stays.
    """
    rows = [{"hall": event.hall, "id": event.data["id"], "sequence": event.sequence} for event in received]
    kept = store.keep_orders(rows, at=clock.now())
    fresh = [event for event in received if kept[_order(event)][0] == event.sequence]
    news = [event for event in fresh if _is_news(event, told=kept[_order(event)][1])]
    store.note_told({_order(event): _visit(event) for event in news})
    made = [_of_order(event) for event in news if _verb(event) in OF_ORDERS]
    of = {_order(event) for event in news}
    _drop(store, of, OF_ORDERS_KINDS, source="onsite_order", but=frozenset(each.cause for each in made))
    _add(store, made)


def _order(event: Received) -> tuple[str, str]:
    return event.hall, event.data["id"]


def _is_news(event: Received, *, told: Visit | None) -> bool:
    visit = _visit(event)
    if _verb(event) != "reassigned" or visit is None:
        return True
    return is_news(visit, told=told, least=timedelta(minutes=settings().tell_minutes))


def _visit(event: Received) -> Visit | None:
    """Return the visit that an applicant may expect after a fact."""
    if _verb(event) not in _EXPECTING:
        return None
    data = event.data
    return Visit(
        crew=data["crew"],
        starts_at=data["window"]["from_"],
        ends_at=data["window"]["to"],
        arrives_at=data["arrives_at"],
    )


def _verb(event: Received) -> str:
    return event.type.rpartition(".")[2]


def _of_order(event: Received) -> Delivery:
    data, verb = event.data, _verb(event)
    window = data["window"]
    values = {
        "item": data["item"],
        "reference": data["reference"],
        "starts_at": data["arrives_at"] or window["from_"],
        "ends_at": window["to"],
        "alternatives": [each["starts_at"] for each in data["alternatives"]],
        "cause": data["cause"],
    }
    # Nobody needs to know who was expected when, once that time is over.
    coming = verb in ("requested", "assigned", "reassigned", "departed")
    return _delivery(
        event,
        OF_ORDERS[verb],
        f"onsite:{data['id']}:{event.sequence}",
        source=("onsite_order", data["id"]),
        values=values,
        language=data["language"],
        expires_at=window["to"] if coming else None,
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


def hear_pauses(store: Store, received: Sequence[Received]) -> None:
    """Tell people who wait that nobody is served for a while, or not any more today."""
    _add(store, [_paused(event) for event in received])


def _paused(event: Received) -> Delivery:
    data = event.data
    until = {"until": data["until"].isoformat()} if data["until"] else {}
    return _delivery(
        event,
        "ticket_paused" if until else "ticket_stopped",
        f"paused:{data['id']}:{data['closure']}",
        source=("appointment", data["appointment"]) if data["appointment"] else ("ticket", data["id"]),
        values={"number": data["number"], **until},
        language=data["language"],
        expires_at=data["until"],
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
