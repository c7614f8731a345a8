"""Figures."""

from marshmallow import fields, validate

from gateway.schemas.common import Answer, Code, Day, Input, Page, list_of


class Overview(Answer):
    """One day's numbers."""

    date = fields.String(required=True, metadata={"format": "date"})
    issued = fields.Integer(required=True)
    called = fields.Integer(required=True)
    served = fields.Integer(required=True)
    missed = fields.Integer(required=True)
    accepted = fields.Integer(required=True)
    waiting_now = fields.Integer(required=True)
    median_wait_s = fields.Integer(allow_none=True)
    p90_wait_s = fields.Integer(allow_none=True)
    decided = fields.Integer(metadata={"description": "On this day: granted or refused."})
    granted = fields.Integer()
    refused = fields.Integer()
    on_time_rate = fields.Float(allow_none=True)
    three_services = fields.Dict(allow_none=True)
    estimate = fields.Dict(allow_none=True)
    by_hour = fields.List(fields.Dict())
    by_department = fields.List(fields.Dict())
    as_of = fields.String(allow_none=True, metadata={"format": "date-time"})


class Volume(Answer):
    """Volumes of one period and group."""

    period = fields.String(required=True)
    group = fields.String(required=True)
    cases = fields.Integer(required=True)
    tickets = fields.Integer(required=True)
    served = fields.Integer(required=True)
    missed = fields.Integer(required=True)
    decided = fields.Integer(required=True, metadata={"description": "Of these cases, by now."})
    on_time = fields.Float(allow_none=True, metadata={"description": "The share of the decided."})


class HeatmapHour(Answer):
    """What happened in an hour of a weekday."""

    weekday = fields.Integer(required=True, metadata={"description": "1 is Monday."})
    hour = fields.String(required=True)
    cases = fields.Integer(required=True)
    tickets = fields.Integer(required=True)


class AppointmentFigures(Answer):
    """What became of a group's appointments."""

    group = fields.String(required=True)
    name = fields.String(allow_none=True)
    name_en = fields.String(allow_none=True)
    booked = fields.Integer(
        required=True, metadata={"description": "Whatever became of them; moved ones once."}
    )
    cancelled = fields.Integer(required=True)
    displaced = fields.Integer(required=True)
    checked_in = fields.Integer(required=True)
    fulfilled = fields.Integer(required=True)
    no_shows = fields.Integer(required=True)
    show_rate = fields.Float(
        allow_none=True, metadata={"description": "Those who came among those who came or stayed away."}
    )
    lead_median_s = fields.Integer(
        allow_none=True, metadata={"description": "From booking to the slot, in seconds."}
    )


class OvertimeFigures(Answer):
    """A group's overtime."""

    group = fields.String(required=True)
    name = fields.String(allow_none=True)
    name_en = fields.String(allow_none=True)
    minutes = fields.Integer(required=True)


class OnsiteFigures(Answer):
    """What became of a group's on-site orders; each is in one state."""

    group = fields.String(required=True)
    name = fields.String(allow_none=True)
    name_en = fields.String(allow_none=True)
    orders = fields.Integer(required=True)
    requested = fields.Integer(required=True)
    screened = fields.Integer(required=True)
    scheduled = fields.Integer(required=True)
    assigned = fields.Integer(required=True)
    en_route = fields.Integer(required=True)
    on_site = fields.Integer(required=True)
    done = fields.Integer(required=True)
    failed_visits = fields.Integer(required=True)
    cancelled = fields.Integer(required=True)
    arrivals = fields.Integer(required=True)
    on_time = fields.Integer(
        required=True,
        metadata={"description": "Arrivals not after the end of the window; who is early waits."},
    )
    on_time_rate = fields.Float(allow_none=True)
    travel_minutes = fields.Integer(required=True)
    service_minutes = fields.Integer(required=True)
    cases = fields.Integer(required=True, metadata={"description": "Accepted on the spot."})


HeatmapList = list_of(HeatmapHour, name="HeatmapList")
OnsiteFiguresList = list_of(OnsiteFigures, name="OnsiteFiguresList")
AppointmentFiguresList = list_of(AppointmentFigures, name="AppointmentFiguresList")
OvertimeFiguresList = list_of(OvertimeFigures, name="OvertimeFiguresList")
VolumeList = list_of(Volume, name="VolumeList")


class OverviewQuery(Input):
    """Which day; today when left out."""

    date = Day()


class VolumeQuery(Page):
    """Which period, in what steps, grouped by what."""

    class Meta(Page.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day(required=True), "to": Day(required=True)}  # noqa: RUF012

    by = fields.String(required=True, validate=validate.OneOf(["day", "month", "quarter", "year"]))
    group = fields.String(required=True, validate=validate.OneOf(["department", "item", "origin", "hour"]))
    department = Code(metadata={"description": "Count this department only."})


class _Dates(Page):
    """These business dates, both included."""

    class Meta(Page.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day(required=True), "to": Day(required=True)}  # noqa: RUF012


class HeatmapQuery(_Dates):
    """These business dates, of the hall or a department."""

    department = Code(metadata={"description": "Count this department only."})


class AppointmentFigureQuery(_Dates):
    """Appointments whose slot is on these dates."""

    group = fields.String(required=True, validate=validate.OneOf(["channel", "department", "item"]))


class OvertimeFigureQuery(_Dates):
    """Overtime on these dates."""

    group = fields.String(required=True, validate=validate.OneOf(["department", "staff"]))


class OnsiteFigureQuery(_Dates):
    """On-site orders whose window is on these dates."""

    group = fields.String(required=True, validate=validate.OneOf(["department", "crew"]))
