"""Reports and their editions."""

from marshmallow import fields, validate

from gateway.schemas.common import Answer, Code, Input, Page, Text, Whole, list_of

KINDS = ("daily", "monthly", "quarterly", "annual")
FORMATS = ("json", "xlsx", "docx")
PERIOD_PATTERN = r"^20\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-Q[1-4])?$"


class PeriodName(fields.String):
    """A period as reports name it; which form fits depends on the kind of report."""

    def __init__(self) -> None:
        """Take text of some length; the service knows the forms."""
        super().__init__(
            required=True,
            validate=validate.Length(1, 10),
            metadata={
                "pattern": PERIOD_PATTERN,
                "description": "2011-11-30 daily, 2011-11 monthly, 2011-Q4 quarterly, 2011 annual.",
            },
        )


class ReportQuery(Input):
    """Which period, of which department (the hall when left out), in which form."""

    period = PeriodName()
    department = Code()
    format = fields.String(load_default="json", validate=validate.OneOf(FORMATS))
    edition = Whole(
        least=1,
        most=1_000_000,
        strict=False,
        metadata={"description": "An older edition; the newest when left out."},
    )


class Document(Answer):
    """A report as a file that is made beside the service."""

    id = fields.String(required=True, metadata={"format": "uuid"})
    kind = fields.String(required=True, metadata={"enum": list(KINDS)})
    period = fields.String(required=True)
    department = fields.String(allow_none=True)
    edition = fields.Integer(allow_none=True, metadata={"description": "Null: the newest, as it is."})
    format = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": ["queued", "running", "done", "failed"]})
    progress = fields.Float(required=True, metadata={"description": "From 0 to 1."})
    ahead = fields.Integer(required=True, metadata={"description": "How many are made before it."})
    file = fields.String(allow_none=True, metadata={"description": "Where to fetch it, once it is done."})
    requested_at = fields.String(required=True, metadata={"format": "date-time"})
    finished_at = fields.String(allow_none=True, metadata={"format": "date-time"})


class ThreeServices(Answer):
    """Cases of appointments, extended sessions and on-site orders."""

    departments = fields.Integer()
    departments_share = fields.Float(allow_none=True)
    since = fields.String(allow_none=True, metadata={"format": "date"})
    cases = fields.Integer()
    share = fields.Float(allow_none=True)
    days = fields.Integer()
    cases_per_working_day = fields.Integer(allow_none=True)
    overtime_hours = fields.Float()
    by_service = fields.Dict(keys=fields.String(), values=fields.Integer())


class Report(Answer):
    """A report: indicators, tables, comparison with earlier periods, and the rule of each indicator in `sources`."""

    kind = fields.String(required=True)
    period = fields.Dict(required=True, metadata={"description": "Its name, dates and what is counted."})
    department = fields.Dict(allow_none=True)
    hall = fields.String(required=True)
    time_zone = fields.String(required=True)
    events_until = fields.String(
        allow_none=True, metadata={"format": "date-time", "description": "Events up to here are in it."}
    )
    edition = fields.Integer(allow_none=True, metadata={"description": "None while the period runs."})
    made_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    printed_on = fields.String(required=True, metadata={"format": "date"})
    calendar_changed = fields.Boolean(
        metadata={
            "description": "The hall's working days of the period were changed after this edition was fixed; it stays."
        }
    )
    departments = fields.Integer(required=True)
    staff = fields.Integer(required=True)
    items = fields.Integer(required=True)
    cases_accepted = fields.Integer(required=True)
    cases_per_working_day = fields.Integer(allow_none=True)
    cases_peak_day = fields.Integer(required=True)
    on_time_rate = fields.Float(allow_none=True)
    cases_decided = fields.Integer()
    cases_granted = fields.Integer(
        metadata={"description": "Not in editions from before refusals were told."}
    )
    cases_refused = fields.Integer()
    cases_cumulative = fields.Integer(required=True)
    three_services = fields.Nested(ThreeServices, required=True)
    evaluations = fields.Integer(required=True)
    letters = fields.Integer(required=True)
    banners = fields.Integer(required=True)
    plaques = fields.Integer(required=True)
    anomalies = fields.Dict(required=True, keys=fields.String(), values=fields.Integer())
    joint_approval = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "Not in editions that were fixed before it was counted."},
    )
    waits = fields.Dict(allow_none=True)
    comparison = fields.Dict(required=True)
    tables = fields.Dict(required=True)
    sources = fields.Dict(required=True)


class EditionInput(Input):
    """A new edition of a report whose period is over, and why."""

    period = PeriodName()
    department = Code(allow_none=True)
    reason = Text(required=True, most=500)


class Edition(Answer):
    """An edition of a report; its figures never change."""

    kind = fields.String(required=True)
    period = fields.String(required=True)
    department = fields.String(allow_none=True)
    edition = fields.Integer(required=True)
    made_at = fields.String(required=True, metadata={"format": "date-time"})
    made_by = fields.String(required=True)
    reason = fields.String(allow_none=True)


class EditionQuery(Page):
    """Editions of one kind of report, or of all."""

    kind = fields.String(validate=validate.OneOf(KINDS))


EditionList = list_of(Edition, name="EditionList")
