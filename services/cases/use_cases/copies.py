"""What cases keeps of the catalogue's facts."""

from collections.abc import Callable, Sequence
from datetime import date

from services.cases.store import Store
from services.cases.use_cases import retiming
from services.chassis import wire
from services.chassis.caller import Caller
from services.chassis.inbox import Received


def keep_items(store: Store, received: Sequence[Received]) -> None:
    """Copy what the catalogue says of items."""
    store.keep_items([{**event.data, "hall": event.hall, "sequence": event.sequence} for event in received])


def keep_terms(store: Store, received: Sequence[Received]) -> None:
    """Copy what the catalogue says of items from each day on."""
    store.keep_terms(
        [
            {
                "hall": event.hall,
                "code": event.data["code"],
                "terms": wire.dumps(event.data["terms"]),
                "sequence": event.sequence,
            }
            for event in received
        ]
    )


def keep_calendar(store: Store, received: Sequence[Received]) -> None:
    """Copy what the catalogue says of the days that break the week, and have open cases follow it."""
    _follow(store, received, lambda: store.keep_calendar_years([_year(event) for event in received]))


def keep_closures(store: Store, received: Sequence[Received]) -> None:
    """Copy which days closures take of the hall, and have open cases follow: nobody is late by them."""
    rows = [{**event.data, "hall": event.hall, "sequence": event.sequence} for event in received]
    _follow(store, received, lambda: store.keep_closures(rows))


def _follow(store: Store, received: Sequence[Received], keep: Callable[[], None]) -> None:
    heard = {event.hall: event.call_id for event in received}
    halls = sorted(heard)
    for hall in halls:
        store.change_calendar(hall)
    before = {hall: store.calendar(hall) for hall in halls}
    keep()
    for hall in halls:
        if store.calendar(hall) != before[hall]:
            retiming.retime_cases(store, Caller(hall=hall, call_id=heard[hall]))


def _year(event: Received) -> dict[str, object]:
    return {
        "hall": event.hall,
        "year": event.data["year"],
        "workdays": _days(event, working=True),
        "holidays": _days(event, working=False),
        "sequence": event.sequence,
    }


def _days(event: Received, *, working: bool) -> list[date]:
    return [each["day"] for each in event.data["days"] if each["working"] is working]
