"""The facts appointments publishes. None holds a name, a phone number or its hash."""

from collections.abc import Mapping
from typing import Any

from services.chassis.outbox import Event

# appointments.appointment.<verb>: held booked lapsed cancelled rescheduled checked_in fulfilled no_show displaced
# waitlisted offered.


def appointment_event(verb: str, data: Mapping[str, Any], *, version: int) -> Event:
    """Say what became of an appointment, with its whole state afterwards."""
    return Event(type=f"appointments.appointment.{verb}", subject=data["id"], sequence=version, data=data)
