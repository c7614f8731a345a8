"""On-site orders and crews."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from gateway.schemas.appointments import Language, TimeOfDay
from gateway.schemas.common import (
    Answer,
    Code,
    Day,
    HolderToken,
    Input,
    Moment,
    Page,
    PersonName,
    PhoneNumber,
    Text,
    Whole,
    list_of,
)

ORDER_STATES = (
    "requested", "screened", "scheduled", "assigned", "en_route", "on_site", "done", "failed_visit", "cancelled",
)  # fmt: skip
PRIORITIES = ("urgent", "normal", "low")
_TIME = {"format": "date-time"}
_DATE = {"format": "date"}


class Degrees(fields.Float):
    """Degrees of latitude or longitude (WGS 84)."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        """Take a number from `-most` to `most`."""
        super().__init__(allow_nan=False, validate=validate.Range(-most, most), required=True, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError("Must be a number.")
        return super()._deserialize(value, attr, data, **kwargs)


class Place(Answer):
    """A place on the map (WGS 84)."""

    lat = fields.Float(required=True)
    lon = fields.Float(required=True)


class Stretch(Answer):
    """From when until when."""

    class Meta(Answer.Meta):
        """Names that are keywords of Python."""

        include = {  # noqa: RUF012 - Marshmallow's own declaration
            "from": fields.String(required=True, metadata=_TIME),
            "to": fields.String(required=True, metadata=_TIME),
        }


class AcceptedItem(Answer):
    """An item whose case was accepted on the spot; its number once there is one, a moment later."""

    item = fields.String(required=True)
    number = fields.String(allow_none=True)


class Order(Answer):
    """An on-site order, the person masked."""

    id = fields.String(required=True, metadata={"format": "uuid"})
    token = HolderToken()
    reference = fields.String(required=True, metadata={"description": "For people to write down and tell."})
    hall = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(ORDER_STATES))
    item = fields.String(required=True)
    department = fields.String(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(["web", "phone"]))
    window = fields.Nested(Stretch, required=True)
    date = fields.String(required=True, metadata=_DATE)
    priority = fields.String(required=True, validate=validate.OneOf(PRIORITIES))
    service_seconds = fields.Integer(required=True)
    name = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    address = fields.String(allow_none=True)
    location = fields.Nested(Place, allow_none=True, metadata={"description": "For staff only."})
    crew = fields.String(allow_none=True)
    plan = fields.String(allow_none=True, metadata={"description": "For staff only."})
    arrives_at = fields.String(
        allow_none=True, metadata={**_TIME, "description": "When the crew is expected, once planned."}
    )
    leaves_at = fields.String(allow_none=True, metadata={**_TIME, "description": "For staff only."})
    departed_at = fields.String(allow_none=True, metadata=_TIME)
    arrived_at = fields.String(allow_none=True, metadata=_TIME)
    ended_at = fields.String(allow_none=True, metadata=_TIME)
    on_time = fields.Boolean(allow_none=True, metadata={"description": "Arrived within the window."})
    reason = fields.String(
        allow_none=True, metadata={"description": "Why it was declined, cancelled or came to nothing."}
    )
    displaced = fields.Boolean(
        metadata={"description": "Nobody can come as promised; to be moved or called off."}
    )
    cases = fields.List(fields.Nested(AcceptedItem), required=True)
    created_at = fields.String(required=True, metadata=_TIME)


class OrderPerson(Answer):
    """Whom an order is for, in clear."""

    name = fields.String(required=True)
    phone = fields.String(required=True)
    address = fields.String(required=True)


class CrewSkills(Answer):
    """What a crew can do: all items of departments, and single items."""

    departments = fields.List(fields.String(), required=True)
    items = fields.List(fields.String(), required=True)


class Pause(Answer):
    """When a crew pauses, in the hall's time."""

    starts = fields.String(required=True)
    ends = fields.String(required=True)


class WeeklyShift(Answer):
    """When a crew works on a weekday, 1 Monday to 7 Sunday."""

    weekday = fields.Integer(required=True)
    starts = fields.String(required=True)
    ends = fields.String(required=True)
    breaks = fields.List(
        fields.Nested(Pause), allow_none=True, metadata={"description": "Null: those of its department."}
    )


class CrewAbsence(Answer):
    """A member, or the whole crew, that is not there on these days."""

    class Meta(Answer.Meta):
        """Names that are keywords of Python."""

        include = {  # noqa: RUF012
            "from": fields.String(required=True, metadata=_DATE),
            "to": fields.String(required=True, metadata=_DATE),
        }

    member = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)


