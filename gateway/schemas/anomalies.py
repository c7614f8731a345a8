"""Unusual movements."""

from marshmallow import fields, validate

from gateway.schemas.common import Answer, Code, Day, Input, Page, Text, list_of

STATES = ("detected", "assigned", "explained", "confirmed", "dismissed", "fed_back")
LONGEST_TEXT = 2000
DATE = {"format": "date"}
MOMENT = {"format": "date-time"}


class AnomalyWords(Answer):
    """What was expected, what was seen, how unlikely it is, since when, and how it compares with last year."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class Anomaly(Answer):
    """An unusual movement. Sums are over the working days from `since` to `business_date`, or over the hours."""

    id = fields.String(required=True)
    subject_kind = fields.String(required=True, validate=validate.OneOf(["item", "department", "hour"]))
    subject = fields.String(
        required=True, metadata={"description": "An item's or department's code, or the last hour, as `10`."}
    )
    subject_name = fields.String(allow_none=True)
    subject_name_en = fields.String(allow_none=True)
    department = fields.String(allow_none=True)
    owner_name = fields.String(
        allow_none=True, metadata={"description": "Of a department that owes the explanation."}
    )
    owner_name_en = fields.String(allow_none=True)
    department_name = fields.String(allow_none=True)
    department_name_en = fields.String(allow_none=True)
    direction = fields.String(required=True, validate=validate.OneOf(["rise", "drop"]))
    business_date = fields.String(required=True, metadata=DATE)
    since = fields.String(required=True, metadata=DATE)
    since_hour = fields.String(allow_none=True)
    window_days = fields.Integer(required=True)
    observed = fields.Float(required=True)
    expected = fields.Float(required=True)
    lower = fields.Float(required=True)
    upper = fields.Float(required=True)
    chance = fields.Float(
        allow_none=True, metadata={"description": "Of so much (or little) were all as usual; none of hours."}
    )
    score = fields.Float(
        required=True, metadata={"description": "-log10 of the chance; of hours, the chart's value."}
    )
    method = fields.String(required=True)
    last_year = fields.Float(
        allow_none=True, metadata={"description": "Cases a working day around this date a year before."}
    )
    detected_at = fields.String(required=True, metadata=MOMENT)
    seen_on = fields.String(
        required=True, metadata=DATE | {"description": "The last day on which it went on."}
    )
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    owner = fields.String(allow_none=True)
    due_on = fields.String(allow_none=True, metadata=DATE)
    overdue = fields.Boolean(
        required=True, metadata={"description": "Not explained although `due_on` is over."}
    )
    explanation = fields.String(allow_none=True)
    dismissal = fields.String(allow_none=True)
    outcome = fields.String(allow_none=True)
    version = fields.Integer(required=True)
    words = fields.Nested(AnomalyWords, required=True)


class AnomalyPoint(Answer):
    """A day, or an hour of the day, of the chart."""

    at = fields.String(required=True, metadata={"description": "A date, or an hour as `09`."})
    observed = fields.Float(required=True)
    expected = fields.Float(required=True)
    lower = fields.Float(required=True)
    upper = fields.Float(required=True)


class AnomalyStay(Answer):
    """A state in the history."""

    state = fields.String(required=True)
    by = fields.String(allow_none=True)
    entered_at = fields.String(required=True, metadata=MOMENT)
    left_at = fields.String(allow_none=True, metadata=MOMENT)


class WholeAnomaly(Anomaly):
    """An unusual movement with its last 60 working days (or the hours of the day) and its history."""

    series = fields.List(fields.Nested(AnomalyPoint), required=True)
    history = fields.List(fields.Nested(AnomalyStay), required=True)


AnomalyList = list_of(Anomaly, name="AnomalyList")


class AnomalyQuery(Page):
    """Which business dates, state and department; all when left out."""

    class Meta(Page.Meta):
        """Names that are keywords of Python."""

        include = {"from": Day(), "to": Day()}  # noqa: RUF012

    state = fields.String(
        validate=validate.OneOf([*STATES, "open"]),
        metadata={"description": "`open`: all that are not fed back."},
    )
    department = Code()
    overdue = fields.Boolean(metadata={"description": "Only those that are overdue, when true."})


class Owner(Answer):
    """Who may be given a task."""

    kind = fields.String(required=True, validate=validate.OneOf(["department", "account"]))
    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    department = fields.String(allow_none=True)


OwnerList = list_of(Owner, name="OwnerList")


class OwnerQuery(Page):
    """Whose accounts beside the departments."""

    department = Code()


class Assignment(Input):
    """Who is to explain it, and by when."""

    owner = Code(required=True, metadata={"description": "The username, or the department's code."})
    due_on = Day(required=True)


class Explanation(Input):
    """What was found out; no personal data."""

    text = Text(required=True, most=LONGEST_TEXT)


class Dismissal(Input):
    """Why nothing has changed."""

    reason = Text(required=True, most=LONGEST_TEXT)


class FeedBack(Input):
    """What came of it and was told to the department."""

    result = Text(required=True, most=LONGEST_TEXT)
