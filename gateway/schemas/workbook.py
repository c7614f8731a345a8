"""The hall's tables as a workbook: what is wrong with it, what it changes, how far it is."""

from marshmallow import fields, validate

from gateway.schemas.common import Answer, Input
from gateway.schemas.effects import Effects

STATES = ["uploading", "checking", "checked", "faulty", "applying", "applied", "failed", "cancelled"]
STEPS = ["catalogue", "clerks", "heard", "slot_plans", "crews", "assessment", "procedures", "slots"]


class WorkbookQuery(Input):
    """The hall as it is, or a template."""

    template = fields.String(validate=validate.OneOf(["0", "1"]))


class WorkbookFault(Answer):
    """What is wrong with a cell, a row, a sheet, or the file."""

    sheet = fields.String(required=True, metadata={"description": "Empty: the file as a whole."})
    row = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "As the spreadsheet counts; null: the sheet."},
    )
    column = fields.String(required=True, metadata={"description": "Its name; empty: the row as a whole."})
    code = fields.String(required=True)
    reason = fields.String(required=True, metadata={"description": "In Chinese."})
    reason_en = fields.String(required=True)


class ChangedRow(Answer):
    """A row that is added, changed, ended, or kept though the workbook lacks it."""

    kind = fields.String(required=True, metadata={"enum": ["added", "changed", "ends", "kept"]})
    key = fields.String(required=True, metadata={"description": "What it is known by in its table."})
    columns = fields.List(fields.String(), metadata={"description": "Those of it that change."})


class TableChanges(Answer):
    """What a workbook changes of a table."""

    added = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    ends = fields.Integer(required=True)
    kept = fields.Integer(required=True, metadata={"description": "Rows that stay though it lacks them."})
    unchanged = fields.Integer(required=True)
    rows = fields.List(fields.Nested(ChangedRow), metadata={"description": "The first 500."})


class WorkbookEffects(Effects):
    """Whom one of the changes touches."""

    change = fields.String(required=True, metadata={"enum": ["days", "hours", "department", "item"]})
    subject = fields.String(
        required=True, metadata={"description": "A code; of `days` how many; of `hours` empty."}
    )


class WorkbookStep(Answer):
    """A step of applying a workbook."""

    step = fields.String(required=True, metadata={"enum": STEPS})
    done = fields.Boolean(required=True)


class WorkbookJob(Answer):
    """A workbook that was sent."""

    id = fields.String(required=True, metadata={"format": "uuid"})
    state = fields.String(required=True, metadata={"enum": STATES})
    file_name = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes."})
    dry_run = fields.Boolean(required=True)
    faults = fields.List(fields.Nested(WorkbookFault), required=True)
    changes = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(TableChanges),
        allow_none=True,
        metadata={"description": "By table, once it is checked."},
    )
    effects = fields.List(fields.Nested(WorkbookEffects), allow_none=True)
    steps = fields.List(fields.Nested(WorkbookStep), required=True)
    hall_changed = fields.Boolean(
        metadata={"description": "The hall has changed since this was to be applied: look at it again."}
    )
    failure = fields.String(allow_none=True, metadata={"description": "Why it failed."})
    requested_by = fields.String(allow_none=True)
    requested_at = fields.String(required=True, metadata={"format": "date-time"})
    applied_by = fields.String(allow_none=True)
    finished_at = fields.String(allow_none=True, metadata={"format": "date-time"})
