"""What a change brings about for visits: who cannot be reached as promised is told once, with days that remain.

A visit counts as of its own day: the item as it is then, the calendar, and the crews with their shifts and absences.
What is under way is carried on.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from services.chassis import clock
from services.chassis.caller import Caller
from services.dispatch.domain import order as rules
from services.dispatch.domain import reach
from services.dispatch.domain.order import FARTHEST, Order
from services.dispatch.domain.plan import rest_otherwise
from services.dispatch.domain.reach import Reach
from services.dispatch.store import Store
from services.dispatch.use_cases.common import save
from services.dispatch.use_cases.redrafting import redraft

MOST_OFFERED = 3


def reach_of(store: Store, hall: str, items: Sequence[str], *, today: date) -> Reach:
    """Return on what a promise to come for some items rests, from today on."""
    return Reach(
        crews=store.crews(hall, today),
        hours=store.hours(hall, clock.hall_zone()),
        items={item: store.item(hall, item) for item in items},
    )


def settle(store: Store, caller: Caller) -> None:
    """Work out all changes of the hall that were noted so far, together."""
    if not store.take_change(caller.hall):
        return
    at = clock.now()
    today = clock.business_date(at)
    before = store.promised(caller.hall, today)
    departments = {order.id: order.department for order in before}
    known = reach_of(store, caller.hall, sorted({each.item for each in before}), today=today)
    orders = [_followed(store, caller, order, known, at=at) for order in before]
    lost = [order for order in orders if not stands(order, known) and not order.displaced]
    for order in lost:
        offers = reach.told(_days(order, known, today=today))
        cause = known.cause(order.item, order.day, departments[order.id], order.window_from, order.window_to)
        displaced = rules.displace(order)
        save(store, displaced, "displaced", caller=caller, at=at, alternatives=offers, cause=cause)
    gone = {order.id for order in lost} | {order.id for order in orders if order.crew is None}
    freed = {order.day for order in before if order.crew is not None and order.id in gone}
    drafted = {day for day in sorted(freed) if store.current_plan(caller.hall, day) is not None}
    for day in sorted(drafted):
        redraft(store, caller, date=day, reason="order_gone")
    _keep_breaks(store, caller, known, today=today, besides=drafted)


def _keep_breaks(store: Store, caller: Caller, known: Reach, *, today: date, besides: set[date]) -> None:
    """Have the days drafted anew whose crews have other breaks than their newest plan was made with, or do not work.

    Crews without breaks of their own have their department's, which change with its hours. What is published stays
    until a dispatcher publishes the draft, and who is under way goes on.
    """
    for plan in store.newest_plans(caller.hall, today):
        if plan.date not in besides and rest_otherwise(plan, known.crews, known.hours):
            redraft(store, caller, date=plan.date, reason="hours")


def stands(order: Order, known: Reach) -> bool:
    """Tell whether somebody can come as promised."""
    return known.can(order.item, order.day, order.window_from, order.window_to)


def _followed(store: Store, caller: Caller, order: Order, known: Reach, *, at: datetime) -> Order:
    """Return an order at the department that does its item on its day; a crew that cannot do it any more loses it."""
    period = reach.on(known.items[order.item], order.day)
    if period is None or period.department == order.department or not period.offered:
        return order
    moved = rules.follow(order, department=period.department)
    store.follow(moved)
    crew = next((each for each in known.crews if each.code == order.crew), None)
    if crew is None or crew.can(order.item, period.department) or not stands(moved, known):
        return moved
    return save(store, rules.unassign(moved), "unassigned", caller=caller, at=at)


def _days(order: Order, known: Reach, *, today: date) -> list[tuple[date, datetime, datetime]]:
    """Return the days nearest to the promised one on which a crew can come."""
    ahead = (today + timedelta(days=nth) for nth in range(1, FARTHEST.days))
    found = sorted(known.days(order.item, ahead), key=lambda each: (abs(each[0] - order.day), each[0]))
    return sorted(found[:MOST_OFFERED])
