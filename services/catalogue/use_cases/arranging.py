"""Arranging a hall in place: departments, zones, queues and windows, opening hours, days of the calendar.

Each change goes the way of a table that is loaded, so that whoever hears of the one hears of the other.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any, TypeVar, cast

from services.catalogue.domain import opening
from services.catalogue.domain.opening import CalendarDay, Hours
from services.catalogue.domain.places import Department, Hall, Queue, Window, Zone
from services.catalogue.errors import (
    HallNotLoaded,
    HoursInvalid,
    PlaceExists,
    PlaceNotFound,
    ReferenceInvalid,
)
from services.catalogue.store import Store
from services.catalogue.tables.official import official_days
from services.catalogue.use_cases.items import require_admin
from services.catalogue.use_cases.loading import (
    Arrangement,
    load_calendar,
    load_hours,
    load_places,
    place_faults,
)
from services.catalogue.use_cases.there import hall_tables
from services.chassis.caller import Caller
from services.chassis.trail import was

Arranged = TypeVar("Arranged", Department, Zone, Queue, Window)
# As the tables of a hall are called, and so the parts of an `Arrangement`.
TABLES: Mapping[type, str] = {Department: "departments", Zone: "zones", Queue: "queues", Window: "windows"}


def add_place(store: Store, caller: Caller, kind: type[Arranged], **values: Any) -> Arranged:
    """Make a department, zone, queue or window, behind those that there are.

    Args:
        store: in a transaction.
        caller: an administrator.
        kind: which of them.
        values: what it is, as in its table.

    Raises:
        AdminOnly: the caller is no administrator.
        HallNotLoaded: the hall has no name yet.
        PlaceExists: there is one of this code.
        ReferenceInvalid: it is in a department, zone or queue that there is not, or another queue has its prefix.
    """
    known = _held(store, caller, kind)
    if values["code"] in known:
        raise PlaceExists(errors={"code": [PlaceExists.__doc__ or ""]})
    position = 1 + max((place.position for place in known.values()), default=-1)
    return _placed(store, caller, kind, known, kind(**_tuples(values), position=position))


def change_place(
    store: Store, caller: Caller, kind: type[Arranged], *, code: str, **changes: Any
) -> Arranged:
    """Change what a department, zone, queue or window is; arguments as for `add_place`.

    Raises:
        AdminOnly, HallNotLoaded, ReferenceInvalid: as for `add_place`.
        PlaceNotFound: there is none of this code.
    """
    known = _held(store, caller, kind)
    if code not in known:
        raise PlaceNotFound
    was(store, _plain(known[code]))
    if kind is Queue and "department" in changes:
        _require_fitting_items(store, caller, code, changes["department"])
    return _placed(store, caller, kind, known, replace(known[code], **_tuples(changes)))


def save_hours(
    store: Store,
    caller: Caller,
    *,
    department: str | None,
    weekdays: Collection[int],
    opens: time | None = None,
    closes: time | None = None,
    break_starts: time | None = None,
    break_ends: time | None = None,
) -> list[Hours]:
    """Give some weekdays other opening hours; returns all of the hall's.

    Args:
        store: in a transaction.
        caller: an administrator.
        department: whose; None for the whole hall.
        weekdays: 1 Monday to 7 Sunday.
        opens: from when; None where a department has the hall's hours, or the hall is closed.
        closes: until when.
        break_starts: when a break begins.
        break_ends: when it ends.

    Raises:
        AdminOnly, HallNotLoaded: as for `add_place`.
        ReferenceInvalid: there is no such department.
        HoursInvalid: the times do not follow one another.
    """
    require_admin(caller)
    hall = _locked(store, caller)
    if department is not None and department not in store.versions(caller.hall, Department):
        raise ReferenceInvalid(errors={"department": [f"There is no department {department!r}."]})
    before = store.hours(caller.hall)
    of_those = [each for each in before if each.department == department and each.weekday in weekdays]
    was(store, {"hours": [each.to_plain() for each in of_those]})
    kept = [each for each in before if each not in of_those]
    new = [
        Hours(
            department=department,
            weekday=weekday,
            opens=opens,
            closes=closes,
            break_starts=break_starts,
            break_ends=break_ends,
        )
        for weekday in sorted(weekdays)
        if opens is not None and closes is not None
    ]
    if (opens is None) != (closes is None) or opening.misdated(new):
        raise HoursInvalid(errors={"closes": [HoursInvalid.__doc__ or ""]})
    load_hours(store, caller, hall, [*kept, *new])
    return store.hours(caller.hall)


def save_days(
    store: Store, caller: Caller, *, days: Sequence[date], working: bool | None, name: str = ""
) -> list[CalendarDay]:
    """Say that days are worked or not, though the plain rule of weekdays says otherwise; returns those of their years.

    Args:
        store: in a transaction.
        caller: an administrator.
        days: which.
        working: whether they are worked; None where the plain rule holds again.
        name: what they are called.

    Raises:
        AdminOnly, HallNotLoaded: as for `add_place`.
    """
    require_admin(caller)
    _locked(store, caller)
    years = {day.year for day in days}
    of_years = [each for each in store.calendar(caller.hall) if each.day.year in years]
    was(store, {"days": [_day(each) for each in of_years if each.day in days]})
    kept = [each for each in of_years if each.day not in days]
    new = [CalendarDay(day=day, working=working, name=name) for day in set(days) if working is not None]
    wanted = sorted([*kept, *new], key=lambda each: each.day)
    # A year whose last exception goes is told of, too.
    load_calendar(store, caller, wanted, years=years)
    return wanted


def list_windows(store: Store, caller: Caller) -> list[Window]:
    """Return the windows as they are arranged, in their order.

    Raises:
        AdminOnly: the caller is no administrator.
    """
    require_admin(caller)
    return sorted(_known(store, caller, Window).values(), key=lambda window: window.position)


def list_days(store: Store, caller: Caller, *, year: int) -> list[CalendarDay]:
    """Return the days of a year that differ from the plain rule of weekdays, in order.

    Raises:
        AdminOnly: the caller is no administrator.
    """
    require_admin(caller)
    return sorted(
        (each for each in store.calendar(caller.hall) if each.day.year == year), key=lambda each: each.day
    )


def list_official_days(store: Store, caller: Caller, *, year: int) -> list[CalendarDay]:
    """Return what the State Council has published for a year; nothing while it has not, or is not known here.

    Raises:
        AdminOnly: the caller is no administrator.
    """
    require_admin(caller)
    return [CalendarDay(**{**row, "day": date.fromisoformat(row["day"])}) for row in official_days((year,))]


def _held(store: Store, caller: Caller, kind: type[Arranged]) -> dict[str, Arranged]:
    require_admin(caller)
    _locked(store, caller)
    return _known(store, caller, kind)


def _locked(store: Store, caller: Caller) -> Hall:
    if not store.hold_hall(caller.hall):
        raise HallNotLoaded
    hall = store.hall(caller.hall)
    if hall is None:
        raise HallNotLoaded
    return hall


def _known(store: Store, caller: Caller, kind: type[Arranged]) -> dict[str, Arranged]:
    places = {code: place for code, (place, _) in store.versions(caller.hall, kind).items()}
    return cast(dict[str, Arranged], places)


def _placed(
    store: Store, caller: Caller, kind: type[Arranged], known: Mapping[str, Arranged], place: Arranged
) -> Arranged:
    """Put a place among those that there are, when all still fit together."""
    rows = list({**known, place.code: place}.values())
    arranged: dict[str, Any] = {
        table: rows if each is kind else list(_known(store, caller, each).values())
        for each, table in TABLES.items()
    }
    found: dict[str, list[str]] = {}
    for where, message in place_faults(Arrangement(**arranged)):
        found.setdefault(where, []).append(message)
    if found:
        raise ReferenceInvalid(errors=found)
    load_places(store, caller, kind, rows)
    return place


def _require_fitting_items(store: Store, caller: Caller, queue: str, department: str) -> None:
    """Refuse a department for a queue in which items of another are waited for."""
    items = hall_tables(store, caller)["items"]
    others = sorted(
        item["code"] for item in items if item["queue"] == queue and item["department"] != department
    )
    if others:
        raise ReferenceInvalid(
            errors={"department": [f"Items of another wait in it: {', '.join(others[:5])}."]}
        )


def _tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}


def _plain(place: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(place).items() if name != "position"}


def _day(each: CalendarDay) -> dict[str, Any]:
    return {"day": each.day.isoformat(), "working": each.working, "name": each.name}
