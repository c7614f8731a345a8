"""The hall as it is, in the form in which it is loaded."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, time
from typing import Any

from services.catalogue.domain import items as rules
from services.catalogue.domain.places import Chain, Department, Place, Queue, Window, Zone
from services.catalogue.store import Store
from services.catalogue.tables.official import official_days
from services.catalogue.tables.there import tables_there
from services.catalogue.use_cases.items import require_admin
from services.chassis import clock
from services.chassis.caller import Caller

KINDS: Mapping[str, type[Place]] = {
    "departments": Department,
    "zones": Zone,
    "chains": Chain,
    "queues": Queue,
    "windows": Window,
}
# What the catalogue works out of the rows of its tables.
NOT_IN_TABLES = frozenset({"position", "state", "revision"})


def hall_tables(store: Store, caller: Caller) -> dict[str, Any]:
    """Return the catalogue's part of the hall's tables as it is, rows as `load_hall` takes them.

    An item is as it will be once all that is announced has come; `by_hand` names those that no table offered, which
    stay when a table does not have them.

    Raises:
        AdminOnly: the caller is no administrator.
    """
    require_admin(caller)
    hall = store.hall(caller.hall)
    marks = store.marks(caller.hall)
    revisions = store.revisions_of(caller.hall, list(marks))
    courses = {code: rules.as_of(of_item, date.max) for code, of_item in revisions.items()}
    offered = [item for item in courses.values() if item and item.state == rules.ACTIVE]
    places = {
        name: [_plain(place) for place, _ in store.versions(caller.hall, kind).values()]
        for name, kind in KINDS.items()
    }
    return {
        "hall": hall and asdict(hall),
        **places,
        "items": [_plain(item) for item in offered],
        "hours": [_plain(each) for each in store.hours(caller.hall)],
        "calendar": [_plain(each) for each in store.calendar(caller.hall)],
        "by_hand": [code for code, mark in marks.items() if mark is None],
    }


def tables_to_write(store: Store, caller: Caller, *, told: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the tables of the hall from what the services say; for a template its own row and the official calendar.

    Raises:
        AdminOnly: the caller is no administrator.
    """
    require_admin(caller)
    today = clock.business_date(clock.now())
    if told is not None:
        return tables_there(told, today=today.isoformat())
    hall = store.hall(caller.hall)
    return {
        "hall": [asdict(hall)] if hall else [],
        "calendar": official_days((today.year, today.year + 1)),
    }


def _plain(row: Any) -> dict[str, Any]:
    return {name: _said(value) for name, value in asdict(row).items() if name not in NOT_IN_TABLES}


def _said(value: Any) -> Any:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value
