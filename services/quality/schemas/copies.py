"""What quality reads of others' facts."""

from marshmallow import fields, validate

from services.chassis.schemas import EventData

# Tables that quality took over from statistics, by their names, which but for the departments, a copy there too, they
# kept; what refers to another stands behind it.
TAKEN_OVER = (
    "departments",
    "commendations",
    "commendation_changes",
    "assessment_rules",
    "awards",
    "assessments",
    "meetings",
    "meeting_actions",
)


class Department(EventData):
    """What quality keeps of a department."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(allow_none=True, load_default=None)


class ImportedCommendation(EventData):
    """A row of a file."""

    id = fields.String(required=True)
    department = fields.String(required=True)
    kind = fields.String(required=True)
    received_on = fields.Date(required=True)
    note = fields.String(required=True)


class Imported(EventData):
    """Rows of a file that statistics took in, by whom and when."""

    by = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    rows = fields.List(fields.Nested(ImportedCommendation()), required=True)


class TakenBack(EventData):
    """Rows of a file that statistics took back, by their ids."""

    ids = fields.List(fields.String(), required=True)


class HandedOver(EventData):
    """Rows of a table as statistics had them."""

    table = fields.String(required=True, validate=validate.OneOf(TAKEN_OVER))
    rows = fields.List(fields.Dict(), required=True)
