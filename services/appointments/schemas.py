"""What goes in and out of appointments, and what it reads of others' facts."""

from typing import Any

from marshmallow import fields, validate

from services.appointments.domain.appointment import TRANSITIONS
from services.appointments.domain.slots import CHANNELS
from services.chassis.schemas import Code, EventData, Name, Phone, Reply, Request, Text, Wording

CHANNEL = validate.OneOf(CHANNELS)
LANGUAGE = validate.OneOf(["zh", "en"])
QUOTA = validate.Range(0, 1000)


class ListSlots(Request):
    """Which slots."""

    item = Code(required=True)
    from_ = fields.Date(data_key="from", required=True)
    to = fields.Date(allow_none=True, load_default=None)
    channel = fields.String(validate=CHANNEL, load_default="web")


class ListDay(Request):
    """The slots of a day, of a department or of all."""

    date = fields.Date(required=True)
    department = Code(load_default=None, allow_none=True)


class Book(Request):
    """A place for a person."""

    slot = fields.UUID(required=True)
    item = Code(required=True)
    name = Name(most=60, required=True)
    phone = Phone(required=True)
    channel = fields.String(required=True, validate=CHANNEL)
    language = fields.String(validate=LANGUAGE, load_default="zh")


class JoinWaitlist(Request):
    """A wish for a place between two dates."""

    item = Code(required=True)
    from_ = fields.Date(data_key="from", required=True)
    to = fields.Date(required=True)
    name = Name(most=60, required=True)
    phone = Phone(required=True)
    language = fields.String(validate=LANGUAGE, load_default="zh")


class AppointmentId(Request):
    """Which appointment."""

    id = fields.UUID(required=True)


class Reschedule(AppointmentId):
    """Where an appointment moves."""

    slot = fields.UUID(required=True)


class RenewToken(AppointmentId):
    """Whose token is withdrawn for a new one, and why."""

    reason = Wording(required=True)


class Lookup(Request):
    """What a person was told, and their number."""

    reference = Text(most=20, required=True)
    phone = Phone(required=True)


class LookupToday(Request):
    """What a person shows or types at a kiosk."""

    phone_digits = fields.String(validate=validate.Regexp(r"[0-9]{4,11}\Z"))
    initial = fields.String(validate=validate.Length(equal=1))
    reference = Text(most=20)
    id = fields.UUID()


class ListAppointments(Request):
    """Which appointments."""

    phone = Phone(allow_none=True, load_default=None)
    date = fields.Date(allow_none=True, load_default=None)
    department = Code(allow_none=True, load_default=None)
    state = fields.String(allow_none=True, load_default=None, validate=validate.OneOf(list(TRANSITIONS)))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 500))
    cursor = fields.UUID(allow_none=True, load_default=None)


class Reveal(AppointmentId):
    """Whose data, and why."""

    purpose = Wording(required=True)


class PhoneOf(Request):
    """Whose."""

    phone = Phone(required=True)


class Contact(Request):
    """Which appointment's person."""

    appointment = fields.UUID(required=True)


class Quotas(Request):
    """Places kept for each channel."""

    web = fields.Integer(load_default=0, validate=QUOTA)
    phone = fields.Integer(load_default=0, validate=QUOTA)
    window = fields.Integer(load_default=0, validate=QUOTA)


class SavePlan(Request):
    """A weekly template of slots."""

    code = Code(allow_none=True, load_default=None)
    department = Code(required=True)
    items = fields.List(Code(), load_default=list)
    weekdays = fields.List(
        fields.Integer(validate=validate.Range(1, 7)), required=True, validate=validate.Length(1, 7)
    )
    starts = fields.Time(format="%H:%M", required=True)
    ends = fields.Time(format="%H:%M", required=True)
    slot_minutes = fields.Integer(required=True, validate=validate.Range(5, 480))
    capacity = fields.Integer(required=True, validate=validate.Range(1, 1000))
    quotas = fields.Nested(Quotas, load_default=lambda: {"web": 0, "phone": 0, "window": 0})
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(allow_none=True, load_default=None)


class LoadPlans(Request):
    """The plans of the reference hall."""

    plans = fields.List(fields.Nested(SavePlan), required=True, validate=validate.Length(max=500))


class ListPlans(Request):
    """Whose plans."""

    department = Code(allow_none=True, load_default=None)


