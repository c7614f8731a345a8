"""What the boards show."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.ticketing.domain.estimate import Range
from services.ticketing.domain.queue import Queue
from services.ticketing.errors import NoSuchZone
from services.ticketing.store import Store
from services.ticketing.use_cases.situation import Reference, Situation, Situations

ANNOUNCED_FOR = timedelta(minutes=2)
USUAL_SERVICE_S = 300.0


def get_board(store: Store, situations: Situations, caller: Caller, *, zone: str) -> dict[str, Any]:
    """Return who is called where in a zone, who waits, which sessions run, and the calls of the last two minutes.

    Raises:
        NoSuchZone: the hall has none with this code.
    """
    found = get_boards(store, situations, caller, zones=[zone])["items"]
    if not found:
        raise NoSuchZone
    return found[0]


def get_boards(
    store: Store, situations: Situations, caller: Caller, *, zones: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """Return the boards of several zones as of one moment, asked for at once; zones that are not known are left out."""
    at = clock.now()
    situation = situations.current(store, caller.hall, at)
    sessions = situation.reference.hours.sessions
    counts = store.waiting_counts(caller.hall, clock.business_date(at), kept=sessions.days_kept(at))
    calling = _by_zone(store.calling(caller.hall, zones))
    missed = _by_zone(store.missed(caller.hall, zones, clock.business_date(at), kept=sessions.days_kept(at)))
    announcements = _by_zone(store.announcements(caller.hall, zones, at - ANNOUNCED_FOR))
    known = situation.reference.zones
    boards = [
        {
            "zone": zone,
            "zone_name": known[zone]["name"],
            "zone_name_en": known[zone]["name_en"],
            "calling": calling.get(zone, []),
            "waiting": [
                _waiting(situation, queue, counts.get(queue.code, 0), at)
                for queue in sorted(situation.reference.queues.values(), key=lambda queue: queue.code)
                if queue.zone == zone
            ],
            "missed": [row["number"] for row in missed.get(zone, [])],
            "extended": _extended(situation.reference, zone, at),
            "announcements": announcements.get(zone, []),
            "as_of": at,
        }
        for zone in dict.fromkeys(zones)
        if zone in known
    ]
    return {"items": boards}


def _by_zone(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["zone"], []).append(row)
    return found


def range_of_next(situation: Situation, queue: Queue, count: int, at: datetime) -> Range | None:
    """Return how long whoever comes into a queue behind so many will wait, None where nothing can be said."""
    load = situation.loads.get(queue.code)
    service = load.mean_service_s(USUAL_SERVICE_S) if load else USUAL_SERVICE_S
    return situation.estimate(queue, ahead=count, own_service_s=service, at=at)


def _waiting(situation: Situation, queue: Queue, count: int, at: datetime) -> dict[str, Any]:
    estimate = range_of_next(situation, queue, count, at)
    return {
        "queue": queue.code,
        "name": queue.name,
        "name_en": queue.name_en,
        "count": count,
        "windows_open": situation.windows_open(queue),
        "p90_s": estimate.p90_s if estimate else None,
    }


def _extended(reference: Reference, zone: str, at: datetime) -> list[dict[str, Any]]:
    """Return the extended sessions that run at windows of a zone, the first to end first."""
    here = {code for code, window in reference.windows.items() if window.zone == zone}
    running = [each for each in reference.hours.sessions.all_running(at) if not each.windows.isdisjoint(here)]
    return [
        {
            "name": each.department,
            "name_en": each.department,
            **reference.departments.get(each.department, {}),
            "department": each.department,
            "ends_at": each.ends_at,
        }
        for each in sorted(running, key=lambda each: (each.ends_at, each.department))
    ]
