"""What ticketing takes and gives over RPC, and what it reads of others' events."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.chassis.schemas import Code, EventData, Phone, Reply, Request, Wording
from services.ticketing.domain.evaluation import FOLLOW_UPS
from services.ticketing.domain.ticket import CHANNELS, CLASSES

ISSUED_CLASSES = tuple(name for name in CLASSES if name != "appointment")
LANGUAGES = ("zh", "en")
FREED = ("put_back", "hold", "end")
MOST_WINDOWS = 100
MOST_ZONES = 500


class NothingAsked(Request):
    """A request without fields."""


class IssueTicket(Request):
    """A number for an item. `reason` goes with the class urgent."""

    item = Code(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    class_ = fields.String(data_key="class", load_default="walk_in", validate=validate.OneOf(ISSUED_CLASSES))
    phone = Phone(load_default=None, allow_none=True)
    language = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(LANGUAGES))
    reason = Wording(load_default=None, allow_none=True)
    cutoff_override = Wording(load_default=None, allow_none=True)

    @validates_schema
    def _urgent_needs_a_reason(self, data: dict[str, object], **_: object) -> None:
        if data["class_"] == "urgent" and not data["reason"]:
            raise ValidationError("An urgent ticket needs a reason.", "reason")


class LeavePhone(Request):
    """Where a visitor is told that their turn is near."""

    id = fields.UUID(required=True)
    phone = Phone(required=True)
    language = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(LANGUAGES))


class CheckInTicket(Request):
    """A number for an appointment, as the service that keeps the appointments asks for it."""

    item = Code(required=True)
    appointment = fields.UUID(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(["web", "phone", "window"]))
    class_ = fields.String(
        data_key="class", required=True, validate=validate.OneOf(["appointment", "walk_in"])
    )
    reference_at = fields.AwareDateTime(required=True)


class ContactOf(Request):
    """Whose phone."""

    ticket = fields.UUID(required=True)


class TicketId(Request):
    """One ticket."""

    id = fields.UUID(required=True)


class ReasonedTicket(TicketId):
    """One ticket, and why something is done to it."""

    reason = Wording(required=True)


class TransferTicket(TicketId):
    """Where a ticket goes, and why: a queue, one window, or where a clerk sits, and for which item."""

    queue = Code(load_default=None, allow_none=True)
    item = Code(load_default=None, allow_none=True)
    window = Code(load_default=None, allow_none=True)
    clerk = Code(load_default=None, allow_none=True)
    reason = Wording(required=True)

    @validates_schema
    def _needs_a_place(self, data: dict[str, object], **_: object) -> None:
        if not any(data[name] for name in ("queue", "item", "window", "clerk")):
            raise ValidationError("Say where the visitor goes.", "queue")
        if data["window"] and data["clerk"]:
            raise ValidationError("Either a window or a clerk.", "clerk")


class EvaluateTicket(TicketId):
    """One of five levels, five being the best."""

    level = fields.Integer(required=True, strict=True, validate=validate.Range(1, 5))
    comment = Wording(most=1000, least=0, load_default=None, allow_none=True)


class EvaluationOf(Request):
    """The evaluation of one visit."""

    ticket = fields.UUID(required=True)


class AssignEvaluation(EvaluationOf):
    """Who follows a negative evaluation up, and until when."""

    owner = Code(required=True)
    due_on = fields.Date(required=True)


class FollowUpEvaluation(EvaluationOf):
    """What came of a follow-up."""

    result = Wording(required=True, most=1000)


class ListEvaluations(Request):
    """Which evaluations."""

    since = fields.Date(data_key="from", load_default=None, allow_none=True)
    until = fields.Date(data_key="to", load_default=None, allow_none=True)
    department = Code(load_default=None, allow_none=True)
    follow_up = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(list(FOLLOW_UPS)))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))
    cursor = fields.UUID(load_default=None, allow_none=True)


class WindowCode(Request):
    """One window."""

    window = Code(required=True)


class SignIn(WindowCode):
    """The queues to call from, in order; all of the window when left out."""

    queues = fields.List(Code(), load_default=None, allow_none=True, validate=validate.Length(1, 50))


class SignOut(WindowCode):
    """Why a manager frees the window, and what becomes of the visitor there."""

    reason = Wording(load_default=None, allow_none=True)
    visitor = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(FREED))


class CallNumber(WindowCode):
    """Whom a clerk calls out of turn, and why."""

    number = Code(required=True)
    reason = Wording(required=True)


class ListWindows(Request):
    """The windows of a department, or all."""

    department = Code(load_default=None, allow_none=True)


class ZoneCode(Request):
    """One zone."""

    zone = Code(required=True)


class NumberShown(ZoneCode):
    """A number on a zone's board."""

    number = Code(required=True)


