"""On which days staff can come."""

from datetime import timedelta
from typing import Any

from services.chassis.caller import Caller
from services.dispatch.domain.order import FARTHEST
from services.dispatch.store import Store
from services.dispatch.use_cases.changes import reach_of
from services.dispatch.use_cases.common import today
from services.dispatch.use_cases.orders import offered


def list_days(store: Store, caller: Caller, *, item: str) -> dict[str, Any]:
    """Return the days, from today on, on which a crew that can do an item works, each with the first and last moment.

    Raises:
        Invalid, Conflict: there is no such item now; its department does not come.
    """
    first = today()
    days = [first + timedelta(days=ahead) for ahead in range(FARTHEST.days)]
    known = reach_of(store, caller.hall, [item], today=first)
    offered(known.items[item], days)
    return {"items": list(known.days(item, days))}
