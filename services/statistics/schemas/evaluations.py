"""Evaluations: what is asked, answered and heard."""

from marshmallow import fields, validate

from services.chassis.schemas import Dates, EventData, Reply
from services.statistics.domain.evaluations import EVALUATION_GROUPS, LEVELS


class EvaluationState(EventData):
    """What statistics keeps of an evaluation. Older events tell no date, which is then that of the evaluation."""

    business_date = fields.Date(allow_none=True, load_default=None)
    department = fields.String(required=True)
    item = fields.String(required=True, allow_none=True)
    level = fields.Integer(required=True)
    follow_up = fields.String(allow_none=True, load_default=None)
    recorded_at = fields.AwareDateTime(required=True)


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