class ZoneCodes(Request):
    """Several zones."""

    zones = fields.List(Code(), required=True, validate=validate.Length(1, MOST_ZONES))


class WindowCodes(Request):
    """Several windows."""

    windows = fields.List(Code(), required=True, validate=validate.Length(1, MOST_WINDOWS))


class ContactReply(Reply):
    """How a visitor is reached; the name is not known here."""

    name = fields.String(allow_none=True)
    phone = fields.String()
    language = fields.String()


class EstimateReply(Reply):
    """A wait in seconds."""

    p50_s = fields.Integer()
    p90_s = fields.Integer()


class CallingOnReply(Reply):
    """How often a visitor was called to the window, of how many times, and from when on again."""

    made = fields.Integer()
    most = fields.Integer()
    again_at = fields.AwareDateTime(allow_none=True)


class TicketReply(Reply):
    """A ticket."""

    id = fields.String()
    number = fields.String()
    hall = fields.String()
    business_date = fields.Date()
    queue = fields.String()
    department = fields.String()
    zone = fields.String()
    item = fields.String()
    class_ = fields.String(data_key="class")
    channel = fields.String()
    appointment = fields.String(allow_none=True)
    state = fields.String()
    window = fields.String(allow_none=True)
    for_window = fields.String(allow_none=True)
    clerk = fields.String(allow_none=True)
    extended = fields.Boolean()
    issued_at = fields.AwareDateTime()
    called_at = fields.AwareDateTime(allow_none=True)
    started_at = fields.AwareDateTime(allow_none=True)
    finished_at = fields.AwareDateTime(allow_none=True)
    calls = fields.Integer()
    ahead = fields.Integer(allow_none=True)
    estimate = fields.Nested(EstimateReply, allow_none=True)
    windows_open = fields.Integer(allow_none=True)
    calling = fields.Nested(CallingOnReply, allow_none=True)
    same_phone = fields.Integer()


class AtWindow(Reply):
    """The number at a window, as on its board."""

    number = fields.String()
    state = fields.String()
    since = fields.AwareDateTime()


def _calls_from(window: Any) -> list[str]:
    found = window if isinstance(window, dict) else window.__dict__
    return list(found["profile"] or found["queues"])


class WindowReply(Reply):
    """A window and who sits at it; `queues` is what is called from now, else the window's work profile.

    `held` are the numbers of those who were set aside there.
    """

    code = fields.String()
    name = fields.String()
    name_en = fields.String()
    department = fields.String()
    zone = fields.String()
    queues = fields.Function(_calls_from)
    state = fields.String()
    clerk = fields.String(allow_none=True)
    signed_in_at = fields.AwareDateTime(allow_none=True)
    held = fields.List(fields.String())
    ticket = fields.Nested(AtWindow, allow_none=True)


class WindowsReply(Reply):
    """A list of windows."""

    items = fields.List(fields.Nested(WindowReply))


class FloorQueueReply(Reply):
    """A queue as whoever looks after the floor sees it; `longest_wait_s` is that of who waits in it longest."""

    queue = fields.String()
    name = fields.String()
    name_en = fields.String()
    department = fields.String()
    zone = fields.String()
    waiting = fields.Integer()
    set_aside = fields.Integer()
    missed = fields.Integer()
    longest_wait_s = fields.Integer(allow_none=True)
    windows_open = fields.Integer()
    p90_s = fields.Integer(allow_none=True)


class FloorReply(Reply):
    """Queues and windows of one moment."""

    queues = fields.List(fields.Nested(FloorQueueReply))
    windows = fields.List(fields.Nested(WindowReply))
    as_of = fields.AwareDateTime()


class WindowUnnamed(WindowReply):
    """A window as strangers see it: whether somebody sits there, not who."""

    clerk = fields.Constant(None)  # type: ignore[assignment]


class WindowsUnnamed(Reply):
    """A list of windows for strangers."""

    items = fields.List(fields.Nested(WindowUnnamed))


class DeskReply(Reply):
    """What a clerk has before them: the ticket at the window, what is set aside, who waits."""

    window = fields.Nested(WindowReply)
    ticket = fields.Nested(TicketReply, allow_none=True)
    held = fields.List(fields.Nested(TicketReply))
    missed = fields.List(fields.Nested(TicketReply))
    waiting = fields.List(fields.Nested(TicketReply))
    waiting_count = fields.Integer()
    as_of = fields.AwareDateTime()


class DesksReply(Reply):
    """What several clerks have before them."""

    items = fields.List(fields.Nested(DeskReply))


