"""What goes in and out of dispatch, and what it reads of others' facts."""

from typing import Any

from marshmallow import fields, validate

from services.chassis.schemas import Code, EventData, Reply, Request, Text
from services.dispatch.domain.order import PRIORITIES, TRANSITIONS

LANGUAGE = validate.OneOf(["zh", "en"])


class Phone(Text):
    """A phone number as somebody typed it."""

    def __init__(self, **kwargs: Any) -> None:
        """Make a field; the use case reads the number."""
        super().__init__(most=30, **kwargs)


class Location(Request):
    """A place on the map (WGS 84)."""

    lat = fields.Float(required=True, allow_nan=False, validate=validate.Range(-90, 90))
    lon = fields.Float(required=True, allow_nan=False, validate=validate.Range(-180, 180))


class Window(Request):
    """From when until when a crew may come."""

    from_ = fields.AwareDateTime(required=True, data_key="from")
    to = fields.AwareDateTime(required=True)


class RequestOrder(Request):
    """A request for staff to come."""

    item = Code(required=True)
    name = Text(most=60, required=True)
    phone = Phone(required=True)
    address = Text(most=200, least=4, required=True)
    location = fields.Nested(Location, required=True)
    window = fields.Nested(Window, required=True)
    priority = fields.String(validate=validate.OneOf(PRIORITIES), load_default="normal")
    language = fields.String(validate=LANGUAGE, load_default="zh")


class OrderId(Request):
    """Which order."""

    id = fields.UUID(required=True)


class ScreenOrder(OrderId):
    """Whether somebody comes, and why not."""

    accept = fields.Boolean(required=True)
    reason = Text(allow_none=True, load_default=None)
    service_seconds = fields.Integer(
        allow_none=True, load_default=None, validate=validate.Range(60, 8 * 60 * 60)
    )


class CancelOrder(OrderId):
    """Which order is called off, and why."""

    reason = Text(allow_none=True, load_default=None)


class RescheduleOrder(OrderId):
    """To when an order moves."""

    window = fields.Nested(Window, required=True)


class FieldAction(OrderId):
    """Which visit, and when it happened: now when left out."""

    happened_at = fields.AwareDateTime(allow_none=True, load_default=None)


class AcceptedCase(Request):
    """An item accepted on the spot."""

    item = Code(required=True)


class CompleteVisit(FieldAction):
    """Which visit is done, with what was accepted there."""

    cases = fields.List(fields.Nested(AcceptedCase), load_default=list, validate=validate.Length(max=50))


class FailVisit(FieldAction):
    """Which visit came to nothing, and why."""

    reason = Text(required=True)


class Lookup(Request):
    """What a person was told, and their number."""

    reference = Text(most=20, required=True)
    phone = Phone(required=True)


class ListOrders(Request):
    """Which orders."""

    phone = Phone(allow_none=True, load_default=None)
    date = fields.Date(allow_none=True, load_default=None)
    department = Code(allow_none=True, load_default=None)
    state = fields.String(allow_none=True, load_default=None, validate=validate.OneOf(list(TRANSITIONS)))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 500))
    cursor = fields.UUID(allow_none=True, load_default=None)


class Reveal(OrderId):
    """Whose data, and why."""

    purpose = Text(required=True)


class Contact(Request):
    """Which order's person."""

    order = fields.UUID(required=True)


class Skills(Request):
    """What a crew can do: all items of departments, and single items."""

    departments = fields.List(Code(), load_default=list, validate=validate.Length(max=100))
    items = fields.List(Code(), load_default=list, validate=validate.Length(max=1000))


class Shift(Request):
    """When a crew works on a weekday."""

    weekday = fields.Integer(required=True, validate=validate.Range(1, 7))
    starts = fields.Time(format="%H:%M", required=True)
    ends = fields.Time(format="%H:%M", required=True)


