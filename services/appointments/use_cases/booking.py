"""Places taken, confirmed, given up and changed.

Locks are taken in one order everywhere: the copy of the catalogue, the person, slots by id, appointments by id. What is
found out of that order, a person on the waitlist, is tried without waiting.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from secrets import choice, randbelow
from uuid import UUID, uuid4

from services.appointments.domain import appointment as rules
from services.appointments.domain.appointment import Appointment, Person
from services.appointments.domain.slots import Slot
from services.appointments.errors import (
    LimitReached,
    NoSuchSlot,
    NotBookable,
    NotYourPhone,
    SlotFull,
    SlotOfOtherItem,
    SlotPast,
    WrongDates,
)
from services.appointments.store import Store
from services.appointments.use_cases.changes import ground_of
from services.appointments.use_cases.common import (
    MEMORY,
    add,
    bookable,
    bookable_within,
    found,
    not_kiosk,
    person_of,
    record_of,
    require,
    save,
)
from services.appointments.use_cases.holding import require_holder
from services.appointments.use_cases.waiting import offer_place
from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.trail import was

# Against those who give a place up and take it again for somebody else.
WITHHELD_LEAST_S = 5 * 60
WITHHELD_MOST_S = 30 * 60
# A wish keeps its person's data until it is over.
MOST_AHEAD = timedelta(days=60)


def book(
    store: Store, caller: Caller, *, slot: UUID, item: str, name: str, phone: str, channel: str, language: str
) -> Appointment:
    """Take a place: held for ten minutes on the web, booked at once by staff.

    Raises:
        NotFound, Conflict, Invalid, Forbidden: no such slot; full, past, of another item; a limit; phone; role.
    """
    person = _person(caller, name=name, phone=phone, channel=channel, language=language)
    at = clock.now()
    store.share_catalogue(caller.hall)
    wanted = _slot(store, caller.hall, slot, item=item, channel=channel, at=at)
    fresh = _new(caller.hall, person, wanted, item=item, channel=channel, at=at)
    store.lock_person(person.phone_hash or "")
    record = record_of(store, fresh, at)
    rules.check_limits(record, channel=channel, at=at)
    _take(store, wanted, item=item, channel=channel)
    return _add(store, replace(fresh, warning=record.warning(at)), caller=caller, at=at)


def _person(caller: Caller, *, name: str, phone: str, channel: str, language: str) -> Person:
    roles = {"web": ("visitor",), "phone": ("operator",), "window": ("clerk", "operator")}
    require(caller, *roles[channel])
    person = person_of(name, phone, language)
    if channel == "web" and not caller.has() and caller.subject != person.phone_hash:
        raise NotYourPhone
    return person


def _slot(store: Store, hall: str, id_: UUID, *, item: str, channel: str, at: datetime) -> Slot:
    """Return a slot in which an item is done on its day, with a place for a channel."""
    slot = store.slot(hall, str(id_))
    if slot is None:
        raise NoSuchSlot
    department = bookable(store, hall, item, clock.business_date(slot.starts_at))
    if not slot.is_for(item, department):
        raise SlotOfOtherItem
    if slot.starts_at <= at:
        raise SlotPast
    # Nobody is locked and nothing is counted for those who come too late.
    if slot.free(channel) < 1:
        raise SlotFull
    return slot


def _take(store: Store, wanted: Slot, *, item: str, channel: str) -> None:
    """Take a place in a slot that was read before it is locked; its plan may have been changed meanwhile."""
    if store.take_place(wanted, item=item, channel=channel):
        return
    slot = store.slot(wanted.hall, wanted.id)
    if slot is not None and not slot.is_for(item, wanted.department):
        raise SlotOfOtherItem
    raise SlotFull


def _new(
    hall: str,
    person: Person,
    slot: Slot | None,
    *,
    item: str,
    channel: str,
    at: datetime,
    **more: date | None,
) -> Appointment:
    state = "waitlisted" if slot is None else "held" if channel == "web" else "booked"
    return Appointment(
        hall=hall,
        id=str(uuid4()),
        reference="",
        state=state,
        item=item,
        department=slot.department if slot else "",
        channel=channel,
        slot=slot.id if slot else None,
        starts_at=slot.starts_at if slot else None,
        ends_at=slot.ends_at if slot else None,
        day=clock.business_date(slot.starts_at) if slot else None,
        until=at + rules.HOLD if state == "held" else None,
        wanted_from=more.get("wanted_from"),
        wanted_to=more.get("wanted_to"),
        booked_at=at if state == "booked" else None,
        rescheduled_from=None,
        rescheduled_to=None,
        arrived_at=None,
        ticket=None,
        warning=None,
        created_at=at,
        version=1,
        person=person,
    )


def _add(store: Store, appointment: Appointment, *, caller: Caller, at: datetime) -> Appointment:
    """Store a new appointment under a reference that nobody else has."""
    added = False
    while not added:
        letters = (choice(rules.REFERENCE_LETTERS) for _ in range(rules.REFERENCE_LENGTH))
        appointment = replace(appointment, reference="".join(letters))
        added = add(store, appointment, caller=caller, at=at)
    return appointment


def confirm(store: Store, caller: Caller, *, id: UUID) -> Appointment:
    """Book the place that is held or offered; again it changes nothing.

    Raises:
        NotFound, Forbidden, Conflict: no such appointment; the caller does not hold it; its state forbids it, or its
            time is over.
    """
    not_kiosk(caller)
    at = clock.now()
    held = found(store.lock(caller.hall, str(id)))
    require_holder(store, caller, held)
    if held.state == "booked":
        return held
    return save(store, rules.confirm(held, at=at), caller=caller, at=at)


def cancel(store: Store, caller: Caller, *, id: UUID) -> Appointment:
    """Give a place or a wish up; a place comes back later, when nobody can foresee. Again it changes nothing.

    Raises:
        NotFound, Forbidden, Conflict: no such appointment; the caller does not hold it; its state forbids it, or its
            time has come.
    """
    not_kiosk(caller)
    at = clock.now()
    person = found(store.find(caller.hall, str(id))).person
    # Nobody is offered a place while they are locked, so that a wish has none that would be locked after it.
    store.lock_person(person.phone_hash or str(id))
    before = found(store.find(caller.hall, str(id)))
    require_holder(store, caller, before)
    if before.slot is not None:
        store.lock_slots(caller.hall, before.slot)
    was(store, None)
    locked = found(store.lock(caller.hall, before.id))
    if locked.state in rules.GIVEN_UP:
        return locked
    given_up = rules.give_up(locked, at=at)
    if given_up.slot is None:
        return save(store, given_up, caller=caller, at=at)
    wait = WITHHELD_LEAST_S + randbelow(WITHHELD_MOST_S - WITHHELD_LEAST_S + 1)
    store.withhold_place(caller.hall, given_up.slot, given_up.channel, until=at + timedelta(seconds=wait))
    if given_up.state == "cancelled":
        record = record_of(store, given_up, at)
        after = replace(record, cancellations=[*record.cancellations, at])
        given_up = replace(given_up, warning=after.warning(at))
    return save(store, given_up, caller=caller, at=at)


def reschedule(store: Store, caller: Caller, *, id: UUID, slot: UUID) -> Appointment:
    """Move a booking: the new place is taken, then the old one freed, for the waitlist first.

    Returns the new appointment; the one there is when it has that place already.

    Raises:
        NotFound, Forbidden, Conflict: no such appointment or slot; the caller does not hold it; state, time, limit or a
            full slot forbids it.
    """
    not_kiosk(caller)
    at = clock.now()
    store.share_catalogue(caller.hall)
    before = found(store.find(caller.hall, str(id)))
    require_holder(store, caller, before)
    store.lock_person(before.person.phone_hash or before.id)
    wanted = _slot(store, caller.hall, slot, item=before.item, channel=before.channel, at=at)
    store.lock_slots(caller.hall, *filter(None, (before.slot, wanted.id)))
    was(store, None)
    old = found(store.lock(caller.hall, before.id))
    fresh = _new(caller.hall, old.person, wanted, item=old.item, channel=old.channel, at=at)
    moved = replace(rules.enter(old, "rescheduled"), rescheduled_to=fresh.id)
    if old.slot == wanted.id:
        return old
    if old.starts_at is not None and old.starts_at <= at:
        raise SlotPast
    # A booking that is kept is no new one: its person may be suspended by now.
    rules.check_limits(record_of(store, fresh, at, besides=old.id), channel="phone", at=at)
    _take(store, wanted, item=old.item, channel=old.channel)
    save(store, moved, caller=caller, at=at)
    store.free_place(caller.hall, old.slot or "", old.channel)
    booked = replace(fresh, state="booked", until=None, booked_at=at, rescheduled_from=old.id)
    booked = _add(store, booked, caller=caller, at=at)
    offer_place(store, caller, slot=old.slot or "", at=at)
    return booked


def join_waitlist(
    store: Store, caller: Caller, *, item: str, from_: date, to: date, name: str, phone: str, language: str
) -> Appointment:
    """Wait for a place between two dates.

    Raises:
        Conflict, Invalid, Forbidden: a limit; item or phone; the visitor's phone is another one.
    """
    channel = "phone" if caller.has("operator") else "web"
    person = _person(caller, name=name, phone=phone, channel=channel, language=language)
    at = clock.now()
    today = clock.business_date(at)
    store.share_catalogue(caller.hall)
    if not max(from_, today) <= to <= today + MOST_AHEAD:
        raise WrongDates(errors={"to": [f"Before from, past, or more than {MOST_AHEAD.days} days ahead."]})
    (department, _, _), *_ = bookable_within(store, caller.hall, item, max(from_, today), to)
    if not ground_of(store, caller.hall, {item}, today=today).has_places(item, max(from_, today), to):
        raise NotBookable("No places are given for this item on these days.")
    store.lock_person(person.phone_hash or "")
    record, wishes = store.record(
        caller.hall, person.phone_hash or "", item=item, day=None, today=today, since=at - MEMORY
    )
    rules.check_limits(record, channel=channel, at=at)
    if wishes:
        raise LimitReached("This person waits for this item already.", limit="waitlist")
    fresh = _new(
        caller.hall, person, None, item=item, channel=channel, at=at, wanted_from=from_, wanted_to=to
    )
    return _add(store, replace(fresh, department=department), caller=caller, at=at)


def lapse(store: Store, caller: Caller, *, id_: str, slot: str) -> None:
    """End a hold or offer whose time is over; its place goes to the waitlist first."""
    at = clock.now()
    store.share_catalogue(caller.hall)
    store.lock_slots(caller.hall, slot)
    held = found(store.lock(caller.hall, id_))
    if held.until is None or held.until > at:
        return
    save(store, rules.enter(held, "lapsed"), caller=caller, at=at)
    store.free_place(caller.hall, slot, held.channel)
    offer_place(store, caller, slot=slot, at=at)