class WithdrawPlan(Request):
    """From which day on a plan makes no slots."""

    code = Code(required=True)
    from_ = fields.Date(data_key="from", required=True)


class PlanChange(Request):
    """What of a plan changes, or from which day on it makes no slots."""

    code = Code(required=True)
    from_ = fields.Date(data_key="from")
    items = fields.List(Code())
    weekdays = fields.List(fields.Integer(validate=validate.Range(1, 7)), validate=validate.Length(1, 7))
    starts = fields.Time(format="%H:%M")
    ends = fields.Time(format="%H:%M")
    slot_minutes = fields.Integer(validate=validate.Range(5, 480))
    capacity = fields.Integer(validate=validate.Range(1, 1000))
    quotas = fields.Nested(Quotas)
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)


class Dates(Request):
    """From one date to another, both included."""

    from_ = fields.Date(data_key="from", required=True)
    to = fields.Date(required=True)
    department = Code(allow_none=True, load_default=None)


class PlanSession(Request):
    """A department stays open."""

    department = Code(required=True)
    windows = fields.List(Code(), required=True, validate=validate.Length(1, 100))
    staff = fields.List(Code(), required=True, validate=validate.Length(1, 400))
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)


class SessionId(Request):
    """Which session."""

    id = fields.UUID(required=True)


class ListOvertime(Dates):
    """Whose overtime, and when."""

    staff = Code(allow_none=True, load_default=None)


class SlotReply(Reply):
    """Places at a time."""

    id = fields.String()
    department = fields.String()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    capacity = fields.Integer()
    free = fields.Integer()


class SlotsReply(Reply):
    """Slots."""

    items = fields.List(fields.Nested(SlotReply))


class FreeReply(Reply):
    """What each channel can still book."""

    web = fields.Integer()
    phone = fields.Integer()
    window = fields.Integer()


class DaySlotReply(Reply):
    """A slot with what became of its places; without items it is for all of its department."""

    id = fields.String()
    plan = fields.String()
    department = fields.String()
    items = fields.List(fields.String())
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    capacity = fields.Integer()
    booked = fields.Integer()
    withheld = fields.Integer()
    free = fields.Nested(FreeReply)


class DayReply(Reply):
    """The slots of a day."""

    items = fields.List(fields.Nested(DaySlotReply))


class PlanReply(Reply):
    """A plan."""

    code = fields.String()
    department = fields.String()
    items = fields.List(fields.String())
    weekdays = fields.List(fields.Integer())
    starts = fields.Time(format="%H:%M")
    ends = fields.Time(format="%H:%M")
    slot_minutes = fields.Integer()
    capacity = fields.Integer()
    quotas = fields.Dict()
    valid_from = fields.Date()
    valid_to = fields.Date()


class PlansReply(Reply):
    """Plans."""

    items = fields.List(fields.Nested(PlanReply))


class AppointmentState(Reply):
    """An appointment without its person; the data of its events."""

    id = fields.String()
    reference = fields.String()
    state = fields.String()
    item = fields.String()
    department = fields.String()
    slot = fields.String()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    channel = fields.String()
    booked_at = fields.AwareDateTime()
    rescheduled_from = fields.String()
    warning = fields.String()
    offer_until = fields.Function(lambda one: _until(one, "offered"))


class AppointmentEvent(AppointmentState):
    """The data of an appointment's events."""

    lead_s = fields.Integer()
    language = fields.String(attribute="person.language")


class AppointmentReply(AppointmentState):
    """An appointment with its person masked."""

    hall = fields.String()
    name = fields.String(attribute="person.name")
    phone = fields.String(attribute="person.phone")
    held_until = fields.Function(lambda one: _until(one, "held"))
    wanted = fields.Function(lambda one: _wanted(one))
    rescheduled_to = fields.String()
    ticket = fields.Raw()


class ComerReply(Reply):
    """What a kiosk shows of an appointment of today: enough to know one's own by, and nothing to act with elsewhere."""

    id = fields.String()
    hall = fields.String()
    state = fields.String()
    item = fields.String()
    department = fields.String()
    channel = fields.String()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    name = fields.String(attribute="person.name")
    phone = fields.String(attribute="person.phone")


class ComersReply(Reply):
    """Whose appointments of today a kiosk has found."""

    items = fields.List(fields.Nested(ComerReply))


