"""Slot plans and the slots they make; a plan that takes places away tells those who lose theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from services.appointments.domain import slots as slot_rules
from services.appointments.domain.slots import CHANNELS, Plan, Slot
from services.appointments.errors import NoSuchPlan, NotThatDepartment, UnknownItem, WrongDates
from services.appointments.store import Store
from services.appointments.use_cases.changes import settle
from services.appointments.use_cases.common import (
    bookable_within,
    midnight,
    offers_three_services,
    require,
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
    found = [
        slot
        for department, first, last in bookable_within(store, caller.hall, item, from_, until)
        for slot in store.slots(
            caller.hall,
            department=department,
            item=item,
            since=max(at, midnight(first)),
            until=midnight(last + timedelta(days=1)),
        )
    ]
    return {"items": [{**_shown(slot), "free": slot.free(channel)} for slot in found]}


def list_day(store: Store, caller: Caller, *, date: date, department: str | None) -> dict[str, Any]:
    """Return the slots of a day with what is booked and what each channel has left, past ones too.

    Raises:
        Forbidden: the caller is neither operator nor manager, or of another department.
    """
    require(caller, "operator", "manager")
    department = department or caller.limited_to
    if caller.limited_to not in (None, department):
        raise NotThatDepartment
    found = store.slots_of_day(
        caller.hall, department=department, since=midnight(date), until=midnight(date + timedelta(days=1))
    )
    return {
        "items": [
            {
                **_shown(slot),
                "plan": slot.plan,
                "items": slot.items,
                "booked": sum(slot.booked.values()),
                "withheld": sum(slot.withheld.values()),
                "free": {channel: slot.free(channel) for channel in CHANNELS},
            }
            for slot in found
        ]
    }


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
    today = clock.business_date(clock.now())
    known = store.items_of(caller.hall, plan.department, plan.items, today=today)
    if strange := [item for item in plan.items if item not in known]:
        raise UnknownItem(errors={"items": [f"Not of this department: {', '.join(strange)}."]})
    # Who joins the waitlist by the plan as it was is seen when it is changed.
    store.lock_catalogue(caller.hall)
    store.take_change(caller.hall)
    store.lock_plan(plan.hall, plan.code)
    store.save_plan(plan)
    settle(store, caller)
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
    store.lock_catalogue(caller.hall)
    store.take_change(caller.hall)
    plan = store.lock_plan(caller.hall, code)
    if plan is None:
        raise NoSuchPlan
    ended = slot_rules.check_plan(replace(plan, valid_to=from_ - timedelta(days=1)))
    store.save_plan(ended)
    settle(store, caller)
    return ended
