"""What every use case of appointments needs: who may, what is told, which person."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from services.appointments import events, schemas
from services.appointments.domain import offer
from services.appointments.domain.appointment import Appointment, Person, Record
from services.appointments.domain.ground import Loss
from services.appointments.domain.slots import Slot
from services.appointments.errors import (
    NoSuchAppointment,
    NotBookable,
    NoThreeServices,
    RoleMissing,
    UnknownDepartment,
    UnknownItem,
    WrongDates,
)
from services.appointments.store import Store
from services.chassis import clock, personal, wire
from services.chassis.caller import Caller
from services.chassis.outbox import envelope

MEMORY = timedelta(days=60)
PURPOSE = "appointment"
MOST_DAYS = timedelta(days=366)
_EVENT = schemas.AppointmentEvent()


def require(caller: Caller, *roles: str) -> None:
    """Make sure that a caller has a role.

    Raises:
        RoleMissing: they have none of these.
    """
    if not caller.has(*roles):
        raise RoleMissing


def not_kiosk(caller: Caller) -> None:
    """Make sure that a kiosk only checks people in.

    Raises:
        RoleMissing: the caller is a kiosk.
    """
    if caller.roles == {"kiosk"}:
        raise RoleMissing


def offers_three_services(store: Store, hall: str, department: str) -> None:
    """Make sure that a department offers appointments and extended hours.

    Raises:
        UnknownDepartment: the hall has no such department.
        NoThreeServices: it offers neither.
    """
    offers = store.offers_three_services(hall, department)
    if offers is None:
        raise UnknownDepartment(errors={"department": ["The hall has no such department."]})
    if not offers:
        raise NoThreeServices


def check_dates(from_: date, to: date) -> None:
    """Make sure that two dates are a period that can be asked for, at most a year.

    Raises:
        WrongDates: they are not.
    """
    if not timedelta() <= to - from_ < MOST_DAYS:
        raise WrongDates(errors={"to": ["Not before from, and at most a year after it."]})


def midnight(day: date) -> datetime:
    """Return the moment at which a date begins in the hall."""
    return datetime.combine(day, time(), clock.hall_zone())


def found(appointment: Appointment | None) -> Appointment:
    """Return an appointment that must exist.

    Raises:
        NoSuchAppointment: it does not.
    """
    if appointment is None:
        raise NoSuchAppointment
    return appointment


def bookable(store: Store, hall: str, item: str, day: date) -> str:
    """Return the department at which an item can be booked for a day.

    Raises:
        UnknownItem: the hall does not offer it then.
        NotBookable: not by appointment.
    """
    (department, _, _), *_ = bookable_within(store, hall, item, day, day)
    return department


def bookable_within(
    store: Store, hall: str, item: str, first: date, last: date
) -> list[tuple[str, date, date]]:
    """Return the departments at which an item can be booked for days, each with the first and last of its days.

    Raises:
        UnknownItem: the hall does not offer it on any of them.
        NotBookable: not by appointment.
    """
    periods = store.item(hall, item, clock.business_date(clock.now()))
    active = [part for part in offer.within(periods, first, last) if part[0].active]
    if not active:
        raise UnknownItem(errors={"item": ["The hall does not offer this item then."]})
    found = [(period.department, since, until) for period, since, until in active if period.bookable]
    if not found:
        raise NotBookable
    return found


def person_of(name: str, phone: str, language: str) -> Person:
    """Return a person sealed, hashed and masked.

    Raises:
        PhoneInvalid: this is no phone number.
    """
    number, vault = personal.phone_number(phone), personal.vault()
    return Person(
        phone_hash=personal.phone_hash(number),
        name_sealed=vault.seal(name, purpose=PURPOSE),
        phone_sealed=vault.seal(number, purpose=PURPOSE),
        name=personal.mask_name(name),
        phone=personal.mask_phone(number),
        language=language,
    )


def record_of(store: Store, appointment: Appointment, at: datetime, *, besides: str | None = None) -> Record:
    """Return what counts for the limits of an appointment's person; an erased person has done nothing."""
    if appointment.person.phone_hash is None:
        return Record(live=0, same=0, no_shows=(), cancellations=())
    record, _ = store.record(
        appointment.hall,
        appointment.person.phone_hash,
        item=appointment.item,
        day=appointment.day,
        today=clock.business_date(at),
        since=at - MEMORY,
        besides=besides,
    )
    return record


def add(store: Store, appointment: Appointment, *, caller: Caller, at: datetime) -> bool:
    """Store a new appointment and say so; False when its reference is taken."""
    told = _told(appointment, caller=caller, at=at)
    return store.add(appointment, by=caller.username, told=told)


def save(
    store: Store,
    appointment: Appointment,
    *,
    caller: Caller,
    at: datetime,
    alternatives: Sequence[Slot] = (),
    why: Loss | None = None,
) -> Appointment:
    """Store an appointment in its next state and say so, with other slots for who has lost theirs, and why."""
    told = _told(appointment, caller=caller, at=at, alternatives=alternatives, why=why)
    store.change(appointment, at=at, by=caller.username, told=told)
    return appointment


def _told(
    appointment: Appointment,
    *,
    caller: Caller,
    at: datetime,
    alternatives: Sequence[Slot] = (),
    why: Loss | None = None,
) -> dict[str, str]:
    """Return what is written into the outbox by the statement that stores an appointment."""
    offered: list[Mapping[str, Any]] = [
        {"slot": slot.id, "starts_at": slot.starts_at.isoformat(), "ends_at": slot.ends_at.isoformat()}
        for slot in alternatives
    ]
    reason = {"cause": why and why.cause, "moved_to": why and why.moved_to}
    data = {**_EVENT.dump(appointment), "alternatives": offered, **reason}
    event = events.appointment_event(appointment.state, data, version=appointment.version)
    return {"event_type": event.type, "event": wire.dumps(envelope(event, caller=caller, at=at))}
