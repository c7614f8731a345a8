"""Rows as the domain knows them, and back."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from services.appointments.domain.appointment import Appointment, Person
from services.appointments.domain.sessions import Overtime, Session
from services.appointments.domain.slots import CHANNELS, Plan, Slot
from services.chassis import wire

_PERSON = [field.name for field in fields(Person)]
_PLAN = [field.name for field in fields(Plan) if field.name != "quotas"]
_SLOT = [field.name for field in fields(Slot) if field.name not in ("quotas", "booked", "withheld")]


def appointment_of(row: Mapping[str, Any]) -> Appointment:
    """Return an appointment."""
    texts = {name: _text(row[name]) for name in ("id", "slot", "rescheduled_from", "rescheduled_to")}
    person = Person(**{name: row[name] for name in _PERSON})
    return Appointment(**{name: row[name] for name in row if name not in _PERSON} | texts, person=person)


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
        **{name: row[name] for name in _SLOT} | {"id": str(row["id"])},
        quotas=_by_channel(row, "quota"),
        booked=_by_channel(row, "booked"),
        withheld=_by_channel(row, "withheld"),
    )


def session_of(row: Mapping[str, Any]) -> Session:
    """Return an extended session."""
    stretches = None
    if row["regular"] is not None:
        stretches = [tuple(datetime.fromisoformat(edge) for edge in each) for each in row["regular"]]
    return Session(**{**row, "id": str(row["id"]), "regular": stretches})


def session_row(session: Session) -> dict[str, Any]:
    """Return what of an extended session is stored."""
    row = {field.name: getattr(session, field.name) for field in fields(Session)}
    return {**row, "regular": None if session.regular is None else wire.dumps(session.regular)}


def overtime_of(row: Mapping[str, Any]) -> Overtime:
    """Return an entry of the ledger."""
    found = {name: row[name] for name in row if name != "hall"}
    return Overtime(**{**found, "id": str(row["id"]), "session": str(row["session"])})


def quota_columns(quotas: Mapping[str, int]) -> dict[str, int]:
    """Return quotas by column."""
    return {f"{channel}_quota": quotas[channel] for channel in CHANNELS}


def _by_channel(row: Mapping[str, Any], what: str) -> dict[str, int]:
    return {channel: row[f"{channel}_{what}"] for channel in CHANNELS}


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
