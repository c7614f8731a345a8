"""Tickets, windows, boards and evaluations."""

from marshmallow import fields, validate

from gateway.schemas.common import (
    Answer,
    Code,
    Day,
    HolderToken,
    Input,
    Page,
    PhoneNumber,
    Text,
    Whole,
    list_of,
)

TICKET_STATES = (
    "waiting", "called", "serving", "on_hold", "served", "missed", "expired", "transferred", "cancelled", "closed",
)  # fmt: skip
CHANNELS = ("kiosk", "window", "phone", "web")
FOLLOW_UPS = ("open", "assigned", "followed_up")
# A ticket of class `appointment` comes from checking in alone.
CLASSES = ("urgent", "priority", "walk_in")
LANGUAGES = ("zh", "en")
FREED = ("put_back", "hold", "end")
_TIME = {"format": "date-time"}


class Estimate(Answer):
    """How long the wait will be, in seconds."""

    p50_s = fields.Integer(required=True)
    p90_s = fields.Integer(required=True)


class CallingOn(Answer):
    """How often a called visitor was called to the window, of how many times, and when that may be again."""

    made = fields.Integer(required=True)
    most = fields.Integer(required=True)
    again_at = fields.String(
        required=True,
        allow_none=True,
        metadata=_TIME | {"description": "The next call may come from then on; None when none is left."},
    )


class Ticket(Answer):
    """A place in a queue."""

    class Meta(Answer.Meta):
        """Names that are keywords of Python."""

        include = {"class": fields.String(required=True)}  # noqa: RUF012 - Marshmallow's own declaration

    id = fields.String(required=True, metadata={"format": "uuid"})
    token = HolderToken()
    number = fields.String(required=True)
    hall = fields.String(required=True)
    queue = fields.String(required=True)
    department = fields.String(required=True)
    item = fields.String(required=True)
    channel = fields.String(required=True)
    appointment = fields.String(
        allow_none=True,
        metadata={"format": "uuid", "description": "The appointment checked in for it; staff only."},
    )
    extended = fields.Boolean(metadata={"description": "Issued, called or served in an extended session."})
    state = fields.String(required=True, validate=validate.OneOf(TICKET_STATES))
    window = fields.String(allow_none=True)
    for_window = fields.String(
        allow_none=True, metadata={"description": "Sent on to this window, while waiting for it."}
    )
    issued_at = fields.String(required=True, metadata=_TIME)
    called_at = fields.String(allow_none=True, metadata=_TIME)
    started_at = fields.String(allow_none=True, metadata=_TIME)
    finished_at = fields.String(allow_none=True, metadata=_TIME)
    ahead = fields.Integer(allow_none=True, metadata={"description": "Tickets ahead, while waiting."})
    same_phone = fields.Integer(
        metadata={
            "description": "How many other numbers of the queue that are not done with the phone had been left with; "
            "for staff and for who leaves it."
        }
    )
    estimate = fields.Nested(
        Estimate,
        allow_none=True,
        metadata={"description": "None where nothing can be said, as while no window is open."},
    )
    windows_open = fields.Integer(
        allow_none=True, metadata={"description": "Windows that call from its queue now, while waiting."}
    )
    calling = fields.Nested(
        CallingOn,
        allow_none=True,
        metadata={"description": "While called: on a desk, and answered to its clerk's calls."},
    )


class WhyNumber(Answer):
    """Why a number was called when it was."""

    number = fields.String(required=True)
    window = fields.String(required=True)
    called_at = fields.String(required=True, metadata=_TIME)
    rule = fields.String(required=True)
    reason = fields.String(
        allow_none=True, metadata={"description": "Given by who chose the visitor or sent them on."}
    )
    score = fields.Float(allow_none=True)
    waiting = fields.Integer()
    runner_up = fields.Raw(
        allow_none=True, metadata={"description": "Who came next, by the number and not by the id."}
    )
    explanation = fields.String()
    explanation_en = fields.String()


class Why(WhyNumber):
    """Why a ticket was called when it was."""

    ticket = fields.String(required=True)


