"""Slot plans and the slots they make; a plan that takes places away tells those who lose theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from services.appointments.domain import appointment as rules
from services.appointments.domain import slots as slot_rules
from services.appointments.domain.slots import CHANNELS, Plan, Slot
from services.appointments.errors import NoSuchPlan, UnknownItem, WrongDates
from services.appointments.store import Store
from services.appointments.use_cases.common import (
    bookable,
    midnight,
    offers_three_services,
    require,
    save,
)
from services.chassis import clock
from services.chassis.caller import Caller

TWO_WEEKS = timedelta(days=13)
MOST_DAYS = timedelta(days=60)


def list_slots(
    store: Store, caller: Caller, *, item: str, from_: date, to: date | None, channel: str
) -> dict[str, Any]:
    """Return when an item can be booked and how many places a channel has left.

    Raises:
        Invalid, Conflict: no such item or period; not offered by appointment.
    """
    until = to or from_ + TWO_WEEKS
    if not timedelta() <= until - from_ < MOST_DAYS:
        raise WrongDates(errors={"to": ["Not before from, and at most 60 days."]})
    at = clock.now()
    department = bookable(store, caller.hall, item, at)
    found = store.slots(
        caller.hall,
        department=department,
        item=item,
        since=max(at, midnight(from_)),
        until=midnight(until + timedelta(days=1)),
    )
    return {"items": [{**_shown(slot), "free": slot.free(channel)} for slot in found]}


def _shown(slot: Slot) -> dict[str, Any]:
    return {name: getattr(slot, name) for name in ("id", "department", "starts_at", "ends_at", "capacity")}


def save_slot_plan(store: Store, caller: Caller, *, code: str | None, **fields: Any) -> Plan:
    """Store a plan and make its slots anew.

    Raises:
        Invalid, Conflict, Forbidden: no such department or item; the plan contradicts itself; the department offers
            no appointments; the caller is no manager.
    """
    require(caller, "manager")
    plan = slot_rules.check_plan(Plan(hall=caller.hall, code=code or f"plan-{uuid4().hex[:12]}", **fields))
    offers_three_services(store, caller.hall, plan.department)
    known = store.items_of(caller.hall, plan.department, plan.items)
    if strange := [item for item in plan.items if item not in known]:
        raise UnknownItem(errors={"items": [f"Not of this department: {', '.join(strange)}."]})
    store.lock_plan(plan.hall, plan.code)
    store.save_plan(plan)
    make_slots(store, caller, plan)
    return plan


def load_slot_plans(store: Store, caller: Caller, *, plans: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Store the plans of the reference hall; those that are as they were keep their slots.

    Raises:
        Invalid, Forbidden: a plan contradicts itself; the caller is no administrator.
    """
    require(caller, "admin")
    known = {plan.code: plan for plan in store.plans(caller.hall)}
    wanted = [
        slot_rules.check_plan(Plan(hall=caller.hall, **{**fields, "code": fields["code"] or "plan"}))
        for fields in plans
    ]
    for plan in wanted:
        if known.get(plan.code) != plan:
            store.save_plan(plan)
    return {"items": wanted}


def list_slot_plans(store: Store, caller: Caller, *, department: str | None) -> dict[str, Any]:
    """Return the plans of the hall or a department.

    Raises:
        Forbidden: the caller is neither manager nor operator.
    """
    require(caller, "manager", "operator")
    return {"items": store.plans(caller.hall, department)}


def withdraw_slot_plan(store: Store, caller: Caller, *, code: str, from_: date) -> Plan:
    """End a plan on the day before a day; who has booked later slots is told.

    Raises:
        NotFound, Invalid, Forbidden: no such plan; it begins later; the caller is no manager.
    """
    require(caller, "manager")
    plan = store.lock_plan(caller.hall, code)
    if plan is None:
        raise NoSuchPlan
    ended = slot_rules.check_plan(replace(plan, valid_to=from_ - timedelta(days=1)))
    store.save_plan(ended)
    make_slots(store, caller, ended)
    return ended


def make_slots(store: Store, caller: Caller, plan: Plan) -> None:
    """Bring the slots of a locked plan up to its horizon in line with it; may be run again at any time."""
    at = clock.now()
    today = clock.business_date(at)
    until = today + slot_rules.HORIZON
    hours = store.hours(caller.hall, clock.hall_zone())
    times = slot_rules.slot_times(plan, hours, since=today, until=until)
    wanted = {starts: ends for starts, ends in times if starts > at}
    for slot in store.future_slots(plan, at):
        ends = wanted.pop(slot.starts_at.astimezone(clock.hall_zone()), None)
        capacity = plan.capacity if ends else 0
        _measure(store, caller, plan, slot, ends or slot.ends_at, capacity, at=at)
    store.add_slots(plan, list(wanted.items()))
    store.plan_made(plan, until)


def _measure(
    store: Store, caller: Caller, plan: Plan, slot: Slot, ends: datetime, capacity: int, *, at: datetime
) -> None:
    """Give a slot its plan's measure, taking away withheld places first and then those booked last."""
    quotas = dict(plan.quotas) if capacity else dict.fromkeys(CHANNELS, 0)
    same = (slot.capacity, dict(slot.quotas), slot.ends_at) == (capacity, quotas, ends)
    if same and list(slot.items) == list(plan.items):
        return
    surplus = sum(slot.taken(channel) for channel in CHANNELS) - capacity
    for withheld in store.withheld_in(slot, limit=max(0, surplus)):
        store.release_place(slot.hall, withheld)
        surplus -= 1
    for loser in store.live_in(slot)[: max(0, surplus)]:
        _displace(store, caller, loser, at=at)
    left = store.slot(slot.hall, slot.id) or slot
    taken = {channel: left.taken(channel) for channel in CHANNELS}
    kept = max(capacity, sum(taken.values()))
    fitted = slot_rules.fit_quotas(quotas, kept, taken)
    store.save_slot(replace(left, items=plan.items, ends_at=ends, capacity=kept, quotas=fitted))


def _displace(store: Store, caller: Caller, loser: rules.Appointment, *, at: datetime) -> None:
    store.free_place(loser.hall, loser.slot or "", loser.channel)
    if loser.state != "booked" or loser.starts_at is None:
        save(store, rules.enter(loser, "lapsed"), caller=caller, at=at)
        return
    nearest = store.nearest(
        loser.hall,
        department=loser.department,
        item=loser.item,
        channel=loser.channel,
        near=loser.starts_at,
        besides=loser.slot,
        since=at,
        until=at + MOST_DAYS,
        at=at,
    )
    save(store, rules.enter(loser, "displaced"), caller=caller, at=at, alternatives=nearest)
