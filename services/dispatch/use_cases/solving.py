"""What a planner does: takes a plan that waits, has it solved, and stores the draft.

The planner's transaction holds the row of the work from taking to storing, so that a planner that dies gives it back
at once and another takes it up. What is to be seen meanwhile goes through transactions of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import Any, Protocol

from services.chassis import clock
from services.chassis.caller import Caller
from services.chassis.db import AWAY, Database
from services.chassis.logs import get_logger
from services.dispatch.domain import order as order_rules
from services.dispatch.domain import plan as rules
from services.dispatch.domain.day import Day
from services.dispatch.domain.plan import Basis, DayPlan
from services.dispatch.domain.planning import Plan, Problem
from services.dispatch.store import Store
from services.dispatch.use_cases.common import save
from services.dispatch.use_cases.plans import day_of, found

# One that its planner did not survive so often is at fault itself.
MOST_ATTEMPTS = 5
SHOWN_EVERY_S = 0.5

log = get_logger()


class Solver(Protocol):
    """Solves a day."""

    def solve(self, problem: Problem, on_progress: Callable[[Plan], None]) -> Plan:
        """Return the best plan found in time, telling of better ones as they are found."""


def solve_next(database: Database[Store], solver: Solver) -> bool:
    """Solve the plan that waits longest; return whether there was one."""
    with database.transaction() as work:
        taken = work.take_work()
        if taken is None:
            return False
        _solve(database, work, solver, *taken)
    return True


def _solve(database: Database[Store], work: Store, solver: Solver, hall: str, id_: str) -> None:
    begun = _begin(database, hall, id_)
    log.info("plan.solving", plan=id_, date=begun.date.isoformat(), attempt=begun.attempts)
    if begun.attempts > MOST_ATTEMPTS:
        _fail(work, begun, "planner_died")
        return
    at = clock.now()
    day = day_of(work, begun.hall, begun.date, at=at)
    basis = _basis(work, begun, day)
    try:
        solved = _solved(database, solver, begun, day)
    except AWAY:
        raise
    except Exception as fault:  # whatever it is, the dispatcher is told and the next plan can be made
        log.exception("plan.failed", plan=id_)
        _fail(work, begun, type(fault).__name__)
        return
    _store(work, replace(begun, plan=solved, basis=basis), day)


def _begin(database: Database[Store], hall: str, id_: str) -> DayPlan:
    with database.transaction() as store:
        plan = found(store.lock_plan(hall, id_))
        begun = replace(plan, state="solving", attempts=plan.attempts + 1)
        store.save_plan(begun)
    return begun


def _basis(store: Store, plan: DayPlan, day: Day) -> Basis:
    return Basis(
        orders={each.id: each.terms for each in day.to_plan},
        crews={each.code: each.version for each in day.crews},
        plan=store.current_plan(plan.hall, plan.date),
        at=day.at,
        breaks=rules.rests_of(day.crews, day.on, day.hours),
    )


def _solved(database: Database[Store], solver: Solver, begun: DayPlan, day: Day) -> Plan:
    problem = day.problem(seed=begun.seed, seconds=begun.seconds)
    if not problem.jobs:
        return Plan(routes=(), unserved=())
    started = shown = monotonic()

    def show(best: Plan) -> None:
        nonlocal shown
        if monotonic() - shown < SHOWN_EVERY_S:
            return
        shown = monotonic()
        progress = _progress(best, elapsed_s=shown - started)
        with database.autocommit() as store:
            store.save_plan(replace(begun, plan=best, progress=progress))

    return solver.solve(problem, show)


def _progress(best: Plan, *, elapsed_s: float) -> Mapping[str, Any]:
    return {
        "elapsed_s": round(elapsed_s, 1),
        "served": sum(len(route.stops) for route in best.routes),
        "unserved": len(best.unserved),
        "distance_m": sum(route.distance_m for route in best.routes),
    }


def _fail(store: Store, plan: DayPlan, fault: str) -> None:
    store.save_plan(replace(plan, state="failed", fault=fault, progress=None))


def _store(store: Store, plan: DayPlan, day: Day) -> None:
    """Store a draft; the orders it gives a place are scheduled, unless they have changed meanwhile."""
    at = clock.now()
    caller = Caller(hall=plan.hall, call_id=plan.id, username="planner")
    terms = plan.basis.orders if plan.basis else {}
    for order in store.lock_orders(plan.hall, sorted(stop.job for _, stop in plan.stops)):
        if order.state == "screened" and order.terms == terms.get(order.id):
            save(store, order_rules.schedule(order), "scheduled", caller=caller, at=at)
    moved = rules.moves(plan.plan, day.to_plan)
    store.save_plan(replace(plan, state="draft", solved_at=at, moved=moved, progress=None))
    log.info("plan.drafted", plan=plan.id, seconds=_seconds(plan.requested_at, at))


def _seconds(since: datetime, until: datetime) -> float:
    return round((until - since).total_seconds(), 1)
