"""Whom of those with a number a change would meet; all of them are served, but somebody has to be there for them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.effects import TICKETS, Found, counted, touched
from services.closures import Closure
from services.ticketing.domain.hours import OpeningHours, opening_hours
from services.ticketing.errors import NoSuchWindow
from services.ticketing.store import Store


def of_item(store: Store, caller: Caller, *, item: str, from_: date, department: str | None) -> Found:
    """Return who holds a number of an item that moves or ends on a day."""
    return {TICKETS: counted(store.tickets_touched(caller.hall, since=from_, item=item))}


def of_days(store: Store, caller: Caller, *, days: Sequence[date]) -> Found:
    """Return who holds a number of days on which the hall would not work."""
    return {TICKETS: counted(store.tickets_touched(caller.hall, days=days))}


def of_hours(store: Store, caller: Caller, *, hours: Sequence[Mapping[str, Any]], from_: date) -> Found:
    """Return who holds a number of today of a department that would have other hours today."""
    at = clock.now()
    today = clock.business_date(at)
    if from_ > today:
        return {TICKETS: touched([])}
    zone = clock.hall_zone()
    before = store.hours(caller.hall, at, zone)
    wanted = replace(before, weekly=opening_hours(hours, [], zone).weekly)
    return _open_otherwise(store, caller.hall, today, before, wanted)


def of_closure(
    store: Store,
    caller: Caller,
    *,
    department: str | None,
    window: str | None,
    starts_at: datetime,
    ends_at: datetime,
    days: Sequence[date],
) -> Found:
    """Return who holds a number of today that a closure meets; of a window who waits where no other has the queue."""
    at = clock.now()
    today = clock.business_date(at)
    closure = Closure(id="", department=department, window=window, starts_at=starts_at, ends_at=ends_at)
    before = store.hours(caller.hall, at, clock.hall_zone())
    wanted = replace(before, closures=before.closures.besides(closure))
    if window is None:
        return _open_otherwise(store, caller.hall, today, before, wanted)
    if clock.business_date(starts_at) > today:
        return {TICKETS: touched([])}
    shut = wanted.closures.windows(starts_at)
    left = {
        queue for each in store.windows(caller.hall, None) if each.code not in shut for queue in each.queues
    }
    alone = {
        queue for each in store.windows(caller.hall, None) if each.code == window for queue in each.queues
    }
    queues = sorted(alone - left)
    return {TICKETS: counted(store.tickets_touched(caller.hall, days=[today], queues=queues))}


def _open_otherwise(
    store: Store, hall: str, today: date, before: OpeningHours, wanted: OpeningHours
) -> Found:
    """Return who holds a number of today of a department that would serve at other times today."""
    served = sorted({queue.department for queue in store.queues(hall).values()})
    changed = [code for code in served if before.open_times(today, code) != wanted.open_times(today, code)]
    return {TICKETS: counted(store.tickets_touched(hall, days=[today], departments=changed))}


def of_department(
    store: Store, caller: Caller, *, department: str, from_: date, ends: bool, offers: bool | None
) -> Found:
    """Return who holds a number of a department that leaves the hall on a day."""
    if not ends:
        return {TICKETS: touched([])}
    return {TICKETS: counted(store.tickets_touched(caller.hall, since=from_, departments=[department]))}


def of_window(store: Store, caller: Caller, *, window: str, queues: Sequence[str]) -> Found:
    """Return who waits in a queue from which no window that is open would call any more.

    Raises:
        NoSuchWindow: there is none with this code.
    """
    windows = {each.code: each for each in store.windows(caller.hall, None)}
    if window not in windows:
        raise NoSuchWindow
    served = {
        queue
        for each in windows.values()
        if each.clerk is not None and each.code != window
        for queue in each.profile or ()
    }
    left = set(windows[window].profile or ()) - set(queues) - served
    if not left:
        return {TICKETS: touched([])}
    today = clock.business_date(clock.now())
    return {TICKETS: counted(store.tickets_touched(caller.hall, days=[today], queues=sorted(left)))}
