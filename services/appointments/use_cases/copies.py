"""What appointments hear: copies of the catalogue, and tickets of those who came."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from services.appointments import schemas
from services.appointments.domain import appointment as rules
from services.appointments.store import Store
from services.appointments.use_cases.common import save
from services.appointments.use_cases.holding import TICKET
from services.chassis import holder, wire
from services.chassis.caller import Caller
from services.chassis.inbox import Received

_TICKET = schemas.TicketTold(exclude=["appointment"])


def keeper(
    query: str, *, moves_slots: bool = False, promised: bool = False
) -> Callable[[Store, Sequence[Received]], None]:
    """Return a handler that copies the data of its events by a query.

    Args:
        query: keeps one of them.
        moves_slots: slots are made of it, which are made anew.
        promised: places are promised or sessions planned by it; what cannot be kept any more is called off and told.
    """

    def keep(store: Store, events: Sequence[Received]) -> None:
        rows = [{**event.data, "hall": event.hall, "sequence": event.sequence} for event in events]
        for row in rows:
            row |= {name: wire.dumps(row[name]) for name in ("rows", "days", "terms") if name in row}
        halls = sorted({event.hall for event in events})
        if promised:
            for hall in halls:
                store.lock_catalogue(hall)
                store.note_change(hall)
        store.keep(query, rows)
        if moves_slots:
            for hall in halls:
                store.plans_stale(hall)

    return keep


keep_departments = keeper("keep_department", promised=True)
keep_items = keeper("keep_item", promised=True)
keep_terms = keeper("keep_terms", promised=True)
keep_windows = keeper("keep_window", promised=True)
keep_hours = keeper("keep_hours", moves_slots=True, promised=True)
keep_closures = keeper("keep_closure", moves_slots=True, promised=True)
keep_calendar = keeper("keep_calendar", moves_slots=True, promised=True)


def keep_tokens(store: Store, events: Sequence[Received]) -> None:
    """Note which tokens of tickets count, so that whoever holds the appointment is answered the new one."""
    for event in sorted(events, key=lambda each: each.data["id"]):
        number = event.data["number"]
        holder.keep(store, TICKET, event.hall, event.data["id"], number=number, at=event.time)


def is_ours(ticket: Mapping[str, Any]) -> bool:
    """Tell whether a ticket was made for an appointment; seven of eight are not."""
    return ticket["appointment"] is not None


def keep_tickets(store: Store, events: Sequence[Received]) -> None:
    """Note which people with appointments came and were served; a check-in that died after its ticket is made good."""
    # One order for all who lock several; of one ticket the older fact first.
    for event in sorted(events, key=lambda each: (each.data["appointment"], each.sequence)):
        one = store.lock(event.hall, event.data["appointment"])
        caller = Caller(hall=event.hall, call_id=event.call_id, username="ticketing")
        if one is not None and one.state == "booked":
            present = replace(rules.enter(one, "checked_in"), ticket=_TICKET.dump(event.data))
            one = save(store, present, caller=caller, at=event.time)
        if one is not None and one.state == "checked_in" and event.type.endswith(".finished"):
            save(store, rules.enter(one, "fulfilled"), caller=caller, at=event.time)
