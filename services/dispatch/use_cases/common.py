"""What every use case of dispatch needs: who may, what is told, which person."""

from datetime import date, datetime
from typing import Any

from services.chassis import clock, personal
from services.chassis.caller import Caller
from services.chassis.outbox import publish_later
from services.dispatch import events, schemas
from services.dispatch.domain.crew import Crew
from services.dispatch.domain.order import Order, Person
from services.dispatch.errors import NoSuchOrder, NotYourCrew, RoleMissing
from services.dispatch.store import Store

PURPOSE = "onsite_order"
STAFF = ("operator", "dispatcher", "manager")
_EVENT = schemas.OrderEvent()
# Of an address everybody may see the district, which stands first.
_SHOWN_OF_ADDRESS = 6


def require(caller: Caller, *roles: str) -> None:
    """Make sure that a caller has a role.

    Raises:
        RoleMissing: they have none of these.
    """
    if not caller.has(*roles):
        raise RoleMissing


def found(order: Order | None) -> Order:
    """Return an order that must exist.

    Raises:
        NoSuchOrder: it does not.
    """
    if order is None:
        raise NoSuchOrder
    return order


def require_member(caller: Caller, crew: Crew) -> None:
    """Make sure that a caller belongs to a crew.

    Raises:
        NotYourCrew: they do not.
    """
    if not caller.has() and caller.username not in crew.members:
        raise NotYourCrew


def mask_address(address: str) -> str:
    """Return an address as it may be shown: its first characters."""
    return address[: min(_SHOWN_OF_ADDRESS, len(address) // 2)] + "****"


def person_of(name: str, phone: str, address: str, *, lat: float, lon: float, language: str) -> Person:
    """Return a person sealed, hashed and masked.

    Raises:
        PhoneInvalid: this is no phone number.
    """
    number, vault = personal.phone_number(phone), personal.vault()
    return Person(
        phone_hash=personal.phone_hash(number),
        name_sealed=vault.seal(name, purpose=PURPOSE),
        phone_sealed=vault.seal(number, purpose=PURPOSE),
        address_sealed=vault.seal(address, purpose=PURPOSE),
        name=personal.mask_name(name),
        phone=personal.mask_phone(number),
        address=mask_address(address),
        lat=lat,
        lon=lon,
        language=language,
    )


def today() -> date:
    """Return the business date of this moment."""
    return clock.business_date(clock.now())


def tell(
    store: Store,
    order: Order,
    verb: str,
    *,
    caller: Caller,
    at: datetime,
    ended_by: str | None = None,
    **more: Any,
) -> None:
    """Say what became of an order; `ended_by` is the member of the crew who ended the visit."""
    data = {**_EVENT.dump(order), "ended_by": ended_by, **more}
    event = events.order_event(verb, data, version=order.version)
    publish_later(store, event, caller=caller, at=at)


def save(
    store: Store,
    order: Order,
    verb: str,
    *,
    caller: Caller,
    at: datetime,
    ended_by: str | None = None,
    **more: Any,
) -> Order:
    """Store an order in its next state and say so, with more that belongs to this fact alone."""
    store.change_order(order, at=at, by=caller.username)
    tell(store, order, verb, caller=caller, at=at, ended_by=ended_by, **more)
    return order
