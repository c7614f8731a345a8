"""What dispatch hears: copies of the catalogue, and the numbers of cases."""

from collections.abc import Callable, Sequence

from services.chassis import wire
from services.chassis.inbox import Received
from services.dispatch.store import Store


def keeper(query: str) -> Callable[[Store, Sequence[Received]], None]:
    """Return a handler that copies the data of its events by a query."""

    def keep(store: Store, events: Sequence[Received]) -> None:
        rows = [{**event.data, "hall": event.hall, "sequence": event.sequence} for event in events]
        for row in rows:
            row |= {name: wire.dumps(row[name]) for name in ("rows", "days", "terms") if name in row}
        # Any of them may be what a visit was promised by.
        for hall in sorted({event.hall for event in events}):
            store.note_change(hall)
        store.keep(query, rows)

    return keep


def keep_case_numbers(store: Store, events: Sequence[Received]) -> None:
    """Note the numbers of the cases that were accepted at visits."""
    rows = [{**event.data, "hall": event.hall} for event in events if event.data["onsite_order"]]
    store.keep_case_numbers(rows)


keep_departments = keeper("keep_department")
keep_items = keeper("keep_item")
keep_terms = keeper("keep_terms")
keep_hours = keeper("keep_hours")
keep_calendar = keeper("keep_calendar")
keep_closures = keeper("keep_closure")
