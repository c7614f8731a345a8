"""Files of the past: sending one, and how far it is."""

from marshmallow import fields

from gateway.schemas.common import Answer, list_of
from gateway.schemas.common import Page as Page

REASONS = """Why a line was not taken: `columns_wrong`, `not_csv`, `not_utf8`, `control_characters`, `line_too_long`;
`number_missing`, `number_malformed`, `number_damaged` (2.0110E+12), `number_known` (with other data); `item_missing`,
`item_unknown`;
`accepted_at_missing`, `accepted_at_malformed`, `accepted_at_too_early` (before 2000), `accepted_at_in_future`;
`due_on_missing`, `due_on_malformed`, `due_on_before_accepted_at`; `decided_at_malformed`,
`decided_at_before_accepted_at`, `decided_at_in_future`; `origin_missing`, `origin_unknown`;
`outcome_unknown`, `outcome_without_decision`."""
FAULTS = """Why it failed: `header_missing`, `header_wrong`, `header_lacks_column`,
`header_extra_column`, `header_empty_column`, `header_twice`, `header_case`, `header_semicolon`, `header_tab`,
`header_bar`, `header_utf16`, `header_gbk`, `header_not_utf8`, `header_not_csv`, `gzip_damaged`, `gzip_cut_off`,
`no_lines`, `line_without_end` (above 64 KB), `unpacks_to_too_much`, `too_many_lines`, `upload_incomplete`,
`called_off`, `given_up`, `unexpected`. What was taken before stays."""


class Refused(Answer):
    """A line that was not taken."""

    line = fields.Integer(
        required=True, metadata={"description": "Counted from 1, the line of column names."}
    )
    reason = fields.String(required=True, metadata={"description": REASONS})
    key = fields.String(allow_none=True, metadata={"description": "What the row calls itself."})


class Import(Answer):
    """A file and how far it is taken in."""

    id = fields.String(required=True, metadata={"format": "uuid"})
    kind = fields.String(required=True, metadata={"enum": ["cases", "overtime", "commendations"]})
    file_name = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes, as it was sent."})
    state = fields.String(required=True, metadata={"enum": ["queued", "running", "done", "failed"]})
    uploaded = fields.Boolean(required=True, metadata={"description": "All of the file is here."})
    fault = fields.String(allow_none=True, metadata={"description": FAULTS})
    found = fields.String(
        allow_none=True, metadata={"description": "What stood there instead: names of columns."}
    )
    progress = fields.Float(required=True, metadata={"description": "How much of it is done, from 0 to 1."})
    lines_read = fields.Integer(required=True, metadata={"description": "Of the file as it unpacks."})
    rows_taken = fields.Integer(required=True)
    rows_known = fields.Integer(
        required=True, metadata={"description": "Were there before, with the same data."}
    )
    rows_refused = fields.Integer(required=True)
    requested_by = fields.String(allow_none=True)
    requested_at = fields.String(required=True, metadata={"format": "date-time"})
    started_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    finished_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    may_be_taken_back = fields.Boolean(metadata={"description": "By `POST /imports/{id}/take-back`."})
    take_back_at = fields.String(
        allow_none=True, metadata={"format": "date-time", "description": "When that was asked for."}
    )
    taken_back_at = fields.String(
        allow_none=True, metadata={"format": "date-time", "description": "When it was done."}
    )
    taken_back_by = fields.String(allow_none=True)
    rows_removed = fields.Integer(allow_none=True, metadata={"description": "Rows that went with it."})


class ImportWithRefused(Import):
    """An import with the lines it refused."""

    refused = fields.List(
        fields.Nested(Refused),
        required=True,
        metadata={"description": "The first 1,000; all of them at `/imports/{id}/refused`."},
    )


ImportList = list_of(Import, name="ImportList")
