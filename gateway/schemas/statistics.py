"""Figures."""

from marshmallow import fields, validate

from gateway.schemas.common import Answer, Day, Input, Page, list_of


class Overview(Answer):
    """One day's numbers."""

    date = fields.String(metadata={"format": "date"})
    issued = fields.Integer()
    called = fields.Integer()
    served = fields.Integer()
    missed = fields.Integer()
    accepted = fields.Integer()
    waiting = fields.Integer(metadata={"description": "Waiting now."})
    on_time_rate = fields.Float(allow_none=True)


class Volume(Answer):
    """Volumes of one period and group."""

    period = fields.String(required=True)
    group = fields.String(required=True)
    cases = fields.Integer(required=True)
    tickets = fields.Integer(required=True)
    served = fields.Integer(required=True)
    missed = fields.Integer(required=True)
    on_time = fields.Integer(allow_none=True)


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
