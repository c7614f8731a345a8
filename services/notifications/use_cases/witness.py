"""Where identity's trail of the staff ended at times: kept here, where whoever can change the trail cannot."""

from collections.abc import Sequence
from typing import Any

from services.chassis.caller import Caller
from services.chassis.inbox import Received
from services.notifications.errors import StaffOnly
from services.notifications.store import Store

AT_ONCE = 5000


def keep_trail_heads(store: Store, received: Sequence[Received]) -> None:
    """Keep each end that is told, also one that contradicts another."""
    store.keep_trail_heads(
        [
            {**event.data, "hall": event.hall, "told_at": event.time}
            for event in received
            if event.data["number"]
        ]
    )


def list_trail_heads(store: Store, caller: Caller, *, after: int) -> list[dict[str, Any]]:
    """Return `{number, link}` of the ends behind a number, by number, and of the last one.

    Args:
        store: the database.
        caller: an administrator.
        after: the number of an entry of the trail.

    Raises:
        StaffOnly: the caller is none.
    """
    if not caller.has("admin"):
        raise StaffOnly
    return store.trail_heads(caller.hall, after=after, limit=AT_ONCE)
