"""What dispatch answers and tells."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from marshmallow import fields

from services.chassis.schemas import Reply


class OrderState(Reply):
    """An order without its person; the data of its events is made of it."""

    id = fields.String()
    reference = fields.String()
    state = fields.String()
    item = fields.String()
    department = fields.String()
    channel = fields.String()
    window = fields.Function(lambda one: _window(one))
    date = fields.Date(attribute="day")
    priority = fields.String()
    service_seconds = fields.Integer()
    crew = fields.String()
    arrives_at = fields.AwareDateTime()
    departed_at = fields.AwareDateTime()
    arrived_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime()
    on_time = fields.Boolean()
    cases = fields.Function(lambda one: [{"item": item} for item in one.cases])


class OrderEvent(OrderState):
    """The data of an order's events; `crew_before` is whose route it was on when it was called off."""

    crew_before = fields.String()
    plan = fields.String()
    travel_s = fields.Integer()
    service_s = fields.Integer()
    language = fields.String(attribute="person.language")


class OrderReply(OrderState):
    """An order with its person masked and the numbers of its cases, as its holder sees it."""

    cases = fields.Function(lambda one: [{"item": item, "number": number} for item, number in one.accepted])
    hall = fields.String()
    name = fields.String(attribute="person.name")
    phone = fields.String(attribute="person.phone")
    address = fields.String(attribute="person.address")
    reason = fields.String()
    displaced = fields.Boolean()
    created_at = fields.AwareDateTime()


class StaffOrderReply(OrderReply):
    """An order as staff sees it: with its place on the map."""

    location = fields.Function(lambda one: _location(one.person))
    plan = fields.String()
    leaves_at = fields.AwareDateTime()


class OrdersReply(Reply):
    """Orders, and where the list goes on."""

    items = fields.List(fields.Nested(StaffOrderReply))
    next = fields.String(dump_default=None)


class PersonReply(Reply):
    """A person in clear."""

    name = fields.String()
    phone = fields.String()
    address = fields.String()


class ContactReply(Reply):
    """Whom a message goes to."""

    name = fields.String()
    phone = fields.String()
    language = fields.String()


class CrewState(Reply):
    """A crew."""

    code = fields.String()
    name = fields.String()
    name_en = fields.String()
    department = fields.String()
    capacity = fields.Integer()


class CrewEvent(CrewState):
    """The data of a crew's events."""

    members = fields.List(fields.String())


class CrewReply(Reply):
    """A crew as it works on a day."""

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """Return the crew's JSON form."""
        crew = obj["crew"]
        return {
            **_CREW.dump(crew),
            "members": list(crew.members),
            "least_members": crew.least_members,
            "skills": {"departments": list(crew.departments), "items": list(crew.items)},
            "shifts": [
                {
                    "weekday": weekday,
                    "starts": f"{starts:%H:%M}",
                    "ends": f"{ends:%H:%M}",
                    "breaks": _pauses(crew.breaks.get(weekday)),
                }
                for weekday, (starts, ends) in sorted(crew.shifts.items())
            ],
            "start": {"lat": crew.lat, "lon": crew.lon},
            "days_off": [each.isoformat() for each in crew.days_off],
            "absences": [
                {
                    "member": each.member,
                    "from": each.first.isoformat(),
                    "to": each.last.isoformat(),
                    "reason": each.reason,
                }
                for each in crew.absences
            ],
            "date": obj["date"].isoformat(),
            "shift": _shift(obj["shift"]),
            "breaks": [_shift(each) for each in obj["breaks"]],
            "present": obj["present"],
            "capacity_on_date": crew.capacity_on(obj["date"]),
            "replanned": [
                {"id": each.id, "date": each.date.isoformat()} for each in obj.get("replanned", ())
            ],
        }


class CrewsReply(Reply):
    """Crews."""

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """Return the crews' JSON form."""
        return {"items": [_CREW_ON_DAY.dump(each) for each in obj["items"]]}


