"""On which days staff can come."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.dispatch.domain.order import FARTHEST
from services.dispatch.store import Store
from services.dispatch.use_cases.common import today
from services.dispatch.use_cases.orders import offered


def list_days(store: Store, caller: Caller, *, item: str) -> dict[str, Any]:
    """Return the days, from today on, on which a crew that can do an item works, each with the first and last moment.

    Raises:
        Invalid, Conflict: there is no such item now; its department does not come.
    """
    known = offered(store, caller.hall, item)
    first = today()
    hours = store.hours(caller.hall, clock.hall_zone())
    crews = [each for each in store.crews(caller.hall, first) if each.can(item, known["department"])]

    def days() -> Iterator[tuple[date, datetime, datetime]]:
        for ahead in range(FARTHEST.days):
            day = first + timedelta(days=ahead)
            shifts = [shift for crew in crews if (shift := crew.shift(day, hours)) is not None]
            if shifts:
                yield day, min(starts for starts, _ in shifts), max(ends for _, ends in shifts)

    return {"items": list(days())}
