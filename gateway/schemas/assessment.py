"""Assessment of departments, meetings of window heads."""

from typing import Any

from marshmallow import fields, validate

from gateway.schemas.common import Answer, Code, Day, Input, Text, Whole, list_of
from gateway.schemas.quality import Dates

QUARTER_PATTERN = r"^20\d{2}-Q[1-4]$"
MEASURES = (
    "cases", "on_time_rate", "letters", "banners", "plaques", "satisfaction_rate", "negative_evaluations",
    "unanswered_evaluations", "awards",
)  # fmt: skip
MOST_POINTS = 10_000
_DATE: dict[str, Any] = {"format": "date"}
_TIME: dict[str, Any] = {"format": "date-time"}


class Quarter(fields.String):
    """A quarter `YYYY-Qn` of this century."""

    def __init__(self, **kwargs: Any) -> None:
        """Take 2000-Q1 to 2099-Q4."""
        kwargs.setdefault("metadata", {}).update(pattern=QUARTER_PATTERN)
        rule = validate.Regexp(QUARTER_PATTERN.replace("$", r"\Z"), error="Must be a quarter as 2026-Q3.")
        super().__init__(validate=rule, **kwargs)


class AssessmentRule(Answer):
    """What points are given for: `points` for each unit of the measure past `above`, at most `cap` either way."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    measure = fields.String(required=True, metadata={"description": "Rates are in percent."})
    points = fields.Float(required=True)
    above = fields.Float(required=True)
    cap = fields.Float(allow_none=True)
    valid_from = fields.String(required=True, metadata=_DATE)
    valid_to = fields.String(allow_none=True, metadata=_DATE)


class NewAssessmentRule(Input):
    """A rule; one of the same code and first day is changed. A quarter goes by what holds on its last day."""

    code = Code(required=True)
    name = Text(required=True)
    name_en = Text(required=True)
    measure = fields.String(required=True, validate=validate.OneOf(MEASURES))
    points = fields.Float(required=True, allow_nan=False, validate=validate.Range(-MOST_POINTS, MOST_POINTS))
    above = fields.Float(allow_nan=False, validate=validate.Range(0, MOST_POINTS))
    cap = fields.Float(
        allow_nan=False, allow_none=True, validate=validate.Range(0, MOST_POINTS, min_inclusive=False)
    )
    valid_from = Day(required=True)
    valid_to = Day(allow_none=True)


class RuleItem(Answer):
    """The points of a department by a rule, and the figure they come from."""

    rule = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    measure = fields.String(required=True)
    figure = fields.Float(
        allow_none=True, metadata={"description": "Null when there was nothing to measure."}
    )
    points_each = fields.Float(required=True)
    above = fields.Float(required=True)
    cap = fields.Float(allow_none=True)
    points = fields.Float(required=True)


class Standing(Answer):
    """A department in the ranking; equal points share a rank."""

    rank = fields.Integer(required=True)
    department = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(allow_none=True)
    points = fields.Float(required=True)
    items = fields.List(fields.Nested(RuleItem), required=True)


class Assessment(Answer):
    """The ranking of a quarter, as it is now or as it was published."""

    period = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["open", "published"]))
    ranking = fields.List(fields.Nested(Standing), required=True)
    published_by = fields.String(allow_none=True)
    published_at = fields.String(allow_none=True, metadata=_TIME)


class AssessmentQuery(Input):
    """Which quarter."""

    period = Quarter(required=True)


class Award(Answer):
    """Points for something that a department did."""

    id = fields.String(required=True)
    department = fields.String(required=True)
    rule = fields.String(required=True)
    date = fields.String(required=True, metadata=_DATE)
    reason = fields.String(required=True)
    recorded_by = fields.String(required=True)
    recorded_at = fields.String(required=True, metadata=_TIME)
    withdrawn_at = fields.String(allow_none=True, metadata=_TIME)
    withdrawn_by = fields.String(allow_none=True)
    withdrawal = fields.String(allow_none=True)


class NewAward(Input):
    """Points for innovation, coordination, work on IT, or whatever else the rules award."""

    department = Code(required=True)
    rule = Code(required=True, metadata={"description": "One of the measure `awards`."})
    date = Day(required=True)
    reason = Text(most=500, required=True, metadata={"description": "Says nothing about persons."})


class AwardQuery(Dates):
    """Awards of these dates."""

    department = Code()


class Action(Answer):
    """What a department was asked to do."""

    id = fields.String(required=True)
    meeting = fields.String(required=True)
    ordinal = fields.Integer(required=True)
    task = fields.String(required=True)
    department = fields.String(required=True)
    due_on = fields.String(required=True, metadata=_DATE)
    state = fields.String(required=True, validate=validate.OneOf(["open", "done", "dropped"]))
    result = fields.String(allow_none=True)
    settled_by = fields.String(allow_none=True)
    settled_at = fields.String(allow_none=True, metadata=_TIME)


class Topic(Answer):
    """A topic of the agenda with its figures as they were when the meeting was called."""

    topic = fields.String(required=True)
    title = fields.String(required=True)
    title_en = fields.String(required=True)
    figures = fields.Raw(required=True)


class Meeting(Answer):
    """A meeting of window heads."""

    id = fields.String(required=True)
    quarter = fields.String(required=True)
    date = fields.String(required=True, metadata=_DATE)
    agenda = fields.List(fields.Nested(Topic), required=True)
    minutes = fields.String(allow_none=True)
    version = fields.Integer(required=True)
    called_by = fields.String(required=True)
    called_at = fields.String(required=True, metadata=_TIME)
    actions = fields.List(fields.Nested(Action), required=True)


class MeetingInfo(Answer):
    """A meeting in the list."""

    id = fields.String(required=True)
    quarter = fields.String(required=True)
    date = fields.String(required=True, metadata=_DATE)
    version = fields.Integer(required=True)
    has_minutes = fields.Boolean(required=True)
    actions = fields.Integer(required=True)
    open_actions = fields.Integer(required=True)


class NewMeeting(Input):
    """The meeting of a quarter."""

    quarter = Quarter(required=True)
    date = Day(required=True)


class Minutes(Input):
    """What was said."""

    minutes = Text(most=20_000, required=True)
    version = Whole(
        least=1,
        required=True,
        metadata={"description": "Of the meeting as it was read, so that nothing is lost."},
    )


class NewAction(Input):
    """What a department is to do, by when."""

    task = Text(most=500, required=True)
    department = Code(required=True)
    due_on = Day(required=True)


class Settlement(Input):
    """What came of an action."""

    state = fields.String(required=True, validate=validate.OneOf(["done", "dropped"]))
    result = Text(most=500, required=True)


AssessmentRuleList = list_of(AssessmentRule, name="AssessmentRuleList")
AwardList = list_of(Award, name="AwardList")
MeetingList = list_of(MeetingInfo, name="MeetingList")
