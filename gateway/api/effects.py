"""Whom a change would touch: each service answers for what it has promised."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from gateway.api.routing import Routes
from gateway.http.asking import ask
from gateway.http.problems import Problem
from gateway.schemas.effects import (
    CrewEffectsQuery,
    DaysEffectsQuery,
    DepartmentEffectsQuery,
    Effects,
    HoursEffectsQuery,
    ItemEffectsQuery,
    PlanEffectsQuery,
    WindowEffectsQuery,
    hours_changed,
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
    # Also an item that is only announced has revisions.
    if not ask("catalogue", "list_revisions", item=code, limit=1)["items"]:
        raise Problem(404, "item_not_found", "There is no such item.")
    _require_department(query.get("department"))
    return whom_it_touches("item", item=code, department=query.get("department"), **_since(query))


@routes.question("/calendar/effects", Effects, query=DaysEffectsQuery, roles=("manager",))
def get_calendar_effects(query: Query) -> Any:
    """Whom it touches when the hall does not work on some days."""
    return whom_it_touches("days", days=_days(query))


@routes.question("/hours/effects", Effects, query=HoursEffectsQuery, roles=("manager",))
def get_hours_effects(query: Query) -> Any:
    """Whom it touches when the hall, or a department, has other opening hours from a day on."""
    _require_department(query.get("department"))
    hours = hours_changed(ask("catalogue", "get_hall")["hours"], query)
    return whom_it_touches("hours", hours=hours, **_since(query))


@routes.question(
    "/departments/<code:code>/effects", Effects, query=DepartmentEffectsQuery, roles=("manager",)
)
def get_department_effects(query: Query, code: str) -> Any:
    """Whom it touches when a department changes, or leaves the hall, from a day on."""
    if code not in _departments():
        raise Problem(404)
    ends = not query.keys() - {"effective_from"}
    offers = query.get("offers_three_services")
    return whom_it_touches("department", department=code, ends=ends, offers=offers, **_since(query))


@routes.question(
    "/windows/<code:code>/effects", Effects, query=WindowEffectsQuery, roles=("clerk", "manager")
)
def get_window_effects(query: Query, code: str) -> Any:
    """Whom it touches when a window is closed, or calls from other queues."""
    queues = [queue for queue in query.get("queues", "").split(",") if queue]
    return whom_it_touches("window", of=("ticketing",), window=code, queues=queues)


@routes.question("/slot-plans/<code:code>/effects", Effects, query=PlanEffectsQuery, roles=("manager",))
def get_slot_plan_effects(query: Query, code: str) -> Any:
    """Whom it touches when a weekly plan is changed or ends."""
    return whom_it_touches("plan", of=("appointments",), code=code, **plan_changes(dict(query)))


@routes.question(
    "/crews/<code:code>/effects", Effects, query=CrewEffectsQuery, roles=("dispatcher", "manager")
)
def get_crew_effects(query: Query, code: str) -> Any:
    """Whom it touches when a crew, or a member of it, is away, or when the crew is changed or ends."""
    if "crew" not in query and not query.get("ends"):
        absence = {name: query[name] for name in ("from", "to", "member") if name in query}
        return whom_it_touches("absence", of=("dispatch",), code=code, **absence)
    crew = None if query.get("ends") else {**query["crew"], "code": code}
    since = {"from": query.get("from", _today())}
    return whom_it_touches("crew", of=("dispatch",), code=code, crew=crew, **since)


def whom_it_touches(change: str, *, of: Sequence[str] = PROMISING, **about: Any) -> dict[str, Any]:
    """Return what a change touches of all that the services have promised."""
    found: dict[str, Any] = {}
    examples: list[Any] = []
    for service in of:
        answer = ask(service, "effects", change=change, about=about)
        examples += answer.pop("examples", [])
        found |= answer
    return {**found, "examples": examples}


def _require_department(code: str | None) -> None:
    """Refuse a department that the hall does not have."""
    if code is not None and code not in _departments():
        raise Problem(422, errors={"department": ["The hall has no such department."]})


def _departments() -> set[str]:
    return {department["code"] for department in ask("catalogue", "list_departments")["items"]}


def _since(query: Query) -> dict[str, str]:
    return {"from": query.get("effective_from", _today())}


def _today() -> str:
    return clock.business_date(clock.now()).isoformat()


def _days(query: Query) -> list[str]:
    first, last = (date.fromisoformat(query.get(name, query["from"])) for name in ("from", "to"))
    if not timedelta() <= last - first < MOST_DAYS:
        raise Problem(422, errors={"to": ["Not before from, and at most a year after it."]})
    return [(first + timedelta(days=nth)).isoformat() for nth in range((last - first).days + 1)]
