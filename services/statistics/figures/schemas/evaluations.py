"""Evaluations: what is asked, answered and heard."""

from marshmallow import fields, validate

from services.chassis.schemas import Dates, Reply
from services.statistics.figures.domain.evaluations import EVALUATION_GROUPS, LEVELS


class GetEvaluations(Dates):
    """Evaluations of visits on these dates."""

    group = fields.String(required=True, validate=validate.OneOf(EVALUATION_GROUPS))


class EvaluationFigures(Reply):
    """How the visits of a group were found."""

    group = fields.String()
    name = fields.String(allow_none=True)
    name_en = fields.String(allow_none=True)
    evaluations = fields.Integer()
    levels = fields.Dict(keys=fields.String(validate=validate.OneOf([str(level) for level in LEVELS])))
    negative = fields.Integer()
    followed_up = fields.Integer()
    satisfaction_rate = fields.Float(allow_none=True)
    follow_up_rate = fields.Float(allow_none=True)
