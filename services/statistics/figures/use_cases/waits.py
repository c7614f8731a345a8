"""Waits and services as they came true."""

from datetime import date
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.statistics.figures.domain import waits as rules
from services.statistics.figures.store import Store
from services.statistics.readers import require_staff


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
