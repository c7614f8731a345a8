"""Plans asked for, looked at, changed by hand and published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.config import settings
from services.chassis.outbox import publish_later
from services.dispatch import events
from services.dispatch.domain import order as order_rules
from services.dispatch.domain import plan as rules
from services.dispatch.domain.day import Day
from services.dispatch.domain.itinerary import drive, fault
from services.dispatch.domain.order import Order
from services.dispatch.domain.plan import DayPlan
from services.dispatch.domain.planning import CrewShift, Job, Route
from services.dispatch.domain.reach import on
from services.dispatch.domain.travel import TravelSource, TravelTable
from services.dispatch.errors import (
    DateInvalid,
    NoSuchCrew,
    NoSuchOrder,
    NoSuchPlan,
    NotFeasible,
    PlanOutdated,
)
from services.dispatch.store import Store
from services.dispatch.use_cases.common import require, save, today

READERS = ("dispatcher", "manager")


def request_plan(store: Store, caller: Caller, *, date: date, seed: int, seconds: float | None) -> DayPlan:
    """Have a day planned; where a plan of it holds, only what has not started is planned.

    Args:
        store: the database.
        caller: a dispatcher.
        date: the day, today or later.
        seed: the same orders, crews and seed give the same plan.
        seconds: how long it may take; the setting when left out.

    Raises:
        Invalid, Forbidden: the day is past or too far away; the caller is no dispatcher.
    """
    require(caller, "dispatcher")
    if not today() <= date <= today() + order_rules.FARTHEST:
        raise DateInvalid(errors={"date": ["From today, at most 28 days ahead."]})
    return queue_plan(store, caller, date=date, seed=seed, seconds=seconds)


def queue_plan(
    store: Store,
    caller: Caller,
    *,
    date: date,
    seed: int = 1,
    seconds: float | None = None,
    reasons: Sequence[str] = (),
) -> DayPlan:
    """Put a day into the planners' queue."""
    plan = DayPlan(
        hall=caller.hall,
        id=str(uuid4()),
        date=date,
        state="queued",
        seed=seed,
        seconds=seconds or settings().plan_seconds,
        requested_at=clock.now(),
        requested_by=caller.username,
        reasons=reasons,
    )
    store.add_plan(plan)
    return plan


def get_plan(store: Store, caller: Caller, *, id: UUID) -> dict[str, Any]:
    """Return a plan, and what has changed since it was made while it is a draft.

    Raises:
        NotFound, Forbidden: there is none; the caller is no dispatcher.
    """
    require(caller, *READERS)
    plan = found(store.plan(caller.hall, str(id)))
    changed: Sequence[Mapping[str, Any]] = []
    if plan.state == "draft":
        orders = [each for each in store.day_orders(plan.hall, plan.date) if each.id in _basis(plan)]
        gone = [store.order(plan.hall, id_) for id_ in _basis(plan).keys() - {each.id for each in orders}]
        changed = _changes(store, plan, [*orders, *filter(None, gone)], at=clock.now())
    return {"plan": plan, "changed": changed}


def list_plans(
    store: Store, caller: Caller, *, date: date | None, limit: int, cursor: UUID | None
) -> dict[str, Any]:
    """Return plans of a date or all, the newest first.

    Raises:
        Forbidden: the caller is no dispatcher.
    """
    require(caller, *READERS)
    page = store.plans(caller.hall, day=date, cursor=str(cursor) if cursor else None, limit=limit + 1)
    return {"items": page[:limit], "next": page[limit - 1].id if len(page) > limit else None}


def publish_plan(store: Store, caller: Caller, *, id: UUID) -> DayPlan:
    """Make a draft the plan that holds: its orders are assigned, those it leaves out wait again.

    Raises:
        NotFound, Forbidden: there is none; the caller is no dispatcher.
        Conflict: it is no draft, or orders, crews or the plan that held have changed since; `changed` names what.
    """
    require(caller, "dispatcher")
    at = clock.now()
    plan = _locked_draft(store, caller, id)
    orders = store.lock_orders(plan.hall, sorted(_basis(plan)))
    _require_unchanged(store, plan, orders, at=at)
    store.retire_plan(plan.hall, plan.date)
    published = replace(plan, state="published", published_at=at, published_by=caller.username, current=True)
    store.save_plan(published)
    _assign(store, caller, published, orders, at=at)
    publish_later(store, events.plan_published(_fact(published)), caller=caller, at=at)
    return published


