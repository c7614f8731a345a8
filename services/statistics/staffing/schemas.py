"""Advice on staffing: what is asked and answered."""

from typing import Any

from marshmallow import fields, validate, validates_schema

from services.chassis.schemas import Code, Dates, Reply, Request, refuse_longer
from services.statistics.staffing import domain as staffing

MOST_SEED = 2**31 - 1


class RequestAdvice(Dates):
    """From which dates advice is worked out, and what it is to reach."""

    queue = Code(load_default=None, allow_none=True)
    by_weekday = fields.Boolean(load_default=False)
    target = fields.Float(load_default=staffing.TARGET, allow_nan=False, validate=validate.Range(0.5, 0.99))
    within_s = fields.Integer(load_default=staffing.WITHIN_S, validate=validate.Range(60, 2 * 3600))
    seed = fields.Integer(load_default=1, validate=validate.Range(0, MOST_SEED))

    @validates_schema(skip_on_field_errors=True)
    def not_too_long(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse more than half a year."""
        refuse_longer(data, staffing.LONGEST_DAYS)


class AdviceId(Request):
    """One piece of advice."""

    id = fields.UUID(required=True)


class OutlookReply(Reply):
    """What so many windows make of an hour."""

    windows = fields.Integer()
    within_rate = fields.Float()
    p90_wait_s = fields.Integer()
    utilisation = fields.Float()


class AdviceRow(Reply):
    """The advice for an hour of a queue."""

    queue = fields.String()
    weekday = fields.Integer(allow_none=True)
    hour = fields.Integer()
    days = fields.Integer()
    arrivals = fields.Float()
    service_s = fields.Integer()
    served = fields.Integer()
    windows_now = fields.Integer(allow_none=True)
    windows_needed = fields.Integer(allow_none=True)
    windows_erlang = fields.Integer()
    less = fields.Nested(OutlookReply, allow_none=True)
    as_is = fields.Nested(OutlookReply, allow_none=True)
    more = fields.Nested(OutlookReply)


class Advice(Reply):
    """Advice, or how far it is."""

    id = fields.String()
    state = fields.String()
    since = fields.Date(data_key="from")
    until = fields.Date(data_key="to")
    queue = fields.String(allow_none=True)
    by_weekday = fields.Boolean()
    target = fields.Float()
    within_s = fields.Integer()
    seed = fields.Integer()
    requested_at = fields.AwareDateTime()
    finished_at = fields.AwareDateTime(allow_none=True)
    done = fields.Integer()
    cells = fields.Integer(allow_none=True)
    fault = fields.String(allow_none=True)
    rows = fields.List(fields.Nested(AdviceRow), allow_none=True)
