"""Giving a number."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import uuid4

from psycopg import errors as pg

from services.chassis import clock, holder, personal, wire
from services.chassis.caller import Caller
from services.chassis.commands import Answer, stored_answer
from services.chassis.outbox import envelope
from services.chassis.trail import tell_act
from services.closures import Closure
from services.ticketing import events
from services.ticketing.domain.estimate import Range
from services.ticketing.domain.queue import Item, Queue
from services.ticketing.domain.ticket import KIND, Ticket
from services.ticketing.errors import ClerksOnly, CutOff, HallClosed, NotYourQueue, UnknownItem
from services.ticketing.schemas import TicketReply
from services.ticketing.store import Store
from services.ticketing.use_cases.situation import Situation, Situations
from services.ticketing.use_cases.views import event_data, view

PURPOSE = "ticket"
DEFAULT_LANGUAGE = "zh"
_reply = TicketReply()


def issue_ticket(
    store: Store,
    situations: Situations,
    caller: Caller,
    mark: str,
    *,
    item: str,
    channel: str,
    class_: str = "walk_in",
    phone: str | None = None,
    language: str | None = None,
    reason: str | None = None,
    cutoff_override: str | None = None,
) -> Answer:
    """Give a number in the queue of an item.

    Everything happens in one statement: number, ticket, first state, event and stored answer; in its transaction the
    trail is told that staff gave it. A phone number is kept sealed beside it, so that the visitor can be told when the
    turn is near. The answer alone has the holder's token.

    Args:
        store: in autocommit.
        situations: what is going on in the hall.
        caller: a kiosk, clerk or operator.
        mark: fingerprint of the request.
        item: code of the item.
        channel: kiosk, window, phone or web.
        class_: urgent (the department's clerks and managers only, with a reason), priority or walk_in.
        phone: where the visitor can be reached.
        language: of the message to them, zh or en.
        reason: why the ticket is urgent.
        cutoff_override: why a number is given although the queue is cut off; clerks and managers only.

    Raises:
        UnknownItem: the hall does not offer the item.
        PhoneInvalid: this is no phone number.
        ClerksOnly: an urgent ticket or an override from somebody else.
        NotYourQueue: an urgent one by another department's clerk.
        HallClosed: outside the opening hours.
        CutOff: the queue cannot serve another ticket today.
        KeyReused: the idempotency key belongs to another request.
    """
    at = clock.now()
    situation = situations.current(store, caller.hall, at)
    urgent = class_ == "urgent"
    if (urgent or cutoff_override) and not caller.has("clerk", "manager"):
        raise ClerksOnly
    contact = _contact(phone, language)
    try:
        found, queue = offered(situation, item, at=at)
        if urgent:
            _require_own(store, caller, queue)
        require_open(situation, queue, found, at=at)
        if not cutoff_override:
            _require_time(situation, queue, found, at=at)
    except (UnknownItem, HallClosed, CutOff):
        # A repeat gets its first answer, also when that was the last number of the day.
        if caller.command_id and store.was_answered(caller.command_id):
            return _with_token(stored_answer(store, caller.command_id, mark))
        raise
    ticket = new_ticket(
        situation,
        queue,
        found,
        at=at,
        reference_at=at,
        channel=channel,
        class_=class_,
        reason=reason,
        cutoff_override=cutoff_override,
    )
    if contact["phone_hash"] is not None:
        ticket = replace(ticket, same_phone=store.same_phone(ticket, contact["phone_hash"]))
    stored = {**contact, "command_id": caller.command_id, "fingerprint": mark}
    try:
        if caller.is_staff:
            given = _give_by_staff(store, situation, caller, ticket, stored=stored)
        else:
            given = give(store, situation, caller, ticket, stored=stored)
    except pg.UniqueViolation as taken:
        if taken.diag.constraint_name != "commands_pkey":
            raise
        given = stored_answer(store, caller.command_id, mark)
    return _with_token(given)


def _give_by_staff(
    store: Store, situation: Situation, caller: Caller, ticket: Ticket, *, stored: Mapping[str, str | None]
) -> Answer:
    """Give a number to somebody for whom staff ask, and tell the trail so; arguments as for `give`."""
    with store.transaction():
        given = give(store, situation, caller, ticket, stored=stored)
        asked = {"id": ticket.id, "reason": ticket.reason, "cutoff_override": ticket.cutoff_override}
        tell_act(store, "ticketing", "issue_ticket", caller=caller, request=asked, after=given.body)
    return given


def _with_token(answer: Answer) -> Answer:
    """Return the answer to an issue with the holder's token, which is not stored with it."""
    body = {**answer.body, "token": holder.place()}
    return replace(answer, body=holder.filled(KIND, body["hall"], body))


def give(
    store: Store, situation: Situation, caller: Caller, ticket: Ticket, *, stored: Mapping[str, str | None]
) -> Answer:
    """Give a ticket its number and keep it.

    Args:
        store: in autocommit.
        situation: what is going on in the hall.
        caller: who asked for it.
        ticket: as `new_ticket` made it.
        stored: what is kept beside it: `command_id` and `fingerprint`, `phone_sealed`, `phone_hash` and
            `language`.

    Raises:
        psycopg.errors.UniqueViolation: the command was done before, or the appointment has a ticket.
    """
    queue, hours = situation.reference.queues[ticket.queue], situation.reference.hours
    told = None if ticket.p50_s is None or ticket.p90_s is None else Range(ticket.p50_s, ticket.p90_s)
    body = _reply.dump(view(ticket, estimate=told, windows_open=situation.windows_open(queue)))
    event = events.ticket_event("issued", event_data(ticket), version=ticket.version)
    number, ahead = store.issue(
        {
            **ticket.__dict__,
            **stored,
            "prefix": queue.prefix,
            "since": hours.since(ticket.issued_at, queue.department),
            "event": wire.dumps(envelope(event, caller=caller, at=ticket.issued_at)),
            "answer": wire.dumps(body),
        },
        reachable=ticket.appointment is not None or stored["phone_sealed"] is not None,
    )
    situation.waits_one_more(ticket)
    return Answer({**body, "number": number, "ahead": ahead})


def _contact(phone: str | None, language: str | None) -> Mapping[str, str | None]:
    """Return what is kept of a phone number; nothing of a language without one."""
    if phone is None:
        return {"phone_sealed": None, "phone_hash": None, "language": None}
    return contact_of(phone, language)


def contact_of(phone: str, language: str | None) -> dict[str, str]:
    """Return what is kept of the phone that a visitor leaves.

    Raises:
        PhoneInvalid: this is no phone number.
    """
    number = personal.phone_number(phone)
    sealed = personal.vault().seal(number, purpose=PURPOSE)
    hashed = personal.phone_hash(number)
    return {"phone_sealed": sealed, "phone_hash": hashed, "language": language or DEFAULT_LANGUAGE}


def _require_own(store: Store, caller: Caller, queue: Queue) -> None:
    """Make sure that a clerk favours visitors of the own department alone, or of the queues of the window they sit at.

    Raises:
        NotYourQueue: it is another's.
    """
    if caller.has("manager") or caller.department in (None, queue.department):
        return
    seat = store.seat_of(caller.hall, caller.username)
    if seat is None or queue.code not in seat.queues:
        raise NotYourQueue


def offered(situation: Situation, item: str, *, at: datetime, promised: bool = False) -> tuple[Item, Queue]:
    """Return an item that is offered today, with its queue; copies arrive in any order, so that one may be missing.

    Args:
        situation: what is going on in the hall.
        item: its code.
        at: now.
        promised: whoever asks was promised it, so that it need not be offered to others any more.

    Raises:
        UnknownItem: it is not.
    """
    known = situation.reference.items.get(item)
    found = known and known.on(clock.business_date(at))
    queue = situation.reference.queues.get(found.queue) if found else None
    if found is None or queue is None or not (promised or found.state == "active"):
        raise UnknownItem(errors={"item": ["The hall does not offer this item now."]})
    return found, queue


def require_open(situation: Situation, queue: Queue, item: Item, *, at: datetime) -> None:
    """Make sure that numbers are given now.

    Raises:
        HallClosed: they are not; for a closure with its words.
    """
    closure = situation.reference.closure_of(queue, at)
    if closure is not None:
        words = closure_told(situation, closure)
        raise HallClosed(closure=words, **_instead(item, situation.next_opening(queue, at)))
    if not situation.reference.hours.is_open(at, queue.department):
        raise HallClosed(**_instead(item, situation.next_opening(queue, at)))


def closure_told(situation: Situation, closure: Closure) -> dict[str, Any]:
    """Return the words of a closure and until when it is, as a visitor is told."""
    words = situation.reference.closed_for.get(closure.id, {})
    return {
        "reason": words.get("reason", ""),
        "reason_en": words.get("reason_en", ""),
        "until": closure.ends_at.isoformat(),
    }


def _require_time(situation: Situation, queue: Queue, item: Item, *, at: datetime) -> None:
    if situation.is_cut_off(queue, own_service_s=item.service_seconds, at=at):
        raise CutOff(**_instead(item, situation.next_opening(queue, situation.closing(queue, at))))


def _instead(item: Item, following: datetime | None) -> dict[str, Any]:
    """Return what a visitor can do instead: book a slot, or come again when the hall opens."""
    if following is None:
        return {"opens_at": None, "alternatives": []}
    day = clock.business_date(following)
    until = day + timedelta(days=14)
    alternatives = [
        {
            "kind": "appointment",
            "item": item.code,
            "slots": f"/api/v1/slots?item={item.code}&from={day}&to={until}",
        },
        {"kind": "next_opening", "opens_at": following.isoformat()},
    ]
    return {"opens_at": following.isoformat(), "alternatives": alternatives}


def new_ticket(
    situation: Situation,
    queue: Queue,
    item: Item,
    *,
    at: datetime,
    reference_at: datetime,
    channel: str,
    class_: str,
    appointment: str | None = None,
    reason: str | None = None,
    cutoff_override: str | None = None,
) -> Ticket:
    """Return a ticket without its number; `reference_at` is the moment from which its score grows."""
    load = situation.loads.get(queue.code)
    waiting = load.waiting if load else 0
    ahead = waiting if reference_at > at else _will_be_called_before(waiting, queue, class_)
    estimate = situation.estimate(queue, ahead=ahead, own_service_s=item.service_seconds, at=at)
    return Ticket(
        hall=queue.hall,
        id=str(uuid4()),
        number="",
        issued_queue=queue.code,
        ordinal=0,
        business_date=clock.business_date(at),
        queue=queue.code,
        department=queue.department,
        zone=queue.zone,
        item=item.code,
        service_seconds=item.service_seconds,
        class_=class_,
        channel=channel,
        appointment=appointment,
        state="waiting",
        rate=queue.rate(class_),
        reference_at=reference_at,
        overdue_at=reference_at + timedelta(seconds=queue.max_wait_s),
        window=None,
        clerk=None,
        extended=situation.reference.hours.in_session(at, queue.department),
        reason=reason,
        cutoff_override=cutoff_override,
        issued_at=at,
        first_called_at=None,
        called_at=None,
        started_at=None,
        finished_at=None,
        service_s=None,
        calls=0,
        misses=0,
        requeues=0,
        ahead_at_issue=0,
        p50_s=estimate.p50_s if estimate else None,
        p90_s=estimate.p90_s if estimate else None,
        version=1,
        stretch_at=at,
        stretch_item=item.code,
    )


def _will_be_called_before(waiting: int, queue: Queue, class_: str) -> int:
    """Return how many of those waiting a new ticket will have to let go first.

    A class with a higher rate overtakes: of those ahead, about the part rate(walk_in) / rate(class) is called before
    it (Kleinrock 1976, Queueing Systems II, 3.7: waits of two classes are as their rates in heavy traffic).
    """
    if class_ == "urgent":
        return 0
    return ceil(waiting * min(1.0, queue.rate("walk_in") / queue.rate(class_)))
