"""Finding orders, a crew's route, and who may see a person's data."""

from datetime import date
from typing import Any
from uuid import UUID

from services.chassis import clock, personal
from services.chassis.caller import Caller
from services.chassis.trail import tell_act
from services.dispatch.domain import order as rules
from services.dispatch.domain.order import Order
from services.dispatch.errors import NoSuchCrew, NoSuchOrder, PersonErased
from services.dispatch.store import Store
from services.dispatch.use_cases.common import PURPOSE, STAFF, found, require, require_member, today
from services.dispatch.use_cases.holding import require_reader


def get_order(store: Store, caller: Caller, *, id: UUID) -> Order:
    """Return an order to who holds it, to staff, to clerks of its department and to the crew that has it.

    Raises:
        NotFound, Forbidden: there is none; the caller is none of these.
    """
    order = found(store.order(caller.hall, str(id)))
    require_reader(store, caller, order)
    return order


def lookup(store: Store, caller: Caller, *, reference: str, phone: str) -> Order:
    """Return an order to who knows its reference and phone; a wrong one of both is the same to them.

    Raises:
        NotFound: there is none.
    """
    try:
        hash_ = personal.phone_hash(personal.phone_number(phone))
    except personal.PhoneInvalid:
        raise NoSuchOrder from None
    order = found(store.by_reference(caller.hall, reference.upper().replace(" ", "")))
    if order.person.phone_hash != hash_:
        raise NoSuchOrder
    return order


def list_orders(
    store: Store,
    caller: Caller,
    *,
    phone: str | None,
    date: date | None,
    department: str | None,
    state: str | None,
    limit: int,
    cursor: UUID | None,
) -> dict[str, Any]:
    """Return orders, the newest first, with masked persons.

    Raises:
        Forbidden, Invalid: the caller is no staff; this is no phone number.
    """
    require(caller, *STAFF)
    page = store.page(
        caller.hall,
        limit=limit + 1,
        phone_hash=personal.phone_hash(personal.phone_number(phone)) if phone else None,
        date=date,
        department=department,
        state=state,
        cursor=str(cursor) if cursor else None,
    )
    return {"items": page[:limit], "next": page[limit - 1].id if len(page) > limit else None}


def list_overdue(store: Store, caller: Caller, *, limit: int, cursor: UUID | None) -> dict[str, Any]:
    """Return the orders that are left over, the oldest first: to be moved to another time, called off, or ended.

    Raises:
        Forbidden: the caller is no staff.
    """
    require(caller, *STAFF)
    at, after = clock.now(), str(cursor) if cursor else None
    page = store.overdue(caller.hall, at=at, today=clock.business_date(at), limit=limit + 1, cursor=after)
    return {"items": page[:limit], "next": page[limit - 1].id if len(page) > limit else None}


def get_route(store: Store, caller: Caller, *, code: str, date: date | None) -> dict[str, Any]:
    """Return a crew's visits of a day, in order; its members get name, phone and address of those still to make.

    Raises:
        NotFound, Forbidden: no such crew; the caller does not belong to it and is no dispatcher.
    """
    require(caller, "crew", "dispatcher", "manager")
    day = date or today()
    crew = next((each for each in store.crews(caller.hall, day) if each.code == code), None)
    if crew is None:
        raise NoSuchCrew
    if not caller.has("dispatcher", "manager"):
        require_member(caller, crew)
    stops = [
        (order, _for_crew(store, caller, order) if caller.username in crew.members else None)
        for order in store.route(caller.hall, code, day)
    ]
    hours = store.hours(caller.hall, clock.hall_zone())
    worked = {"shift": crew.shift(day, hours), "breaks": crew.breaks_on(day, hours)}
    return {"crew": crew, "date": day, **worked, "stops": stops}


def _for_crew(store: Store, caller: Caller, order: Order) -> dict[str, str] | None:
    if order.person.name_sealed is None or order.state not in rules.OPEN:
        return None
    return in_clear(store, caller, order, purpose="route")


def reveal_person(store: Store, caller: Caller, *, id: UUID, purpose: str) -> dict[str, str]:
    """Return name, phone and address in clear; who asked, when and why is kept.

    Raises:
        NotFound, Conflict, Forbidden: no such order; the person is erased; the caller's role.
    """
    require(caller, *STAFF)
    return in_clear(store, caller, found(store.order(caller.hall, str(id))), purpose=purpose)


def contact(store: Store, caller: Caller, *, order: UUID) -> dict[str, str]:
    """Return a person to another service, to write to them.

    Raises:
        NotFound, Conflict, Forbidden: no such order; the person is erased; the caller is no service.
    """
    require(caller, "service")
    person = in_clear(store, caller, found(store.order(caller.hall, str(order))), purpose="notification")
    return {name: person[name] for name in ("name", "phone", "language")}


def in_clear(store: Store, caller: Caller, order: Order, *, purpose: str) -> dict[str, str]:
    """Return a person in clear, and note who saw them.

    Raises:
        PersonErased: nothing is left.
    """
    person, vault, at = order.person, personal.vault(), clock.now()
    sealed = {
        "name": person.name_sealed,
        "phone": person.phone_sealed,
        "address": person.address_sealed,
    }
    with store.transaction():
        day = clock.business_date(at)
        if store.note_access(order.id, caller=caller, purpose=purpose, day=day, at=at):
            tell_act(store, "dispatch", "reveal", caller=caller, request={"id": order.id, "purpose": purpose})
    opened = {}
    for name, text in sealed.items():
        if text is None:
            raise PersonErased
        opened[name] = vault.open(text, purpose=PURPOSE)
    return {**opened, "language": person.language}
