"""Who may act for a ticket's visitor, and a new token for who lost theirs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.chassis import clock, holder
from services.chassis.caller import Caller
from services.chassis.inbox import Received
from services.chassis.outbox import publish_later
from services.ticketing import events
from services.ticketing.domain.ticket import KIND, OPEN, Ticket
from services.ticketing.errors import IllegalTransition, NotTheHolder
from services.ticketing.schemas import TicketReply
from services.ticketing.store import Store
from services.ticketing.use_cases.views import view

STAFF = ("clerk", "operator", "manager")
_reply = TicketReply()


def require_holder(store: Store, caller: Caller, ticket: Ticket) -> None:
    """Make sure that a caller has a ticket's token, or is staff of its department: its id proves nothing.

    Raises:
        NotTheHolder: the caller is neither.
    """
    if not caller.serves(ticket.department, *STAFF) and not holder.holds(store, caller, KIND, ticket.id):
        raise NotTheHolder


def renew_token(store: Store, caller: Caller, *, id: UUID, reason: str) -> dict[str, Any]:
    """Withdraw the token of a visitor who lost the slip, and answer the next, for a slip that is printed anew.

    Args:
        store: in a transaction.
        caller: staff of the ticket's department.
        id: the ticket.
        reason: why, for the trail.

    Raises:
        NoSuchTicket: there is none.
        NotTheHolder: the caller is no staff of its department; the token to be withdrawn does not suffice.
        IllegalTransition: the visit is over.
    """
    ticket = store.lock_ticket(caller.hall, str(id))
    if not caller.serves(ticket.department, *STAFF):
        raise NotTheHolder
    if ticket.state not in OPEN:
        raise IllegalTransition(
            f"The ticket is {ticket.state}; only an open one gets a new slip.", state=ticket.state
        )
    number = _renew(store, caller, ticket.id, appointment=ticket.appointment, at=clock.now())
    return {**_reply.dump(view(ticket)), "token": holder.place(number)}


def follow_appointments(store: Store, renewed: Sequence[Received]) -> None:
    """Withdraw the tokens of tickets whose appointments' tokens were withdrawn: those were answered these."""
    # One order for all who renew several.
    for event in sorted(renewed, key=lambda each: each.data["ticket"]):
        caller = Caller(hall=event.hall, call_id=event.call_id)
        _renew(store, caller, event.data["ticket"], appointment=event.data["id"], at=clock.now())


def _renew(store: Store, caller: Caller, id_: str, *, appointment: str | None, at: datetime) -> int:
    """Withdraw a ticket's token and tell appointments which counts now."""
    number = holder.renew(store, KIND, caller.hall, id_, at=at)
    if appointment is not None:
        told = {"id": id_, "appointment": appointment, "number": number}
        publish_later(store, events.token_event(told), caller=caller, at=at)
    return number


def filled(body: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with its token."""
    answer: dict[str, Any] = holder.filled(KIND, body["hall"], body)
    return answer
