"""How visitors found the service, and the loop that follows a bad one up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.holder import holds
from services.chassis.outbox import publish_later
from services.chassis.trail import was
from services.ticketing import events
from services.ticketing.domain import evaluation as rules
from services.ticketing.domain.evaluation import Evaluation
from services.ticketing.domain.ticket import KIND
from services.ticketing.errors import (
    AlreadyEvaluated,
    IllegalTransition,
    ManagersOnly,
    NotThatDepartment,
    NotYourFollowUp,
    VisitorsOnly,
)
from services.ticketing.store import Store

NO_STAFF = frozenset({"visitor", "kiosk"})
READERS = ("analyst", "manager")
MOST_TASKS = 200
# What others hear: nothing that a visitor or the staff wrote.
TOLD = (
    "ticket",
    "business_date",
    "queue",
    "department",
    "item",
    "window",
    "clerk",
    "level",
    "recorded_at",
    "follow_up",
    "due_on",
)


def evaluate_ticket(
    store: Store, caller: Caller, *, id: str, level: int, comment: str | None = None
) -> dict[str, Any]:
    """Record how a visitor found the service, once a visit.

    Args:
        store: in a transaction.
        caller: who holds the ticket, and is no staff.
        id: the ticket.
        level: 1 (very bad) to 5 (very good).
        comment: a few words.

    Raises:
        NoSuchTicket: there is none.
        VisitorsOnly: the caller has not its token, or is staff.
        IllegalTransition: the visit is not over.
        AlreadyEvaluated: it was evaluated before.
    """
    ticket = store.lock_ticket(caller.hall, id)
    if caller.roles - NO_STAFF or not holds(store, caller, KIND, ticket.id):
        raise VisitorsOnly
    at = clock.now()
    if ticket.state != "served":
        raise IllegalTransition(
            f"The ticket is {ticket.state}; only a served one is evaluated.", state=ticket.state
        )
    given = Evaluation(
        hall=ticket.hall,
        ticket=ticket.id,
        business_date=ticket.business_date,
        queue=ticket.queue,
        department=ticket.department,
        item=ticket.stretch_item,
        window=ticket.window,
        clerk=ticket.clerk,
        level=level,
        comment=comment,
        recorded_at=at,
        follow_up=rules.first_follow_up(level),
    )
    if not store.add_evaluation(given):
        raise AlreadyEvaluated
    _tell(store, "recorded", given, caller=caller, at=at)
    return given.__dict__


def require_manager(caller: Caller) -> None:
    """Refuse whoever may not follow evaluations up.

    Raises:
        ManagersOnly: the caller is no manager.
    """
    if not caller.has("manager"):
        raise ManagersOnly


def assign_evaluation(
    store: Store, caller: Caller, *, ticket: UUID, owner: str, owner_roles: Sequence[str], due_on: date
) -> Evaluation:
    """Have somebody follow a negative evaluation up.

    Args:
        store: in a transaction.
        caller: a manager.
        ticket: of the visit.
        owner: an account.
        owner_roles: its roles, none where there is no such account.
        due_on: the last day.

    Raises:
        NoSuchOwner: as `domain.evaluation.require_owner`.
        ManagersOnly, NotThatDepartment: the caller is no manager, or of another department.
        NoSuchEvaluation: the visit was not evaluated.
        FollowUpRefused, DueInThePast: as `domain.evaluation.assign`.
    """
    require_manager(caller)
    before, at = _held(store, caller, ticket), clock.now()
    rules.require_owner(owner_roles)
    after = rules.assign(before, owner=owner, due_on=due_on, today=clock.business_date(at))
    if replace(after, version=before.version) != before:
        _step(store, "assigned", after, caller=caller, at=at)
    return after


def follow_up_evaluation(store: Store, caller: Caller, *, ticket: UUID, result: str) -> Evaluation:
    """Say what came of a follow-up.

    Raises:
        ManagersOnly, NotThatDepartment: the caller is no manager, or of another department.
        NoSuchEvaluation: the visit was not evaluated.
        FollowUpRefused: nobody was given it, or it was followed up before.
    """
    require_manager(caller)
    return _answered(store, caller, _held(store, caller, ticket), result=result)


def answer_follow_up(store: Store, caller: Caller, *, ticket: UUID, result: str) -> Evaluation:
    """Say what came of a follow-up that the caller was given.

    Raises:
        NotYourFollowUp: it was given to somebody else, or to nobody.
        NoSuchEvaluation: the visit was not evaluated.
        FollowUpRefused: it was followed up before.
    """
    held = _held(store, caller, ticket)
    if caller.username is None or held.owner != caller.username:
        raise NotYourFollowUp
    return _answered(store, caller, held, result=result)


def _answered(store: Store, caller: Caller, held: Evaluation, *, result: str) -> Evaluation:
    after = rules.follow_up(held, result=result)
    _step(store, "followed_up", after, caller=caller, at=clock.now())
    return after


def list_evaluations(
    store: Store, caller: Caller, *, since: date | None, until: date | None, limit: int, **wanted: Any
) -> dict[str, Any]:
    """Return a page of evaluations, the newest first.

    Raises:
        ManagersOnly: the caller is neither manager nor analyst.
        NotThatDepartment: the caller is of another department.
    """
    if not caller.has(*READERS):
        raise ManagersOnly
    wanted["department"] = wanted.get("department") or caller.limited_to
    if caller.limited_to not in (None, wanted["department"]):
        raise NotThatDepartment
    found = store.evaluations(caller.hall, since=since, until=until, wanted=wanted, limit=limit + 1)
    page = found[:limit]
    return {"items": page, "next": page[-1].ticket if len(found) > limit else None}


def list_tasks(store: Store, caller: Caller) -> dict[str, Any]:
    """Return the follow-ups that the caller was given and has not answered, what is due first."""
    found = store.own_follow_ups(caller.hall, caller.username or "", limit=MOST_TASKS)
    rows = [
        {
            "id": each.ticket,
            "department": each.department,
            "due_on": each.due_on,
            "title": f"{each.number} · {each.business_date.isoformat()}",
            "text": each.comment,
        }
        for each in found
    ]
    return {"items": rows}


def _held(store: Store, caller: Caller, ticket: UUID) -> Evaluation:
    held = store.lock_evaluation(caller.hall, str(ticket))
    if caller.limited_to not in (None, held.department):
        raise NotThatDepartment
    was(store, {"level": held.level, "follow_up": held.follow_up, "owner": held.owner, "due_on": held.due_on})
    return held


def _step(store: Store, verb: str, after: Evaluation, *, caller: Caller, at: datetime) -> None:
    store.add_step(after, by=caller.username or "", at=at)
    _tell(store, verb, after, caller=caller, at=at)


def _tell(store: Store, verb: str, evaluation: Evaluation, *, caller: Caller, at: datetime) -> None:
    data = {name: getattr(evaluation, name) for name in TOLD}
    publish_later(
        store, events.evaluation_event(verb, data, version=evaluation.version), caller=caller, at=at
    )
