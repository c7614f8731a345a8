"""Giving a number to who comes with an appointment."""

from datetime import datetime
from uuid import UUID

from psycopg import errors as pg

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.commands import Answer
from services.ticketing.domain.ticket import Ticket
from services.ticketing.errors import ServicesOnly
from services.ticketing.schemas import TicketReply
from services.ticketing.store import Store
from services.ticketing.use_cases.issue import give, new_ticket, offered, require_open
from services.ticketing.use_cases.situation import Situation, Situations
from services.ticketing.use_cases.views import view_now

_reply = TicketReply()
# No command id: the appointment itself keeps a repeat from getting a second number, even one that asks otherwise.
_NOTHING = {"command_id": "", "fingerprint": "", "phone_sealed": None, "phone_hash": None, "language": None}


def check_in_ticket(
    store: Store,
    situations: Situations,
    caller: Caller,
    *,
    item: str,
    appointment: UUID,
    channel: str,
    class_: str,
    reference_at: datetime,
) -> Answer:
    """Give a number for an appointment, once; a repeat gets the same ticket as it is now.

    A queue that takes no more walk-ins takes this person: their place was promised. Whether it still holds on this day
    is judged by appointments, which asks.

    Args:
        store: in autocommit.
        situations: what is going on in the hall.
        caller: the service that keeps the appointments.
        item: code of the item.
        appointment: id of the appointment.
        channel: how it was booked: web, phone or window.
        class_: appointment, or walk_in for one who is late.
        reference_at: from when its score grows: the slot's start, also one ahead, or the check-in of one who is late.

    Raises:
        ServicesOnly: the caller is no service.
        UnknownItem: the hall never offered the item.
        HallClosed: outside the opening hours and extended sessions.
    """
    if not caller.has("service"):
        raise ServicesOnly
    at = clock.now()
    situation = situations.current(store, caller.hall, at)
    if given := store.ticket_of_appointment(caller.hall, str(appointment)):
        return _again(store, situation, given, at)
    found, queue = offered(situation, item, at=at, promised=True)
    require_open(situation, queue, found, at=at)
    ticket = new_ticket(
        situation,
        queue,
        found,
        at=at,
        reference_at=reference_at,
        channel=channel,
        class_=class_,
        appointment=str(appointment),
    )
    try:
        return give(store, situation, caller, ticket, stored=_NOTHING)
    except pg.UniqueViolation as taken:
        given = store.ticket_of_appointment(caller.hall, str(appointment))
        if taken.diag.constraint_name != "one_ticket_an_appointment" or given is None:
            raise
        return _again(store, situation, given, at)


def _again(store: Store, situation: Situation, ticket: Ticket, at: datetime) -> Answer:
    return Answer(_reply.dump(view_now(store, situation, ticket, at)), replayed=True)
