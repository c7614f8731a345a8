"""Orders taken, screened, called off and moved."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from secrets import choice
from typing import Any
from uuid import UUID, uuid4

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.config import settings
from services.dispatch.domain import order as rules
from services.dispatch.domain.order import Order, Person
from services.dispatch.domain.planning import Place
from services.dispatch.domain.reach import Period, on, told
from services.dispatch.errors import (
    IllegalTransition,
    LimitReached,
    NobodyThen,
    NotOnSite,
    NotYourPhone,
    PlaceTooFar,
    UnknownItem,
    UrgentByStaff,
)
from services.dispatch.store import Store
from services.dispatch.use_cases.changes import MOST_OFFERED, reach_of
from services.dispatch.use_cases.common import found, person_of, require, save, tell, today
from services.dispatch.use_cases.field import tell_overtime
from services.dispatch.use_cases.holding import require_holder
from services.dispatch.use_cases.redrafting import redraft_for, redraft_without

Window = Mapping[str, datetime]


def request_order(
    store: Store,
    caller: Caller,
    *,
    item: str,
    name: str,
    phone: str,
    address: str,
    location: Mapping[str, float],
    window: Window,
    priority: str,
    language: str,
) -> Order:
    """Take an order: from a visitor for the number they proved, or from staff on somebody's behalf.

    Raises:
        Invalid, Conflict, Forbidden: item, phone or window; not offered on site, or a limit; another phone, the role.
    """
    require(caller, "visitor", "operator", "dispatcher")
    by_staff = caller.has("operator", "dispatcher")
    if priority == "urgent" and not by_staff:
        raise UrgentByStaff
    person = person_of(name, phone, address, **location, language=language)
    if not by_staff and caller.subject != person.phone_hash:
        raise NotYourPhone
    at = clock.now()
    store.share_promises(caller.hall)
    checked = _checked(window, at=at)
    of_item = _reachable(store, caller.hall, item, checked, place=Place(**location))
    order = _new(caller.hall, person, of_item, checked, priority=priority, by_staff=by_staff, at=at)
    _check_limit(store, order, at=at)
    return _add(store, order, caller=caller, at=at)


def offered(periods: Sequence[Period], days: Sequence[date]) -> Period:
    """Return an item as it is on the first of some days on which it is offered at the applicant's place.

    Raises:
        Invalid, Conflict: there is no such item then; its department does not come.
    """
    found = [period for day in days if (period := on(periods, day)) is not None and period.active]
    if not found:
        raise UnknownItem(errors={"item": ["The hall does not offer this item then."]})
    coming = next((period for period in found if period.on_site), None)
    if coming is None:
        raise NotOnSite
    return coming


def _reachable(
    store: Store, hall: str, item: str, window: Mapping[str, Any], *, place: Place | None = None
) -> Period:
    """Return an item as it is on the day of a window in which a crew that can do it works, and goes to a place.

    Raises:
        Invalid, Conflict: no such item then, or it is not done on site; nobody works in the window;
            the place is farther than `HALL_ONSITE_REACH_KM` from where any of these crews starts.
    """
    day: date = window["day"]
    known = reach_of(store, hall, [item], today=min(day, today()))
    of_item = offered(known.items[item], [day])
    if not known.can(item, day, window["window_from"], window["window_to"]):
        ahead = (today() + timedelta(days=nth) for nth in range(rules.FARTHEST.days))
        nearest = sorted(known.days(item, ahead), key=lambda each: (abs(each[0] - day), each[0]))
        raise NobodyThen(
            errors={"window": ["No crew that can do this item works then."]},
            days=told(sorted(nearest[:MOST_OFFERED])),
        )
    if place and known.nearest_m(item, day, place) > 1000 * settings().onsite_reach_km:
        raise PlaceTooFar(errors={"location": ["No crew goes that far."]})
    return of_item


def _new(
    hall: str,
    person: Person,
    item: Period,
    window: Mapping[str, Any],
    *,
    priority: str,
    by_staff: bool,
    at: datetime,
) -> Order:
    return Order(
        hall=hall,
        id=str(uuid4()),
        reference="",
        state="requested",
        item=item.code,
        department=item.department,
        channel="phone" if by_staff else "web",
        **window,
        priority=priority,
        service_seconds=item.service_seconds,
        created_at=at,
        person=person,
    )


def _checked(window: Window, *, at: datetime) -> dict[str, Any]:
    start, end = window["from_"], window["to"]
    day = clock.business_date(start)
    rules.check_window(start, end, at=at, days=(day, clock.business_date(end)))
    return {"window_from": start, "window_to": end, "day": day}


def _check_limit(store: Store, order: Order, *, at: datetime) -> None:
    phone_hash = order.person.phone_hash or ""
    store.lock_person(phone_hash)
    if store.open_orders(order.hall, phone_hash, clock.business_date(at)) >= rules.MOST_OPEN:
        raise LimitReached(f"No more than {rules.MOST_OPEN} open orders at a time.")


def _add(store: Store, order: Order, *, caller: Caller, at: datetime) -> Order:
    """Store a new order under a reference that nobody else has."""
    added = False
    while not added:
        letters = (choice(rules.REFERENCE_LETTERS) for _ in range(rules.REFERENCE_LENGTH))
        order = replace(order, reference="".join(letters))
        added = store.add_order(order, by=caller.username)
    tell(store, order, "requested", caller=caller, at=at)
    return order


def screen_order(
    store: Store,
    caller: Caller,
    *,
    id: UUID,
    accept: bool,
    reason: str | None,
    service_seconds: int | None,
) -> Order:
    """Accept a request, with another length of the visit if need be, or decline it with the reason.

    Raises:
        NotFound, Conflict, Invalid, Forbidden: no such order; its state; no reason; the caller is no dispatcher.
    """
    require(caller, "dispatcher")
    at = clock.now()
    order = found(store.lock_order(caller.hall, str(id)))
    if accept:
        screened = rules.screen(order, service_seconds=service_seconds, reason=reason)
        save(store, screened, "screened", caller=caller, at=at)
        redraft_for(store, caller, screened, at=at)
        return screened
    return save(store, rules.decline(order, reason=reason, at=at), "declined", caller=caller, at=at)


def cancel_order(store: Store, caller: Caller, *, id: UUID, reason: str | None) -> Order:
    """Call an order off: until the crew is on its way, and until it is there for a dispatcher, who can reach it.

    Again it changes nothing.

    Raises:
        NotFound, Conflict, Forbidden: no such order; its state forbids it; it is somebody else's.
    """
    at = clock.now()
    order = found(store.lock_order(caller.hall, str(id)))
    require_holder(store, caller, order, "operator", "dispatcher")
    if order.state == "cancelled":
        return order
    if order.state == "en_route" and not caller.has("dispatcher"):
        raise IllegalTransition(
            "The crew is on its way; only a dispatcher can call it back.", state=order.state
        )
    cancelled = save(store, rules.cancel(order, reason=reason, at=at), "cancelled", caller=caller, at=at)
    redraft_without(store, caller, order, reason="order_gone", at=at)
    _tell_overtime(store, caller, cancelled, at=at)
    return cancelled


def _tell_overtime(store: Store, caller: Caller, order: Order, *, at: datetime) -> None:
    """Say what the way took of a crew that was called back, outside opening hours."""
    crew = next(
        (each for each in store.crews(caller.hall, order.day) if each.code == order.crew_before), None
    )
    if crew is not None and order.departed_at is not None:
        tell_overtime(store, caller, crew, order, at=at)


def reschedule_order(store: Store, caller: Caller, *, id: UUID, window: Window) -> Order:
    """Move an order to another time window; it is planned anew.

    Raises:
        NotFound, Conflict, Invalid, Forbidden: no such order; its state; the window; the caller's role.
    """
    require(caller, "operator", "dispatcher")
    at = clock.now()
    store.share_promises(caller.hall)
    order = found(store.lock_order(caller.hall, str(id)))
    checked = _checked(window, at=at)
    of_item = _reachable(store, caller.hall, order.item, checked)
    moved = rules.reschedule(
        replace(order, department=of_item.department),
        start=checked["window_from"],
        end=checked["window_to"],
        day=checked["day"],
    )
    save(store, moved, "rescheduled", caller=caller, at=at)
    redraft_without(store, caller, order, reason="order_gone", at=at)
    redraft_for(store, caller, moved, at=at)
    return moved
