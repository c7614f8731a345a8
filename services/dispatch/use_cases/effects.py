"""Which visits a change would touch: those to which somebody can come as promised before it, and nobody after it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.dated import changed_from
from services.chassis.effects import VISITS, Found, Promise, touched
from services.closures import Closure
from services.dispatch.domain.crew import Absence, Crew
from services.dispatch.domain.hours import opening_hours
from services.dispatch.domain.reach import Period, Reach
from services.dispatch.errors import NoSuchCrew
from services.dispatch.store import Store
from services.dispatch.use_cases.changes import reach_of, stands
from services.dispatch.use_cases.common import today
from services.dispatch.use_cases.crews import crew_of

Change = Callable[[Reach], Reach]


def of_item(store: Store, caller: Caller, *, item: str, from_: date, department: str | None) -> Found:
    """Return the visits that nobody can make any more when an item is done by a department, or none, from a day on."""

    visits = department is not None and store.offers_three_services(caller.hall, department)

    def moved(period: Period) -> Period:
        if department is None:
            return replace(period, active=False)
        return replace(period, department=department, on_site=visits)

    def changed(known: Reach) -> Reach:
        periods = list(changed_from(known.items.get(item, ()), from_, moved))
        return replace(known, items={**known.items, item: periods})

    return _found(store, caller, changed, since=from_)


def of_days(store: Store, caller: Caller, *, days: Sequence[date]) -> Found:
    """Return the visits of days on which the hall would not work."""

    def changed(known: Reach) -> Reach:
        exceptions = {**known.hours.exceptions, **dict.fromkeys(days, False)}
        return replace(known, hours=replace(known.hours, exceptions=exceptions))

    return _found(store, caller, changed, since=min(days))


def of_hours(store: Store, caller: Caller, *, hours: Sequence[Mapping[str, Any]], from_: date) -> Found:
    """Return the visits that nobody can make when these are the hall's opening hours: crews' breaks follow them."""
    weekly = opening_hours(hours, [], clock.hall_zone()).weekly
    return _found(
        store, caller, lambda known: replace(known, hours=replace(known.hours, weekly=weekly)), since=from_
    )


def of_closure(
    store: Store,
    caller: Caller,
    *,
    department: str | None,
    window: str | None,
    starts_at: datetime,
    ends_at: datetime,
    days: Sequence[date],
) -> Found:
    """Return the visits that nobody can make when the hall or a department is closed for a time."""
    closure = Closure(id="", department=department, window=window, starts_at=starts_at, ends_at=ends_at)

    def changed(known: Reach) -> Reach:
        hours = replace(known.hours, closures=known.hours.closures.besides(closure))
        return replace(known, hours=hours)

    return _found(store, caller, changed, since=clock.business_date(starts_at))


def of_department(
    store: Store, caller: Caller, *, department: str, from_: date, ends: bool, offers: bool | None
) -> Found:
    """Return the visits that nobody makes when a department leaves the hall, or visits nobody, from a day on."""
    if not ends and offers is not False:
        return {VISITS: touched([])}

    def left(period: Period) -> Period:
        return replace(period, on_site=period.on_site and period.department != department)

    def changed(known: Reach) -> Reach:
        items = {code: list(changed_from(periods, from_, left)) for code, periods in known.items.items()}
        return replace(known, items=items)

    return _found(store, caller, changed, since=from_)


def of_absence(
    store: Store, caller: Caller, *, code: str, member: str | None, from_: date, to: date | None
) -> Found:
    """Return the visits that nobody can make when a member, or a whole crew, is away; others may take the rest.

    Raises:
        NotFound: there is no such crew.
    """
    absence = Absence(member=member, first=from_, last=to or from_)

    def away(crew: Crew) -> Crew:
        return replace(crew, absences=[*crew.absences, absence])

    return _found(store, caller, _of_crew(code, away), since=from_)


def of_crew(store: Store, caller: Caller, *, code: str, from_: date, crew: Mapping[str, Any] | None) -> Found:
    """Return the visits that nobody can make when a crew is another one, or none, from a day on.

    Raises:
        NotFound, Invalid: there is no such crew; it would contradict itself.
    """
    wanted = crew and crew_of(caller.hall, crew)

    def changed(before: Crew) -> Crew:
        if not wanted:
            return replace(before, shifts={})
        return replace(wanted, absences=before.absences)

    return _found(store, caller, _of_crew(code, changed), since=from_)


def _of_crew(code: str, change: Callable[[Crew], Crew]) -> Change:
    def changed(known: Reach) -> Reach:
        if code not in {crew.code for crew in known.crews}:
            raise NoSuchCrew
        return replace(known, crews=[change(crew) if crew.code == code else crew for crew in known.crews])

    return changed


def _found(store: Store, caller: Caller, change: Change, *, since: date) -> Found:
    """Return the visits, from a day on, that stand before a change and not after it."""
    orders = store.waiting_visits(caller.hall, max(since, today()))
    before = reach_of(store, caller.hall, sorted({each.item for each in orders}), today=today())
    after = change(before)
    return {
        VISITS: touched(
            Promise(number=order.reference, day=order.day)
            for order in orders
            if not order.displaced and stands(order, before) and not stands(order, after)
        )
    }
