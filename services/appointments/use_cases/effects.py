"""How many people a change would touch, before anybody makes it. Nothing is locked: it is the number of this moment."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from services.appointments.domain import offer
from services.appointments.domain import slots as slot_rules
from services.appointments.domain.slots import Plan
from services.appointments.errors import NoSuchPlan
from services.appointments.store import Store
from services.appointments.use_cases.common import require
from services.chassis import clock
from services.chassis.caller import Caller


def item_effects(
    store: Store, caller: Caller, *, item: str, from_: date, department: str | None
) -> Mapping[str, Any]:
    """Return how many bookings and wishes lose their place when an item moves to a department, or ends, on a day.

    Raises:
        Forbidden: the caller is no manager.
    """
    require(caller, "manager")
    today = clock.business_date(clock.now())
    return store.item_effects(caller.hall, item=item, since=from_, department=department, today=today)


def days_effects(store: Store, caller: Caller, *, days: Sequence[date]) -> Mapping[str, Any]:
    """Return how many bookings lose their place when the hall does not work on some days.

    Raises:
        Forbidden: the caller is no manager.
    """
    require(caller, "manager")
    return store.days_effects(caller.hall, days)


def plan_effects(
    store: Store, caller: Caller, *, code: str, from_: date | None = None, **changes: Any
) -> Mapping[str, Any]:
    """Return how many bookings lose their place when a plan is changed, or ends on the day before a day.

    Raises:
        NotFound, Invalid, Forbidden: no such plan; it would contradict itself; the caller is no manager.
    """
    require(caller, "manager")
    plan = next((each for each in store.plans(caller.hall) if each.code == code), None)
    if plan is None:
        raise NoSuchPlan
    if from_ is not None:
        changes["valid_to"] = from_ - timedelta(days=1)
    wanted = slot_rules.check_plan(replace(plan, **changes))
    return {"bookings": _losers(store, wanted, at=clock.now()), "waiting": 0}


def _losers(store: Store, plan: Plan, *, at: datetime) -> int:
    today = clock.business_date(at)
    hours = store.hours(plan.hall, clock.hall_zone())
    horizon = today + slot_rules.HORIZON
    times = {starts for starts, _ in slot_rules.slot_times(plan, hours, since=today, until=horizon)}
    rows = store.holding(plan, at)
    periods = {item: store.item(plan.hall, item, today) for item in {row["item"] for row in rows}}
    lost = 0
    for starts, group in groupby(rows, key=lambda row: row["starts_at"].astimezone(clock.hall_zone())):
        here = list(group)
        kept = [row for row in here if _is_for(plan, row["item"], periods, clock.business_date(starts))]
        surplus = max(0, len(kept) - (plan.capacity if starts in times else 0))
        gone = [row for row in here if row not in kept] + kept[:surplus]
        lost += sum(row["state"] != "held" and not row["came"] for row in gone)
    return lost


def _is_for(plan: Plan, item: str, periods: Mapping[str, Sequence[offer.Period]], day: date) -> bool:
    period = offer.on(periods[item], day)
    named = not plan.items or item in plan.items
    return named and period is not None and period.active and period.department == plan.department
