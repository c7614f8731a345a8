"""Questions about the hall and its parts."""

from datetime import date, datetime, time, timedelta
from typing import Any

from services.catalogue.domain import closures, opening
from services.catalogue.domain.places import Chain, Department, Queue, Zone
from services.catalogue.errors import HallNotLoaded
from services.catalogue.store import Store
from services.chassis import clock
from services.chassis.caller import Caller


def list_departments(store: Store, caller: Caller) -> list[Department]:
    """Return the departments in the hall."""
    return store.departments(caller.hall)


def list_zones(store: Store, caller: Caller) -> list[Zone]:
    """Return the zones of the hall."""
    return store.zones(caller.hall)


def list_chains(store: Store, caller: Caller) -> list[Chain]:
    """Return the business chains."""
    return store.chains(caller.hall)


def list_queues(store: Store, caller: Caller, *, department: str | None = None) -> list[Queue]:
    """Return the queues, of one department or all."""
    return store.queues(caller.hall, department=department)


def get_hall(store: Store, caller: Caller) -> dict[str, Any]:
    """Return the hall with its opening hours, and whether it works today.

    Raises:
        HallNotLoaded: it has not been loaded yet.
    """
    hall = store.hall(caller.hall)
    if hall is None:
        raise HallNotLoaded
    hours = store.hours(caller.hall)
    day = clock.business_date(clock.now())
    today = opening.on(day, hours=hours, exception=store.calendar_day(caller.hall, day))
    of_today = today.hours.to_plain() if today.hours else {}
    return {
        "hall": hall.code,
        "name": hall.name,
        "name_en": hall.name_en,
        "time_zone": hall.time_zone,
        "hours": [each.to_plain() for each in hours],
        "today": {
            "date": today.date.isoformat(),
            "working": today.working,
            "name": today.name,
            "opens": of_today.get("opens"),
            "closes": of_today.get("closes"),
            "breaks": of_today.get("breaks", []),
            "closures": _closed_on(store, caller.hall, day),
        },
    }


def _closed_on(store: Store, hall: str, day: date) -> list[dict[str, Any]]:
    """Return the closures of the whole hall that reach into a day, with their words, in order."""
    begins = datetime.combine(day, time(), clock.hall_zone())
    found = [
        each
        for each, _ in store.closures(hall)
        if each.scope == closures.HALL
        and max(each.starts_at, begins) < min(each.until, begins + timedelta(days=1))
    ]
    return [
        {
            "starts_at": each.starts_at.isoformat(),
            "ends_at": each.until.isoformat(),
            "reason": each.reason,
            "reason_en": each.reason_en,
        }
        for each in reversed(found)
    ]
