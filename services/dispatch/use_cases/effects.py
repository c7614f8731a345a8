"""How many visits a change would touch, before anybody makes it. Nothing is locked: it is the number of this moment."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from services.chassis.caller import Caller
from services.dispatch.domain.crew import Absence
from services.dispatch.domain.order import Order
from services.dispatch.domain.reach import Period, Reach
from services.dispatch.errors import NoSuchCrew
from services.dispatch.store import Store
from services.dispatch.use_cases.changes import reach_of, stands
from services.dispatch.use_cases.common import require, today


def item_effects(
    store: Store, caller: Caller, *, item: str, from_: date, department: str | None
) -> dict[str, Any]:
    """Return how many visits nobody can make any more when an item moves to a department, or ends, on a day.

    Raises:
        Forbidden: the caller is no manager.
    """
    require(caller, "manager")
    orders = [order for order in store.waiting_visits(caller.hall, from_) if order.item == item]
    known = reach_of(store, caller.hall, [item], today=today())
    changed = [part for each in known.items[item] for part in _changed(each, from_, department)]
    return _counted(orders, known, replace(known, items={item: changed}))


def _changed(period: Period, day: date, department: str | None) -> list[Period]:
    """Return a stretch as the change leaves it: as it was up to the day, and what it is from then on."""
    before, after = (
        replace(period, until=min(period.until, day)),
        replace(period, since=max(period.since, day)),
    )
    after = replace(after, active=False) if department is None else replace(after, department=department)
    return [each for each in (before, after) if each.since < each.until]


def days_effects(store: Store, caller: Caller, *, days: Sequence[date]) -> dict[str, Any]:
    """Return how many visits nobody can make when the hall does not work on some days.

    Raises:
        Forbidden: the caller is no manager.
    """
    require(caller, "manager")
    orders = [order for order in store.waiting_visits(caller.hall, min(days)) if order.day in days]
    return {"visits": sum(not order.displaced for order in orders)}


def absence_effects(
    store: Store, caller: Caller, *, code: str, member: str | None, from_: date, to: date | None
) -> dict[str, Any]:
    """Return how many visits nobody can make when a member, or a whole crew, is away; other crews may take the rest.

    Raises:
        NotFound, Forbidden: no such crew; the caller is no dispatcher.
    """
    require(caller, "dispatcher", "manager")
    absence = Absence(member=member, first=from_, last=to or from_)
    orders = [order for order in store.waiting_visits(caller.hall, from_) if absence.covers(order.day)]
    known = reach_of(store, caller.hall, sorted({each.item for each in orders}), today=today())
    if code not in {crew.code for crew in known.crews}:
        raise NoSuchCrew
    crews = [
        replace(crew, absences=[*crew.absences, absence]) if crew.code == code else crew
        for crew in known.crews
    ]
    return _counted(orders, known, replace(known, crews=crews))


def _counted(orders: Sequence[Order], before: Reach, after: Reach) -> dict[str, Any]:
    return {"visits": sum(stands(order, before) and not stands(order, after) for order in orders)}
