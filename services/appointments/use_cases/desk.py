"""Finding appointments, checking in, and who may see a person's data."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, timedelta
from typing import Any
from uuid import UUID

from services.appointments.domain import appointment as rules
from services.appointments.domain.appointment import Appointment
from services.appointments.errors import (
    IllegalTransition,
    MoreNeeded,
    NoSuchAppointment,
    NotAtYourWindow,
    NotThatDepartment,
)
from services.appointments.store import Store
from services.appointments.use_cases.common import MEMORY, PURPOSE, found, require, save
from services.appointments.use_cases.holding import STAFF, is_holder, require_holder
from services.chassis import clock, personal
from services.chassis.caller import Caller
from services.chassis.trail import tell_act

AT_A_DESK = ("clerk", "operator")
# Who sees anybody's name and phone; a clerk that of whoever is at their window.
MAY_REVEAL = ("operator", "manager")
AT_A_WINDOW = ("called", "serving", "on_hold")
MOST_AT_KIOSK = 20
# Digits that suffice to find an appointment at a kiosk; four are in every list.
KIOSK_DIGITS = 5


def arrive(store: Store, caller: Caller, *, id: UUID) -> dict[str, Any] | None:
    """Note that a person has come and return what their ticket is asked for with; None when they have it.

    A kiosk may do it for whom it has found, by `lookup_today`.

    The moment of coming is kept, so that asking again after no answer is the same request, and whoever came in time
    is in time; and the command, so that whoever repeats it is answered all of it.

    Raises:
        NotFound, Forbidden, Conflict: no such appointment; the caller does not hold it; it is not booked, or this is
            not its time.
    """
    one = found(store.lock(caller.hall, str(id)))
    require_holder(store, caller, one, "kiosk")
    if one.ticket is not None:
        return None
    now = clock.now()
    at = one.arrived_at or now
    arrival = rules.arrive(one, at=at, today=clock.business_date(now))
    store.note_arrival(one, at, command_id=caller.command_id)
    return {
        "item": one.item,
        "appointment": one.id,
        "channel": one.channel,
        "class": arrival.class_,
        "reference_at": arrival.reference_at.astimezone(UTC).isoformat(),
    }


def check_in(store: Store, caller: Caller, *, id: UUID, ticket: Mapping[str, Any] | None) -> Appointment:
    """Give a person who has come the ticket that was made for them; again, the same one.

    Raises:
        NotFound, Forbidden, Conflict: no such appointment; the caller does not hold it; it was cancelled meanwhile.
    """
    before = found(store.lock(caller.hall, str(id)))
    require_holder(store, caller, before, "kiosk")
    if before.ticket is not None:
        return before
    department = (ticket or {}).get("department") or before.department
    present = replace(rules.enter(before, "checked_in"), ticket=ticket, department=department)
    return save(store, present, caller=caller, at=clock.now())


def has_come(store: Store, caller: Caller, one: Appointment, *, ticket: Mapping[str, Any] | None) -> bool:
    """Tell whether this command made the ticket: now, or before its answer was lost and others told of the ticket."""
    return ticket is not None or store.came_by(one, caller.command_id)


def get_appointment(store: Store, caller: Caller, *, id: UUID) -> Appointment:
    """Return an appointment to who holds it, or to staff of its department.

    Raises:
        NotFound, Forbidden: there is none; the caller is neither.
    """
    one = found(store.find(caller.hall, str(id)))
    require_holder(store, caller, one)
    return one


def get_moves(store: Store, caller: Caller, *, id: UUID) -> Mapping[str, Any]:
    """Return the id of the appointment that one was first, before it was moved, and how often it was moved.

    Raises:
        NotFound: there is none.
    """
    line = store.line_of_moves(caller.hall, str(id))
    if line is None:
        raise NoSuchAppointment
    return line


def lookup(store: Store, caller: Caller, *, reference: str, phone: str) -> Appointment:
    """Return an appointment to who knows its reference and phone; a wrong one of both is the same to them.

    Raises:
        NotFound: there is none.
    """
    try:
        hash_ = personal.phone_hash(personal.phone_number(phone))
    except personal.PhoneInvalid:
        raise NoSuchAppointment from None
    appointment = found(store.by_reference(caller.hall, _typed(reference)))
    if appointment.person.phone_hash != hash_:
        raise NoSuchAppointment
    return appointment


def lookup_today(
    store: Store,
    caller: Caller,
    *,
    phone_digits: str | None = None,
    initial: str | None = None,
    reference: str | None = None,
    id: UUID | None = None,
) -> dict[str, Any]:
    """Return today's appointments that fit what somebody shows or says at a kiosk or window.

    Whoever stands at a kiosk finds nobody by the four digits that every list shows of a phone, or by an id.

    Args:
        store: in autocommit.
        caller: a kiosk, or staff at a desk.
        phone_digits: the last digits of the phone.
        initial: the name's first character.
        reference: the booking's reference.
        id: its id; of a code, which has its token as well.

    Raises:
        Forbidden: the caller is neither kiosk nor staff at a desk.
        MoreNeeded: four digits alone, at a kiosk.
    """
    require(caller, "kiosk", *AT_A_DESK)
    today = clock.business_date(clock.now())
    at_kiosk = not caller.has(*AT_A_DESK)
    if id is not None:
        shown = [store.find(caller.hall, str(id))]
        shown = [one for one in shown if one and (not at_kiosk or is_holder(store, caller, one))]
    elif reference is not None:
        shown = [store.by_reference(caller.hall, _typed(reference))]
    else:
        digits = phone_digits or ""
        if at_kiosk and len(digits) < KIOSK_DIGITS and initial is None:
            raise MoreNeeded(errors={"q": [MoreNeeded.__doc__ or ""]})
        # The mask shows the last four; only those few numbers are opened.
        shown = [one for one in store.of_today(caller.hall, today, ending=digits[-4:]) if _ends(one, digits)]
    found_here = [
        one
        for one in shown
        if one is not None and _may_come(one, today) and _is_called(one, initial)
        if at_kiosk or _may_see(caller, one.department)
    ]
    return {"items": found_here[:MOST_AT_KIOSK]}


def _is_called(one: Appointment, initial: str | None) -> bool:
    """Tell whether a name may be that of somebody; its mask begins with its first character."""
    return initial is None or (one.person.name or "").casefold().startswith(initial.casefold())


def _may_see(caller: Caller, department: str) -> bool:
    """Tell whether staff may see a department's appointments: a clerk their own, others all."""
    return caller.has("operator", "manager") or caller.serves(department, "clerk")


