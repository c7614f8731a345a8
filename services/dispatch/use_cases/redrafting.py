"""Days that are drafted anew without a dispatcher's asking; what is published stays until one publishes the draft."""

from datetime import date, datetime, timedelta

from services.chassis.caller import Caller
from services.chassis.config import settings
from services.dispatch.domain.order import Order
from services.dispatch.domain.plan import DayPlan
from services.dispatch.store import Store
from services.dispatch.use_cases.common import today
from services.dispatch.use_cases.plans import day_of, queue_plan


def redraft(store: Store, caller: Caller, *, date: date, reason: str) -> DayPlan:
    """Have a day drafted anew; a plan of it that waits and has not begun is made for this reason, too."""
    store.lock_redraft(caller.hall, date)
    waiting = store.join_queued(caller.hall, date, reason)
    return waiting or queue_plan(store, caller, date=date, reasons=[reason])


def redraft_for(store: Store, caller: Caller, order: Order, *, at: datetime) -> None:
    """Have the day of an accepted order drafted anew when the order is urgent and the day's plan published already."""
    wanted = order.state == "screened" and order.priority == "urgent" and order.window_to > at
    if wanted and store.current_plan(order.hall, order.day) is not None:
        redraft(store, caller, date=order.day, reason="urgent_order")


def redraft_without(store: Store, caller: Caller, order: Order, *, reason: str, at: datetime) -> None:
    """Have a day drafted anew when the time that a crew has no longer to give to an order is of use to others.

    Args:
        store: the database, in which the order is as it is now.
        caller: whose deed frees the time.
        order: as it was when the crew had it.
        reason: `failed_visit` or `order_gone`.
        at: now.
    """
    if order.crew is None or order.day < today() or store.current_plan(order.hall, order.day) is None:
        return
    day = day_of(store, order.hall, order.day, at=at)
    if day.gains(order.crew, least=timedelta(minutes=settings().tell_minutes)):
        redraft(store, caller, date=order.day, reason=reason)
