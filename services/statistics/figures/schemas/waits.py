"""Waits and distributions: what is asked and answered."""

from typing import Any

from marshmallow import fields, validate, validates_schema

from services.chassis.schemas import Code, Dates, Reply, refuse_longer
from services.statistics.figures.domain.waits import KINDS, LONGEST_DAYS, WAIT_GROUPS


class MeasuredDates(Dates):
    """Not more dates than can be looked through while somebody waits."""

    @validates_schema(skip_on_field_errors=True)
    def not_too_long(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse more than a year."""
        refuse_longer(data, LONGEST_DAYS)


class GetWaits(MeasuredDates):
    """Waits on these dates."""

    group = fields.String(required=True, validate=validate.OneOf(WAIT_GROUPS))


class WaitFigures(Reply):
    """How long the people of a group waited and were served."""

    group = fields.String()
    name = fields.String(allow_none=True)
    name_en = fields.String(allow_none=True)
    called = fields.Integer()
    median_wait_s = fields.Integer(allow_none=True)
    p90_wait_s = fields.Integer(allow_none=True)
    under_15_min_rate = fields.Float(allow_none=True)
    estimated = fields.Integer()
    covered_rate = fields.Float(allow_none=True)
    mean_abs_error_s = fields.Integer(allow_none=True)
    served = fields.Integer()
    mean_service_s = fields.Integer(allow_none=True)
    p90_service_s = fields.Integer(allow_none=True)
    worked_s = fields.Integer()
    open_s = fields.Integer(allow_none=True)
    occupancy = fields.Float(allow_none=True)


class GetDistribution(MeasuredDates):
    """Waits or services on these dates."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    queue = Code(load_default=None, allow_none=True)


class BinReply(Reply):
    """How many took so many minutes."""

    from_min = fields.Integer()
    to_min = fields.Integer(allow_none=True)
    count = fields.Integer()
    cumulative = fields.Float()


class Distribution(Reply):
    """A histogram."""

    kind = fields.String()
    queue = fields.String(allow_none=True)
    count = fields.Integer()
    bins = fields.List(fields.Nested(BinReply))