def _assign(store: Store, caller: Caller, plan: DayPlan, orders: Sequence[Order], *, at: datetime) -> None:
    places = {stop.job: (crew, stop) for crew, stop in plan.stops}
    kept = []
    for order in orders:
        if order.id not in places:
            if order.state == "assigned":
                save(store, order_rules.unassign(order), "unassigned", caller=caller, at=at)
            continue
        crew, stop = places[order.id]
        times = {"arrives_at": stop.starts_at, "leaves_at": stop.leaves_at}
        if (order.crew, order.arrives_at, order.leaves_at) == (crew, *times.values()):
            kept.append(order.id)
            continue
        verb = "reassigned" if order.state == "assigned" else "assigned"
        given = order_rules.assign(order, crew=crew, plan=plan.id, **times)
        save(store, given, verb, caller=caller, at=at)
    store.keep_in_plan(plan, kept)


def _fact(plan: DayPlan) -> dict[str, Any]:
    return {
        "id": plan.id,
        "date": plan.date.isoformat(),
        "crews": sorted(route.crew for route in plan.plan.routes),
        "orders": sum(1 for _ in plan.stops),
        "unserved": len(plan.plan.unserved),
        "moved": len(plan.moved),
        "distance_m": sum(route.distance_m for route in plan.plan.routes),
    }


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    """What a draft is changed on: its visits and crews by id."""

    plan: DayPlan
    jobs: Mapping[str, Job]
    crews: Mapping[str, CrewShift]
    table: TravelTable

    def driven(self, crew: str, ids: Sequence[str]) -> Route:
        """Return a crew's route through these visits."""
        return drive(self.crews[crew], [self.jobs[each] for each in ids], self.table)

    def reasons(self, crew: str, route: Route, order: str) -> list[dict[str, str]]:
        """Return what keeps a crew from a route into which an order was put, by the visits that suffer."""
        jobs = [self.jobs[stop.job] for stop in route.stops]
        why = fault(self.crews[crew], jobs, self.table)
        if why is None:
            return []
        late = [stop.job for stop in route.stops if stop.starts_at > self.jobs[stop.job].window_to]
        return [{"order": each, "reason": why} for each in (late if why == "window" else [order])]

    def without(self, order: str) -> dict[str, list[str]]:
        """Return the visits of each crew but one order."""
        return {
            route.crew: [stop.job for stop in route.stops if stop.job != order]
            for route in self.plan.plan.routes
        }


def reassign(
    store: Store,
    caller: Caller,
    *,
    id: UUID,
    order: UUID,
    crew: str,
    position: int | None,
    dry_run: bool,
    travel: TravelSource,
) -> dict[str, Any]:
    """Give an order of a draft to a crew, at a place in its route; or only say whether that can be.

    Args:
        store: the database.
        caller: a dispatcher.
        id: the draft.
        order: an order of it, in a route or in none.
        crew: a crew that works on the day.
        position: how many visits come before it; the last place when left out.
        dry_run: change nothing.
        travel: how long the ways take.

    Raises:
        NotFound, Forbidden: no such plan, order or crew; the caller is no dispatcher.
        Conflict: it is no draft, or it holds no longer, or the crew cannot do it: `reasons` says why.
    """
    require(caller, "dispatcher")
    at = clock.now()
    sheet = _sheet(store, caller, id, travel, at=at)
    if str(order) not in sheet.jobs:
        raise NoSuchOrder
    if crew not in sheet.crews:
        raise NoSuchCrew("No such crew works on this day.")
    changed, wrong = _moved(sheet, str(order), crew, position)
    answer = {"plan": changed, "feasible": not wrong, "reasons": wrong}
    if dry_run:
        return answer
    if wrong:
        raise NotFeasible(reasons=wrong)
    _keep_place(store, caller, str(order), at=at)
    moved = rules.moves(changed.plan, store.day_orders(changed.hall, changed.date))
    saved = replace(changed, moved=moved)
    store.save_plan(saved)
    return {**answer, "plan": saved}


