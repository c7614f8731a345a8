"""Cases from their acceptance to their delivery."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from services.cases import events, schemas
from services.cases.domain import case as domain
from services.cases.domain.calendar import Calendar
from services.cases.domain.case import Case, Item, Ticket
from services.cases.domain.limit import Stop
from services.cases.errors import ItemNotHeard, NoSuchCase
from services.cases.store import Store
from services.cases.use_cases import joint, retiming
from services.cases.use_cases.common import STAFF, require
from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.inbox import Received
from services.chassis.outbox import publish_later

_TICKET = schemas.Ticket()
_CASE_STATE = schemas.CaseState()


def require_acceptor(caller: Caller) -> None:
    """Make sure that a caller may accept business, before anything is asked for them.

    Raises:
        StaffOnly: they may not.
    """
    require(caller, "clerk", "operator")


def accept_case(
    store: Store,
    caller: Caller,
    *,
    ticket: Mapping[str, Any],
    item: str,
    applicant_ref: str | None = None,
    joint_case: str | None = None,
) -> Case:
    """Accept business at a window, on the ticket that is being served there.

    Args:
        store: the database.
        caller: the clerk at the window, or an administrator.
        ticket: as ticketing gave it.
        item: code of the item; of the ticket's department.
        applicant_ref: opaque reference to the applicant.
        joint_case: the case of several departments that this one is a step of; a number of the hall's own form is
            one of the hall's, any other names one that is kept elsewhere.

    Raises:
        Conflict: the ticket is not being served, or is another department's than the item; the step of the joint case
            cannot begin now.
        Forbidden: the ticket is at another window.
        Invalid: the hall does not offer the item, knows no such joint case, or it has no step of this item.
    """
    require_acceptor(caller)
    store.use_calendar(caller.hall)
    found: Ticket = _TICKET.load(ticket)
    domain.check_window(found, username=caller.username, is_admin=caller.has())
    at = clock.now()
    published, calendar = store.item_and_calendar(caller.hall, item, since=clock.business_date(at).year)
    of_item = domain.check_item(published, found, on=clock.business_date(at))
    case = _received(caller, found, of_item, at=at, applicant_ref=applicant_ref, joint_case=joint_case)
    begins = joint.to_begin(store, caller, case)
    accepted = _accept(store, caller, case, of_item, calendar, at=at)
    begins(accepted)
    return accepted


def _received(
    caller: Caller,
    ticket: Ticket,
    item: Item,
    *,
    at: datetime,
    applicant_ref: str | None,
    joint_case: str | None,
) -> Case:
    blank = _case(caller, item, at=at, origin=ticket.origin)
    return replace(
        blank,
        ticket=ticket.id,
        window=ticket.window,
        applicant_ref=applicant_ref,
        joint_case=joint_case,
    )


def _case(caller: Caller, item: Item, *, at: datetime, origin: str) -> Case:
    return Case(
        hall=caller.hall,
        number="",
        item=item.code,
        department=item.department,
        state="received",
        origin=origin,
        ticket=None,
        window=None,
        clerk=caller.username,
        applicant_ref=None,
        joint_case=None,
        business_date=clock.business_date(at),
        accepted_at=None,
        due_on=None,
        decided_at=None,
        decided_on=None,
        version=1,
    )


def _accept(
    store: Store, caller: Caller, received: Case, item: Item, calendar: Calendar, *, at: datetime
) -> Case:
    """Number a received case and accept it; the number comes last, its row is locked until the commit."""
    today = received.business_date
    accepted = domain.accept(
        received, at=at, on=today, time_limit_days=item.time_limit_days, calendar=calendar
    )
    serial = store.next_serial(caller.hall, today.year)
    case = domain.numbered(accepted, year=today.year, serial=serial)
    store.add_case(case, year=today.year, serial=serial)
    store.enter_states(case, ["received", "accepted"], at=at, by=caller.username)
    _publish(store, caller, "accepted", case, at=at)
    return case


def accept_on_site(store: Store, received: Sequence[Received]) -> None:
    """Make the cases of what crews accepted at applicants' places, each once.

    An item that was withdrawn since the visit still counts, because it was accepted.

    Raises:
        ItemNotHeard: the catalogue's fact is not here yet; the event comes again.
    """
    for hall in sorted({event.hall for event in received}):
        store.use_calendar(hall)
    for event in received:
        done = store.accepted_on_site(event.hall, event.data["id"])
        caller = Caller(hall=event.hall, call_id=event.call_id, username=event.data["ended_by"])
        for nth, each in enumerate(event.data["cases"]):
            if nth not in done:
                _accept_on_site(store, caller, event, each["item"], nth)


def _accept_on_site(store: Store, caller: Caller, event: Received, code: str, nth: int) -> None:
    at: datetime = event.data["ended_at"]
    item, calendar = store.item_and_calendar(caller.hall, code, since=clock.business_date(at).year)
    if item is None:
        raise ItemNotHeard(f"Item {code} was never heard of.")
    item = item.on(clock.business_date(at))
    blank = _case(caller, item, at=at, origin="on_site")
    case = replace(blank, onsite_order=event.data["id"], onsite_nth=nth)
    _accept(store, caller, case, item, calendar, at=at)


def decide_case(
    store: Store, caller: Caller, *, number: str, outcome: str, reason: str | None = None
) -> Case:
    """Grant or refuse what an accepted case asks for; both are decisions, and count as such.

    Raises:
        NotFound, Forbidden, Conflict: no such case, another department's, or its state forbids it.
        Invalid: it is refused without a reason.
    """
    case = _case_to_change(store, caller, number)
    at = clock.now()
    decided = domain.decide(case, at=at, on=clock.business_date(at), outcome=outcome, reason=reason)
    joint.follow(store, caller, decided, at=at)
    return _save(store, caller, "decided", decided, domain.way_to_decision(case), at=at, reason=reason)


def deliver_case(store: Store, caller: Caller, *, number: str) -> Case:
    """Hand the decision over to the applicant.

    Raises:
        NotFound, Forbidden, Conflict: no such case, another department's, or its state forbids it.
    """
    delivered = domain.enter(_case_to_change(store, caller, number), "delivered")
    return _save(store, caller, "delivered", delivered, ["delivered"], at=clock.now())


def correct_case(store: Store, caller: Caller, *, number: str, reason: str) -> Case:
    """Ask the applicant for corrected materials; the clock stops.

    Raises:
        NotFound, Forbidden, Conflict: no such case, another department's, or its state forbids it.
    """
    case, stops, calendar = _clock_to_change(store, caller, number)
    at = clock.now()
    stopped = domain.stop(case, stops=stops, on=clock.business_date(at), calendar=calendar)
    return _save(store, caller, "correction_requested", stopped, ["correction"], at=at, reason=reason)


def resume_case(store: Store, caller: Caller, *, number: str) -> Case:
    """Go on with a case whose materials are back; the due date is worked out from the working days left.

    Raises:
        NotFound, Forbidden, Conflict: no such case, another department's, or its state forbids it.
    """
    case, stops, calendar = _clock_to_change(store, caller, number)
    at = clock.now()
    before = store.history(case)[-2].state
    resumed = domain.resume(case, to=before, stops=stops, on=clock.business_date(at), calendar=calendar)
    return _save(store, caller, "resumed", resumed, [resumed.state], at=at)


def reject_case(store: Store, caller: Caller, *, number: str, reason: str) -> Case:
    """Turn a case down that was only received, or whose corrected materials did not come.

    Raises:
        NotFound, Forbidden, Conflict: no such case, another department's, or its state forbids it.
    """
    rejected = domain.enter(_case_to_change(store, caller, number), "rejected")
    at = clock.now()
    joint.follow(store, caller, rejected, at=at)
    return _save(store, caller, "rejected", rejected, ["rejected"], at=at, reason=reason)


def get_case(store: Store, caller: Caller, *, number: str) -> dict[str, Any]:
    """Return a case with its history.

    Raises:
        NotFound: there is no such case, or it is not the caller's to see.
        Forbidden: the caller is no staff.
    """
    require(caller, *STAFF)
    case = store.case(caller.hall, number)
    if case is None or not _may_see(store, caller, case):
        raise NoSuchCase
    derived = {"on_time": case.on_time, "outcome": case.outcome}
    return {**asdict(case), **derived, "history": store.history(case)}


def list_cases(store: Store, caller: Caller, *, ticket: str) -> dict[str, Any]:
    """Return the cases accepted on a ticket that are the caller's to see.

    Raises:
        Forbidden: the caller is no staff.
    """
    require(caller, *STAFF)
    found = store.cases_of_ticket(caller.hall, ticket)
    return {"items": [case for case in found if _may_see(store, caller, case)]}


def list_my_cases(store: Store, caller: Caller) -> dict[str, Any]:
    """Return the cases that the caller accepted today, the newest first.

    Raises:
        Forbidden: the caller is no staff.
    """
    require(caller, *STAFF)
    today = clock.business_date(clock.now())
    return {"items": store.cases_of_clerk(caller.hall, caller.username or "", today)}


def _may_see(store: Store, caller: Caller, case: Case) -> bool:
    """Tell whether a case is the caller's to see: numbers count up, so that anybody can name all of them.

    Clerks see those of their department, those they accepted, and those of joint cases their department takes part in.
    """
    if caller.has("operator", "manager", "analyst") or caller.department in (None, case.department):
        return True
    if case.clerk is not None and case.clerk == caller.username:
        return True
    return case.joint_case is not None and store.takes_part(caller.hall, case.joint_case, caller.department)


def _case_to_change(store: Store, caller: Caller, number: str) -> Case:
    require(caller, "clerk")
    case = store.case_to_change(caller.hall, number)
    if case is None:
        raise NoSuchCase
    domain.check_department(case, department=caller.department, is_admin=caller.has())
    return case


def _clock_to_change(store: Store, caller: Caller, number: str) -> tuple[Case, list[Stop], Calendar]:
    """Return a case whose clock is to be stopped or to go on, when it stood still, and the working days."""
    store.use_calendar(caller.hall)
    case = _case_to_change(store, caller, number)
    stops = retiming.stops_of(store, caller.hall, [case]).get(number, [])
    return case, stops, store.calendar(caller.hall, since=case.business_date.year)


def _save(
    store: Store,
    caller: Caller,
    verb: str,
    case: Case,
    states: Sequence[str],
    *,
    at: datetime,
    reason: str | None = None,
) -> Case:
    store.save_case(case)
    store.enter_states(case, states, at=at, by=caller.username, reason=reason)
    _publish(store, caller, verb, case, at=at)
    return case


def _publish(store: Store, caller: Caller, verb: str, case: Case, *, at: datetime) -> None:
    event = events.case_event(verb, _CASE_STATE.dump(case), version=case.version)
    publish_later(store, event, caller=caller, at=at)
