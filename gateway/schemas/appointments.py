"""Slots, appointments, slot plans and who an appointment is for."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from gateway.schemas.common import (
    Answer,
    Code,
    Day,
    HolderToken,
    Input,
    Page,
    PersonName,
    PhoneNumber,
    Text,
    Whole,
    list_of,
)
from gateway.schemas.ticketing import Ticket

APPOINTMENT_STATES = (
    "held", "booked", "lapsed", "checked_in", "fulfilled", "cancelled", "rescheduled", "no_show", "displaced",
    "waitlisted", "offered",
)  # fmt: skip
BOOKING_CHANNELS = ("web", "phone", "window")
LANGUAGES = ("zh", "en")
TIME_PATTERN = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
_TIME = {"format": "date-time"}


class TimeOfDay(fields.String):
    """A time of day `HH:MM` by the hall's clock."""

    def __init__(self, **kwargs: Any) -> None:
        """Take whole minutes."""
        rule = validate.Regexp(TIME_PATTERN.replace("$", r"\Z"), error="Must be a time of day HH:MM.")
        super().__init__(validate=rule, metadata={"pattern": TIME_PATTERN}, **kwargs)


class Language(fields.String):
    """The language a person is written to in."""

    def __init__(self, **kwargs: Any) -> None:
        """Take one the hall writes in."""
        super().__init__(validate=validate.OneOf(LANGUAGES), **kwargs)


class Slot(Answer):
    """Places at a time."""

    id = fields.String(required=True)
    department = fields.String(required=True)
    starts_at = fields.String(required=True, metadata=_TIME)
    ends_at = fields.String(required=True, metadata=_TIME)
    capacity = fields.Integer(required=True)
    free = fields.Integer(required=True, metadata={"description": "What the channel asked for can book."})


class FreePlaces(Answer):
    """What each channel can still book."""

    web = fields.Integer(required=True)
    phone = fields.Integer(required=True)
    window = fields.Integer(required=True)


class DaySlot(Answer):
    """A slot with what became of its places."""

    id = fields.String(required=True)
    plan = fields.String(required=True)
    department = fields.String(required=True)
    items = fields.List(
        fields.String(), required=True, metadata={"description": "Empty for all of the department."}
    )
    starts_at = fields.String(required=True, metadata=_TIME)
    ends_at = fields.String(required=True, metadata=_TIME)
    capacity = fields.Integer(required=True)
    booked = fields.Integer(required=True)
    withheld = fields.Integer(
        required=True, metadata={"description": "Cancelled places that are not free again yet."}
    )
    free = fields.Nested(FreePlaces, required=True)


class Wanted(Answer):
    """The dates somebody on the waiting list would come."""

    class Meta(Answer.Meta):
        """Names that are keywords of Python."""

        include = {  # noqa: RUF012 - Marshmallow's own declaration
            "from": fields.String(required=True, metadata={"format": "date"}),
            "to": fields.String(required=True, metadata={"format": "date"}),
        }


class Appointment(Answer):
    """A reserved place, with the person's name and phone masked."""

    id = fields.String(required=True, metadata={"format": "uuid"})
    token = HolderToken()
    reference = fields.String(required=True, metadata={"description": "For people to write down and tell."})
    hall = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(APPOINTMENT_STATES))
    item = fields.String(required=True)
    department = fields.String(required=True)
    slot = fields.String(allow_none=True)
    starts_at = fields.String(allow_none=True, metadata=_TIME)
    ends_at = fields.String(allow_none=True, metadata=_TIME)
    channel = fields.String(required=True, validate=validate.OneOf(BOOKING_CHANNELS))
    name = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    held_until = fields.String(allow_none=True, metadata=_TIME)
    offer_until = fields.String(allow_none=True, metadata=_TIME)
    wanted = fields.Nested(Wanted, allow_none=True)
    rescheduled_from = fields.String(allow_none=True)
    rescheduled_to = fields.String(allow_none=True)
    rescheduled_to_token = fields.String(
        metadata={
            "description": "The token of the appointment it was moved to, unless it was renewed; for the holder alone."
        }
    )
    ticket = fields.Nested(Ticket, allow_none=True, metadata={"description": "After checking in."})
    booked_at = fields.String(allow_none=True, metadata=_TIME)
    warning = fields.String(allow_none=True, metadata={"description": "A limit of this person is near."})


class Comer(Answer):
    """Somebody who has an appointment today; a kiosk is told no reference and nothing else to act with."""

    id = fields.String(required=True, metadata={"format": "uuid"})
    state = fields.String(required=True, validate=validate.OneOf(APPOINTMENT_STATES))
    item = fields.String(required=True)
    department = fields.String(required=True)
    starts_at = fields.String(allow_none=True, metadata=_TIME)
    ends_at = fields.String(allow_none=True, metadata=_TIME)
    channel = fields.String(required=True, validate=validate.OneOf(BOOKING_CHANNELS))
    name = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    reference = fields.String(metadata={"description": "For staff alone."})


