"""What goes on in the queues and at the windows, for whoever looks after the floor."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.ticketing.domain.queue import Queue
from services.ticketing.errors import FloorForStaff
from services.ticketing.store import Store
from services.ticketing.use_cases.boards import range_of_next
from services.ticketing.use_cases.situation import Situation, Situations
from services.ticketing.use_cases.windows import list_windows

NOBODY: Mapping[str, Any] = {"waiting": 0, "set_aside": 0, "missed": 0, "waiting_since": None}


def get_floor(
    store: Store, situations: Situations, caller: Caller, *, department: str | None = None
) -> dict[str, Any]:
    """Return the queues and windows of the hall or of a department.

    Raises:
        FloorForStaff: the caller is no staff.
    """
    if not caller.is_staff:
        raise FloorForStaff
    at = clock.now()
    situation = situations.current(store, caller.hall, at)
    kept = situation.reference.hours.sessions.days_kept(at)
    found = store.floor(caller.hall, clock.business_date(at), kept=kept)
    queues = sorted(situation.reference.queues.values(), key=lambda queue: (queue.department, queue.code))
    return {
        "queues": [
            _queue(situation, queue, found.get(queue.code, NOBODY), at)
            for queue in queues
            if department in (None, queue.department)
        ],
        "windows": list_windows(store, caller, department=department)["items"],
        "as_of": at,
    }


def _queue(situation: Situation, queue: Queue, counts: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    since = counts["waiting_since"]
    estimate = range_of_next(situation, queue, counts["waiting"], at)
    return {
        **counts,
        "queue": queue.code,
        "name": queue.name,
        "name_en": queue.name_en,
        "department": queue.department,
        "zone": queue.zone,
        # Clocks of two machines may differ.
        "longest_wait_s": max(0, round((at - since).total_seconds())) if since else None,
        "windows_open": situation.windows_open(queue),
        "p90_s": estimate.p90_s if estimate else None,
    }