def _typed(reference: str) -> str:
    return reference.upper().replace(" ", "")


def _may_come(one: Appointment, today: date) -> bool:
    return one.day == today and one.state in ("booked", "checked_in")


def _ends(one: Appointment, digits: str) -> bool:
    sealed = one.person.phone_sealed
    return sealed is not None and personal.vault().open(sealed, purpose=PURPOSE).endswith(digits)


def list_appointments(
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
    """Return appointments, the newest first, with masked persons.

    Raises:
        Forbidden, Invalid: the caller is no staff, or a clerk of another department; this is no phone number.
    """
    require(caller, *STAFF)
    if not caller.has("operator", "manager"):
        department = department or caller.department
        if department is not None and not caller.serves(department, "clerk"):
            raise NotThatDepartment
    hash_ = personal.phone_hash(personal.phone_number(phone)) if phone else None
    page = store.page(
        caller.hall,
        limit=limit + 1,
        phone_hash=hash_,
        date=date,
        department=department,
        state=state,
        cursor=str(cursor) if cursor else None,
    )
    return {"items": page[:limit], "next": page[limit - 1].id if len(page) > limit else None}


def person_history(store: Store, caller: Caller, *, phone: str) -> dict[str, Any]:
    """Return what a person booked, kept and missed.

    Raises:
        Forbidden, Invalid: the caller is no operator; this is no phone number.
    """
    require(caller, "operator")
    hash_ = personal.phone_hash(personal.phone_number(phone))
    at = clock.now()
    record, _ = store.record(
        caller.hall, hash_, item=None, day=None, today=clock.business_date(at), since=at - MEMORY
    )
    nothing = dict.fromkeys(("date", "department", "state", "cursor"))
    month = at - timedelta(days=30)
    return {
        "appointments": store.page(caller.hall, limit=50, phone_hash=hash_, **nothing),
        "live": record.live,
        "no_shows": sum(each > month for each in record.no_shows),
        "cancellations": sum(each > month for each in record.cancellations),
        "suspended_until": record.suspended_until(at),
    }


def ticket_of(store: Store, caller: Caller, *, id: UUID) -> str | None:
    """Return the id of the ticket that was made for an appointment, None before.

    Raises:
        NotFound, Forbidden: there is none; the caller is no clerk.
    """
    require(caller, "clerk")
    ticket = found(store.find(caller.hall, str(id))).ticket
    return str(ticket["id"]) if ticket else None


def reveal_person(
    store: Store, caller: Caller, *, id: UUID, purpose: str, ticket: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """Return a person's name and phone in clear; who asked, when and why is kept.

    A clerk sees the name alone, and of whoever is at their window.

    Args:
        store: the database.
        caller: who asks.
        id: the appointment.
        purpose: why, in words.
        ticket: that of the appointment, as ticketing shows it to a clerk.

    Raises:
        NotFound, Conflict, Forbidden: no such appointment; the person is erased; the caller's role, or somebody else
            serves them.
    """
    if caller.has(*MAY_REVEAL):
        return _in_clear(store, caller, id, purpose=purpose)
    require(caller, "clerk")
    if ticket is None or ticket["state"] not in AT_A_WINDOW or ticket.get("clerk") != caller.username:
        raise NotAtYourWindow
    person = _in_clear(store, caller, id, purpose=purpose)
    return person | {"phone": personal.mask_phone(person["phone"])}


def contact(store: Store, caller: Caller, *, appointment: UUID) -> dict[str, str]:
    """Return a person to another service, to write to them.

    Raises:
        NotFound, Conflict, Forbidden: no such appointment; the person is erased; the caller is no service.
    """
    require(caller, "service")
    return _in_clear(store, caller, appointment, purpose="notification")


def _in_clear(store: Store, caller: Caller, id_: UUID, *, purpose: str) -> dict[str, str]:
    one = found(store.find(caller.hall, str(id_)))
    vault, person = personal.vault(), one.person
    if person.name_sealed is None or person.phone_sealed is None:
        raise IllegalTransition("The person's data is erased.")
    with store.transaction():
        store.note_access(one.id, caller=caller, purpose=purpose, at=clock.now())
        tell_act(store, "appointments", "reveal", caller=caller, request={"id": one.id, "purpose": purpose})
    return {
        "name": vault.open(person.name_sealed, purpose=PURPOSE),
        "phone": vault.open(person.phone_sealed, purpose=PURPOSE),
        "language": person.language,
    }
