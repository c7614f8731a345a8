"""Reports of the hall and of its departments, as JSON, workbook or document."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Response

from gateway.api.paging import page_of, without_page
from gateway.api.routing import ANALYSTS, Routes
from gateway.asking import ask, ask_patiently
from gateway.schemas.reports import (
    KINDS,
    Edition,
    EditionInput,
    EditionList,
    EditionQuery,
    Report,
    ReportQuery,
)

Fields = Mapping[str, Any]

# A document waits for its turn and is then made.
FILE_TIMEOUT_S = 95.0
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
FILES = {
    "responses": {
        # A number, as flask-smorest has it: so the JSON stays beside these.
        200: {
            "content": {
                media_type: {"schema": {"type": "string", "format": "binary"}}
                for media_type in MEDIA_TYPES.values()
            }
        }
    }
}

routes = Routes("reports", __name__, description="Daily, monthly, quarterly and annual reports.")
kind_of_report = f"<any({','.join(KINDS)}):kind>"


@routes.question("/reports", EditionList, query=EditionQuery, roles=ANALYSTS)
def list_editions(query: Fields) -> Any:
    """Editions of reports that were fixed, those of the newest periods first."""
    return page_of(ask("statistics", "list_editions", **without_page(query)), query)


@routes.question(f"/reports/{kind_of_report}", Report, query=ReportQuery, roles=ANALYSTS, extra_doc=FILES)
def get_report(query: Fields, kind: str) -> Any:
    """A report; of a period that is over always the same, apart from the print date."""
    form = query["format"]
    asked = {name: value for name, value in query.items() if name != "format"}
    if form == "json":
        return ask("statistics", "get_report", kind=kind, **asked)
    made = ask_patiently(FILE_TIMEOUT_S, "statistics", "render_report", kind=kind, format=form, **asked)
    return Response(
        b64decode(made["content"]),
        content_type=MEDIA_TYPES[form],
        headers={"Content-Disposition": disposition(made["filename"], f"{kind}-{query['period']}.{form}")},
    )


@routes.command(f"/reports/{kind_of_report}/editions", Edition, body=EditionInput, roles=ANALYSTS, status=201)
def make_edition(body: Fields, kind: str) -> Any:
    """Fix the report of a period that is over anew, after a correction; earlier editions stay."""
    return ask("statistics", "make_edition", kind=kind, **body)


def disposition(filename: str, plain: str) -> str:
    """Return the header that names a download, in ASCII for old clients and in full (RFC 6266, RFC 8187)."""
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
