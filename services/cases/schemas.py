"""What goes in and out of cases, and what it reads of others' facts."""

from typing import Any

from marshmallow import fields, post_load, validate

from services.cases import domain
from services.chassis.schemas import Code, EventData, Reply, Request, Text, Wording

NUMBER = validate.Regexp(r"\d{4}-\d{7,}\Z", error="Not a case number, as 2026-0000123.")
OPAQUE = validate.Regexp(
    r"[A-Za-z0-9][A-Za-z0-9._:/-]*\Z", error="Give an opaque reference: letters, digits, ._:/-"
)


class AcceptCase(Request):
    """A case accepted on a ticket. `applicant_ref` is opaque, never a name, identity or phone number."""

    ticket = Text(most=64, required=True)
    item = Code(required=True)
    applicant_ref = Wording(most=64, rules=[OPAQUE], allow_none=True, load_default=None)
    joint_case = Code(allow_none=True, load_default=None)


class CaseNumber(Request):
    """Which case."""

    number = fields.String(required=True, validate=NUMBER)


class CaseAndReason(CaseNumber):
    """Which case, and why."""

    reason = Text(required=True)


class CasesOfTicket(Request):
    """Which ticket."""

    ticket = Text(most=64, required=True)


class Interval(Reply):
    """A stay in a state."""

    state = fields.String()
    entered_at = fields.DateTime()
    left_at = fields.DateTime()
    seconds = fields.Integer()
    reason = fields.String()


class CaseState(Reply):
    """A case as everybody may know it; the data of its events."""

    number = fields.String()
    item = fields.String()
    department = fields.String()
    state = fields.String()
    origin = fields.String()
    ticket = fields.String()
    onsite_order = fields.String()
    window = fields.String()
    clerk = fields.String()
    business_date = fields.Date()
    accepted_at = fields.DateTime()
    due_on = fields.Date()
    decided_at = fields.DateTime()
    on_time = fields.Boolean()


class Case(CaseState):
    """A case as staff sees it."""

    applicant_ref = fields.String()
    joint_case = fields.String()


class CaseWithHistory(Case):
    """A case with its stays in each state."""

    history = fields.List(fields.Nested(Interval()))


class Cases(Reply):
    """The cases of a ticket."""

    items = fields.List(fields.Nested(Case()))


class Ticket(EventData):
    """What cases reads of ticketing's answer."""

    id = fields.String(required=True)
    department = fields.String(required=True)
    channel = fields.String(required=True)
    state = fields.String(required=True)
    window = fields.String(allow_none=True, load_default=None)
    clerk = fields.String(allow_none=True, load_default=None)
    extended = fields.Boolean(load_default=False)

    @post_load
    def make(self, data: dict[str, Any], **_options: Any) -> domain.Ticket:
        """Return it as the domain knows it."""
        return domain.Ticket(**data)


class ItemPublished(EventData):
    """What cases copies of an item."""

    code = fields.String(required=True)
    department = fields.String(required=True)
    time_limit_days = fields.Integer(required=True, validate=validate.Range(min=0))
    state = fields.String(required=True, validate=validate.OneOf(["active", "withdrawn"]))


class AcceptedItem(EventData):
    """An item that was accepted at the applicant's place."""

    item = fields.String(required=True)


class OrderDone(EventData):
    """What cases reads of a visit that is done."""

    id = fields.String(required=True)
    cases = fields.List(fields.Nested(AcceptedItem()), required=True)
    ended_at = fields.AwareDateTime(required=True)
    ended_by = fields.String(allow_none=True, load_default=None)


class CalendarDay(EventData):
    """A day that breaks the week."""

    day = fields.Date(required=True)
    working = fields.Boolean(required=True)


class CalendarPublished(EventData):
    """A year's days that break the week."""

    year = fields.Integer(required=True)
    days = fields.List(fields.Nested(CalendarDay()), required=True)
