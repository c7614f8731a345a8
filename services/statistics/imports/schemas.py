"""Files that are sent, their parts, and how far they are taken in."""

import re
from typing import Any

from marshmallow import fields, post_dump, validate

from services.chassis.schemas import Reply, Request, Wording
from services.statistics.imports.domain.imports import COLUMNS, LARGEST_PART, MOST_PARTS

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}\Z")


class BeginImport(Request):
    """A file that is about to be sent."""

    kind = fields.String(load_default="cases", validate=validate.OneOf(list(COLUMNS)))
    file_name = Wording(required=True)
    digest = fields.String(required=True, validate=validate.Regexp(_DIGEST))
    size = fields.Integer(required=True, validate=validate.Range(min=1))


class AddImportPart(Request):
    """A part of a file, in base64."""

    id = fields.UUID(required=True)
    part = fields.Integer(required=True, validate=validate.Range(0, MOST_PARTS - 1))
    content = fields.String(
        required=True, validate=[validate.Length(4, LARGEST_PART), validate.Regexp(_BASE64)]
    )


class QueueImport(Request):
    """All parts of a file are here."""

    id = fields.UUID(required=True)
    parts = fields.Integer(required=True, validate=validate.Range(1, MOST_PARTS))


class GetImport(Request):
    """Which import."""

    id = fields.UUID(required=True)


class ListImports(Request):
    """Which part of the list."""

    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))
    cursor = fields.UUID(allow_none=True, load_default=None)


class ListRefused(Request):
    """Refused lines of an import, behind one."""

    id = fields.UUID(required=True)
    after = fields.Integer(load_default=0, validate=validate.Range(0))
    limit = fields.Integer(load_default=1000, validate=validate.Range(1, 5000))


class Refused(Reply):
    """A line that was not taken, and why."""

    line = fields.Integer()
    reason = fields.String()
    key = fields.String()


class Import(Reply):
    """A file and how far it is taken in."""

    id = fields.String()
    kind = fields.String()
    file_name = fields.String()
    size = fields.Integer()
    state = fields.String()
    uploaded = fields.Function(lambda work: work.parts is not None or work.source == "command")
    fault = fields.String()
    found = fields.String()
    progress = fields.Float()
    lines_read = fields.Function(lambda work: work.line)
    rows_taken = fields.Integer()
    rows_known = fields.Integer()
    rows_refused = fields.Integer()
    requested_by = fields.String()
    requested_at = fields.DateTime()
    started_at = fields.DateTime()
    finished_at = fields.DateTime()
    may_be_taken_back = fields.Boolean()
    take_back_at = fields.DateTime()
    taken_back_at = fields.DateTime()
    taken_back_by = fields.String()
    rows_removed = fields.Integer()


class ImportWithRefused(Reply):
    """An import with the first lines it refused."""

    work = fields.Nested(Import())
    refused = fields.List(fields.Nested(Refused()))

    @post_dump
    def together(self, found: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Put the lines beside the import's own members."""
        return {**found["work"], "refused": found["refused"]}


class Imports(Reply):
    """A page of imports."""

    items = fields.List(fields.Nested(Import()))
    next = fields.String()
