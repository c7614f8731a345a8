"""Rows as the domain knows them, and back."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from services.appointments.domain.appointment import Appointment, Person
from services.appointments.domain.slots import CHANNELS, Plan, Slot
from services.chassis import wire

_PERSON = [field.name for field in fields(Person)]
_PLAN = [field.name for field in fields(Plan) if field.name != "quotas"]
_SLOT = [field.name for field in fields(Slot) if field.name not in ("quotas", "booked", "withheld")]


def appointment_of(row: Mapping[str, Any]) -> Appointment:
    """Return an appointment."""
    person = Person(**{name: row[name] for name in _PERSON})
    return Appointment(**{name: row[name] for name in row if name not in _PERSON}, person=person)


def row_of(appointment: Appointment) -> dict[str, Any]:
    """Return what of an appointment is stored."""
    row = {field.name: getattr(appointment, field.name) for field in fields(Appointment)}
    person: Person = row.pop("person")
    ticket = None if appointment.ticket is None else wire.dumps(appointment.ticket)
    return {**row, **{name: getattr(person, name) for name in _PERSON}, "ticket": ticket}


def plan_of(row: Mapping[str, Any]) -> Plan:
    """Return a plan."""
    return Plan(**{name: row[name] for name in _PLAN}, quotas=_by_channel(row, "quota"))


def plan_row(plan: Plan) -> dict[str, Any]:
    """Return what of a plan is stored."""
    return {name: getattr(plan, name) for name in _PLAN} | quota_columns(plan.quotas)


def slot_of(row: Mapping[str, Any]) -> Slot:
    """Return a slot."""
    return Slot(
        **{name: row[name] for name in _SLOT},
        quotas=_by_channel(row, "quota"),
        booked=_by_channel(row, "booked"),
        withheld=_by_channel(row, "withheld"),
    )


def quota_columns(quotas: Mapping[str, int]) -> dict[str, int]:
    """Return quotas by column."""
    return {f"{channel}_quota": quotas[channel] for channel in CHANNELS}


def _by_channel(row: Mapping[str, Any], what: str) -> dict[str, int]:
    return {channel: row[f"{channel}_{what}"] for channel in CHANNELS}
