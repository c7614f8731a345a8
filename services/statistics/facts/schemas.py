"""What statistics reads of others' facts."""

from marshmallow import fields

from services.chassis.schemas import EventData


class StretchState(EventData):
    """What statistics keeps of a stretch of a visit."""

    queue = fields.String(required=True)
    department = fields.String(required=True)
    item = fields.String(allow_none=True, load_default=None)
    window = fields.String(allow_none=True, load_default=None)
    queued = fields.Boolean(load_default=True)
    state = fields.String(required=True)
    entered_at = fields.AwareDateTime(required=True)
    misses = fields.Integer(load_default=0)
    wait_s = fields.Integer(allow_none=True, load_default=None)
    service_s = fields.Integer(allow_none=True, load_default=None)
    p50_s = fields.Integer(allow_none=True, load_default=None)
    p90_s = fields.Integer(allow_none=True, load_default=None)


class TicketState(EventData):
    """What statistics keeps of a ticket."""

    business_date = fields.Date(required=True)
    department = fields.String(required=True)
    item = fields.String(required=True)
    channel = fields.String(required=True)
    state = fields.String(required=True)
    extended = fields.Boolean(load_default=False)
    issued_at = fields.AwareDateTime(required=True)
    finished_at = fields.AwareDateTime(allow_none=True, load_default=None)
    misses = fields.Integer(load_default=0)
    wait_s = fields.Integer(allow_none=True, load_default=None)
    p50_s = fields.Integer(allow_none=True, load_default=None)
    p90_s = fields.Integer(allow_none=True, load_default=None)
    queue = fields.String(allow_none=True, load_default=None)
    window = fields.String(allow_none=True, load_default=None)
    service_s = fields.Integer(allow_none=True, load_default=None)
    # Events of before tell of one stretch, by the members above.
    stretches = fields.List(fields.Nested(StretchState()), load_default=list)


class CaseState(EventData):
    """What statistics keeps of a case."""

    business_date = fields.Date(required=True)
    department = fields.String(required=True)
    item = fields.String(required=True)
    state = fields.String(required=True)
    origin = fields.String(required=True)
    accepted_at = fields.AwareDateTime(allow_none=True, load_default=None)
    decided_at = fields.AwareDateTime(allow_none=True, load_default=None)
    on_time = fields.Boolean(allow_none=True, load_default=None)
    due_on = fields.Date(allow_none=True, load_default=None)
    outcome = fields.String(allow_none=True, load_default=None)


class AppointmentState(EventData):
    """What statistics keeps of an appointment."""

    department = fields.String(required=True)
    item = fields.String(required=True)
    channel = fields.String(required=True)
    state = fields.String(required=True)
    starts_at = fields.AwareDateTime(allow_none=True, load_default=None)
    booked_at = fields.AwareDateTime(allow_none=True, load_default=None)
    lead_s = fields.Integer(allow_none=True, load_default=None)


class OnsiteState(EventData):
    """What statistics keeps of an on-site order."""

    business_date = fields.Date(required=True, data_key="date")
    department = fields.String(required=True)
    crew = fields.String(allow_none=True, load_default=None)
    crew_before = fields.String(allow_none=True, load_default=None)
    state = fields.String(required=True)
    on_time = fields.Boolean(allow_none=True, load_default=None)
    travel_s = fields.Integer(allow_none=True, load_default=None)
    service_s = fields.Integer(allow_none=True, load_default=None)
    cases = fields.List(fields.Raw(), load_default=list)


class JointStep(EventData):
    """What statistics reads of a step."""

    department = fields.String(required=True)


class JointState(EventData):
    """What statistics keeps of a joint case."""

    lead = fields.String(required=True)
    state = fields.String(required=True)
    opened_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(allow_none=True, load_default=None)
    steps = fields.List(fields.Nested(JointStep()), required=True)


class Overtime(EventData):
    """What statistics keeps of a stretch of overtime."""

    business_date = fields.Date(required=True)
    department = fields.String(required=True)
    staff = fields.String(required=True)
    minutes = fields.Integer(required=True)


class Named(EventData):
    """What statistics keeps of a department, item, queue or crew."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(allow_none=True, load_default=None)


class Item(Named):
    """What statistics keeps of an item."""

    department = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    effective_from = fields.Date(allow_none=True, load_default=None)


class Term(EventData):
    """What statistics keeps of an item from a day on."""

    effective_from = fields.Date(required=True)
    state = fields.String(required=True)
    department = fields.String(required=True)


class ItemTerms(EventData):
    """What an item is from each day on, past and announced."""

    code = fields.String(required=True)
    terms = fields.List(fields.Nested(Term()), required=True)


class CalendarDay(EventData):
    """A day that breaks the week."""

    day = fields.Date(required=True)
    working = fields.Boolean(required=True)


class CalendarYear(EventData):
    """A year's days that break the week."""

    year = fields.Integer(required=True)
    days = fields.List(fields.Nested(CalendarDay()), required=True)


class Department(Named):
    """What statistics keeps of a department."""

    offers_three_services = fields.Boolean(required=True)


class EvaluationState(EventData):
    """What statistics keeps of an evaluation. Older events tell no date, which is then that of the evaluation."""

    business_date = fields.Date(allow_none=True, load_default=None)
    department = fields.String(required=True)
    item = fields.String(required=True, allow_none=True)
    level = fields.Integer(required=True)
    follow_up = fields.String(allow_none=True, load_default=None)
    recorded_at = fields.AwareDateTime(required=True)


class WindowState(EventData):
    """What statistics keeps of a window: when it was open for which queues, not who sat there."""

    department = fields.String(required=True)
    queues = fields.List(fields.String(), required=True)
    signed_in_at = fields.AwareDateTime(required=True)


class AccountState(EventData):
    """What statistics keeps of an account of the staff."""

    username = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    department = fields.String(allow_none=True, load_default=None)
    active = fields.Boolean(required=True)


class CommendationState(EventData):
    """What statistics keeps of a commendation."""

    department = fields.String(required=True)
    kind = fields.String(required=True)
    received_on = fields.Date(required=True)
    withdrawn = fields.Boolean(required=True)
