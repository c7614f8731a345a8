"""Whom a change would touch: each service answers for what it has promised."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from gateway.api.routing import Routes
from gateway.http.asking import ask
from gateway.http.problems import Problem
from gateway.schemas.effects import (
    AbsenceEffectsQuery,
    DaysEffectsQuery,
    Effects,
    ItemEffectsQuery,
    PlanEffectsQuery,
    plan_changes,
)
from services.chassis import clock

Query = Mapping[str, Any]
PROMISING = ("appointments", "ticketing", "cases", "dispatch")
MOST_DAYS = timedelta(days=366)

routes = Routes("effects", __name__, description="How many people a change touches, before it is made.")


@routes.question("/items/<code:code>/effects", Effects, query=ItemEffectsQuery, roles=("manager",))
def get_item_effects(query: Query, code: str) -> Any:
    """Whom it touches when an item moves to another department, or ends, from a day on."""
    today = clock.business_date(clock.now()).isoformat()
    change = {
        "item": code,
        "from": query.get("effective_from", today),
        "department": query.get("department"),
    }
    return _together("item_effects", change)


@routes.question("/calendar/effects", Effects, query=DaysEffectsQuery, roles=("manager",))
def get_calendar_effects(query: Query) -> Any:
    """Whom it touches when the hall does not work on some days."""
    return _together("days_effects", {"days": _days(query)})


@routes.question("/slot-plans/<code:code>/effects", Effects, query=PlanEffectsQuery, roles=("manager",))
def get_slot_plan_effects(query: Query, code: str) -> Any:
    """Whom it touches when a weekly plan is changed or ends."""
    return ask("appointments", "plan_effects", code=code, **plan_changes(dict(query)))


@routes.question(
    "/crews/<code:code>/effects", Effects, query=AbsenceEffectsQuery, roles=("dispatcher", "manager")
)
def get_absence_effects(query: Query, code: str) -> Any:
    """Whom it touches when a crew, or a member of it, is away."""
    return ask("dispatch", "absence_effects", code=code, **query)


def _together(method: str, change: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for service in PROMISING:
        found |= ask(service, method, **change)
    return found


def _days(query: Query) -> list[str]:
    first, last = (date.fromisoformat(query.get(name, query["from"])) for name in ("from", "to"))
    if not timedelta() <= last - first < MOST_DAYS:
        raise Problem(422, errors={"to": ["Not before from, and at most a year after it."]})
    return [(first + timedelta(days=nth)).isoformat() for nth in range((last - first).days + 1)]
