"""Who may act for an appointment's person, who is answered the token that proves it, and the next for who lost it."""

from typing import Any
from uuid import UUID

from services.appointments import events, schemas
from services.appointments.domain.appointment import Appointment
from services.appointments.errors import IllegalTransition, NotTheHolder
from services.appointments.store import Store
from services.appointments.use_cases.common import found
from services.chassis import clock, holder
from services.chassis.caller import Caller
from services.chassis.outbox import publish_later

KIND, TICKET = "appointment", "ticket"
STAFF = ("clerk", "operator", "manager")
# Whose token is still of use.
LIVE = frozenset({"held", "booked", "waitlisted", "offered", "checked_in"})
_reply = schemas.AppointmentReply()


def is_holder(store: Store, caller: Caller, one: Appointment) -> bool:
    """Tell whether a caller came with the token, or is the visitor who proved the phone it was booked for."""
    proved = "visitor" in caller.roles and caller.subject is not None
    return (proved and caller.subject == one.person.phone_hash) or holder.holds(store, caller, KIND, one.id)


def require_holder(store: Store, caller: Caller, one: Appointment, *besides: str) -> None:
    """Make sure that a caller may see an appointment's person and act for them.

    Args:
        store: where it is.
        caller: who asks; staff of its department may too.
        one: the appointment, whose id proves nothing.
        besides: roles that may do this, too.

    Raises:
        NotTheHolder: the caller may not.
    """
    if not (
        caller.serves(one.department, *STAFF)
        or (besides and caller.has(*besides))
        or is_holder(store, caller, one)
    ):
        raise NotTheHolder


def renew_token(store: Store, caller: Caller, *, id: UUID, reason: str) -> Appointment:
    """Withdraw the token of a person who lost it; the next is in the answer.

    Whoever had it was answered the token of its ticket too, so ticketing is told to withdraw that.

    Args:
        store: in a transaction.
        caller: staff of its department.
        id: the appointment.
        reason: why, for the trail.

    Raises:
        NotFound, Forbidden, Conflict: no such appointment; the caller is no staff of its department, the token to be
            withdrawn does not suffice; it is over.
    """
    one = found(store.lock(caller.hall, str(id)))
    if not caller.serves(one.department, *STAFF):
        raise NotTheHolder
    if one.state not in LIVE:
        raise IllegalTransition(f"The appointment is {one.state}; it needs no token.", state=one.state)
    at = clock.now()
    number = holder.renew(store, KIND, caller.hall, one.id, at=at)
    if one.ticket is not None:
        told = {"id": one.id, "ticket": one.ticket["id"], "number": number}
        publish_later(store, events.token_event(told), caller=caller, at=at)
    return one


def shown(
    store: Store, caller: Caller, one: Appointment, *, made: bool = False, has_come: bool = False
) -> dict[str, Any]:
    """Return an appointment as its caller may see it; where a token goes the answer has a place for it.

    Args:
        store: where it is.
        caller: who asks.
        one: the appointment.
        made: it, or a new token of it, was made by this command, whose caller hands it to its person.
        has_come: its ticket was made by this command.
    """
    body: dict[str, Any] = _reply.dump(one)
    of_holder = is_holder(store, caller, one)
    if made or of_holder:
        body["token"] = _place(store, KIND, one.hall, one.id)
    if of_holder and one.rescheduled_to:
        number = holder.number_of(store, KIND, one.hall, one.rescheduled_to)
        # The link to the first may be what was lost: it does not lead to a token that staff gave anew.
        if number == holder.FIRST:
            body["rescheduled_to_token"] = holder.place(number)
    if body["ticket"] and (has_come or of_holder):
        place = _place(store, TICKET, one.hall, body["ticket"]["id"])
        body["ticket"] = {**body["ticket"], "token": place}
    return body


def _place(store: Store, kind: str, hall: str, id_: str) -> str:
    return holder.place(holder.number_of(store, kind, hall, id_))


def filled(body: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with its tokens."""
    body = holder.filled(KIND, body["hall"], body)
    body = holder.filled(KIND, body["hall"], body, member="rescheduled_to_token", of="rescheduled_to")
    if body["ticket"]:
        body = {**body, "ticket": holder.filled(TICKET, body["hall"], body["ticket"])}
    return body
