"""The waitlist: who is offered a place that has become free."""

from dataclasses import replace
from datetime import datetime

from services.appointments.domain import appointment as rules
from services.appointments.domain.appointment import Appointment
from services.appointments.domain.slots import Slot
from services.appointments.errors import BookingSuspended, LimitReached
from services.appointments.store import Store
from services.appointments.use_cases.common import record_of, save
from services.chassis import clock
from services.chassis.caller import Caller


def offer_place(store: Store, caller: Caller, *, slot: str, at: datetime) -> bool:
    """Offer a place of a locked slot to the first on the waitlist who can take it; tells whether somebody can.

    The catalogue's copy is shared before the slot is locked. Persons are locked without waiting, since the slot is
    locked already; who is busy just now is passed over.
    """
    free = store.slot(caller.hall, slot)
    if free is None or free.starts_at <= at + rules.OFFER:
        return False
    day = clock.business_date(free.starts_at)
    return any(_offer(store, caller, wish, free, at=at) for wish in store.waiting_for(free, day))


def _offer(store: Store, caller: Caller, wish: Appointment, slot: Slot, *, at: datetime) -> bool:
    if slot.free(wish.channel) < 1 or not store.try_person(wish.person.phone_hash or wish.id):
        return False
    locked = store.lock(caller.hall, wish.id)
    if locked is None or locked.state != "waitlisted":
        return False
    offered = replace(
        rules.enter(locked, "offered"),
        department=slot.department,
        slot=slot.id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        day=clock.business_date(slot.starts_at),
        until=at + rules.OFFER,
    )
    try:
        rules.check_limits(record_of(store, offered, at, besides=wish.id), channel=wish.channel, at=at)
    except (LimitReached, BookingSuspended):
        return False
    if not store.take_place(slot, item=wish.item, channel=wish.channel):
        return False
    save(store, offered, caller=caller, at=at)
    return True
