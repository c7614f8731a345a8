"""Waits and services as they came true."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.inbox import Received
from services.statistics.domain import waits as rules
from services.statistics.store import Store
from services.statistics.use_cases.common import require_staff
from services.statistics.use_cases.facts import note_seen, row_of

SIGNED_OUT = "ticketing.window.signed_out"


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


def get_waits(store: Store, caller: Caller, *, since: date, until: date, group: str) -> list[dict[str, Any]]:
    """Return how long people waited on these dates, and how good the estimates were.

    Args:
        store: the database.
        caller: staff.
        since: first business date.
        until: last business date.
        group: `queue`, `department`, `item`, `window`, or `hour` of entering the queue.

    Raises:
        Forbidden: the caller is no staff.
    """
    require_staff(caller)
    sums = store.waits(
        caller.hall, since=since, until=until, group=group, promised_s=rules.PROMISED_S, at=clock.now()
    )
    return [rules.wait_row(row) for row in sums]


def get_distribution(
    store: Store, caller: Caller, *, since: date, until: date, kind: str, queue: str | None
) -> dict[str, Any]:
    """Return how waits or services were distributed, in bins of a minute.

    Args:
        store: the database.
        caller: staff.
        since: first business date.
        until: last business date.
        kind: `wait` or `service`.
        queue: of this queue alone.

    Raises:
        Forbidden: the caller is no staff.
    """
    require_staff(caller)
    counts = store.durations(
        caller.hall, since=since, until=until, queue=queue, kind=kind, last=rules.LAST_MINUTE
    )
    return {"kind": kind, "queue": queue, "count": sum(counts.values()), "bins": rules.histogram(counts)}
