"""A day's plan from the request to its publication, and whether it still holds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from services.dispatch.domain.crew import Crew
from services.dispatch.domain.hours import OpeningHours
from services.dispatch.domain.order import Order
from services.dispatch.domain.planning import Plan, Route, Stop
from services.dispatch.errors import NotADraft

# Each state with those that may follow it. A planner that dies leaves `solving`, which another takes up.
TRANSITIONS: dict[str, frozenset[str]] = {
    "queued": frozenset({"solving"}),
    "solving": frozenset({"solving", "draft", "failed"}),
    "draft": frozenset({"published"}),
    "published": frozenset(),
    "failed": frozenset(),
}


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What a plan was made of: the terms of orders, the versions of crews, the plan that held, and when.

    `breaks` are those of crews on the day, which follow their department's hours; plans of before do not have them.
    """

    orders: Mapping[str, int]
    crews: Mapping[str, int]
    plan: str | None
    at: datetime
    breaks: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Who comes to an order, and when the visit begins."""

    crew: str
    arrives_at: datetime


@dataclass(frozen=True, kw_only=True)
class Move:
    """An order that another crew makes, or at another time, than the published plan says; None stands for nobody."""

    order: str
    before: Visit | None
    after: Visit | None


@dataclass(frozen=True, kw_only=True)
class DayPlan:
    """A plan of a date. `current` is the published one that holds; `seconds` is how long it may take to find.

    `reasons` say why it is made without a dispatcher's asking: absence, crew, hours, urgent_order, failed_visit,
    order_gone.
    """

    hall: str
    id: str
    date: date
    state: str
    seed: int
    seconds: float
    requested_at: datetime
    requested_by: str | None
    reasons: Sequence[str] = ()
    attempts: int = 0
    plan: Plan = field(default_factory=lambda: Plan(routes=(), unserved=()))
    moved: Sequence[Move] = ()
    basis: Basis | None = None
    progress: Mapping[str, Any] | None = None
    fault: str | None = None
    solved_at: datetime | None = None
    published_at: datetime | None = None
    published_by: str | None = None
    current: bool = False

    @property
    def stops(self) -> Iterator[tuple[str, Stop]]:
        """Each visit with its crew."""
        return ((route.crew, stop) for route in self.plan.routes for stop in route.stops)


def require_draft(plan: DayPlan) -> DayPlan:
    """Return the plan if it can still be changed.

    Raises:
        NotADraft: it is not solved, or published, or failed.
    """
    if plan.state != "draft":
        raise NotADraft(
            f"The plan is {plan.state}; only a draft can be changed or published.", state=plan.state
        )
    return plan


def moves(plan: Plan, orders: Sequence[Order]) -> list[Move]:
    """Return what a plan changes for orders that are assigned, in the order of their present times."""
    planned = {
        stop.job: Visit(crew=route.crew, arrives_at=stop.starts_at)
        for route in plan.routes
        for stop in route.stops
    }
    assigned = [each for each in orders if each.state == "assigned" and each.arrives_at is not None]
    found = [
        Move(order=each.id, before=_visit(each), after=planned.get(each.id))
        for each in sorted(assigned, key=lambda one: (one.arrives_at, one.id))
    ]
    return [each for each in found if each.before != each.after]


def _visit(order: Order) -> Visit | None:
    if order.crew is None or order.arrives_at is None:
        return None
    return Visit(crew=order.crew, arrives_at=order.arrives_at)


def changes(
    plan: DayPlan,
    orders: Sequence[Order],
    crews: Sequence[Crew],
    *,
    hours: OpeningHours,
    current: str | None,
    at: datetime,
) -> list[dict[str, Any]]:
    """Return what is no longer as it was when a draft was made; nothing when it holds.

    Args:
        plan: the draft.
        orders: those it was made of, as they are now.
        crews: all crews as they are now.
        hours: the opening hours as they are now.
        current: id of the plan of the date that holds now.
        at: now.
    """
    basis = plan.basis
    if basis is None:
        return []
    found: list[dict[str, Any]] = []
    if current != basis.plan:
        found.append({"plan": current, "change": "published"})
    known = {each.id: each for each in orders}
    for id_, terms in sorted(basis.orders.items()):
        order = known.get(id_)
        if order is None or order.terms != terms:
            found.append(_changed_order(id_, order))
    versions = {each.code: each.version for each in crews}
    rests = rest_otherwise(plan, crews, hours)
    for code in sorted(_driving(plan)):
        if versions.get(code) != basis.crews.get(code):
            found.append({"crew": code, "change": "changed"})
        elif code in rests:
            found.append({"crew": code, "change": "hours"})
    late = [stop.job for _, stop in plan.stops if stop.starts_at <= at]
    found += [{"order": id_, "change": "time_passed"} for id_ in late]
    return found


def _driving(plan: DayPlan) -> set[str]:
    return {route.crew for route in plan.plan.routes if route.stops}


def rests_of(crews: Sequence[Crew], day: date, hours: OpeningHours) -> dict[str, list[str]]:
    """Return the breaks of the crews that work on a day, each from when to when, by crew."""
    return {
        crew.code: [f"{starts:%H:%M}-{ends:%H:%M}" for starts, ends in crew.breaks_on(day, hours)]
        for crew in crews
        if crew.shift(day, hours) is not None
    }


def rest_otherwise(plan: DayPlan, crews: Sequence[Crew], hours: OpeningHours) -> set[str]:
    """Return the crews with visits in a plan whose breaks are not those that it was made with, or that do not work."""
    known = plan.basis.breaks if plan.basis else {}
    rests = rests_of(crews, plan.date, hours)
    return {code for code in _driving(plan) & known.keys() if known[code] != rests.get(code)}


def _changed_order(id_: str, order: Order | None) -> dict[str, Any]:
    if order is None:
        return {"order": id_, "change": "gone"}
    change = "cancelled" if order.state == "cancelled" else "changed"
    return {"order": id_, "reference": order.reference, "state": order.state, "change": change}


def placed(plan: Plan, order: str, route: Route, *, without: Sequence[Route]) -> Plan:
    """Return the plan with an order in another route.

    Args:
        plan: the plan.
        order: the order that moves.
        route: the route it is in now.
        without: the routes it was in, driven again without it.
    """
    fresh = {each.crew: each for each in (*without, route)}
    kept = [fresh.pop(each.crew, each) for each in plan.routes]
    return replace(
        plan,
        routes=tuple(each for each in (*kept, *fresh.values()) if each.stops),
        unserved=tuple(each for each in plan.unserved if each.job != order),
    )
