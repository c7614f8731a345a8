"""The facts appointments publishes. None holds a name, a phone number or its hash."""

from collections.abc import Mapping
from typing import Any

from services.chassis.outbox import Event

# appointments.appointment.<verb>: held booked lapsed cancelled rescheduled checked_in fulfilled no_show displaced
# waitlisted offered. appointments.session.<verb>: planned opened closed cancelled. appointments.overtime.recorded.
# appointments.token.renewed: of one that has a ticket.


def appointment_event(verb: str, data: Mapping[str, Any], *, version: int) -> Event:
    """Say what became of an appointment, with its whole state afterwards."""
    return Event(type=f"appointments.appointment.{verb}", subject=data["id"], sequence=version, data=data)


def session_event(verb: str, data: Mapping[str, Any], *, version: int) -> Event:
    """Say what became of an extended session, with its whole state afterwards."""
    return Event(type=f"appointments.session.{verb}", subject=data["id"], sequence=version, data=data)


def overtime_event(data: Mapping[str, Any], *, sequence: int) -> Event:
    """Say how long a person worked overtime in a session on a day; a later one of the same subject corrects it."""
    return Event(type="appointments.overtime.recorded", subject=data["id"], sequence=sequence, data=data)


def token_event(data: Mapping[str, Any]) -> Event:
    """Say which of its tokens, by `number`, counts for an appointment that has a ticket; never the token itself."""
    return Event(type="appointments.token.renewed", subject=data["id"], sequence=data["number"], data=data)