class MovesReply(Reply):
    """The first appointment of a line of moves, and how many there were."""

    first = fields.String()
    moves = fields.Integer()


class AppointmentsReply(Reply):
    """Appointments, and where the list goes on."""

    items = fields.List(fields.Nested(AppointmentReply))
    next = fields.String(dump_default=None)


class PersonReply(Reply):
    """A person in clear."""

    name = fields.String()
    phone = fields.String()


class ContactReply(PersonReply):
    """A person in clear, and the language they are written to in."""

    language = fields.String()


class HistoryReply(Reply):
    """What a person booked, kept and missed."""

    appointments = fields.List(fields.Nested(AppointmentReply))
    live = fields.Integer()
    no_shows = fields.Integer()
    cancellations = fields.Integer()
    suspended_until = fields.AwareDateTime()


class StaffOvertime(Reply):
    """One person's overtime in a session."""

    staff = fields.String()
    minutes = fields.Integer()


class SessionState(Reply):
    """An extended session with its overtime; the data of its events."""

    id = fields.String()
    department = fields.String()
    windows = fields.List(fields.String())
    staff = fields.List(fields.String())
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    state = fields.String()
    opened_at = fields.AwareDateTime()
    closed_at = fields.AwareDateTime()
    overtime_minutes = fields.Integer()
    overtime = fields.List(fields.Nested(StaffOvertime))


class SessionsReply(Reply):
    """Extended sessions."""

    items = fields.List(fields.Nested(SessionState))


class OvertimeEvent(Reply):
    """A person's overtime in a session on a business date; the data of its events."""

    id = fields.String()
    session = fields.String()
    staff = fields.String()
    department = fields.String()
    business_date = fields.Date()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    minutes = fields.Integer()


class OvertimeReply(Reply):
    """Entries of the ledger."""

    items = fields.List(fields.Nested(OvertimeEvent))


class DepartmentPublished(EventData):
    """What is copied of a department."""

    code = fields.String(required=True)
    offers_three_services = fields.Boolean(required=True)


class ItemPublished(EventData):
    """What is copied of an item."""

    code = fields.String(required=True)
    department = fields.String(required=True)
    state = fields.String(required=True)


class ItemDated(EventData):
    """What an item is from each of some days on."""

    code = fields.String(required=True)
    terms = fields.List(fields.Raw(), required=True)


class WindowPublished(EventData):
    """What is copied of a window."""

    code = fields.String(required=True)
    department = fields.String(required=True)


class WindowSigned(EventData):
    """Who signed in at a window or left it."""

    code = fields.String(required=True)
    clerk = fields.String(required=True)
    signed_in_at = fields.AwareDateTime(required=True)


class HoursPublished(EventData):
    """The hall's opening hours."""

    rows = fields.List(fields.Raw(), required=True, data_key="hours")


class ClosurePublished(EventData):
    """A closure of the hall, a department or a window; it ends as it begins when it was called off."""

    id = fields.String(required=True)
    department = fields.String(required=True, allow_none=True)
    window = fields.String(required=True, allow_none=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)


class CalendarPublished(EventData):
    """The days of a year that break the week."""

    year = fields.Integer(required=True)
    days = fields.List(fields.Raw(), required=True)


class TicketTold(EventData):
    """What is read of a ticket, and kept when the answer to a check-in was lost."""

    class Meta(EventData.Meta):
        """Names that are keywords of Python."""

        include = {"class": fields.String(required=True)}  # noqa: RUF012 - Marshmallow's own declaration

    id = fields.String(required=True)
    number = fields.String(required=True)
    hall = fields.String(required=True)
    queue = fields.String(required=True)
    department = fields.String(required=True)
    item = fields.String(required=True)
    channel = fields.String(required=True)
    state = fields.String(required=True)
    issued_at = fields.String(required=True)
    appointment = fields.String(allow_none=True, load_default=None)


class TokenRenewed(EventData):
    """Which of its tokens counts for the ticket of an appointment."""

    id = fields.String(required=True)
    number = fields.Integer(required=True)


def _until(one: Any, state: str) -> str | None:
    return one.until.isoformat() if one.state == state and one.until else None


def _wanted(one: Any) -> dict[str, str] | None:
    if one.wanted_from is None:
        return None
    return {"from": one.wanted_from.isoformat(), "to": one.wanted_to.isoformat()}