class SaveCrew(Request):
    """A crew."""

    code = Code(required=True)
    name = Text(most=100, required=True)
    name_en = Text(most=100, allow_none=True, load_default=None)
    department = Code(required=True)
    members = fields.List(Code(), required=True, validate=validate.Length(1, 20))
    least_members = fields.Integer(load_default=1, validate=validate.Range(1, 20))
    skills = fields.Nested(Skills, required=True)
    shifts = fields.List(fields.Nested(Shift), required=True, validate=validate.Length(1, 7))
    start = fields.Nested(Location, required=True)
    capacity = fields.Integer(required=True, validate=validate.Range(1, 100))
    days_off = fields.List(fields.Date(), load_default=list, validate=validate.Length(max=400))


class LoadCrews(Request):
    """The crews of the reference hall."""

    crews = fields.List(fields.Nested(SaveCrew), required=True, validate=validate.Length(max=500))


class OnDate(Request):
    """Which day; today when left out."""

    date = fields.Date(allow_none=True, load_default=None)


class RouteOf(OnDate):
    """Which crew's route."""

    code = Code(required=True)


class NoteAbsence(Request):
    """Who is not there, on which days; no member stands for the whole crew."""

    code = Code(required=True)
    member = Code(allow_none=True, load_default=None)
    from_ = fields.Date(required=True, data_key="from")
    to = fields.Date(allow_none=True, load_default=None)
    reason = Text(allow_none=True, load_default=None)


class RequestPlan(Request):
    """Which day to plan."""

    date = fields.Date(required=True)
    seed = fields.Integer(load_default=1, validate=validate.Range(0, 2**31 - 1))
    seconds = fields.Float(
        allow_none=True, load_default=None, allow_nan=False, validate=validate.Range(0.1, 120)
    )


class PlanId(Request):
    """Which plan."""

    id = fields.UUID(required=True)


class ListPlans(Request):
    """Which plans."""

    date = fields.Date(allow_none=True, load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 500))
    cursor = fields.UUID(allow_none=True, load_default=None)


class Reassign(PlanId):
    """Which order goes to which crew, after how many visits."""

    order = fields.UUID(required=True)
    crew = Code(required=True)
    position = fields.Integer(allow_none=True, load_default=None, validate=validate.Range(0, 1000))
    dry_run = fields.Boolean(load_default=False)


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
    """The data of an order's events."""

    plan = fields.String()
    travel_s = fields.Integer()
    service_s = fields.Integer()
    language = fields.String(attribute="person.language")


class OrderReply(OrderState):
    """An order with its person masked, as whoever knows its id sees it."""

    hall = fields.String()
    name = fields.String(attribute="person.name")
    phone = fields.String(attribute="person.phone")
    address = fields.String(attribute="person.address")
    reason = fields.String()
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
                {"weekday": weekday, "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}
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
            "present": obj["present"],
        }


class CrewsReply(Reply):
    """Crews."""

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """Return the crews' JSON form."""
        return {"items": [_CREW_ON_DAY.dump(each) for each in obj["items"]]}


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


class DepartmentPublished(EventData):
    """What is copied of a department."""

    code = fields.String(required=True)
    offers_three_services = fields.Boolean(required=True)


class ItemPublished(EventData):
    """What is copied of an item."""

    code = fields.String(required=True)
    department = fields.String(required=True)
    service_seconds = fields.Integer(required=True, validate=validate.Range(min=1))
    state = fields.String(required=True)


class HoursPublished(EventData):
    """The hall's opening hours."""

    rows = fields.List(fields.Raw(), required=True, data_key="hours")


class CalendarPublished(EventData):
    """The days of a year that break the week."""

    year = fields.Integer(required=True)
    days = fields.List(fields.Raw(), required=True)


_CREW = CrewState()
_CREW_ON_DAY = CrewReply()
_STAFF_ORDER = StaffOrderReply()
_PLAN = PlanReply()


def _window(one: Any) -> dict[str, str]:
    return {"from": one.window_from.isoformat(), "to": one.window_to.isoformat()}


def _location(person: Any) -> dict[str, float] | None:
    return None if person.lat is None else {"lat": person.lat, "lon": person.lon}


def _shift(shift: Any) -> dict[str, str] | None:
    return None if shift is None else {"from": shift[0].isoformat(), "to": shift[1].isoformat()}
