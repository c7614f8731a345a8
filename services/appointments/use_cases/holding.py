"""Who may act for an appointment's person, and which answers have the token that proves it."""

from typing import Any

from services.appointments import schemas
from services.appointments.domain.appointment import Appointment
from services.appointments.errors import NotTheHolder
from services.chassis import holder
from services.chassis.caller import Caller

KIND, TICKET = "appointment", "ticket"
STAFF = ("clerk", "operator", "manager")
_reply = schemas.AppointmentReply()


def is_holder(caller: Caller, one: Appointment) -> bool:
    """Tell whether a caller came with the token, or is the visitor who proved the phone it was booked for."""
    proved = "visitor" in caller.roles and caller.subject is not None
    return holder.holds(caller, KIND, one.id) or (proved and caller.subject == one.person.phone_hash)


def require_holder(caller: Caller, one: Appointment, *besides: str) -> None:
    """Make sure that a caller may see an appointment's person and act for them.

    Args:
        caller: who asks; staff of its department may too.
        one: the appointment, whose id proves nothing.
        besides: roles that may do this, too.

    Raises:
        NotTheHolder: the caller may not.
    """
    if not (
        is_holder(caller, one) or caller.serves(one.department, *STAFF) or (besides and caller.has(*besides))
    ):
        raise NotTheHolder


def shown(caller: Caller, one: Appointment, *, made: bool = False, has_come: bool = False) -> dict[str, Any]:
    """Return an appointment as its caller may see it; where a token goes the answer has an empty one.

    Args:
        caller: who asks.
        one: the appointment.
        made: it was made by this command, whose caller hands it to its person.
        has_come: its ticket was made by this command.
    """
    body: dict[str, Any] = _reply.dump(one)
    of_holder = is_holder(caller, one)
    if made or of_holder:
        body["token"] = holder.UNSAID
    if of_holder and one.rescheduled_to:
        body["rescheduled_to_token"] = holder.UNSAID
    if body["ticket"] and (has_come or of_holder):
        body["ticket"] = {**body["ticket"], "token": holder.UNSAID}
    return body


def filled(body: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with its tokens."""
    body = holder.filled(KIND, body["hall"], body)
    if "rescheduled_to_token" in body:
        token = holder.token_of(KIND, body["hall"], body["rescheduled_to"])
        body = {**body, "rescheduled_to_token": token}
    if body["ticket"]:
        body = {**body, "ticket": holder.filled(TICKET, body["hall"], body["ticket"])}
    return body
