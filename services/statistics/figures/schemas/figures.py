"""Questions for figures, and the answers."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.chassis.schemas import Code, Dates, Reply, Request, refuse_longer
from services.statistics.figures.domain.figures import (
    APPOINTMENT_GROUPS,
    GROUPS,
    ONSITE_GROUPS,
    OVERTIME_GROUPS,
    PERIODS,
    Place,
)

MOST = 1000
LONGEST_CURSOR = 400
# Of days, and of days of each of some 600 items.
LONGEST_BY_DAY, LONGEST_BY_DAY_AND_ITEM = 3 * 366, 366


class Cursor(fields.Field[Place]):
    """The end of a page, opaque to the client."""

    def _serialize(self, value: Place | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        if value is None:
            return None
        text = json.dumps([value.period, value.group], ensure_ascii=False)
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Place:
        try:
            if len(value) > LONGEST_CURSOR:
                raise ValueError("too long")
            period, group = json.loads(urlsafe_b64decode(value.encode("ascii") + b"=="))
            # What PostgreSQL cannot take as text was never a cursor of ours.
            if "\0" in period + group:
                raise ValueError("no text")
            (period + group).encode()
        except (ValueError, TypeError, AttributeError) as fault:
            raise ValidationError("Not a cursor of ours.") from fault
        return Place(period=period, group=group)


class GetOverview(Request):
    """Which business date; today's when left out."""

    day = fields.Date(allow_none=True, load_default=None, data_key="date")


class GetHeatmap(Dates):
    """Which business dates, of the hall or a department."""

    department = Code(allow_none=True, load_default=None)


class GetVolumes(Dates):
    """Which business dates, in rows by period and group, of the hall or a department."""

    department = Code(allow_none=True, load_default=None)
    by = fields.String(required=True, validate=validate.OneOf(list(PERIODS)))
    group = fields.String(required=True, validate=validate.OneOf(GROUPS))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, MOST))
    cursor = Cursor(allow_none=True, load_default=None)

    @validates_schema(skip_on_field_errors=True)
    def not_too_many_days(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse more rows by day than anybody reads."""
        if data["by"] == "day":
            refuse_longer(data, LONGEST_BY_DAY_AND_ITEM if data["group"] == "item" else LONGEST_BY_DAY)


class GetAppointments(Dates):
    """Appointments whose slot is on one of these dates."""

    group = fields.String(required=True, validate=validate.OneOf(APPOINTMENT_GROUPS))


class GetOvertime(Dates):
    """Overtime on these dates."""

    group = fields.String(required=True, validate=validate.OneOf(OVERTIME_GROUPS))


class GetOnsite(Dates):
    """On-site orders whose window is on one of these dates."""

    group = fields.String(required=True, validate=validate.OneOf(ONSITE_GROUPS))


class ThreeServices(Reply):
    """Volume and share of the three services."""

    cases = fields.Integer()
    share = fields.Float()


class EstimateQuality(Reply):
    """How good the estimates were."""

    covered_rate = fields.Float()
    mean_abs_error_s = fields.Integer()


class Hour(Reply):
    """What happened in an hour of the day."""

    hour = fields.String()
    issued = fields.Integer()
    served = fields.Integer()
    accepted = fields.Integer()


class Department(Reply):
    """A department's part of the day."""

    department = fields.String()
    name = fields.String()
    name_en = fields.String()
    issued = fields.Integer()
    served = fields.Integer()
    waiting = fields.Integer()
    accepted = fields.Integer()


class Overview(Reply):
    """The figures of a business date."""

    date = fields.Date()
    issued = fields.Integer()
    called = fields.Integer()
    served = fields.Integer()
    missed = fields.Integer()
    accepted = fields.Integer()
    waiting_now = fields.Integer()
    median_wait_s = fields.Integer()
    p90_wait_s = fields.Integer()
    decided = fields.Integer()
    granted = fields.Integer()
    refused = fields.Integer()
    on_time_rate = fields.Float()
    three_services = fields.Nested(ThreeServices())
    estimate = fields.Nested(EstimateQuality())
    by_hour = fields.List(fields.Nested(Hour()))
    by_department = fields.List(fields.Nested(Department()))
    as_of = fields.DateTime()


class Volume(Reply):
    """The volume of a group in a period."""

    period = fields.String()
    group = fields.String()
    name = fields.String()
    name_en = fields.String()
    cases = fields.Integer()
    tickets = fields.Integer()
    served = fields.Integer()
    missed = fields.Integer()
    decided = fields.Integer()
    on_time = fields.Float()


class Volumes(Reply):
    """A page of volumes."""

    items = fields.List(fields.Nested(Volume()))
    next = Cursor()


class HeatmapHour(Reply):
    """What happened in an hour of a weekday."""

    weekday = fields.Integer()
    hour = fields.String()
    cases = fields.Integer()
    tickets = fields.Integer()


class AppointmentFigures(Reply):
    """What became of a group's appointments."""

    group = fields.String()
    name = fields.String()
    name_en = fields.String()
    booked = fields.Integer()
    cancelled = fields.Integer()
    displaced = fields.Integer()
    checked_in = fields.Integer()
    fulfilled = fields.Integer()
    no_shows = fields.Integer()
    show_rate = fields.Float()
    lead_median_s = fields.Integer()


class OvertimeFigures(Reply):
    """A group's overtime."""

    group = fields.String()
    name = fields.String()
    name_en = fields.String()
    minutes = fields.Integer()


class OnsiteFigures(Reply):
    """What became of a group's on-site orders."""

    group = fields.String()
    name = fields.String()
    name_en = fields.String()
    orders = fields.Integer()
    requested = fields.Integer()
    screened = fields.Integer()
    scheduled = fields.Integer()
    assigned = fields.Integer()
    en_route = fields.Integer()
    on_site = fields.Integer()
    done = fields.Integer()
    failed_visits = fields.Integer()
    cancelled = fields.Integer()
    arrivals = fields.Integer()
    on_time = fields.Integer()
    on_time_rate = fields.Float()
    travel_minutes = fields.Integer()
    service_minutes = fields.Integer()
    cases = fields.Integer()