class CrewName(Answer):
    """A crew by name."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(allow_none=True)
    department = fields.String(required=True)
    capacity = fields.Integer(required=True, metadata={"description": "Most visits a day."})


class ReplannedDay(Answer):
    """A day that is drafted anew because a crew has changed."""

    id = fields.String(required=True, metadata={"description": "The plan's."})
    date = fields.String(required=True, metadata=_DATE)


class Crew(CrewName):
    """A crew as it works on a date; without a shift it does not."""

    members = fields.List(fields.String(), required=True)
    least_members = fields.Integer(required=True)
    skills = fields.Nested(CrewSkills, required=True)
    shifts = fields.List(fields.Nested(WeeklyShift), required=True)
    start = fields.Nested(Place, required=True)
    days_off = fields.List(fields.String(metadata=_DATE), required=True)
    absences = fields.List(fields.Nested(CrewAbsence), required=True)
    date = fields.String(required=True, metadata=_DATE)
    shift = fields.Nested(Stretch, allow_none=True)
    breaks = fields.List(
        fields.Nested(Stretch), metadata={"description": "On the date: it neither drives nor serves then."}
    )
    present = fields.List(fields.String(), required=True)
    capacity_on_date = fields.Integer(
        required=True, metadata={"description": "Most visits on the date: less when members are not there."}
    )
    replanned = fields.List(fields.Nested(ReplannedDay), required=True)


class VisitDay(Answer):
    """A day on which staff can come, and the hours in which crews are out."""

    class Meta(Answer.Meta):
        """Names that are keywords of Python."""

        include = {  # noqa: RUF012
            "from": fields.String(required=True, metadata=_TIME),
            "to": fields.String(required=True, metadata=_TIME),
        }

    date = fields.String(required=True, metadata=_DATE)


class VisitDays(Answer):
    """The days on which staff can come."""

    items = fields.List(fields.Nested(VisitDay), required=True)


class Route(Answer):
    """A crew's visits of a day in order; its members see name, phone and address of those still to make."""

    crew = fields.Nested(CrewName, required=True)
    start = fields.Nested(Place, required=True)
    date = fields.String(required=True, metadata=_DATE)
    shift = fields.Nested(Stretch, allow_none=True)
    breaks = fields.List(fields.Nested(Stretch))
    stops = fields.List(fields.Nested(Order), required=True)


OrderList = list_of(Order, name="OnsiteOrderList")
CrewList = list_of(Crew, name="CrewList")


class Location(Input):
    """A place on the map (WGS 84)."""

    lat = Degrees(most=90)
    lon = Degrees(most=180)


class NewWindow(Input):
    """From when until when a crew may come: half an hour or longer, on one day."""

    class Meta(Input.Meta):
        """Names that are keywords of Python."""

        include = {"from": Moment(required=True), "to": Moment(required=True)}  # noqa: RUF012

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a window that ends before it begins."""
        if datetime.fromisoformat(data["to"]) <= datetime.fromisoformat(data["from"]):
            raise ValidationError("Must be after `from`.", "to")


class NewOrder(Input):
    """Ask staff to come; urgent only by staff."""

    item = Code(required=True)
    name = PersonName(most=60, required=True)
    phone = PhoneNumber(required=True)
    address = PersonName(most=200, least=4, required=True)
    location = fields.Nested(Location, required=True)
    window = fields.Nested(NewWindow, required=True)
    priority = fields.String(validate=validate.OneOf(PRIORITIES))
    language = Language()


class Screening(Input):
    """Whether somebody comes; a reason when nobody does."""

    accept = fields.Boolean(required=True, truthy={True}, falsy={False})
    reason = Text(allow_none=True)
    service_seconds = Whole(least=60, most=8 * 60 * 60, allow_none=True)


class Cancelling(Input):
    """Why an order is called off."""

    reason = Text(allow_none=True)


class NewOrderTime(Input):
    """To when an order moves."""

    window = fields.Nested(NewWindow, required=True)


class FieldAction(Input):
    """When it happened, for what is sent later: not in the future, not before what happened last."""

    happened_at = Moment(allow_none=True)


class NewCaseOnSite(Input):
    """An item accepted on the spot."""

    item = Code(required=True)


class Completion(FieldAction):
    """What was accepted on the spot; each becomes a case."""

    cases = fields.List(fields.Nested(NewCaseOnSite), validate=validate.Length(max=50))


class FailedVisit(FieldAction):
    """Why the visit came to nothing."""

    reason = Text(required=True)


class OrderQuery(Page):
    """Whose orders, of which day."""

    phone = PhoneNumber()
    date = Day()
    department = Code()
    state = fields.String(validate=validate.OneOf(ORDER_STATES))


class VisitDaysQuery(Input):
    """Which item staff is to come for."""

    item = Code(required=True)


class NewSkills(Input):
    """What a crew can do: all items of departments, and single items."""

    departments = fields.List(Code(), validate=validate.Length(max=100))
    items = fields.List(Code(), validate=validate.Length(max=1000))


class NewPause(Input):
    """When a crew pauses."""

    starts = TimeOfDay(required=True)
    ends = TimeOfDay(required=True)


class NewShift(Input):
    """When a crew works on a weekday, 1 Monday to 7 Sunday."""

    weekday = Whole(least=1, most=7, required=True)
    starts = TimeOfDay(required=True)
    ends = TimeOfDay(required=True)
    breaks = fields.List(
        fields.Nested(NewPause),
        allow_none=True,
        validate=validate.Length(max=4),
        metadata={"description": "Those of its department when left out; an empty list for none."},
    )


class NewCrew(Input):
    """A crew; one with the code of another takes its place."""

    code = Code(required=True)
    name = Text(most=100, required=True)
    name_en = Text(most=100, allow_none=True)
    department = Code(required=True)
    members = fields.List(Code(), validate=validate.Length(1, 20), required=True)
    least_members = Whole(least=1, most=20)
    skills = fields.Nested(NewSkills, required=True)
    shifts = fields.List(fields.Nested(NewShift), validate=validate.Length(1, 7), required=True)
    start = fields.Nested(Location, required=True)
    capacity = Whole(least=1, most=100, required=True)
    days_off = fields.List(Day(), validate=validate.Length(max=400))


class CrewQuery(Page):
    """Crews as they work on a date; today when left out."""

    date = Day()


class RouteQuery(Input):
    """Which date's route; today's when left out."""

    date = Day()


class NewAbsence(Input):
    """Who is not there, on which days; the whole crew when no member is named, one day without `to`."""

    class Meta(Input.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day(required=True), "to": Day(allow_none=True)}  # noqa: RUF012

    member = Code(allow_none=True)
    reason = Text(allow_none=True)
