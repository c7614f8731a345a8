"""How visitors found the service."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.inbox import Received
from services.statistics.domain.evaluations import evaluation_row
from services.statistics.store import Store
from services.statistics.use_cases.common import require_staff
from services.statistics.use_cases.facts import note_seen, row_of


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


def get_evaluations(
    store: Store, caller: Caller, *, since: date, until: date, group: str
) -> list[dict[str, Any]]:
    """Return how the visits on these dates were evaluated.

    Args:
        store: the database.
        caller: staff.
        since: first business date.
        until: last business date.
        group: `department` or `item`.

    Raises:
        Forbidden: the caller is no staff.
    """
    require_staff(caller)
    return [
        evaluation_row(row) for row in store.evaluations(caller.hall, since=since, until=until, group=group)
    ]
