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
from services.dispatch.domain.plan import DayPlan
from services.dispatch.errors import CrewInvalid, NoSuchCrew
from services.dispatch.store import Store
from services.dispatch.use_cases.common import require, today
from services.dispatch.use_cases.redrafting import redraft

_EVENT = schemas.CrewEvent()


def require_accounts(strange: Sequence[str]) -> None:
    """Refuse a crew of which some members have no open account.

    Raises:
        CrewInvalid: there are such.
    """
    if strange:
        raise CrewInvalid(errors={"members": [f"No such accounts: {', '.join(strange)}."]})


def save_crew(store: Store, caller: Caller, **fields: Any) -> dict[str, Any]:
    """Make a crew, or change the one of this code; days on which it has visits are planned anew where that matters.

    Raises:
        Invalid, Forbidden: the crew contradicts itself; the caller is no dispatcher.
    """
    require(caller, "dispatcher", "manager")
    crew, replanned = _saved(store, caller, crew_of(caller.hall, fields), at=clock.now())
    return {**_on(store, crew, today()), "replanned": replanned}


def load_crews(store: Store, caller: Caller, *, crews: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Store the crews of the reference hall; one that is as it was stays untouched.

    Raises:
        Invalid, Forbidden: a crew contradicts itself; the caller is no administrator.
    """
    require(caller, "admin")
    at = clock.now()
    saved = [_saved(store, caller, crew_of(caller.hall, fields), at=at) for fields in crews]
    return {"items": [_on(store, crew, today()) for crew, _ in saved]}


def crew_of(hall: str, fields: Mapping[str, Any]) -> Crew:
    """Return the crew that a request describes.

    Raises:
        CrewInvalid: it contradicts itself.
    """
    plain = {name: value for name, value in fields.items() if name not in ("skills", "shifts", "start")}
    times: dict[str, Any] = {
        "shifts": rules.shifts_of(fields["shifts"]),
        "breaks": rules.breaks_of(fields["shifts"]),
    }
    return rules.check_crew(Crew(hall=hall, **plain, **fields["skills"], **fields["start"], **times))


def _saved(store: Store, caller: Caller, wanted: Crew, *, at: datetime) -> tuple[Crew, list[DayPlan]]:
    store.lock_crew_code(caller.hall, wanted.code)
    known = store.lock_crew(caller.hall, wanted.code, clock.business_date(at))
    if known is not None:
        same = replace(wanted, absences=known.absences, version=known.version)
        if same == known:
            return known, []
        wanted = replace(same, version=known.version + 1)
    return wanted, _changed(store, caller, known, wanted, reason="crew", at=at)


def _changed(
    store: Store, caller: Caller, before: Crew | None, crew: Crew, *, reason: str, at: datetime
) -> list[DayPlan]:
    """Store a crew and say so; return the plans that this asks for.

    A day is planned anew when the crew has visits to make on it and would work otherwise than it was planned: at other
    times, from another place, with other skills or less room. Only a draft comes of it, which says what moved.
    """
    store.note_change(crew.hall)
    store.save_crew(crew)
    event = events.crew_published(_EVENT.dump(crew), version=crew.version)
    publish_later(store, event, caller=caller, at=at)
    if before is None:
        return []
    hours = store.hours(crew.hall, clock.hall_zone())
    days = store.assigned_days(crew, since=clock.business_date(at))
    return [
        redraft(store, caller, date=day, reason=reason)
        for day in days
        if before.works(day, hours) != crew.works(day, hours)
    ]


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
    """Note that a member, or the whole crew, is not there; what is published stays until another plan is.

    A draft of each day is made on which the crew has visits that it could not make as planned.

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
    replanned = _changed(store, caller, crew, changed, reason="absence", at=at)
    return {**_on(store, changed, from_), "replanned": replanned}


def _on(store: Store, crew: Crew, day: date) -> dict[str, Any]:
    """Return a crew as it works on a day."""
    hours = store.hours(crew.hall, clock.hall_zone())
    worked = {"shift": crew.shift(day, hours), "breaks": crew.breaks_on(day, hours)}
    return {"crew": crew, "date": day, **worked, "present": crew.present(day)}
