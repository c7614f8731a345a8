"""Questions for reports, and what statistics reads of accounts."""

from marshmallow import fields, validate

from services.chassis.schemas import Code, Reply, Request, Wording
from services.statistics.figures.domain.periods import KINDS

FORMATS = ("xlsx", "docx")
LONGEST_PERIOD = 10
MOST_EDITIONS = 1_000_000


class About(Request):
    """A report: its kind and period, of a department or of the hall."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    period = fields.String(required=True, validate=validate.Length(1, LONGEST_PERIOD))
    department = Code(allow_none=True, load_default=None)


class GetReport(About):
    """A report, in an edition; in the newest when none is named."""

    edition = fields.Integer(
        allow_none=True, load_default=None, validate=validate.Range(1, MOST_EDITIONS), strict=True
    )


class OrderDocument(GetReport):
    """A report as a file."""

    format = fields.String(required=True, validate=validate.OneOf(FORMATS))


class DocumentId(Request):
    """Which document."""

    id = fields.UUID(required=True)


class Document(Reply):
    """A report as a file, and how far it is."""

    id = fields.String()
    kind = fields.String()
    period = fields.String()
    department = fields.String(allow_none=True)
    edition = fields.Integer(allow_none=True)
    format = fields.String()
    state = fields.String()
    progress = fields.Float()
    ahead = fields.Integer()
    requested_at = fields.DateTime()
    finished_at = fields.DateTime(allow_none=True)


class Content(Reply):
    """A report as a file, in base64."""

    file_name = fields.String()
    content = fields.String()
    kind = fields.String()
    period = fields.String()
    format = fields.String()


class MakeEdition(About):
    """A new edition of a report, and why."""

    reason = Wording(required=True, most=500)


class ListEditions(Request):
    """Editions of one kind, or of all."""

    kind = fields.String(allow_none=True, load_default=None, validate=validate.OneOf(KINDS))


class Edition(Reply):
    """An edition of a report."""

    kind = fields.String()
    period = fields.String()
    department = fields.String()
    edition = fields.Integer()
    made_at = fields.DateTime()
    made_by = fields.String()
    reason = fields.String()
