"""Assessment and meetings: what is asked and answered."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.chassis.schemas import Code, Dates, Reply, Request, Wording
from services.quality.domain import quarters
from services.quality.domain.assessment import MEASURES
from services.quality.domain.meetings import ACTIONS

SETTLED = sorted(set(ACTIONS) - {"open"})
MOST_POINTS = 10_000


class QuarterField(fields.Field[quarters.Quarter]):
    """A quarter, as 2026-Q3."""

    def _serialize(
        self, value: quarters.Quarter | None, attr: str | None, obj: Any, **kwargs: Any
    ) -> str | None:
        return None if value is None else value.name

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> quarters.Quarter:
        try:
            return quarters.read_quarter(value)
        except (TypeError, ValueError) as fault:
            raise ValidationError("Not a quarter: as 2026-Q3.") from fault


def _points(**kwargs: Any) -> fields.Decimal:
    bounds = validate.Range(-MOST_POINTS, MOST_POINTS)
    return fields.Decimal(places=4, allow_nan=False, validate=[bounds, *kwargs.pop("rules", ())], **kwargs)


class SaveRule(Request):
    """What points are given for."""

    code = Code(required=True)
    name = Wording(required=True)
    name_en = Wording(required=True)
    measure = fields.String(required=True, validate=validate.OneOf(MEASURES))
    points = _points(required=True, rules=[validate.NoneOf([0])])
    above = _points(load_default=0, rules=[validate.Range(0)])
    cap = _points(load_default=None, allow_none=True, rules=[validate.Range(0, min_inclusive=False)])
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def in_order(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse a rule that ends before it begins."""
        if data["valid_to"] is not None and data["valid_to"] < data["valid_from"]:
            raise ValidationError("May not be before `valid_from`.", "valid_to")


class LoadRules(Request):
    """The rules of a hall's table."""

    rules = fields.List(fields.Nested(SaveRule), required=True)


class Period(Request):
    """One quarter."""

    period = QuarterField(required=True)


class RecordAward(Request):
    """Points for something that a department did."""

    department = Code(required=True)
    rule = Code(required=True)
    awarded_on = fields.Date(required=True, data_key="date")
    reason = Wording(required=True, most=500)


class WithdrawAward(Request):
    """Why it does not count."""

    id = fields.UUID(required=True)
    reason = Wording(required=True)


class ListAwards(Dates):
    """Which awards."""

    department = Code(load_default=None, allow_none=True)


class CallMeeting(Request):
    """The meeting of a quarter."""

    quarter = QuarterField(required=True)
    held_on = fields.Date(required=True, data_key="date")


class OneOfThem(Request):
    """One meeting."""

    id = fields.UUID(required=True)


class WriteMinutes(OneOfThem):
    """What was said; `version` is the meeting's as the writer read it."""

    minutes = Wording(required=True, most=20_000)
    version = fields.Integer(required=True, strict=True, validate=validate.Range(1))


class AgreeAction(OneOfThem):
    """What a department is to do, by when."""

    task = Wording(required=True, most=500)
    department = Code(required=True)
    due_on = fields.Date(required=True)


class SettleAction(OneOfThem):
    """What came of an action."""

    state = fields.String(required=True, validate=validate.OneOf(SETTLED))
    result = Wording(required=True, most=500)


class RuleReply(Reply):
    """A rule."""

    code = fields.String()
    name = fields.String()
    name_en = fields.String()
    measure = fields.String()
    points = fields.Float()
    above = fields.Float()
    cap = fields.Float(allow_none=True)
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)


class AssessmentReply(Reply):
    """A ranking."""

    period = fields.String()
    state = fields.String()
    ranking = fields.List(fields.Dict())
    published_by = fields.String(allow_none=True)
    published_at = fields.AwareDateTime(allow_none=True)


class AwardReply(Reply):
    """An award."""

    id = fields.String()
    department = fields.String()
    rule = fields.String()
    awarded_on = fields.Date(data_key="date")
    reason = fields.String()
    recorded_by = fields.String()
    recorded_at = fields.AwareDateTime()
    withdrawn_at = fields.AwareDateTime(allow_none=True)
    withdrawn_by = fields.String(allow_none=True)
    withdrawal = fields.String(allow_none=True)


class ActionReply(Reply):
    """An action."""

    id = fields.String()
    meeting = fields.String()
    ordinal = fields.Integer()
    task = fields.String()
    department = fields.String()
    due_on = fields.Date()
    state = fields.String()
    result = fields.String(allow_none=True)
    settled_by = fields.String(allow_none=True)
    settled_at = fields.AwareDateTime(allow_none=True)


class MeetingReply(Reply):
    """A meeting."""

    id = fields.String()
    quarter = fields.String()
    held_on = fields.Date(data_key="date")
    agenda = fields.List(fields.Dict())
    minutes = fields.String(allow_none=True)
    version = fields.Integer()
    called_by = fields.String()
    called_at = fields.AwareDateTime()
    actions = fields.List(fields.Nested(ActionReply))


class MeetingInfo(Reply):
    """A meeting in the list."""

    id = fields.String()
    quarter = fields.String()
    held_on = fields.Date(data_key="date")
    version = fields.Integer()
    has_minutes = fields.Boolean()
    actions = fields.Integer()
    open_actions = fields.Integer()