class DaysReply(Reply):
    """Days on which staff can come."""

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """Return the days' JSON form."""
        days = [{"date": day.isoformat(), **_shift((first, last))} for day, first, last in obj["items"]]  # type: ignore[dict-item]
        return {"items": days}


class RouteReply(Reply):
    """A crew's visits of a day, in order."""

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """Return the route's JSON form."""
        crew = obj["crew"]
        return {
            "crew": _CREW.dump(crew),
            "start": {"lat": crew.lat, "lon": crew.lon},
            "date": obj["date"].isoformat(),
            "shift": _shift(obj["shift"]),
            "breaks": [_shift(each) for each in obj["breaks"]],
            "stops": [{**_STAFF_ORDER.dump(order), **(person or {})} for order, person in obj["stops"]],
        }


class PlanState(Reply):
    """A plan without its routes."""

    id = fields.String()
    date = fields.Date()
    state = fields.String()
    current = fields.Boolean()
    seed = fields.Integer()
    seconds = fields.Float()
    requested_at = fields.AwareDateTime()
    requested_by = fields.String()
    reasons = fields.List(fields.String())
    solved_at = fields.AwareDateTime()
    published_at = fields.AwareDateTime()
    published_by = fields.String()
    fault = fields.String()


class StopReply(Reply):
    """A visit in a route."""

    order = fields.String(attribute="job")
    arrives_at = fields.AwareDateTime()
    starts_at = fields.AwareDateTime()
    leaves_at = fields.AwareDateTime()
    travel_s = fields.Integer()


class PlannedRoute(Reply):
    """A crew's visits in order."""

    crew = fields.String()
    stops = fields.List(fields.Nested(StopReply))
    distance_m = fields.Integer()
    duration_s = fields.Integer()


class UnservedReply(Reply):
    """An order that nobody can serve, and why."""

    order = fields.String(attribute="job")
    reason = fields.String()


class VisitReply(Reply):
    """Who comes, and when the visit begins."""

    crew = fields.String()
    arrives_at = fields.AwareDateTime()


class MoveReply(Reply):
    """What is new for an order that was assigned."""

    order = fields.String()
    from_ = fields.Nested(VisitReply, attribute="before", data_key="from")
    to = fields.Nested(VisitReply, attribute="after")


class PlanReply(PlanState):
    """A plan, or the best so far while it is being solved."""

    routes = fields.List(fields.Nested(PlannedRoute), attribute="plan.routes")
    unserved = fields.List(fields.Nested(UnservedReply), attribute="plan.unserved")
    moved = fields.List(fields.Nested(MoveReply))
    progress = fields.Raw()


class PlanNowReply(Reply):
    """A plan, and what has changed since it was made."""

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """Return the plan's JSON form."""
        return {**_PLAN.dump(obj["plan"]), "changed": obj["changed"]}


class ReassignReply(Reply):
    """The draft as it would be, or is, and whether that can be done."""

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """Return the answer's JSON form."""
        return {
            "feasible": obj["feasible"],
            "reasons": obj["reasons"],
            "plan": {**_PLAN.dump(obj["plan"]), "changed": []},
        }


class PlansReply(Reply):
    """Plans, and where the list goes on."""

    items = fields.List(fields.Nested(PlanState))
    next = fields.String(dump_default=None)


_CREW = CrewState()


_CREW_ON_DAY = CrewReply()


_STAFF_ORDER = StaffOrderReply()


_PLAN = PlanReply()


def _window(one: Any) -> dict[str, str]:
    return {"from": one.window_from.isoformat(), "to": one.window_to.isoformat()}


def _location(person: Any) -> dict[str, float] | None:
    return None if person.lat is None else {"lat": person.lat, "lon": person.lon}


def _pauses(breaks: Sequence[tuple[time, time]] | None) -> list[dict[str, str]] | None:
    if breaks is None:
        return None
    return [{"starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"} for starts, ends in breaks]


def _shift(shift: Any) -> dict[str, str] | None:
    return None if shift is None else {"from": shift[0].isoformat(), "to": shift[1].isoformat()}
