"""Commendations."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.outbox import publish_later
from services.chassis.trail import was
from services.quality.domain import commendations as rules
from services.quality.domain.commendations import Commendation
from services.quality.events import commendation_event
from services.quality.schemas.commendations import CommendationEvent
from services.quality.store import Store
from services.quality.use_cases.common import require_analyst


def record_commendation(
    store: Store, caller: Caller, *, department: str, kind: str, received_on: date, note: str
) -> Commendation:
    """Record a letter, banner or plaque.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
        NotYet: as `domain.commendations.record`.
        UnknownDepartment: there is no such department.
    """
    require_analyst(caller)
    at = clock.now()
    given = Commendation(
        hall=caller.hall,
        id=str(uuid4()),
        department=department,
        kind=kind,
        received_on=received_on,
        note=note,
        recorded_by=caller.username or "",
        recorded_at=at,
    )
    store.add_commendation(rules.record(given, today=clock.business_date(at)))
    _tell(store, caller, "recorded", given, at=at)
    return given


def correct_commendation(
    store: Store, caller: Caller, *, id: UUID, reason: str, **changes: Any
) -> dict[str, Any]:
    """Set a commendation right; what it was before is kept.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
        NoSuchCommendation: there is none.
        AlreadyWithdrawn, NotYet: as `domain.commendations.correct`.
        UnknownDepartment: there is no such department.
    """
    require_analyst(caller)
    at = clock.now()
    before = store.commendation(caller.hall, str(id), hold=True)
    was(store, vars(before))
    after = rules.correct(before, today=clock.business_date(at), **changes)
    store.save_commendation(after, reason=reason, by=caller.username or "", at=at)
    _tell(store, caller, "corrected", after, at=at)
    return _with_history(store, after)


def withdraw_commendation(store: Store, caller: Caller, *, id: UUID, reason: str) -> dict[str, Any]:
    """Count a commendation no more.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
        NoSuchCommendation: there is none.
        AlreadyWithdrawn: it was withdrawn before.
    """
    require_analyst(caller)
    at = clock.now()
    before = store.commendation(caller.hall, str(id), hold=True)
    was(store, vars(before))
    after = rules.withdraw(before, at=at)
    store.save_commendation(after, reason=reason, by=caller.username or "", at=at)
    _tell(store, caller, "withdrawn", after, at=at)
    return _with_history(store, after)


def get_commendation(store: Store, caller: Caller, *, id: UUID) -> dict[str, Any]:
    """Return a commendation with what it was before each change.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
        NoSuchCommendation: there is none.
    """
    require_analyst(caller)
    return _with_history(store, store.commendation(caller.hall, str(id)))


def list_commendations(
    store: Store, caller: Caller, *, since: date, until: date, **wanted: str | None
) -> list[Commendation]:
    """Return the commendations received on these dates, the newest first; withdrawn ones are left out.

    Raises:
        LeadersOnly: the caller is neither analyst nor manager.
    """
    require_analyst(caller)
    return store.commendations(
        caller.hall,
        since=since,
        until=until,
        department=wanted.get("department"),
        kind=wanted.get("kind"),
    )


def _with_history(store: Store, commendation: Commendation) -> dict[str, Any]:
    changes = store.commendation_changes(commendation.hall, commendation.id)
    return {**asdict(commendation), "history": changes}


def _tell(store: Store, caller: Caller, verb: str, commendation: Commendation, *, at: datetime) -> None:
    data = CommendationEvent().dump(commendation)
    publish_later(store, commendation_event(verb, data, version=commendation.version), caller=caller, at=at)