class AtWindow(Answer):
    """The number at a window, as on its board."""

    number = fields.String(required=True)
    state = fields.String(required=True)
    since = fields.String(required=True, metadata=_TIME)


class Window(Answer):
    """A counter."""

    code = fields.String(required=True)
    name = fields.String()
    department = fields.String(required=True)
    zone = fields.String(required=True)
    queues = fields.List(fields.String())
    state = fields.String(required=True)
    clerk = fields.String(allow_none=True)
    held = fields.List(fields.String(), metadata={"description": "Numbers of those who are set aside there."})
    ticket = fields.Nested(AtWindow, allow_none=True, metadata={"description": "In lists alone."})


class Called(Answer):
    """A ticket that is called now."""

    number = fields.String(required=True)
    window = fields.String(required=True)


class Waiting(Answer):
    """A queue and those who wait in it."""

    queue = fields.String(required=True)
    count = fields.Integer(required=True)
    windows_open = fields.Integer(metadata={"description": "Windows that call from it now."})
    p90_s = fields.Integer(
        allow_none=True,
        metadata={"description": "A new ticket's wait in seconds; None where nothing can be said."},
    )


class Extended(Answer):
    """An extended session that runs."""

    department = fields.String(required=True)
    name = fields.String()
    name_en = fields.String()
    ends_at = fields.String(required=True, metadata=_TIME | {"description": "When it ends by plan."})


class Board(Answer):
    """What a zone's board shows."""

    zone = fields.String(required=True)
    calling = fields.List(fields.Nested(Called), required=True)
    waiting = fields.List(fields.Nested(Waiting), required=True)
    extended = fields.List(fields.Nested(Extended))
    missed = fields.List(
        fields.String(), metadata={"description": "Numbers whose visitors may still be queued again."}
    )
    as_of = fields.String(required=True, metadata=_TIME)


class NumberQuery(Input):
    """Which number."""

    number = Code(required=True)


class StreamQuery(Input):
    """How often a stream is to tell of changes."""

    every = Whole(
        most=60,
        strict=False,
        load_default=0,
        metadata={"description": "Seconds between two events at least; 0 for as soon as something changes."},
    )


class Evaluation(Answer):
    """An evaluation as it was taken."""

    ticket = fields.String()
    level = fields.Integer()


class EvaluationDetail(Evaluation):
    """An evaluation with its visit and its follow-up."""

    number = fields.String(allow_none=True, metadata={"description": "The ticket's, as the visitor knew it."})
    comment = fields.String(allow_none=True)
    recorded_at = fields.String(required=True, metadata=_TIME)
    business_date = fields.String(required=True, metadata={"format": "date"})
    queue = fields.String(required=True)
    department = fields.String(required=True)
    item = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Null for who was sent on and served for something nobody wrote down."},
    )
    window = fields.String(allow_none=True)
    clerk = fields.String(allow_none=True)
    follow_up = fields.String(
        allow_none=True,
        validate=validate.OneOf(FOLLOW_UPS),
        metadata={"description": "Of levels 1 and 2 alone."},
    )
    owner = fields.String(allow_none=True)
    due_on = fields.String(allow_none=True, metadata={"format": "date"})
    result = fields.String(allow_none=True)


EvaluationList = list_of(EvaluationDetail, name="EvaluationList")


class Desk(Answer):
    """What a clerk has before them."""

    window = fields.Nested(Window, required=True)
    ticket = fields.Nested(Ticket, allow_none=True, metadata={"description": "Called or served now."})
    held = fields.List(fields.Nested(Ticket), required=True)
    missed = fields.List(fields.Nested(Ticket), required=True)
    waiting = fields.List(
        fields.Nested(Ticket),
        required=True,
        metadata={"description": "The first of them in the order of calling."},
    )
    waiting_count = fields.Integer(metadata={"description": "How many wait in its queues altogether."})
    as_of = fields.String(required=True, metadata=_TIME)


class FloorQuery(Input):
    """The floor of one department, or all of it."""

    department = Code()


