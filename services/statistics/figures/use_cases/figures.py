"""Questions for sums."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.statistics.errors import LedgerClosed
from services.statistics.figures.domain import figures
from services.statistics.figures.domain.figures import Overview, Place
from services.statistics.figures.domain.stretches import Stretch, period_start, portions, stretch_of
from services.statistics.figures.store import Store
from services.statistics.readers import ANALYSTS, require_staff


def get_overview(store: Store, caller: Caller, *, day: date | None = None) -> Overview:
    """Return the figures of a business date, today's when none is given.

    Raises:
        Forbidden: the caller is no staff.
    """
    require_staff(caller)
    on = day or clock.business_date(clock.now())
    return figures.overview(on, store.overview(caller.hall, on))


def get_volumes(
    store: Store,
    caller: Caller,
    *,
    since: date,
    until: date,
    by: str,
    group: str,
    department: str | None = None,
    limit: int,
    cursor: Place | None,
) -> dict[str, Any]:
    """Return a page of volumes.

    Cases count by acceptance date, and by the hour of acceptance; tickets by business date, and by the hour of
    issue. `on_time` is the share of these cases' decisions that were on time, None when none is decided.

    Args:
        store: the database.
        caller: staff.
        since: first business date.
        until: last business date.
        by: `day`, `month`, `quarter` or `year`.
        group: `department`, `item`, `origin` or `hour`.
        department: count this department only.
        limit: most rows.
        cursor: where the page before ended.

    Raises:
        Forbidden: the caller is no staff.
    """
    require_staff(caller)
    after = cursor or Place()
    rows: list[dict[str, Any]] = []
    for stretch in _portions(store, caller.hall, since=since, until=until, by=by, after=after):
        rows += store.volumes(
            caller.hall,
            stretch,
            by=by,
            group=group,
            department=department,
            after=after,
            limit=limit + 1 - len(rows),
        )
        if len(rows) > limit:
            break
    page = rows[:limit]
    more = len(rows) > limit
    return {
        "items": page,
        "next": Place(period=page[-1]["period"], group=page[-1]["group"]) if more else None,
    }


def _portions(
    store: Store, hall: str, *, since: date, until: date, by: str, after: Place
) -> Iterator[Stretch]:
    """Cut dates into portions, from the period on in which the page before ended."""
    if within := _counted(store, hall, since=since, until=until):
        since, until = within
        yield from portions(max(since, period_start(after.day or since, by)), until, by)


def _counted(store: Store, hall: str, *, since: date, until: date) -> tuple[date, date] | None:
    """Return the part of these dates in which there may be something, None when there is none."""
    if (counted := store.dates_counted(hall)) is None:
        return None
    first, last = max(since, counted[0]), min(until, counted[1])
    return (first, last) if first <= last else None


def get_heatmap(
    store: Store, caller: Caller, *, since: date, until: date, department: str | None = None
) -> list[dict[str, Any]]:
    """Return how many cases and tickets there were in each hour of each weekday on these dates.

    Cases count by date and hour of acceptance, tickets by business date and hour of issue; Monday is weekday 1.

    Args:
        store: the database.
        caller: staff.
        since: first business date.
        until: last business date.
        department: count this department only.

    Raises:
        Forbidden: the caller is no staff.
    """
    require_staff(caller)
    if (within := _counted(store, caller.hall, since=since, until=until)) is None:
        return []
    return store.heatmap(caller.hall, stretch_of(*within), department=department)


def get_appointments(
    store: Store, caller: Caller, *, since: date, until: date, group: str
) -> list[dict[str, Any]]:
    """Return what became of the appointments whose slot is on one of these dates.

    Args:
        store: the database.
        caller: staff.
        since: first business date.
        until: last business date.
        group: `channel`, `department` or `item`.

    Raises:
        Forbidden: the caller is no staff.
    """
    require_staff(caller)
    sums = store.appointments(caller.hall, since=since, until=until, group=group)
    return [figures.appointment_row(row) for row in sums]


def get_overtime(
    store: Store, caller: Caller, *, since: date, until: date, group: str
) -> list[dict[str, Any]]:
    """Return the minutes of overtime on these dates.

    Args:
        store: the database.
        caller: an analyst or manager.
        since: first business date.
        until: last business date.
        group: `department` or `staff`.

    Raises:
        Forbidden: the caller is neither.
    """
    if not caller.has(*ANALYSTS):
        raise LedgerClosed
    return store.overtime(caller.hall, since=since, until=until, group=group)


def get_onsite(store: Store, caller: Caller, *, since: date, until: date, group: str) -> list[dict[str, Any]]:
    """Return what became of the on-site orders whose window is on one of these dates.

    Args:
        store: the database.
        caller: staff.
        since: first business date.
        until: last business date.
        group: `department` or `crew`.

    Raises:
        Forbidden: the caller is no staff.
    """
    require_staff(caller)
    sums = store.onsite(caller.hall, since=since, until=until, group=group)
    return [figures.onsite_row(row) for row in sums]
