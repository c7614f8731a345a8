"""Closures: announced, ended early or called off, and told whole to whoever keeps promises."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from services.catalogue import events
from services.catalogue.domain import closures as rules
from services.catalogue.domain.closures import Closure
from services.catalogue.domain.places import Window
from services.catalogue.errors import ClosureInvalid, NoSuchClosure, NotYourDepartment, RoleMissing
from services.catalogue.store import Store
from services.catalogue.use_cases.items import publish
from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.outbox import Event


def list_closures(
    store: Store,
    caller: Caller,
    *,
    state: str | None = None,
    department: str | None = None,
    window: str | None = None,
) -> dict[str, Any]:
    """Return the closures, those that begin last first; only staff are told by whom they are."""
    at = clock.now()
    found = [closure for closure, _ in store.closures(caller.hall)]
    return {
        "items": [
            _shown(closure, caller, at)
            for closure in found
            if state in (None, closure.state(at))
            and department in (None, closure.department)
            and window in (None, closure.window)
        ]
    }


def announce_closure(store: Store, caller: Caller, **closure: Any) -> dict[str, Any]:
    """Close the hall, a department or a window from moment to moment; what has begun already begins now.

    Raises:
        RoleMissing, NotYourDepartment: the caller may not close it.
        ClosureInvalid: there is no such place, or the times are none.
    """
    wanted = _wanted(store, caller, **closure)
    store.add_closure(caller.hall, wanted)
    publish(store, caller, [_told(store, caller.hall, wanted, version=1)])
    return _shown(wanted, caller, wanted.recorded_at)


def look_at_closure(store: Store, caller: Caller, **closure: Any) -> dict[str, Any]:
    """Return a closure as services are asked whom it would touch.

    Raises:
        RoleMissing, NotYourDepartment, ClosureInvalid: as announcing it.
    """
    wanted = _wanted(store, caller, **closure)
    days = rules.whole_days(wanted, store.hours(caller.hall), clock.hall_zone())
    return {**_ends(wanted), "days": [day.isoformat() for day in days]}


def _ends(closure: Closure) -> dict[str, Any]:
    return {
        "department": closure.department,
        "window": closure.window,
        "starts_at": closure.starts_at.isoformat(),
        "ends_at": closure.ends_at.isoformat(),
    }


def _wanted(store: Store, caller: Caller, *, scope: str, starts_at: datetime, **about: Any) -> Closure:
    at = clock.now()
    wanted = Closure(
        id=str(uuid4()),
        **about,
        starts_at=max(at, starts_at),
        recorded_at=at,
        recorded_by=caller.username,
    )
    _require(store, caller, wanted)
    if found := rules.faults(replace(wanted, starts_at=starts_at), at=at):
        raise ClosureInvalid(errors=found)
    return wanted


def end_closure(store: Store, caller: Caller, *, id: UUID) -> dict[str, Any]:
    """Open again before a closure is over, or call it off before it begins.

    Raises:
        NoSuchClosure: there is none with this id.
        RoleMissing, NotYourDepartment: the caller may not end it.
        ClosureOver: it has ended, or was called off.
    """
    before = store.lock_closure(caller.hall, str(id))
    if before is None:
        raise NoSuchClosure
    _require(store, caller, before)
    at = clock.now()
    ended = rules.end(before, at=at, by=caller.username)
    version = store.end_closure(caller.hall, ended)
    publish(store, caller, [_told(store, caller.hall, ended, version=version)])
    return _shown(ended, caller, at)


def told_closures(store: Store, hall: str) -> list[Event]:
    """Return what is published of all closures of a hall, with the versions they have."""
    return [_told(store, hall, closure, version=version) for closure, version in store.closures(hall)]


def _require(store: Store, caller: Caller, closure: Closure) -> None:
    if not caller.has("manager"):
        raise RoleMissing
    department = closure.department
    if closure.window is not None:
        place, _ = store.versions(caller.hall, Window).get(closure.window, (None, 0))
        if not isinstance(place, Window):
            raise ClosureInvalid(errors={"window": ["The hall has no such window."]})
        department = place.department
    elif department is not None and department not in {each.code for each in store.departments(caller.hall)}:
        raise ClosureInvalid(errors={"department": ["The hall has no such department."]})
    # A manager of one department closes no other, and not the hall.
    if not caller.has() and caller.department not in (None, department):
        raise NotYourDepartment


def _told(store: Store, hall: str, closure: Closure, *, version: int) -> Event:
    days = rules.whole_days(closure, store.hours(hall), clock.hall_zone())
    return events.closure_published(closure, days=days, sequence=version)


def _shown(closure: Closure, caller: Caller, at: datetime) -> dict[str, Any]:
    names = {} if caller.is_staff else {"recorded_by": None, "ended_by": None}
    return {
        **asdict(closure),
        "scope": closure.scope,
        "until": closure.until,
        "state": closure.state(at),
        **names,
    }