class FloorQueue(Answer):
    """A queue and those of it who wait or are aside."""

    queue = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String()
    department = fields.String(required=True)
    zone = fields.String(required=True)
    waiting = fields.Integer(required=True)
    set_aside = fields.Integer(required=True, metadata={"description": "Set aside at a window."})
    missed = fields.Integer(required=True, metadata={"description": "Missed, and may still be queued again."})
    longest_wait_s = fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "Seconds that who waits in it longest has waited in it; None while nobody waits."
        },
    )
    windows_open = fields.Integer(required=True)
    p90_s = fields.Integer(
        allow_none=True,
        metadata={"description": "A new ticket's wait in seconds; None where nothing can be said."},
    )


class Floor(Answer):
    """Queues and windows of one moment."""

    queues = fields.List(fields.Nested(FloorQueue), required=True)
    windows = fields.List(fields.Nested(Window), required=True)
    as_of = fields.String(required=True, metadata=_TIME)


WindowList = list_of(Window, name="WindowList")


class NewTicket(Input):
    """Take a number for an item."""

    class Meta(Input.Meta):
        """Names that are keywords of Python."""

        include = {"class": fields.String(validate=validate.OneOf(CLASSES))}  # noqa: RUF012

    item = Code(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    phone = PhoneNumber(allow_none=True)
    language = fields.String(
        validate=validate.OneOf(LANGUAGES),
        allow_none=True,
        metadata={"description": "Of the message to the phone that the turn is near."},
    )
    reason = Text(
        most=200,
        allow_none=True,
        metadata={"description": "Why the class is urgent; the queue's clerks and managers only."},
    )
    cutoff_override = Text(
        most=200,
        allow_none=True,
        metadata={"description": "Why a number is given past the cut-off; clerks and managers only."},
    )


class TicketPhone(Input):
    """Where the visitor is told that the turn is near, and in which language."""

    phone = PhoneNumber(required=True)
    language = fields.String(validate=validate.OneOf(LANGUAGES), allow_none=True)


class SignIn(Input):
    """Which of the window's queues to call from; all when left out."""

    queues = fields.List(Code(), validate=validate.Length(1, 50), allow_none=True)


class SignOut(Input):
    """Why a manager frees a window, needed while somebody is there, and what becomes of them; nothing of a clerk."""

    reason = Text(most=200, allow_none=True)
    visitor = fields.String(
        validate=validate.OneOf(FREED),
        allow_none=True,
        metadata={"description": "Waits again with the same seniority unless something else is said."},
    )


class Choice(Input):
    """Whom a clerk calls out of turn, and why."""

    number = Code(required=True)
    reason = Text(most=200, required=True)


class Transfer(Input):
    """Where the visitor goes on, and why: one of queue, item, window and clerk at least."""

    queue = Code(allow_none=True)
    item = Code(
        allow_none=True, metadata={"description": "What the visitor is to do there; it counts for that."}
    )
    window = Code(allow_none=True, metadata={"description": "The only window that calls while it is open."})
    clerk = Code(allow_none=True, metadata={"description": "In place of a window: who sits there."})
    reason = Text(most=200, required=True)


class NewEvaluation(Input):
    """How the visit was: 5 very satisfied to 1 very dissatisfied."""

    level = Whole(least=1, most=5, required=True)
    comment = Text(most=500, least=0, allow_none=True)


class EvaluationQuery(Page):
    """Evaluations of visits on these business dates, both included."""

    class Meta(Page.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day(), "to": Day()}  # noqa: RUF012

    department = Code()
    follow_up = fields.String(validate=validate.OneOf(FOLLOW_UPS))


class FollowUpTask(Input):
    """Who follows a negative evaluation up, by which date."""

    owner = Code(
        required=True,
        metadata={
            "description": "The account of who answers for it: of a clerk, operator, dispatcher, crew, analyst or "
            "manager; else 422 `no_such_owner`."
        },
    )
    due_on = Day(required=True)


class FollowUpResult(Input):
    """What came of a follow-up."""

    result = Text(most=1000, required=True)
