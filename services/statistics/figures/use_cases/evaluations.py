"""How visitors found the service."""

from datetime import date
from typing import Any

from services.chassis.caller import Caller
from services.statistics.figures.domain.evaluations import evaluation_row
from services.statistics.figures.store import Store
from services.statistics.readers import require_staff


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
