"""Whom of those with a place or a wish a change would touch: who has one before it and none after it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from services.appointments.domain import offer
from services.appointments.domain import slots as slot_rules
from services.appointments.domain.appointment import Appointment
from services.appointments.domain.ground import Ground
from services.appointments.domain.hours import open_hours
from services.appointments.domain.offer import Period
from services.appointments.domain.sessions import Session, is_shut
from services.appointments.domain.slots import Plan
from services.appointments.errors import NoSuchPlan
from services.appointments.store import Store
from services.appointments.use_cases.changes import ground_of
from services.appointments.use_cases.common import midnight
from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.dated import changed_from
from services.chassis.effects import BOOKINGS, SESSIONS, WAITING, Found, Promise, Touched, touched
from services.closures import Closure

DAY = timedelta(days=1)
# As far ahead as somebody can wait for a place or plan a session.
FARTHEST = timedelta(days=400)
Row = Mapping[str, Any]


def of_item(store: Store, caller: Caller, *, item: str, from_: date, department: str | None) -> Found:
    """Return whom it touches when an item is done by a department, or by none, from a day on."""
    offers = department is not None and bool(store.offers_three_services(caller.hall, department))

    def moved(period: Period) -> Period:
        if department is None:
            return replace(period, active=False)
        return replace(period, department=department, offers=offers)

    def changed(ground: Ground) -> Ground:
        periods = list(changed_from(ground.items.get(item, ()), from_, moved))
        return replace(ground, items={**ground.items, item: periods})

    return _found(store, caller, changed, since=from_)


def of_days(store: Store, caller: Caller, *, days: Sequence[date]) -> Found:
    """Return whom it touches when the hall does not work on some days."""

    def changed(ground: Ground) -> Ground:
        exceptions = {**ground.hours.exceptions, **dict.fromkeys(days, False)}
        return replace(ground, hours=replace(ground.hours, exceptions=exceptions))

    return _found(store, caller, changed, since=min(days))


def of_hours(store: Store, caller: Caller, *, hours: Sequence[Row], from_: date) -> Found:
    """Return whom it touches when these are the hall's opening hours from a day on."""
    weekly = open_hours(hours, [], clock.hall_zone()).weekly
    return _found(
        store,
        caller,
        lambda ground: replace(ground, hours=replace(ground.hours, weekly=weekly)),
        since=from_,
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
    """Return whom it touches when the hall or a department is closed for a time; a window has no places of its own."""
    closure = Closure(id="", department=department, window=window, starts_at=starts_at, ends_at=ends_at)

    def changed(ground: Ground) -> Ground:
        hours = replace(ground.hours, closures=ground.hours.closures.besides(closure))
        return replace(ground, hours=hours)

    found = _found(store, caller, changed, since=clock.business_date(starts_at))
    before = store.hours(caller.hall, clock.hall_zone()).closures
    planned = _planned(store, caller.hall, max(starts_at, clock.now()), ends_at)
    lost = [each for each in planned if not is_shut(each, before) and is_shut(each, before.besides(closure))]
    return {**found, SESSIONS: _touched_sessions(lost)}


def of_department(
    store: Store, caller: Caller, *, department: str, from_: date, ends: bool, offers: bool | None
) -> Found:
    """Return whom it touches when a department leaves the hall, or takes no appointments any more, from a day on."""
    if not ends and offers is not False:
        return {BOOKINGS: touched([]), WAITING: touched([]), SESSIONS: touched([])}

    def left(period: Period) -> Period:
        if period.department != department:
            return period
        return replace(period, active=period.active and not ends, offers=False)

    def changed(ground: Ground) -> Ground:
        items = {code: list(changed_from(periods, from_, left)) for code, periods in ground.items.items()}
        return replace(ground, items=items)

    sessions = _sessions(store, caller.hall, department, since=from_)
    return {**_found(store, caller, changed, since=from_), SESSIONS: sessions}


def of_plan(store: Store, caller: Caller, *, code: str, from_: date | None = None, **changes: Any) -> Found:
    """Return whom it touches when a plan is changed, or ends on the day before a day.

    Raises:
        NotFound, Invalid: there is no such plan; it would contradict itself.
    """
    plan = next((each for each in store.plans(caller.hall) if each.code == code), None)
    if plan is None:
        raise NoSuchPlan
    if from_ is not None:
        changes["valid_to"] = from_ - DAY
    wanted = slot_rules.check_plan(replace(plan, **changes))

    def changed(ground: Ground) -> Ground:
        return replace(ground, plans=[wanted if each.code == code else each for each in ground.plans])

    return _found(store, caller, changed, since=clock.business_date(clock.now()))


def _found(store: Store, caller: Caller, change: Callable[[Ground], Ground], *, since: date) -> Found:
    """Return who has a place, or hope of one, before a change that counts from a day on, and none after it."""
    at = clock.now()
    today = clock.business_date(at)
    since = max(since, today)
    rows, wishes = store.holding(caller.hall, today), store.wishes(caller.hall, today)
    items = {*(row["item"] for row in rows), *(wish.item for wish in wishes)}
    before = ground_of(store, caller.hall, items, today=today)
    after = change(before)
    lost_anyhow = {row["reference"] for row in _losers(rows, before, at=at)}
    lost = [row for row in _losers(rows, after, at=at) if row["day"] >= since]
    ended = [
        wish
        for wish in wishes
        if not _has_hope(wish, before, after, since=since, today=today)
        and _has_hope(wish, before, before, since=since, today=today)
    ]
    return {
        BOOKINGS: touched(
            Promise(number=row["reference"], day=row["day"])
            for row in lost
            if row["reference"] not in lost_anyhow
        ),
        WAITING: touched(Promise(number=wish.reference, day=wish.wanted_from) for wish in ended),
    }


def _has_hope(wish: Appointment, before: Ground, after: Ground, *, since: date, today: date) -> bool:
    first, last = max(wish.wanted_from or today, today), wish.wanted_to or today
    return before.has_places(wish.item, first, min(last, since - DAY)) or after.has_places(
        wish.item, max(first, since), last
    )


def _losers(rows: Sequence[Row], ground: Ground, *, at: datetime) -> Iterator[Row]:
    """Give those whose place is none by hours, plans and items; who has come keeps it, and a mere hold is not told."""
    today = clock.business_date(at)
    plans = {plan.code: plan for plan in ground.plans}
    days = {"since": today, "until": today + slot_rules.HORIZON}
    times = {
        code: {starts for starts, _ in slot_rules.slot_times(plan, ground.hours, **days)}
        for code, plan in plans.items()
    }
    for (starts_at, code), group in groupby(rows, key=lambda row: (row["starts_at"], row["plan"])):
        here = list(group)
        if starts_at <= at:
            gone = [row for row in here if not _kept(row, ground)]
        else:
            plan = plans.get(code)
            kept = [row for row in here if plan is not None and _is_for(plan, row, ground)]
            room = plan.capacity if plan and starts_at.astimezone(ground.hours.zone) in times[code] else 0
            gone = [row for row in here if row not in kept] + kept[: max(0, len(kept) - room)]
        yield from (row for row in gone if row["state"] != "held" and not row["came"])


def _is_for(plan: Plan, row: Row, ground: Ground) -> bool:
    return (not plan.items or row["item"] in plan.items) and _is_done(row, ground, plan.department)


def _kept(row: Row, ground: Ground) -> bool:
    open_ = ground.hours.serves(row["department"], row["starts_at"], row["ends_at"])
    return open_ and _is_done(row, ground, row["department"])


def _is_done(row: Row, ground: Ground, department: str) -> bool:
    period = offer.on(ground.items.get(row["item"], ()), row["day"])
    return period is not None and period.active and period.offers and department == period.department


def _sessions(store: Store, hall: str, department: str, *, since: date) -> Touched:
    """Return the extended sessions that a department has planned from a day on."""
    first = max(midnight(since), clock.now())
    return _touched_sessions(_planned(store, hall, first, first + FARTHEST, department=department))


def _planned(
    store: Store, hall: str, since: datetime, until: datetime, *, department: str | None = None
) -> list[Session]:
    found = store.sessions(hall, since=since, until=until, department=department)
    return [each for each in found if each.state == "planned"]


def _touched_sessions(found: Sequence[Session]) -> Touched:
    return touched(
        Promise(number=", ".join(each.windows), day=clock.business_date(each.starts_at)) for each in found
    )
