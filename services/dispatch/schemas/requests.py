"""What goes into dispatch, and what it reads of others' facts."""

from marshmallow import fields, validate

from services.chassis.schemas import Code, EventData, Name, Phone, Request, Text, Wording
from services.dispatch.domain.order import PRIORITIES, TRANSITIONS

LANGUAGE = validate.OneOf(["zh", "en"])


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
    name = Name(most=60, required=True)
    phone = Phone(required=True)
    address = Name(most=200, least=4, required=True)
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
    reason = Wording(allow_none=True, load_default=None)
    service_seconds = fields.Integer(
        allow_none=True, load_default=None, validate=validate.Range(60, 8 * 60 * 60)
    )


class CancelOrder(OrderId):
    """Which order is called off, and why."""

    reason = Wording(allow_none=True, load_default=None)


class RenewToken(OrderId):
    """Whose token is withdrawn for a new one, and why."""

    reason = Wording(required=True)


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

    reason = Wording(required=True)


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


class ListOverdue(Request):
    """Which part of the list."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, 500))
    cursor = fields.UUID(allow_none=True, load_default=None)


class DaysOf(Request):
    """Which item."""

    item = Code(required=True)


class Reveal(OrderId):
    """Whose data, and why."""

    purpose = Wording(required=True)


class Contact(Request):
    """Which order's person."""

    order = fields.UUID(required=True)


class Skills(Request):
    """What a crew can do: all items of departments, and single items."""

    departments = fields.List(Code(), load_default=list, validate=validate.Length(max=100))
    items = fields.List(Code(), load_default=list, validate=validate.Length(max=1000))


class Break(Request):
    """When a crew pauses."""

    starts = fields.Time(format="%H:%M", required=True)
    ends = fields.Time(format="%H:%M", required=True)


class Shift(Request):
    """When a crew works on a weekday; without `breaks` it has those of its department."""

    weekday = fields.Integer(required=True, validate=validate.Range(1, 7))
    starts = fields.Time(format="%H:%M", required=True)
    ends = fields.Time(format="%H:%M", required=True)
    breaks = fields.List(
        fields.Nested(Break), allow_none=True, load_default=None, validate=validate.Length(max=4)
    )


class SaveCrew(Request):
    """A crew."""

    code = Code(required=True)
    name = Wording(most=100, required=True)
    name_en = Wording(most=100, allow_none=True, load_default=None)
    department = Code(required=True)
    members = fields.List(Code(), required=True, validate=validate.Length(1, 20))
    least_members = fields.Integer(load_default=1, validate=validate.Range(1, 20))
    skills = fields.Nested(Skills, required=True)
    shifts = fields.List(fields.Nested(Shift), required=True, validate=validate.Length(1, 7))
    start = fields.Nested(Location, required=True)
    capacity = fields.Integer(required=True, validate=validate.Range(1, 100))
    days_off = fields.List(fields.Date(), load_default=list, validate=validate.Length(max=400))


class CrewChange(Request):
    """What a crew would be from a day on; none when it makes no visits any more."""

    code = Code(required=True)
    from_ = fields.Date(data_key="from", required=True)
    crew = fields.Nested(SaveCrew, allow_none=True, load_default=None)


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
    reason = Wording(allow_none=True, load_default=None)


class AbsenceChange(Request):
    """Who would not be there, on which days."""

    code = Code(required=True)
    member = Code(allow_none=True, load_default=None)
    from_ = fields.Date(required=True, data_key="from")
    to = fields.Date(allow_none=True, load_default=None)


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


class ItemDated(EventData):
    """What an item is from each of some days on."""

    code = fields.String(required=True)
    terms = fields.List(fields.Raw(), required=True)


class ClosurePublished(EventData):
    """A closure of the hall, a department or a window; it ends as it begins when it was called off."""

    id = fields.String(required=True)
    department = fields.String(required=True, allow_none=True)
    window = fields.String(required=True, allow_none=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)


class HoursPublished(EventData):
    """The hall's opening hours."""

    rows = fields.List(fields.Raw(), required=True, data_key="hours")


class CaseAccepted(EventData):
    """What is copied of a case."""

    number = fields.String(required=True)
    item = fields.String(required=True)
    onsite_order = fields.String(allow_none=True, load_default=None)


class CalendarPublished(EventData):
    """The days of a year that break the week."""

    year = fields.Integer(required=True)
    days = fields.List(fields.Raw(), required=True)