def _moved(
    sheet: _Sheet, order: str, crew: str, position: int | None
) -> tuple[DayPlan, list[dict[str, str]]]:
    left = sheet.without(order)
    ids = left.get(crew, [])
    place = len(ids) if position is None else min(position, len(ids))
    route = sheet.driven(crew, [*ids[:place], order, *ids[place:]])
    before = [each.crew for each in sheet.plan.plan.routes if any(stop.job == order for stop in each.stops)]
    without = [sheet.driven(each, left[each]) for each in before if each != crew]
    changed = replace(sheet.plan, plan=rules.placed(sheet.plan.plan, order, route, without=without))
    return changed, sheet.reasons(crew, route, order)


def _sheet(store: Store, caller: Caller, id_: UUID, travel: TravelSource, *, at: datetime) -> _Sheet:
    plan = _locked_draft(store, caller, id_)
    orders = store.lock_orders(plan.hall, sorted(_basis(plan)))
    _require_unchanged(store, plan, orders, at=at)
    day = day_of(store, plan.hall, plan.date, at=plan.basis.at if plan.basis else at)
    wanted = {each.id for each in orders}
    jobs = {job.id: job for job in day.jobs() if job.id in wanted}
    crews = {shift.code: shift for shift in day.shifts()}
    places = [place for shift in crews.values() for place in (shift.start, shift.end)]
    places += [job.place for job in jobs.values()]
    during = [(shift.free_from, shift.ends_at) for shift in crews.values()]
    table = travel.table(list(dict.fromkeys(places)), during=during)
    return _Sheet(plan=plan, jobs=jobs, crews=crews, table=table)


def _keep_place(store: Store, caller: Caller, order: str, *, at: datetime) -> None:
    locked = store.lock_order(caller.hall, order)
    if locked is not None and locked.state == "screened":
        save(store, order_rules.schedule(locked), "scheduled", caller=caller, at=at)


def day_of(store: Store, hall: str, date: date, *, at: datetime) -> Day:
    """Return what is known of a day, as at a moment."""
    orders = store.day_orders(hall, date)
    periods = [on(store.item(hall, item), date) for item in sorted({each.item for each in orders})]
    return Day(
        on=date,
        today=clock.business_date(at),
        at=at,
        orders=orders,
        offered={each.code: each.department for each in periods if each is not None and each.offered},
        crews=store.crews(hall, date),
        hours=store.hours(hall, clock.hall_zone()),
    )


def found(plan: DayPlan | None) -> DayPlan:
    """Return a plan that must exist.

    Raises:
        NoSuchPlan: it does not.
    """
    if plan is None:
        raise NoSuchPlan
    return plan


def _locked_draft(store: Store, caller: Caller, id_: UUID) -> DayPlan:
    """Return a draft, locked after its day, so that one plan of a day at a time is published."""
    store.lock_day(caller.hall, found(store.plan(caller.hall, str(id_))).date)
    return rules.require_draft(found(store.lock_plan(caller.hall, str(id_))))


def _basis(plan: DayPlan) -> Mapping[str, int]:
    return plan.basis.orders if plan.basis else {}


def _require_unchanged(store: Store, plan: DayPlan, orders: Sequence[Order], *, at: datetime) -> None:
    if changed := _changes(store, plan, orders, at=at):
        raise PlanOutdated(changed=changed)


def _changes(store: Store, plan: DayPlan, orders: Sequence[Order], *, at: datetime) -> list[dict[str, Any]]:
    return rules.changes(
        plan,
        orders,
        store.crews(plan.hall, plan.date),
        hours=store.hours(plan.hall, clock.hall_zone()),
        current=store.current_plan(plan.hall, plan.date),
        at=at,
    )