class PersonHistory(Answer):
    """What a person booked, kept and missed."""

    appointments = fields.List(fields.Nested(Appointment), required=True)
    live = fields.Integer(required=True)
    no_shows = fields.Integer(required=True)
    cancellations = fields.Integer(required=True)
    suspended_until = fields.String(allow_none=True, metadata=_TIME)


class Person(Answer):
    """Who an appointment is for, in clear."""

    name = fields.String(required=True)
    phone = fields.String(required=True, metadata={"description": "Masked for a clerk."})


class Quotas(Answer):
    """Places kept for each channel; the rest of the capacity is for whoever comes first."""

    web = fields.Integer(required=True)
    phone = fields.Integer(required=True)
    window = fields.Integer(required=True)


class SlotPlan(Answer):
    """A weekly template that makes slots."""

    code = fields.String(required=True)
    department = fields.String(required=True)
    items = fields.List(fields.String(), required=True)
    weekdays = fields.List(fields.Integer(), required=True)
    starts = fields.String(required=True)
    ends = fields.String(required=True)
    slot_minutes = fields.Integer(required=True)
    capacity = fields.Integer(required=True)
    quotas = fields.Nested(Quotas, required=True)
    valid_from = fields.String(required=True, metadata={"format": "date"})
    valid_to = fields.String(allow_none=True, metadata={"format": "date"})


SlotList = list_of(Slot, name="SlotList")
DaySlotList = list_of(DaySlot, name="DaySlotList")
ComerList = list_of(Comer, name="ComerList")
AppointmentList = list_of(Appointment, name="AppointmentList")
SlotPlanList = list_of(SlotPlan, name="SlotPlanList")


class SlotQuery(Page):
    """Slots of an item on these dates; from today, two weeks, when left out."""

    class Meta(Page.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day(), "to": Day()}  # noqa: RUF012

    item = Code(required=True)
    channel = fields.String(validate=validate.OneOf(BOOKING_CHANNELS))


class DayQuery(Page):
    """A day, and whose slots; today's of all when left out."""

    date = Day()
    department = Code()


class NewAppointment(Input):
    """Take a place: `held` on the web until it is confirmed, `booked` at once by an operator or clerk."""

    slot = Code(required=True)
    item = Code(required=True)
    name = PersonName(most=60, required=True)
    phone = PhoneNumber(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(BOOKING_CHANNELS))
    language = Language()


class NewTime(Input):
    """Where an appointment moves."""

    slot = Code(required=True)


class NewWaiting(Input):
    """Wait for a place on one of these dates."""

    class Meta(Input.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day(required=True), "to": Day(required=True)}  # noqa: RUF012

    item = Code(required=True)
    name = PersonName(most=60, required=True)
    phone = PhoneNumber(required=True)
    language = Language()


class AppointmentQuery(Page):
    """Whose appointments, of which day."""

    phone = PhoneNumber()
    date = Day()
    department = Code()
    state = fields.String(validate=validate.OneOf(APPOINTMENT_STATES))


class Lookup(Input):
    """What a person was told at booking, and their phone number."""

    reference = Text(most=20, least=4, required=True)
    phone = PhoneNumber(required=True)


class TodayQuery(Input):
    """What a person shows or types at the kiosk: a code's text, a reference, or the phone number's last digits.

    Four digits alone are of too many people at a kiosk: five at least, or the name's first character before or after.
    """

    q = Text(most=300, least=4, required=True)


class CalendarQuery(Input):
    """Which language the entry is in."""

    lang = Language()


class HistoryQuery(Input):
    """Whose history."""

    phone = PhoneNumber(required=True)


class Purpose(Input):
    """Why personal data are read; it is recorded."""

    purpose = Text(most=200, required=True)


class NewQuotas(Input):
    """Places kept for each channel."""

    web = Whole(most=1000, required=True)
    phone = Whole(most=1000, required=True)
    window = Whole(most=1000, required=True)


class NewSlotPlan(Input):
    """A weekly template; one with the code of another takes its place."""

    code = Code()
    department = Code(required=True)
    items = fields.List(Code(), validate=validate.Length(max=700), required=True)
    weekdays = fields.List(Whole(least=1, most=7), validate=validate.Length(1, 7), required=True)
    starts = TimeOfDay(required=True)
    ends = TimeOfDay(required=True)
    slot_minutes = Whole(least=5, most=480, required=True)
    capacity = Whole(least=1, most=1000, required=True)
    quotas = fields.Nested(NewQuotas, required=True)
    valid_from = Day(required=True)
    valid_to = Day(allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def fits(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse hours in the wrong order and quotas above the capacity."""
        if data["ends"] <= data["starts"]:
            raise ValidationError("Must be after `starts`.", "ends")
        if sum(data["quotas"].values()) > data["capacity"]:
            raise ValidationError("Together more than the capacity.", "quotas")


class PlanQuery(Page):
    """Which department's plans."""

    department = Code()


class WithdrawPlan(Input):
    """From which day on a plan makes no more slots."""

    class Meta(Input.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day(required=True)}  # noqa: RUF012
