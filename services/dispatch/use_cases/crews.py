"""Crews made, changed and listed, and members who are not there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.outbox import publish_later
from services.dispatch import events, schemas
from services.dispatch.domain import crew as rules
from services.dispatch.domain.crew import Absence, Crew
from services.dispatch.errors import CrewInvalid, NoSuchCrew
from services.dispatch.store import Store
from services.dispatch.use_cases.common import require, today

_EVENT = schemas.CrewEvent()


def save_crew(store: Store, caller: Caller, **fields: Any) -> dict[str, Any]:
    """Make a crew, or change the one of this code.

    Raises:
        Invalid, Forbidden: the crew contradicts itself; the caller is no dispatcher.
    """
    require(caller, "dispatcher", "manager")
    crew = _saved(store, caller, _crew(caller.hall, fields), at=clock.now())
    return _on(store, crew, today())


def load_crews(store: Store, caller: Caller, *, crews: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Store the crews of the reference hall; one that is as it was stays untouched.

    Raises:
        Invalid, Forbidden: a crew contradicts itself; the caller is no administrator.
    """
    require(caller, "admin")
    at = clock.now()
    saved = [_saved(store, caller, _crew(caller.hall, fields), at=at) for fields in crews]
    return {"items": [_on(store, crew, today()) for crew in saved]}


def _crew(hall: str, fields: Mapping[str, Any]) -> Crew:
    plain = {name: value for name, value in fields.items() if name not in ("skills", "shifts", "start")}
    shifts = rules.shifts_of(fields["shifts"])
    return rules.check_crew(Crew(hall=hall, **plain, **fields["skills"], **fields["start"], shifts=shifts))


def _saved(store: Store, caller: Caller, wanted: Crew, *, at: datetime) -> Crew:
    store.lock_crew_code(caller.hall, wanted.code)
    known = store.lock_crew(caller.hall, wanted.code, clock.business_date(at))
    if known is not None:
        same = replace(wanted, absences=known.absences, version=known.version)
        if same == known:
            return known
        wanted = replace(same, version=known.version + 1)
    store.save_crew(wanted)
    _tell(store, caller, wanted, at=at)
    return wanted


def _tell(store: Store, caller: Caller, crew: Crew, *, at: datetime) -> None:
    event = events.crew_published(_EVENT.dump(crew), version=crew.version)
    publish_later(store, event, caller=caller, at=at)


def list_crews(store: Store, caller: Caller, *, date: date | None) -> dict[str, Any]:
    """Return the crews as they work on a day, today when none is given; a crew's member sees their own.

    Raises:
        Forbidden: the caller is neither dispatcher nor crew.
    """
    require(caller, "dispatcher", "manager", "crew")
    day = date or today()
    crews = store.crews(caller.hall, day)
    if not caller.has("dispatcher", "manager"):
        crews = [each for each in crews if caller.username in each.members]
    return {"items": [_on(store, each, day) for each in crews]}


def note_absence(
    store: Store,
    caller: Caller,
    *,
    code: str,
    member: str | None,
    from_: date,
    to: date | None,
    reason: str | None,
) -> dict[str, Any]:
    """Note that a member, or the whole crew, is not there; what is planned stays until the day is planned anew.

    Raises:
        NotFound, Invalid, Forbidden: no such crew; no such member or days; the caller is no dispatcher.
    """
    require(caller, "dispatcher", "manager")
    at = clock.now()
    crew = store.lock_crew(caller.hall, code, clock.business_date(at))
    if crew is None:
        raise NoSuchCrew
    last = to or from_
    if last < from_:
        raise CrewInvalid(errors={"to": ["Before from."]})
    if member is not None and member not in crew.members:
        raise CrewInvalid(errors={"member": ["Not of this crew."]})
    absence = Absence(member=member, first=from_, last=last, reason=reason)
    store.add_absence(crew, absence, at=at, by=caller.username)
    changed = replace(crew, absences=[*crew.absences, absence], version=crew.version + 1)
    store.save_crew(changed)
    _tell(store, caller, changed, at=at)
    return _on(store, changed, from_)


def _on(store: Store, crew: Crew, day: date) -> dict[str, Any]:
    """Return a crew as it works on a day."""
    shift = crew.shift(day, store.hours(crew.hall, clock.hall_zone()))
    return {"crew": crew, "date": day, "shift": shift, "present": crew.present(day)}
