"""How a ticket looks to those who asked for it, and to those who hear of it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from services.chassis.caller import Caller
from services.chassis.config import settings
from services.chassis.outbox import publish_later
from services.ticketing import events
from services.ticketing.domain.calling import Calling, calling
from services.ticketing.domain.estimate import Range
from services.ticketing.domain.ticket import Ticket
from services.ticketing.store import Store
from services.ticketing.use_cases.situation import Situation

TOLD = (
    "id",
    "number",
    "hall",
    "business_date",
    "queue",
    "department",
    "zone",
    "item",
    "channel",
    "appointment",
    "state",
    "window",
    "clerk",
    "extended",
    "issued_at",
    "reference_at",
    "first_called_at",
    "called_at",
    "started_at",
    "finished_at",
    "calls",
    "misses",
    "requeues",
    "wait_s",
    "service_s",
    "p50_s",
    "p90_s",
)


def view(
    ticket: Ticket,
    *,
    ahead: int | None = None,
    estimate: Range | None = None,
    windows_open: int | None = None,
    calling: Calling | None = None,
) -> dict[str, Any]:
    """Return a ticket with its place and range, for the reply."""
    shown = {
        **ticket.__dict__,
        "ahead": ahead,
        "estimate": asdict(estimate) if estimate else None,
        "windows_open": windows_open,
        "calling": asdict(calling) if calling else None,
    }
    del shown["past"]  # told to those who count, not to those who wait
    return shown


def calling_of(*, made: int, last_at: datetime) -> Calling:
    """Return how a visitor who was called so often may be called on by the hall's settings."""
    return calling(made=made, last_at=last_at, recalls=settings().recalls, pause_s=settings().recall_pause)


def view_now(store: Store, situation: Situation, ticket: Ticket, at: datetime) -> dict[str, Any]:
    """Return a ticket as it is now: with how many are ahead and how long it will take while it waits."""
    if ticket.state != "waiting":
        return view(ticket)
    ahead = store.ahead(ticket, at, situation.reference.hours.since(at, ticket.department))
    queue = situation.reference.queues[ticket.queue]
    return view(
        ticket,
        ahead=ahead,
        estimate=situation.estimate(queue, ahead=ahead, own_service_s=ticket.service_seconds, at=at),
        windows_open=situation.windows_open(queue),
    )


def event_data(ticket: Ticket, **more: Any) -> dict[str, Any]:
    """Return the whole state of a ticket for an event; it says nothing of the person."""
    stretches = [asdict(each) for each in ticket.stretches]
    told = {name: getattr(ticket, name) for name in TOLD}
    return {**told, "class": ticket.class_, "stretches": stretches, **more}


def tell(store: Store, verb: str, ticket: Ticket, *, caller: Caller, at: datetime, **more: Any) -> None:
    """Publish what became of a ticket."""
    event = events.ticket_event(verb, event_data(ticket, **more), version=ticket.version)
    publish_later(store, event, caller=caller, at=at)


def tell_window(
    store: Store, verb: str, data: Mapping[str, Any], *, version: int, caller: Caller, at: datetime
) -> None:
    """Publish who sits at a window or left it."""
    publish_later(store, events.window_event(verb, data, version=version), caller=caller, at=at)
