"""Questions for unusual movements, steps of their follow-up, and the answers."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.chassis.schemas import Code, Reply, Request, Wording
from services.statistics.anomalies.domain.anomalies import TRANSITIONS
from services.statistics.figures.schemas.figures import MOST, Cursor

LONGEST_TEXT = 2000
# Any state in which something is still to be done.
OPEN = "open"


class ListAnomalies(Request):
    """Which anomalies; all when nothing is given."""

    since = fields.Date(allow_none=True, load_default=None, data_key="from")
    until = fields.Date(allow_none=True, load_default=None, data_key="to")
    state = fields.String(allow_none=True, load_default=None, validate=validate.OneOf([*TRANSITIONS, OPEN]))
    department = Code(allow_none=True, load_default=None)
    overdue = fields.Boolean(allow_none=True, load_default=None)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, MOST))
    cursor = Cursor(allow_none=True, load_default=None)

    @validates_schema
    def in_order(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse a range that ends before it begins."""
        if data["since"] and data["until"] and data["until"] < data["since"]:
            raise ValidationError("May not be before `from`.", "to")


class AnomalyId(Request):
    """Which anomaly."""

    id = fields.UUID(required=True)


class ListOwners(Request):
    """Whose accounts beside the departments."""

    department = Code(allow_none=True, load_default=None)


class AssignAnomaly(AnomalyId):
    """Who is to explain it, and by when."""

    owner = Code(required=True)
    due_on = fields.Date(required=True)


class ExplainAnomaly(AnomalyId):
    """What was found out."""

    text = Wording(required=True, most=LONGEST_TEXT)


class DismissAnomaly(AnomalyId):
    """Why nothing has changed."""

    reason = Wording(required=True, most=LONGEST_TEXT)


class FeedBackAnomaly(AnomalyId):
    """What came of it and was told to the department."""

    result = Wording(required=True, most=LONGEST_TEXT)


class _Finding(Reply):
    """What was found, and in what state it is."""

    id = fields.String()
    subject_kind = fields.String()
    subject = fields.String()
    department = fields.String()
    direction = fields.String()
    business_date = fields.Date()
    since = fields.Date()
    window_days = fields.Integer()
    observed = fields.Float()
    expected = fields.Float()
    score = fields.Float()
    state = fields.String()
    owner = fields.String()
    due_on = fields.Date()


class AnomalyEvent(_Finding):
    """The data of an anomaly's events, without free texts."""

    hall = fields.String()


class _Words(Reply):
    """The finding in words."""

    zh = fields.String()
    en = fields.String()


class Anomaly(_Finding):
    """An anomaly in a list."""

    subject_name = fields.String()
    subject_name_en = fields.String()
    owner_name = fields.String()
    owner_name_en = fields.String()
    department_name = fields.String()
    department_name_en = fields.String()
    since_hour = fields.String()
    lower = fields.Float()
    upper = fields.Float()
    chance = fields.Float()
    method = fields.String()
    last_year = fields.Float()
    detected_at = fields.AwareDateTime()
    seen_on = fields.Date()
    overdue = fields.Boolean()
    explanation = fields.String()
    dismissal = fields.String()
    outcome = fields.String()
    version = fields.Integer()
    words = fields.Nested(_Words())


class Anomalies(Reply):
    """Anomalies, and where the list goes on."""

    items = fields.List(fields.Nested(Anomaly()))
    next = Cursor()


class _Owner(Reply):
    """Who may be given a task."""

    kind = fields.String()
    code = fields.String()
    name = fields.String()
    name_en = fields.String()
    department = fields.String()


class Owners(Reply):
    """Departments and accounts."""

    items = fields.List(fields.Nested(_Owner()))


class _Stay(Reply):
    """A state, who brought it about, and how long it lasted."""

    state = fields.String()
    by = fields.String()
    entered_at = fields.AwareDateTime()
    left_at = fields.AwareDateTime()


class WholeAnomaly(Anomaly):
    """An anomaly with the series for a chart and its history."""

    series = fields.Raw()
    history = fields.List(fields.Nested(_Stay()))
