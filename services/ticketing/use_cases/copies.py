"""Keeping copies of what catalogue and appointments publish; the newest sequence wins, in whatever order they come."""

from collections.abc import Callable, Sequence

from services.chassis.inbox import Received
from services.ticketing.store import Store


def keeper(query: str) -> Callable[[Store, Sequence[Received]], None]:
    """Return a handler that copies the data of its events by a query."""

    def keep(store: Store, events: Sequence[Received]) -> None:
        store.keep(
            query, [{**event.data, "hall": event.hall, "sequence": event.sequence} for event in events]
        )

    return keep


keep_departments = keeper("keep_department")
keep_zones = keeper("keep_zone")
keep_queues = keeper("keep_queue")
keep_windows = keeper("keep_window")
keep_items = keeper("keep_item")
keep_terms = keeper("keep_terms")
keep_hours = keeper("keep_hours")
keep_calendar = keeper("keep_calendar")
keep_closures = keeper("keep_closure")
keep_sessions = keeper("keep_session")