class WhyNumberReply(Reply):
    """Why a number was called when it was."""

    number = fields.String()
    window = fields.String()
    called_at = fields.AwareDateTime()
    rule = fields.String()
    reason = fields.String(allow_none=True)
    class_ = fields.String(data_key="class")
    score = fields.Float()
    waiting = fields.Integer()
    runner_up = fields.Raw(allow_none=True)
    explanation = fields.String()
    explanation_en = fields.String()


class WhyReply(WhyNumberReply):
    """Why a ticket was called when it was."""

    ticket = fields.String()


class CallingReply(Reply):
    """A line of the board: a number, and nothing that leads to the ticket."""

    number = fields.String()
    window = fields.String()
    window_name = fields.String()
    window_name_en = fields.String()
    queue = fields.String()
    queue_name = fields.String()
    queue_name_en = fields.String()
    state = fields.String()
    called_at = fields.AwareDateTime()
    recalls = fields.Integer()


class QueueWaitingReply(Reply):
    """How many wait in a queue, the windows that call from it, and the ninetieth percentile of a new ticket's wait."""

    queue = fields.String()
    name = fields.String()
    name_en = fields.String()
    count = fields.Integer()
    windows_open = fields.Integer()
    p90_s = fields.Integer(allow_none=True)


class AnnouncementReply(Reply):
    """A call or recall of the last minutes."""

    seq = fields.Integer()
    number = fields.String()
    window = fields.String()
    called_at = fields.AwareDateTime()
    recall = fields.Boolean()


class ExtendedReply(Reply):
    """An extended session that runs, by its department's name."""

    department = fields.String()
    name = fields.String()
    name_en = fields.String()
    ends_at = fields.AwareDateTime()


class BoardReply(Reply):
    """What a zone's board shows."""

    zone = fields.String()
    zone_name = fields.String()
    zone_name_en = fields.String()
    calling = fields.List(fields.Nested(CallingReply))
    waiting = fields.List(fields.Nested(QueueWaitingReply))
    extended = fields.List(fields.Nested(ExtendedReply))
    missed = fields.List(fields.String())
    announcements = fields.List(fields.Nested(AnnouncementReply))
    as_of = fields.AwareDateTime()


class BoardsReply(Reply):
    """What the boards of several zones show."""

    items = fields.List(fields.Nested(BoardReply))


class EvaluationReply(Reply):
    """An evaluation as it was recorded."""

    ticket = fields.String()
    level = fields.Integer()
    comment = fields.String(allow_none=True)
    recorded_at = fields.AwareDateTime()


class EvaluationDetail(EvaluationReply):
    """An evaluation with its visit and its follow-up."""

    number = fields.String(allow_none=True)
    business_date = fields.Date()
    queue = fields.String()
    department = fields.String()
    item = fields.String(allow_none=True)
    window = fields.String(allow_none=True)
    clerk = fields.String(allow_none=True)
    follow_up = fields.String(allow_none=True)
    owner = fields.String(allow_none=True)
    due_on = fields.Date(allow_none=True)
    result = fields.String(allow_none=True)


class EvaluationsReply(Reply):
    """A page of evaluations."""

    items = fields.List(fields.Nested(EvaluationDetail))
    next = fields.String(allow_none=True)


class NamedPublished(EventData):
    """A department or zone of the catalogue."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)


class QueuePublished(NamedPublished):
    """A queue of the catalogue."""

    prefix = fields.String(required=True)
    department = fields.String(required=True)
    zone = fields.String(required=True)
    max_wait_s = fields.Integer(required=True)
    rates = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)


class WindowPublished(NamedPublished):
    """A window of the catalogue."""

    department = fields.String(required=True)
    zone = fields.String(required=True)
    queues = fields.List(fields.String(), required=True)


class ItemPublished(NamedPublished):
    """An item of the catalogue."""

    department = fields.String(required=True)
    queue = fields.String(required=True)
    service_seconds = fields.Integer(required=True)
    state = fields.String(required=True)


class ItemDated(EventData):
    """What an item is from each of some days on."""

    code = fields.String(required=True)
    terms = fields.List(fields.Raw(), required=True)


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
    reason = fields.String(required=True)
    reason_en = fields.String(required=True)


class CalendarPublished(EventData):
    """The days of a year that break the week."""

    year = fields.Integer(required=True)
    days = fields.List(fields.Raw(), required=True)


class TokenRenewed(EventData):
    """An appointment got another token, and which ticket its person has."""

    id = fields.String(required=True)
    ticket = fields.String(required=True)


class SessionTold(EventData):
    """An extended session after what became of it."""

    id = fields.UUID(required=True)
    department = fields.String(required=True)
    windows = fields.List(fields.String(), required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["planned", "open", "closed", "cancelled"]))
    opened_at = fields.AwareDateTime(allow_none=True, load_default=None)
    closed_at = fields.AwareDateTime(allow_none=True, load_default=None)
